"""Who somebody is to the networks on a day, and what follows from it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from verbund.web.networks.models import Membership, Network, Organisation, Role, holds

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from verbund.web.accounts.models import User


@dataclass(frozen=True)
class Viewer:
    """Somebody who looks: the networks they belong to, their roles there, whom they represent.

    `managed` are the networks they manage, `edited` those whose data they may change, `offices`
    those in whose office they work in any role, `signs_for` those they sign agreements for.

    The sharing rule knows people only as this; the empty viewer is the stranger at the door.
    """

    user_id: int | None = None
    name: str = ""
    networks: frozenset[int] = frozenset()
    managed: frozenset[int] = frozenset()
    edited: frozenset[int] = frozenset()
    offices: frozenset[int] = frozenset()
    signs_for: frozenset[int] = frozenset()
    organisations: frozenset[int] = frozenset()
    is_operator: bool = False
    # What was worked out for this viewer already: a viewer lives as long as one request.
    known: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_signed_in(self) -> bool:
        return self.user_id is not None


STRANGER = Viewer()


def viewer_of(user: User | AnonymousUser, on: dt.date) -> Viewer:
    """Return who a user is on a day: roles and memberships that hold then (two queries)."""
    if not user.is_authenticated:
        return Viewer()
    held = list(
        Role.objects.filter(holds(on), user=user).values_list(
            "kind", "network_id", "organisation_id"
        )
    )

    def as_any_of(*kinds: Role.Kind) -> frozenset[int]:
        return frozenset(n for kind, n, _ in held if n and kind in kinds)

    offices = frozenset(n for _, n, _ in held if n)
    organisations = frozenset(o for _, _, o in held if o)
    joined = Membership.objects.filter(holds(on), organisation__in=organisations)
    through = (
        frozenset(joined.values_list("network_id", flat=True)) if organisations else frozenset()
    )
    return Viewer(
        user_id=user.pk,
        name=str(user),
        networks=offices | through,
        managed=as_any_of(Role.Kind.MANAGER),
        edited=as_any_of(Role.Kind.MANAGER, Role.Kind.EDITOR),
        offices=offices,
        signs_for=as_any_of(Role.Kind.SIGNATORY),
        organisations=organisations,
        is_operator=user.is_superuser,
    )


def viewer_for_network(network: Network) -> Viewer:
    """Return what every member of a network may see, for mails, exports and matching."""
    return Viewer(networks=frozenset((network.pk,)))


def can_manage(viewer: Viewer, network: Network | int) -> bool:
    """Managers alone bind their network: agreements, roles, consent on behalf, its settings."""
    return _key(network) in viewer.managed


def can_edit(viewer: Viewer, network: Network | int) -> bool:
    """Managers and editors do the daily work: members' data, activities, introductions."""
    return _key(network) in viewer.edited


def is_in_office(viewer: Viewer, network: Network | int) -> bool:
    """Everybody with a role in the office sees what the office sees."""
    return _key(network) in viewer.offices


def _key(network: Network | int) -> int:
    return network if isinstance(network, int) else network.pk


def can_edit_organisation(viewer: Viewer, organisation: Organisation, on: dt.date) -> bool:
    """Representatives edit their organisation, managers and editors members of their network."""
    return _acts_for(viewer, organisation, viewer.edited, on)


def can_consent_for(viewer: Viewer, organisation: Organisation, on: dt.date) -> bool:
    """Representatives decide who may see what; managers note what a member told them."""
    return _acts_for(viewer, organisation, viewer.managed, on)


def _acts_for(
    viewer: Viewer, organisation: Organisation, networks: frozenset[int], on: dt.date
) -> bool:
    if organisation.pk in viewer.organisations:
        return True
    memberships = Membership.objects.filter(holds(on), organisation=organisation)
    return memberships.filter(network__in=networks).exists()


def can_run_installation(viewer: Viewer) -> bool:
    """The operator makes networks and reads the outbox; members' data stay the networks' own."""
    return viewer.is_operator


def members_on(on: dt.date, *, prefix: str = "") -> Q:
    """Return the condition that a membership (reached by `prefix`) holds on a day."""
    return holds(on, prefix=prefix)
