"""Writes to networks, their legal pages and the roles of people in them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext

from verbund.errors import VerbundError
from verbund.language.spelling import fold
from verbund.web.accounts.services import person_with_mail
from verbund.web.core.services import record
from verbund.web.networks import mails
from verbund.web.networks.models import LegalPage, Network, Organisation, Role
from verbund.web.networks.queries import legal_page, managers_of

if TYPE_CHECKING:
    from verbund.web.accounts.models import User

_TAKEN_SLUGS = {"new"}  # stands in an address of its own


class LastManagerStays(VerbundError):  # noqa: N818  # reads as the sentence it is
    """A network without a manager could never get one again."""

    def __init__(self, network: Network) -> None:
        text = gettext(
            "%(network)s would be without a manager. Invite somebody else to the office first."
        )
        super().__init__(
            text % {"network": network.name}, code="last_manager", values={"network": network.name}
        )


class OwnRoleStays(VerbundError):  # noqa: N818  # reads as the sentence it is
    """Who locks themselves out could not take it back."""

    def __init__(self) -> None:
        text = gettext("Your own role in the office can only be ended by another manager.")
        super().__init__(text, code="own_role", values={})


@transaction.atomic
def invite_person(
    network: Network,
    *,
    email: str,
    name: str,
    language: str,
    organisation: Organisation | None,
    by: User | None,
    on: dt.date,
) -> Role:
    """Give a person a role and tell them by mail; asking twice changes nothing.

    Without `organisation` the person becomes a manager of the network. A role that had ended
    begins anew.
    """
    person = person_with_mail(email, name=name, language=language, by=by)
    key: dict[str, object] = {"user": person, "kind": Role.Kind.MANAGER, "network": network}
    if organisation:
        key = {"user": person, "kind": Role.Kind.REPRESENTATIVE, "organisation": organisation}
    role = Role.objects.filter(**key).first()
    if role and (role.valid_until is None or role.valid_until >= on):
        return role
    role = role or Role(**key)
    role.valid_from, role.valid_until = on, None
    role.save()
    record(by, "invite_person", role)
    mails.invitation(role, network, by=str(by or network))
    return role


@transaction.atomic
def remind_person(role: Role, network: Network, *, by: User) -> None:
    """Send the invitation once more."""
    record(by, "remind_person", role)
    mails.invitation(role, network, by=str(by))


@transaction.atomic
def end_role(role: Role, *, by: User, on: dt.date) -> None:
    """Take a role from a person at once; the account and what they did stay.

    Raises
    ------
    OwnRoleStays, LastManagerStays
        If it is the manager's own role, or nobody else manages the network.
    """
    if role.valid_until and role.valid_until < on:
        return
    if role.network:
        if role.user_id == by.pk:
            raise OwnRoleStays
        others = managers_of(role.network, on).select_for_update().exclude(pk=role.pk)
        if not others.exists():
            raise LastManagerStays(role.network)
    role.valid_until = on - dt.timedelta(days=1)
    role.save(update_fields=["valid_until"])
    record(by, "end_role", role)


@transaction.atomic
def restore_role(role: Role, *, by: User) -> None:
    """Take back that a role was ended."""
    role.valid_until = None
    role.save(update_fields=["valid_until"])
    record(by, "restore_role", role)


@transaction.atomic
def change_network(network: Network, *, changed: list[str], by: User) -> None:
    """Keep what a checked form put into the network."""
    if changed:
        network.save(update_fields=changed)
        record(by, "change_network", network, {"fields": changed})


@transaction.atomic
def make_network(network: Network, *, email: str, name: str, by: User, on: dt.date) -> Role:
    """Begin a network and invite its first manager."""
    network.slug = free_slug(network.name)
    network.save()
    record(by, "make_network", network)
    return invite_person(
        network,
        email=email,
        name=name,
        language=network.language,
        organisation=None,
        by=by,
        on=on,
    )


def free_slug(name: str) -> str:
    """Return what a network is called in addresses; it stays for good."""
    base = slugify(fold(name))[:36].strip("-") or "network"
    taken = {*_TAKEN_SLUGS, *Network.objects.values_list("slug", flat=True)}
    names = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(slug for slug in names if slug not in taken)


@transaction.atomic
def write_legal_page(
    network: Network, kind: str, *, text_de: str, text_en: str, by: User
) -> LegalPage:
    """Publish a legal page in one or both languages."""
    page = legal_page(network, kind)
    page.text_de, page.text_en = text_de, text_en
    page.save()
    record(by, "write_legal_page", page)
    return page
