"""What changed since last week in one's own network, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from verbund.web.core.auditing import audited, entries_for, names_of
from verbund.web.core.registries import Text
from verbund.web.networks.rules import Viewer
from verbund.web.partnering.models import IntroductionStep
from verbund.web.portal.overview import introductions_of_office

_NAMED, _LOOKED_AT = 3, 1000
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
    words = {(kind, verb): text for kind, a in audited.items() for verb, text in a.news.items()}
    kinds, verbs = zip(*words, strict=True)
    found = entries_for(viewer.offices).filter(at__gte=since, kind__in=kinds, verb__in=verbs)
    entries = list(found[:_LOOKED_AT])
    names = names_of(entries, viewer, on)
    for entry in entries:
        said, thing = words.get((entry.kind, entry.verb)), names.get((entry.kind, entry.key))
        if said and thing:
            yield entry.at, said, Thing(thing.name, thing.url)
