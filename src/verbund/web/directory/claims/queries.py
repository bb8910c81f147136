"""Claims of networks to members of others, as far as somebody has a part in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from verbund.web.directory.queries import sight_of
from verbund.web.networks.models import Membership, MembershipClaim, Network, holds
from verbund.web.networks.rules import Viewer


def claims_to_answer(viewer: Viewer, on: dt.date) -> QuerySet[MembershipClaim]:
    """Claims that this person may answer, answered ones too.

    They represent the organisation or manage a network it is a member of, other than the one that
    claims it.
    """
    member_here = Membership.objects.filter(
        holds(on), network__in=viewer.managed, organisation=OuterRef("organisation")
    ).exclude(network=OuterRef("network"))
    mine = Q(organisation__in=viewer.organisations) | Q(Exists(member_here))
    return MembershipClaim.objects.filter(mine).select_related("network", "organisation")


def waiting_claims(viewer: Viewer, on: dt.date) -> QuerySet[MembershipClaim]:
    """Claims whose answer is still to come from this person, oldest first."""
    return claims_to_answer(viewer, on).filter(answered_at=None).order_by("asked_at", "pk")


def claims_of_office(viewer: Viewer) -> QuerySet[MembershipClaim]:
    """Claims of the networks this person works for: open ones first, then the newest."""
    mine = MembershipClaim.objects.filter(network__in=viewer.offices)
    return mine.select_related("network", "organisation").order_by(
        F("answered_at").desc(nulls_first=True), "-asked_at", "-pk"
    )


def with_names(
    claims: Iterable[MembershipClaim], viewer: Viewer, on: dt.date
) -> list[tuple[MembershipClaim, str]]:
    """Add the name of the organisation, empty where the viewer may not see it (any more)."""
    claims = list(claims)
    seen = set(
        sight_of(viewer, on)
        .organisations.filter(pk__in=[claim.organisation_id for claim in claims])
        .values_list("pk", flat=True)
    )
    return [
        (claim, claim.organisation.name if claim.organisation_id in seen else "")
        for claim in claims
    ]


def latest_claims(network: Network, organisations: Iterable[int]) -> dict[int, MembershipClaim]:
    """Return the last claim of a network to each of these organisations."""
    claims = MembershipClaim.objects.filter(network=network, organisation__in=list(organisations))
    return {claim.organisation_id: claim for claim in claims.order_by("asked_at", "pk")}


def to_be_asked(network: Network, organisations: Iterable[int], on: dt.date) -> set[int]:
    """Return which of these are no members of a network today: nobody takes them over unasked."""
    wanted = set(organisations)
    members = Membership.objects.filter(holds(on), network=network, organisation__in=wanted)
    return wanted - set(members.values_list("organisation_id", flat=True))
