"""A network says that a member of another one is its member, too: asked, answered, withdrawn."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from verbund.web.core.services import record
from verbund.web.directory.services.index import announce_change
from verbund.web.directory.services.sharing import announce_sharing
from verbund.web.networks.models import Membership, MembershipClaim, Network, Organisation, holds

if TYPE_CHECKING:
    from verbund.web.accounts.models import User


@transaction.atomic
def claim_member(
    organisation: Organisation, network: Network, *, number: str = "", by: User | None
) -> MembershipClaim:
    """Ask an organisation and the offices it belongs to whether it is a member of a network, too.

    Nothing of its data opens by that. Asking again while the answer is to come changes nothing.
    """
    claim, is_new = MembershipClaim.objects.get_or_create(
        network=network,
        organisation=organisation,
        answered_at=None,
        defaults={"number": number[:80], "asked_by": by},
    )
    if is_new:
        record(by, "claim", claim, {"network": network.slug})
    return claim


@transaction.atomic
def answer_claim(claim: MembershipClaim, *, grants: bool, by: User, on: dt.date) -> bool:
    """Say yes or no to a claim; a yes makes the organisation a member from this day on.

    Returns whether this answer counts: the first one does, and none after it was withdrawn.
    """
    claim = _locked(claim)
    if not claim.is_open:
        return False
    organisation, network = claim.organisation, claim.network
    claim.is_granted = grants
    _close(claim, by)
    record(by, "grant" if grants else "decline", claim, {"network": network.slug})
    if grants:
        _join(claim, on)
        announce_sharing(organisation, {network.pk}, on)
        announce_change([organisation], on)
    return True


@transaction.atomic
def withdraw_claim(claim: MembershipClaim, *, by: User) -> bool:
    """Take a claim back as long as nobody answered; returns whether it was still open."""
    claim = _locked(claim)
    if not claim.is_open:
        return False
    _close(claim, by)
    record(by, "withdraw", claim, {"network": claim.network.slug})
    return True


def _locked(claim: MembershipClaim) -> MembershipClaim:
    return MembershipClaim.objects.select_for_update().get(pk=claim.pk)


def _close(claim: MembershipClaim, by: User) -> None:
    claim.answered_at = timezone.now()
    claim.answered_by = by
    claim.save(update_fields=["is_granted", "answered_at", "answered_by"])


def _join(claim: MembershipClaim, on: dt.date) -> None:
    """Make the membership; one that ended begins anew, one that holds stays as it is."""
    mine = Membership.objects.filter(network=claim.network, organisation=claim.organisation)
    if mine.filter(holds(on)).exists():
        return
    membership = mine.first() or Membership(network=claim.network, organisation=claim.organisation)
    membership.valid_from, membership.valid_until = on, None
    membership.number = claim.number or membership.number
    membership.save()
