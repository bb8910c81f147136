"""What changed since last week in one's own network, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from verbund.web.agreements.models import Activity, Agreement
from verbund.web.agreements.queries import known_activities, known_agreements
from verbund.web.core.models import AuditEntry
from verbund.web.core.registries import Text
from verbund.web.networks.models import Membership, Network, holds
from verbund.web.networks.rules import Viewer
from verbund.web.partnering.models import IntroductionStep
from verbund.web.portal.overview import introductions_of_office

_NAMED, _LOOKED_AT = 3, 1000
_WORDS: dict[tuple[str, str], Text] = {
    ("organisation", "create"): _("New members"),
    ("organisation", "update"): _("Profile changed"),
    ("organisation", "confirm"): _("Profile confirmed"),
    ("organisation", "consent"): _("Changed who may see what"),
    ("organisation", "leave"): _("Left the network"),
    ("organisation", "return"): _("Back in the network"),
    ("agreement", "record_agreement"): _("New agreement"),
    ("agreement", "change_agreement"): _("Agreement changed"),
    ("agreement", "confirm_agreement"): _("Agreement confirmed"),
    ("agreement", "end_agreement"): _("Agreement ended"),
    ("activity", "plan_activity"): _("Activity planned"),
    ("activity", "hold_activity"): _("Activity held"),
}
_STEPS: dict[str, Text] = {
    IntroductionStep.What.ASKED: _("Introduction: both were asked"),
    IntroductionStep.What.REMINDED: _("Introduction: reminded"),
    IntroductionStep.What.YES: _("Introduction: said yes"),
    IntroductionStep.What.NO: _("Introduction: said no"),
    IntroductionStep.What.AGREED: _("Introduction: both want to talk and have the contacts"),
    IntroductionStep.What.MET: _("Introduction: talked"),
    IntroductionStep.What.CLOSED: _("Introduction: outcome noted"),
    IntroductionStep.What.WITHDRAWN: _("Introduction: withdrawn"),
}


@dataclass(frozen=True)
class Thing:
    """Something that changed, and its page if it still has one."""

    name: str
    url: str


@dataclass(frozen=True)
class News:
    """One kind of change and the things it happened to; `more` are not named."""

    words: Text
    last_on: dt.date
    things: tuple[Thing, ...]
    more: int


_Change = tuple[dt.datetime, Text, Thing]


def since_last_week(viewer: Viewer, on: dt.date) -> list[News]:
    """Return what happened in the networks the viewer manages, grouped by kind of change."""
    since = timezone.make_aware(dt.datetime.combine(on - dt.timedelta(days=7), dt.time.min))
    changes = [*_steps(viewer, on, since), *_changes(viewer, on, since)]
    groups: dict[Text, tuple[dt.date, list[Thing]]] = {}
    for at, words, thing in sorted(changes, key=itemgetter(0), reverse=True):
        _last_on, things = groups.setdefault(words, (timezone.localdate(at), []))
        if thing not in things:
            things.append(thing)
    return [
        News(words, last_on, tuple(things[:_NAMED]), max(len(things) - _NAMED, 0))
        for words, (last_on, things) in groups.items()
    ]


def _steps(viewer: Viewer, on: dt.date, since: dt.datetime) -> Iterable[_Change]:
    own = introductions_of_office(viewer, on)
    steps = IntroductionStep.objects.filter(at__gte=since, introduction__in=own.values("pk"))
    steps = steps.select_related("introduction__left", "introduction__right")
    for step in steps.order_by("-at", "-pk")[:_LOOKED_AT]:
        whole = step.introduction
        yield step.at, _STEPS[step.what], Thing(str(whole), whole.get_absolute_url())


def _changes(viewer: Viewer, on: dt.date, since: dt.datetime) -> Iterable[_Change]:
    kinds = {kind for kind, _verb in _WORDS}
    entries = list(AuditEntry.objects.filter(at__gte=since, kind__in=kinds)[:_LOOKED_AT])
    keys = {kind: [int(e.key) for e in entries if e.kind == kind] for kind in kinds}
    offices = set(Network.objects.filter(pk__in=viewer.offices).values_list("slug", flat=True))
    own = {
        "organisation": _own_members(viewer, keys["organisation"], on),
        "agreement": _own_agreements(viewer, keys["agreement"]),
        "activity": _own_activities(viewer, keys["activity"]),
    }
    for entry in entries:
        words = _WORDS.get((entry.kind, entry.verb))
        page = own[entry.kind].get(int(entry.key))
        if entry.verb == "leave":  # news to the network it left alone
            page = (page or "") if entry.changes.get("network") in offices else None
        if words and page is not None:
            yield entry.at, words, Thing(entry.name, page)


def _own_members(viewer: Viewer, keys: list[int], on: dt.date) -> dict[int, str]:
    """Members of today: what former ones do elsewhere is not for the office they left."""
    rows = Membership.objects.filter(holds(on), network__in=viewer.offices, organisation__in=keys)
    members = rows.values_list("organisation_id", flat=True)
    return {key: reverse("organisation", args=[key]) for key in members}


def _own_agreements(viewer: Viewer, keys: list[int]) -> dict[int, str]:
    own = Agreement.objects.filter(signing__network__in=viewer.offices)
    rows = known_agreements(viewer).filter(pk__in=keys).filter(pk__in=own)
    return {row.pk: row.get_absolute_url() for row in rows}


def _own_activities(viewer: Viewer, keys: list[int]) -> dict[int, str]:
    own = Activity.objects.filter(clause__agreement__signing__network__in=viewer.offices)
    rows = known_activities(viewer).filter(pk__in=keys).filter(pk__in=own)
    return {row.pk: row.get_absolute_url() for row in rows}
