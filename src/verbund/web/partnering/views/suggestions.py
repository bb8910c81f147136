"""The office's queue: who should meet, and why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from verbund.web.core.exports import as_file, wanted_kind
from verbund.web.core.services import today
from verbund.web.directory.models import Sighting
from verbund.web.directory.sightings.services import note_sightings
from verbund.web.networks.requests import Request
from verbund.web.partnering import queries
from verbund.web.partnering.forms import NEXT_MONTH, IntroduceForm, PostponeForm, RejectForm
from verbund.web.partnering.models import Suggestion
from verbund.web.partnering.monthly import asked_enough, told_enough
from verbund.web.partnering.rules import can_decide
from verbund.web.partnering.views.freshness import freshness_of
from verbund.web.partnering.views.saying import decision_of, draft_of, is_german, reasons_of
from verbund.web.partnering.views.weights import said_weights

PER_PAGE = 20  # what a queue beside the open one can show


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; nonsense falls back to everything to be checked."""

    show: str = "check"
    pair: str = ""
    strength: str = ""
    words: str = ""

    @classmethod
    def of(cls, request: Request) -> Filters:
        asked = request.GET
        show = asked.get("show", "")
        return cls(
            show=show if show in queries.STANDINGS else "check",
            pair=asked.get("pair", ""),
            strength=asked.get("strength", ""),
            words=asked.get("q", "")[:100],
        )

    def address(self, **other: str) -> str:
        values = {"show": self.show, "pair": self.pair, "strength": self.strength, "q": self.words}
        return urlencode({key: value for key, value in (values | other).items() if value})

    def narrowed(self, suggestions: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
        return queries.filtered(
            suggestions, pair=self.pair, strength=self.strength, words=self.words
        )

    def apply(self, suggestions: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
        narrowed = self.narrowed(suggestions)
        return queries.in_order(queries.with_standing(narrowed, self.show))


@login_required
def suggestions(request: Request, pk: int | None = None) -> HttpResponseBase:
    return page(request, pk)


def page(
    request: Request, pk: int | None = None, draft: IntroduceForm | None = None
) -> HttpResponseBase:
    """Show the queue with one suggestion opened; `draft` is what was typed and refused."""
    if not request.viewer.offices:
        return _where_others_belong(request)
    on, filters = today(), Filters.of(request)
    office = queries.suggestions_of_office(request.viewer, on)
    rows = filters.apply(office)
    if kind := wanted_kind(request.GET.get("export")):
        return _exported(rows, kind)
    ids = list(rows.values_list("pk", flat=True))
    current = get_object_or_404(office, pk=pk) if pk else rows.first()
    context = _queue(request, filters, rows, ids, current) | {
        "counts": _counts(filters, office),
        "pairs": _pairs(request, filters, office, on),
        "strengths": queries.STRENGTHS,
        **freshness_of(request, on),
    }
    if current:
        context |= _opened(request, current, ids, on, draft)
    status = 422 if draft else 200
    return render(request, "partnering/suggestions.html", context, status=status)


def _where_others_belong(request: Request) -> HttpResponse:
    if not request.viewer.organisations:
        raise PermissionDenied
    return redirect("own_suggestions")


def _counts(filters: Filters, office: QuerySet[Suggestion]) -> list[dict[str, Any]]:
    counts = queries.counted_by_standing(filters.narrowed(office))
    return [
        {
            "label": label,
            "count": counts[key],
            "address": filters.address(show=key),
            "is_current": key == filters.show,
        }
        for key, (label, _condition) in queries.STANDINGS.items()
    ]


def _pairs(
    request: Request, filters: Filters, office: QuerySet[Suggestion], on: dt.date
) -> list[dict[str, Any]]:
    """Say how many are between which networks and within one's own; a click keeps only these."""
    wider = replace(filters, pair="")
    counts = queries.counted_by_pair(wider.apply(office))
    bonds = queries.bonds(on, of=request.viewer.offices)
    shown = [("", _("All"), sum(counts.values()))]
    shown += [(bond.key, capfirst(str(bond)), counts.get(bond.key, 0)) for bond in bonds]
    return [
        {
            "label": label,
            "count": count,
            "address": wider.address(pair=key),
            "is_current": key == filters.pair,
        }
        for key, label, count in shown
        if count or key == filters.pair
    ]


def _queue(
    request: Request,
    filters: Filters,
    rows: QuerySet[Suggestion],
    ids: list[int],
    current: Suggestion | None,
) -> dict[str, Any]:
    asked = request.GET.get("page")
    if not asked and current and current.pk in ids:
        asked = str(ids.index(current.pk) // PER_PAGE + 1)
    page = Paginator(rows, PER_PAGE).get_page(asked)
    return {"filters": filters, "address": filters.address(), "page": page, "current": current}


def _opened(
    request: Request,
    suggestion: Suggestion,
    ids: list[int],
    on: dt.date,
    draft: IntroduceForm | None,
) -> dict[str, Any]:
    place = ids.index(suggestion.pk) if suggestion.pk in ids else None
    bond = queries.bond_between(suggestion.left_network, suggestion.right_network, on)
    initial = draft_of(suggestion, asks="ask" in request.GET)
    enough = asked_enough(suggestion, on)
    note_sightings(
        queries.requests_quoted([suggestion]),
        viewer=request.viewer,
        place=Sighting.Place.SUGGESTION,
        on=on,
    )
    return {
        "sides": queries.sides_of_suggestion(suggestion, request.viewer, on),
        "reasons": reasons_of(suggestion),
        "doubt": next(iter(suggestion.doubt_texts), ""),
        "weights": said_weights(suggestion, bond),
        "clause": bond.clause if bond else None,
        "place": place + 1 if place is not None else None,
        "total": len(ids),
        "previous": ids[place - 1] if place else None,
        "next": ids[place + 1] if place is not None and place + 1 < len(ids) else None,
        "is_open": suggestion.state in (Suggestion.State.OPEN, Suggestion.State.POSTPONED),
        "can_decide": can_decide(request.viewer, suggestion),
        "decision": decision_of(suggestion),
        "draft": draft or IntroduceForm(initial=initial, suggestion=suggestion),
        "enough": [told_enough(one, on) for one in enough],
        "postpone_form": PostponeForm(initial={"weeks": NEXT_MONTH} if enough else None),
        "reject_form": RejectForm(),
    }


def _exported(rows: QuerySet[Suggestion], kind: str) -> HttpResponse:
    headings = [
        _("Rank"), _("Network"), _("Member"), _("Town"), _("Network"), _("Member"), _("Town"),
        _("Topic"), _("Fit"), _("Reasons"), _("Doubt"), _("State"), _("Note"), _("Computed on"),
    ]  # fmt: skip
    lines = (
        [
            row.rank,
            row.left_network.name,
            row.left.name,
            row.left.city,
            row.right_network.name,
            row.right.name,
            row.right.city,
            row.topic_de if is_german() else row.topic_en,
            queries.STRENGTHS.get(row.strength, ""),
            "\n".join([*row.reason_texts, row.distance_text]),
            "\n".join(row.doubt_texts[:1]),
            row.get_state_display(),
            row.note,
            row.computed_at.date(),
        ]
        for row in rows
    )
    return as_file(_("suggestions"), headings, lines, kind=kind)
