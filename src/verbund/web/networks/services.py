"""Writes to networks, their legal pages and the roles of people in them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext

from verbund.errors import VerbundError
from verbund.language.spelling import fold
from verbund.web.accounts.services import person_with_mail
from verbund.web.core.services import record
from verbund.web.networks import mails
from verbund.web.networks.models import LegalPage, Network, Organisation, Role
from verbund.web.networks.queries import (
    legal_page,
    managers_of,
    other_homes_of,
    representatives_of,
)

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
    kind: str = Role.Kind.MANAGER,
    organisation: Organisation | None = None,
    by: User | None,
    on: dt.date,
) -> Role:
    """Give a person a role and tell them by mail; asking twice changes nothing.

    With `organisation` the person becomes its representative, else gets an office role. A role that
    had ended begins anew.

    Whoever speaks for an organisation sees what all its networks share. So if it is a member of
    another network, too, the role waits until somebody who speaks for it already, or the office of
    another network of it, says yes.
    """
    person = person_with_mail(email, name=name, language=language, by=by)
    key: dict[str, object] = {"user": person, "kind": kind, "network": network}
    if organisation:
        key = {"user": person, "kind": Role.Kind.REPRESENTATIVE, "organisation": organisation}
    role = Role.objects.filter(**key).first() or Role(**key)
    if role.pk and (_goes_on(role, on) or role.asked_by == network):
        return role
    role.given_name, role.given_at = name, timezone.now()
    if organisation and role.asked_by is None and _needs_a_yes(organisation, network, by, on):
        return _ask(role, network, by=by, on=on)
    return _begin(role, network, "invite_person", by=by, on=on)


def _goes_on(role: Role, on: dt.date) -> bool:
    return role.valid_until is None or role.valid_until >= on


def _needs_a_yes(
    organisation: Organisation, network: Network, by: User | None, on: dt.date
) -> bool:
    is_own = representatives_of(organisation, on).filter(user=by).exists()
    return not is_own and other_homes_of(organisation, network, on).exists()


def _ask(role: Role, network: Network, *, by: User | None, on: dt.date) -> Role:
    role.asked_by = network
    role.valid_from, role.valid_until = None, on - dt.timedelta(days=1)
    role.save()
    record(by, "ask_for_person", role)
    mails.ask_about_person(role, network, on=on)
    return role


def _begin(role: Role, network: Network, verb: str, *, by: User | None, on: dt.date) -> Role:
    role.valid_from, role.valid_until, role.asked_by = on, None, None
    role.save()
    record(by, verb, role)
    mails.invitation(role, network, by=str(by or network))
    return role


@transaction.atomic
def agree_to_person(role: Role, *, by: User, on: dt.date) -> None:
    """Say yes to a person whom another network named to speak for an organisation."""
    if role.asked_by:
        _begin(role, role.asked_by, "agree_to_person", by=by, on=on)


@transaction.atomic
def refuse_person(role: Role, *, by: User) -> None:
    """Say no to such a person, or take the question back; the role never was."""
    if role.asked_by:
        record(by, "refuse_person", role)
        role.delete()


def why_role_stays(role: Role, *, by: User, on: dt.date) -> VerbundError | None:
    """Return why a role cannot be ended; only that of a manager may have to stay."""
    if role.network is None or role.kind != Role.Kind.MANAGER:
        return None
    if role.user_id == by.pk:
        return OwnRoleStays()
    others = managers_of(role.network, on).exclude(pk=role.pk)
    return None if others.exists() else LastManagerStays(role.network)


@transaction.atomic
def remind_person(role: Role, network: Network, *, by: User) -> None:
    """Send the invitation once more."""
    record(by, "remind_person", role)
    mails.invitation(role, network, by=str(by))


@transaction.atomic
def change_role(role: Role, *, kind: str, by: User, on: dt.date) -> Role:
    """Give a person of the office another role instead; what they did stays.

    Raises
    ------
    OwnRoleStays, LastManagerStays
        See `end_role`.
    """
    network = role.network
    if network is None or role.kind == kind or not _goes_on(role, on):
        return role
    end_role(role, by=by, on=on, is_told=False)
    key = {"user": role.user, "kind": kind, "network": network}
    new = Role.objects.filter(**key).first() or Role(**key)
    new.given_name, new.given_at = role.given_name, role.given_at
    return _begin(new, network, "change_role", by=by, on=on)


@transaction.atomic
def end_role(role: Role, *, by: User, on: dt.date, is_told: bool = True) -> None:
    """Take a role from a person at once and tell them; the account and what they did stay.

    Raises
    ------
    OwnRoleStays, LastManagerStays
        If it is the manager's own role in the office, or nobody else manages the network.
    """
    if not _goes_on(role, on):
        return
    if refusal := why_role_stays(role, by=by, on=on):
        raise refusal
    role.valid_until = on - dt.timedelta(days=1)
    role.save(update_fields=["valid_until"])
    record(by, "end_role", role)
    if is_told:
        mails.role_ended(role, by=str(by))


@transaction.atomic
def restore_role(role: Role, network: Network, *, by: User, on: dt.date) -> Role:
    """Give a role back that was ended; where somebody has to say yes to it, ask again.

    On the day it was ended this takes the ending back.
    """
    if _goes_on(role, on):
        return role
    was_ended_today = role.valid_until == on - dt.timedelta(days=1)
    firm = None if was_ended_today else role.organisation
    if firm and _needs_a_yes(firm, network, by, on):
        return _ask(role, network, by=by, on=on)
    role.valid_until = None
    role.save(update_fields=["valid_until"])
    record(by, "restore_role", role)
    mails.invitation(role, network, by=str(by))
    return role


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
