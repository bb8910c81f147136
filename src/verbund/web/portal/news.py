"""What changed since last week in one's own network, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from verbund.web.agreements.models import Activity, Agreement
from verbund.web.agreements.queries import known_activities, known_agreements
from verbund.web.core.models import AuditEntry
from verbund.web.networks.models import Membership
from verbund.web.networks.rules import Viewer
from verbund.web.partnering.models import IntroductionStep
from verbund.web.portal.overview import introductions_of_office

_NAMED, _LOOKED_AT = 3, 1000
_WORDS: dict[tuple[str, str], str | Promise] = {
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
    ("activity", "plan_activity"): _("Planned"),
    ("activity", "hold_activity"): _("Held"),
}


@dataclass(frozen=True)
class News:
    """One kind of change and the things it happened to; `more` are not named."""

    words: str | Promise
    names: tuple[str, ...]
    more: int


def since_last_week(viewer: Viewer, on: dt.date) -> list[News]:
    """Return what happened in the networks the viewer manages, grouped by kind of change."""
    since = timezone.make_aware(dt.datetime.combine(on - dt.timedelta(days=7), dt.time.min))
    groups: dict[str | Promise, list[str]] = {}
    for words, name in (*_steps(viewer, on, since), *_changes(viewer, since)):
        names = groups.setdefault(words, [])
        if name not in names:
            names.append(name)
    return [
        News(words, tuple(names[:_NAMED]), max(len(names) - _NAMED, 0))
        for words, names in groups.items()
    ]


def _steps(viewer: Viewer, on: dt.date, since: dt.datetime) -> Iterable[tuple[str | Promise, str]]:
    own = introductions_of_office(viewer, on)
    steps = IntroductionStep.objects.filter(at__gte=since, introduction__in=own.values("pk"))
    steps = steps.select_related("introduction__left", "introduction__right")
    for step in steps.order_by("-at", "-pk")[:_LOOKED_AT]:
        yield step.get_what_display(), str(step.introduction)


def _changes(viewer: Viewer, since: dt.datetime) -> Iterable[tuple[str | Promise, str]]:
    kinds = {kind for kind, _verb in _WORDS}
    entries = list(AuditEntry.objects.filter(at__gte=since, kind__in=kinds)[:_LOOKED_AT])
    keys = {kind: [int(e.key) for e in entries if e.kind == kind] for kind in kinds}
    own = {
        "organisation": _own_members(viewer, keys["organisation"]),
        "agreement": _own_agreements(viewer, keys["agreement"]),
        "activity": _own_activities(viewer, keys["activity"]),
    }
    for entry in entries:
        words = _WORDS.get((entry.kind, entry.verb))
        if words and int(entry.key) in own[entry.kind]:
            yield words, entry.name


def _own_members(viewer: Viewer, keys: list[int]) -> set[int]:
    """Members past and present: who left the network is news as well."""
    rows = Membership.objects.filter(network__in=viewer.managed, organisation__in=keys)
    return set(rows.values_list("organisation_id", flat=True))


def _own_agreements(viewer: Viewer, keys: list[int]) -> set[int]:
    own = Agreement.objects.filter(signing__network__in=viewer.managed)
    rows = known_agreements(viewer).filter(pk__in=keys).filter(pk__in=own)
    return set(rows.values_list("pk", flat=True))


def _own_activities(viewer: Viewer, keys: list[int]) -> set[int]:
    own = Activity.objects.filter(clause__agreement__signing__network__in=viewer.managed)
    rows = known_activities(viewer).filter(pk__in=keys).filter(pk__in=own)
    return set(rows.values_list("pk", flat=True))
