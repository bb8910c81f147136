"""What follows for suggestions and introductions when a person, a member or an entry goes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from verbund.web.core.consequences import Consequence, consequences
from verbund.web.core.personal import Person
from verbund.web.directory.models import Offer, Request
from verbund.web.networks.follows import office_of
from verbund.web.networks.models import Membership, Organisation
from verbund.web.partnering.models import Introduction, Suggestion

_SIDES = ("left", "right")
_GOING_ON = (Introduction.State.ASKED, Introduction.State.ACCEPTED)


def announce_consequences() -> None:
    consequences.add("partnering", _follows, place=40)


def _follows(thing: object, on: dt.date) -> Iterator[Consequence]:
    if isinstance(thing, Person):
        yield from _without_person(thing, on)
    elif isinstance(thing, Membership):
        yield from _without_member(thing, on)
    elif isinstance(thing, (Offer, Request)):
        yield from _without_entry(thing, on)


def _going_on() -> QuerySet[Introduction]:
    rows = Introduction.objects.filter(state__in=_GOING_ON).order_by("pk")
    return rows.select_related("left", "right", "left_network", "right_network")


def _without_person(person: Person, on: dt.date) -> Iterator[Consequence]:
    spoken_for = Organisation.objects.filter(
        Q(roles__user=person.user_id or 0) | Q(contact_persons__email__iexact=person.email or "-")
    ).distinct()
    for organisation in spoken_for:
        rows = _going_on().filter(Q(left=organisation) | Q(right=organisation))
        if not rows:
            continue
        text = ngettext(
            "%(count)d introduction of %(name)s is going on: the office looks for somebody else.",
            "%(count)d introductions of %(name)s are going on: the office looks for somebody else.",
            len(rows),
        )
        homes = {
            getattr(row, f"{side}_network_id")
            for row in rows
            for side in _SIDES
            if getattr(row, side) == organisation
        }
        values = {"count": len(rows), "name": organisation}
        yield Consequence(text % values, told=office_of(homes, on))


def _without_member(membership: Membership, on: dt.date) -> Iterator[Consequence]:
    """Tell the other network's office of its own member alone: who left is not for it to keep."""
    lost = 0
    for row in _going_on():
        for side, other in (("left", "right"), ("right", "left")):
            here = getattr(row, side), getattr(row, f"{side}_network")
            if here != (membership.organisation, membership.network):
                continue
            lost += 1
            text = _("An introduction of %(name)s cannot go on: the other side left its network.")
            told = office_of([getattr(row, f"{other}_network_id")], on)
            name = {"name": getattr(row, other)}
            if getattr(row, f"{other}_network_id") != membership.network_id:
                yield Consequence(text % name, told=told, is_shown=False)
    if lost:
        text = ngettext(
            "%(count)d introduction that is going on ends.",
            "%(count)d introductions that are going on end.",
            lost,
        )
        yield Consequence(text % {"count": lost})


def _without_entry(entry: Offer | Request, on: dt.date) -> Iterator[Consequence]:
    key = "offer" if isinstance(entry, Offer) else "request"
    resting = Suggestion.objects.filter(**{f"quotes__{key}": entry}).distinct()
    waiting = resting.filter(state__in=(Suggestion.State.OPEN, Suggestion.State.POSTPONED)).count()
    if waiting:
        text = ngettext(
            "%(count)d suggestion rests on it and vanishes.",
            "%(count)d suggestions rest on it and vanish.",
            waiting,
        )
        yield Consequence(text % {"count": waiting})
    for row in _going_on().filter(suggestion__in=resting):
        text = _("An introduction of %(name)s is going on; what it rests on is taken back.")
        for side in _SIDES:
            network = [getattr(row, f"{side}_network_id")]
            name = {"name": getattr(row, side)}
            yield Consequence(text % name, told=office_of(network, on))
