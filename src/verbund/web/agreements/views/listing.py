"""The list of activities: its filters, its page, its file."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from verbund.web.agreements import queries, rules
from verbund.web.agreements.forms.activities import (
    OVERDUE,
    ActivityFilters,
)
from verbund.web.agreements.models import Activity, Clause
from verbund.web.core.exports import as_file
from verbund.web.core.services import today
from verbund.web.core.texts import text_of
from verbund.web.networks.requests import Request


def listing(
    request: Request, known: QuerySet[Activity], *, within: Clause | None
) -> dict[str, Any]:
    """Return what the list of activities and its filters need."""
    filters, on = _filters(request, known, within), today()
    found = filters.applied_to(known)
    counts = dict(found.order_by().values_list("state").annotate(number=Count("pk", distinct=True)))
    labels = Activity.State
    states = [
        ("", _("all"), sum(counts.values())),
        (labels.PLANNED.value, labels.PLANNED.label, counts.get(labels.PLANNED, 0)),
        (OVERDUE, _("day is past"), found.filter(queries.overdue(on)).count()),
        (labels.HELD.value, labels.HELD.label, counts.get(labels.HELD, 0)),
        (labels.CANCELLED.value, labels.CANCELLED.label, counts.get(labels.CANCELLED, 0)),
    ]
    return {
        "page": Paginator(filters.state_applied_to(found, on), 50).get_page(
            request.GET.get("page")
        ),
        "filters": filters,
        "states": states,
        "is_filtered": bool(filters.on),
        "today": on,
    }


def _filters(request: Request, known: QuerySet[Activity], within: Clause | None) -> ActivityFilters:
    years = [day.year for day in known.order_by().dates("date", "year", order="DESC")]
    return ActivityFilters(request.GET, years=years, within_clause=within is not None)


def activities_file(
    request: Request, known: QuerySet[Activity], *, within: Clause | None, kind: str
) -> HttpResponse:
    filters = _filters(request, known, within)
    found = filters.state_applied_to(filters.applied_to(known), today())
    headings = [
        _("Date"),
        _("Until"),
        _("Kind"),
        _("State"),
        _("Title"),
        _("Place"),
        _("Networks"),
        _("Agreement"),
        _("Clause"),
        _("Participants"),
        _("Others"),
        _("Result"),
    ]
    return as_file("activities", headings, [_row(request, a) for a in found], kind=kind)


def _row(request: Request, activity: Activity) -> list[object]:
    networks = {party.network for party in activity.clause.agreement.signing.all()}
    inside: list[object] = [None, None, None]
    if rules.can_see_inside(request.viewer, activity):
        inside = [activity.participants, activity.others, str(text_of(activity, "result"))]
    return [
        activity.date,
        activity.until,
        str(activity.get_kind_display()),
        str(activity.get_state_display()),
        str(text_of(activity, "title")),
        activity.place,
        ", ".join(sorted(network.name for network in networks | set(activity.partners.all()))),
        str(text_of(activity.clause.agreement, "title")),
        str(activity.clause),
        *inside,
    ]
