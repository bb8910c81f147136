"""Named reads of networks, their members and their people."""

from __future__ import annotations

import datetime as dt
import re
from importlib import resources
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from verbund.web.accounts.models import User
from verbund.web.networks.models import LegalPage, Membership, Network, Organisation, Role, holds

if TYPE_CHECKING:
    from verbund.web.networks.rules import Viewer

_GAP = re.compile(r"\[[^\]\n]+\](?!\()")


def members_of(network: Network, on: dt.date) -> QuerySet[Organisation]:
    """Return the network's own members on a day."""
    memberships = Membership.objects.filter(holds(on), network=network)
    return Organisation.objects.filter(pk__in=memberships.values("organisation"))


def roles_in(network: Network, on: dt.date) -> QuerySet[Role]:
    """Return the roles in the network's office and in its members, ended and asked for, too."""
    in_it = Q(network=network) | Q(organisation__in=members_of(network, on))
    not_of_others = Q(asked_by=None) | Q(asked_by=network)
    return (
        Role.objects.filter(in_it, not_of_others)
        .select_related("user", "organisation", "network")
        .order_by("kind", "organisation__name", "user__email", "pk")
    )


def managers_of(network: Network, on: dt.date) -> QuerySet[Role]:
    return Role.objects.filter(holds(on), network=network, kind=Role.Kind.MANAGER)


def answers_to(network: Network, on: dt.date) -> str:
    """Return where answers to a network's mails go: its address, else that of who manages it."""
    managers = managers_of(network, on).filter(user__is_active=True).order_by("pk")
    return network.email or managers.values_list("user__email", flat=True).first() or ""


def representatives_of(organisation: Organisation, on: dt.date) -> QuerySet[Role]:
    return Role.objects.filter(holds(on), organisation=organisation)


def other_homes_of(organisation: Organisation, network: Network, on: dt.date) -> QuerySet[Network]:
    """Return the networks that an organisation is a member of beside this one."""
    memberships = Membership.objects.filter(holds(on), organisation=organisation)
    return Network.objects.filter(pk__in=memberships.values("network")).exclude(pk=network.pk)


def roles_to_agree_to(viewer: Viewer, on: dt.date) -> QuerySet[Role]:
    """Return the roles that wait for this person's yes.

    They speak for the organisation already, or manage a network of it other than the one that asks.
    """
    member_here = Membership.objects.filter(
        holds(on), network__in=viewer.managed, organisation=OuterRef("organisation")
    ).exclude(network=OuterRef("asked_by"))
    mine = Q(organisation__in=viewer.organisations) | Q(Exists(member_here))
    waiting = Role.objects.filter(mine, asked_by__isnull=False)
    return waiting.select_related("user", "organisation", "asked_by").order_by("given_at", "pk")


def people_known_to(viewer: Viewer, on: dt.date) -> QuerySet[User]:
    """Return whose names an office may read: its own people, those of its members, oneself."""
    roles = roles_known_to(viewer, on)
    return User.objects.filter(Q(pk=viewer.user_id) | Q(pk__in=roles.order_by().values("user")))


def roles_known_to(viewer: Viewer, on: dt.date) -> QuerySet[Role]:
    """Return roles in the viewer's offices, and in their members as long as they were members."""
    membership = {"organisation__memberships__network__in": viewer.managed}
    meanwhile = (
        Q(organisation__memberships__valid_until=None)
        | Q(valid_from=None)
        | Q(valid_from__lte=F("organisation__memberships__valid_until"))
    )
    in_members = Role.objects.filter(meanwhile, **membership).values("pk")
    known = Role.objects.filter(Q(network__in=viewer.managed) | Q(pk__in=in_members))
    return known.select_related("user", "organisation", "network")


def legal_page(network: Network, kind: str) -> LegalPage:
    """Return the page, or an empty one not yet saved."""
    found = LegalPage.objects.filter(network=network, kind=kind).first()
    return found or LegalPage(network=network, kind=kind)


def starting_text(network: Network, kind: str, language: str) -> str:
    """Return a text to begin a legal page with; what only the office knows is a gap in brackets."""
    folder = resources.files("verbund.web.networks") / "legal" / language
    text = (folder / f"{kind}.md").read_text(encoding="utf-8")
    return text.replace("{name}", network.full_name or network.name).replace(
        "{email}", network.email or ("[E-Mail-Adresse]" if language == "de" else "[mail address]")
    )


def gaps_in(text: str) -> list[str]:
    """List what is still to be filled in, such as `[street]`; links are no gaps."""
    return list(dict.fromkeys(_GAP.findall(text)))
