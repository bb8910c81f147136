"""What the search over everything finds among agreements and activities, and where it stands.

They are few beside the members, and which of their texts somebody reads differs, so they are read
through instead of kept in an index.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from verbund.web.agreements.days import signed_day
from verbund.web.agreements.models import Activity, Agreement
from verbund.web.agreements.queries import known_activities, known_agreements
from verbund.web.agreements.rules import can_see_inside, can_see_measures
from verbund.web.core.registries import Hit
from verbund.web.core.searching import Place, all_said, where_found
from verbund.web.core.texts import text_of
from verbund.web.networks.rules import Viewer


def find_agreements(viewer: Viewer, query: str, on: dt.date, limit: int) -> tuple[int, list[Hit]]:
    """Find agreements by title, kind, aim, place or party, and by their clauses."""
    known = known_agreements(viewer).prefetch_related("clauses")
    read = [(agreement, list(_places_of_agreement(agreement, viewer))) for agreement in known]
    found = [(agreement, places) for agreement, places in read if all_said(places, query)]
    return len(found), [
        Hit(
            str(text_of(agreement, "title")),
            agreement.get_absolute_url(),
            _about(agreement),
            tuple(party.network.slug for party in agreement.signing.all()),
            *where_found(places, query),
        )
        for agreement, places in found[:limit]
    ]


def _places_of_agreement(agreement: Agreement, viewer: Viewer) -> Iterator[Place]:
    for title in (agreement.title_de, agreement.title_en):
        yield Place("", title)
    for party in agreement.signing.all():
        yield Place("", f"{party.network.name} {party.network.full_name}")
    yield Place("", f"{agreement.get_kind_display()} {agreement.signed_at}")
    for aim in (agreement.aim_de, agreement.aim_en):
        yield Place(_("Aim"), aim)
    fields = ("title", "aim", *(("measures",) if can_see_measures(viewer, agreement) else ()))
    for clause in agreement.clauses.all():
        name = _("Clause %(number)s") % {"number": clause.number}
        yield Place(name, str(clause.get_field_display()))
        for field in fields:
            for language in ("de", "en"):
                yield Place(name, getattr(clause, f"{field}_{language}"))


def _about(agreement: Agreement) -> str:
    if agreement.stage != Agreement.Stage.SIGNED:
        return agreement.get_stage_display()
    return _("signed: %s") % signed_day(agreement)


def find_activities(viewer: Viewer, query: str, on: dt.date, limit: int) -> tuple[int, list[Hit]]:
    """Find activities by title and place, and by their results for those who may read them."""
    read = [(one, list(_places_of_activity(one, viewer))) for one in known_activities(viewer)]
    found = [(activity, places) for activity, places in read if all_said(places, query)]
    return len(found), [
        Hit(
            str(text_of(activity, "title")),
            activity.get_absolute_url(),
            f"{activity.get_kind_display()}, {date_format(activity.date)}",
            tuple(p.network.slug for p in activity.clause.agreement.signing.all()),
            *where_found(places, query),
        )
        for activity, places in found[:limit]
    ]


def _places_of_activity(activity: Activity, viewer: Viewer) -> Iterator[Place]:
    for text in (activity.title_de, activity.title_en):
        yield Place("", text)
    yield Place("", f"{activity.get_kind_display()} {activity.place}")
    if can_see_inside(viewer, activity):
        for text in (activity.result_de, activity.result_en):
            yield Place(_("Result"), text)
        yield Place(_("Others taking part"), activity.others)
