"""Writes of the set-up: link, network, first manager, first members."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from verbund.records.names import same_name
from verbund.records.organisation import Organisation as Record
from verbund.web.accounts.models import SetupLink, User
from verbund.web.core.services import record
from verbund.web.directory.services import take_over_member
from verbund.web.networks.models import Network, Organisation, Role
from verbund.web.networks.queries import members_of
from verbund.web.networks.services import free_slug
from verbund.web.portal.setup.queries import digest_of, is_open


class LinkUsed(Exception):  # noqa: N818  # reads as the sentence it is
    """Somebody was faster with the same link."""


@dataclass(frozen=True)
class FirstMember:
    name: str
    city: str = ""
    offers: tuple[str, ...] = ()
    requests: tuple[str, ...] = ()


@transaction.atomic
def make_link() -> str:
    """Return the token of a new set-up link; older ones open nothing any more."""
    SetupLink.objects.filter(used_at=None).update(used_at=timezone.now())
    token = secrets.token_urlsafe(32)
    SetupLink.objects.create(digest=digest_of(token))
    return token


@transaction.atomic
def save_network(network: Network) -> None:
    """Keep the network of the first step; doing the step again changes it."""
    verb = "change_network" if network.pk else "make_network"
    if not network.slug:
        network.slug = free_slug(network.name)
    network.save()
    record(None, verb, network)


@transaction.atomic
def make_manager(
    link: SetupLink,
    network: Network,
    *,
    name: str,
    email: str,
    password: str,
    language: str,
    on: dt.date,
) -> User:
    """Use the link up: its holder becomes operator of the installation and manager of the network.

    Raises
    ------
    LinkUsed
        If it was used meanwhile.
    """
    mine = SetupLink.objects.filter(pk=link.pk, used_at=None)
    if not is_open(link) or not mine.update(used_at=timezone.now()):
        raise LinkUsed
    user = User.objects.create_user(
        email, password, name=name, language=language, is_superuser=True
    )
    Role.objects.create(user=user, kind=Role.Kind.MANAGER, network=network, valid_from=on)
    record(user, "set_up", network)
    return user


@transaction.atomic
def take_first_members(
    members: Sequence[FirstMember], network: Network, *, by: User, on: dt.date
) -> list[Organisation]:
    """Take over members typed by hand; a known name is added to, not doubled."""
    known = list(members_of(network, on))
    taken = []
    for number, member in enumerate(members, start=1):
        existing = next((one for one in known if same_name(one.name, member.name)), None)
        row = Record(
            id=f"#{number}",
            name=member.name,
            city=member.city,
            offers=member.offers,
            requests=member.requests,
        )
        organisation = take_over_member(row, network, existing=existing, by=by, on=on)
        known.append(organisation)
        taken.append(organisation)
    return taken
