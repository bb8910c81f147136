"""What follows for networks when a person or a member goes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from verbund.web.core.consequences import Consequence, Receiver, consequences
from verbund.web.core.personal import Person
from verbund.web.networks.models import Membership, Network, Role, holds
from verbund.web.networks.queries import managers_of


def announce_consequences() -> None:
    consequences.add("networks", _follows, place=10)


def office_of(networks: Iterable[int | Network], on: dt.date) -> tuple[Receiver, ...]:
    """Return who is written to where a network's office is told something."""
    managers = Role.objects.filter(
        holds(on), network__in=networks, kind=Role.Kind.MANAGER, user__is_active=True
    )
    rows = managers.order_by("pk").values_list("user__email", "user__language")
    return tuple(dict.fromkeys(Receiver(email, language) for email, language in rows))


def _follows(thing: object, on: dt.date) -> Iterator[Consequence]:
    if isinstance(thing, Person) and thing.user_id:
        yield from _without_person(thing, on)
    elif isinstance(thing, Membership):
        yield from _without_member(thing, on)


def _without_person(person: Person, on: dt.date) -> Iterator[Consequence]:
    held = Role.objects.filter(holds(on), user=person.user_id)
    for role in held.select_related("network", "organisation").order_by("pk"):
        where = {"role": role.get_kind_display(), "where": role.network or role.organisation}
        if role.kind == Role.Kind.MANAGER and role.network and _is_last(role, on):
            text = _("%(where)s would be without a manager. Invite somebody else first.")
            yield Consequence(text % where, prevents=True)
        told = office_of(
            [role.network_id] if role.network_id else _homes(role.organisation_id, on), on
        )
        others = tuple(one for one in told if one.email != person.email)
        yield Consequence(_("A role ends: %(role)s, %(where)s.") % where, told=others)


def _is_last(role: Role, on: dt.date) -> bool:
    others = managers_of(role.network, on).exclude(pk=role.pk) if role.network else None
    return others is not None and not others.exists()


def _homes(organisation: int | None, on: dt.date) -> list[int]:
    rows = Membership.objects.filter(holds(on), organisation=organisation)
    return list(rows.values_list("network_id", flat=True))


def _without_member(membership: Membership, on: dt.date) -> Iterator[Consequence]:
    people = Role.objects.filter(
        holds(on), organisation=membership.organisation_id, user__is_active=True
    ).select_related("user")
    if not people:
        return
    text = ngettext(
        "%(count)d person who speaks for %(name)s no longer sees what members of %(network)s see.",
        "%(count)d people who speak for %(name)s no longer see what members of %(network)s see.",
        len(people),
    )
    values = {"name": membership.organisation, "network": membership.network}
    told = tuple(Receiver(role.user.email, role.user.language) for role in people)
    yield Consequence(text % (values | {"count": len(people)}), told=told)
