"""What an organisation lets others see, and the networks it belongs to."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext

from verbund.web.agreements.models import Consent
from verbund.web.agreements.sharing import in_force
from verbund.web.agreements.signals import sharing_changed
from verbund.web.core.consequences import tell_affected
from verbund.web.core.services import record
from verbund.web.directory.services.index import announce_change
from verbund.web.networks.models import (
    DataClass,
    Membership,
    Network,
    Organisation,
    Visibility,
    holds,
)

if TYPE_CHECKING:
    from verbund.web.accounts.models import User


@transaction.atomic
def set_consent(
    organisation: Organisation,
    data_class: DataClass,
    network: Network,
    *,
    allows: bool,
    by: User | None,
    on: dt.date,
    occasion: str = "",
) -> bool:
    """Let one partner network see a class of data from this day on, or no longer.

    The profile goes to partners unless the organisation objects: refusing writes an objection,
    allowing withdraws it. Contact persons and figures stay hidden until it consents: allowing
    writes the consent, refusing withdraws it. Former rows stay as the history. Asking for what
    already holds changes nothing.

    Returns
    -------
    Whether anything changed.

    Raises
    ------
    ValueError
        For a class that is released entry by entry (offers, requests) or by agreements alone.
    """
    if data_class not in (DataClass.PROFILE, DataClass.CONTACT, DataClass.FIGURES):
        raise ValueError(data_class)
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    is_objected = data_class is DataClass.PROFILE
    held = in_force(on).filter(
        organisation=organisation,
        data_class=data_class,
        to_network=network,
        allows=not is_objected,
    )
    wants_row = allows is not is_objected
    if held.exists() is wants_row:
        return False
    if wants_row:
        Consent.objects.create(
            organisation=organisation,
            data_class=data_class,
            allows=allows,
            to_network=network,
            given_on=on,
            given_by=by,
            occasion=occasion,
        )
    else:
        held.update(withdrawn_on=on)
    change = {"data_class": data_class.value, "allows": allows, "to": network.slug}
    record(by, "consent", organisation, change)
    announce_sharing(organisation, {network.pk}, on)
    return True


@transaction.atomic
def set_consent_to_one(
    consent: Consent, *, allows: bool, by: User | None, on: dt.date, occasion: str = ""
) -> bool:
    """Withdraw what one organisation may see, as an introduction gave it, or give it once more.

    Returns whether anything changed; the former row stays as the history.
    """
    organisation, receiver = consent.organisation, consent.to_organisation
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    towards = {"data_class": consent.data_class, "to_organisation": receiver}
    held = in_force(on).filter(organisation=organisation, allows=True, **towards)
    if held.exists() is allows:
        return False
    if allows:
        Consent.objects.create(
            organisation=organisation, given_on=on, given_by=by, occasion=occasion, **towards
        )
    else:
        held.update(withdrawn_on=on)
    change = {"data_class": consent.data_class, "allows": allows, "to": str(receiver)}
    record(by, "consent", organisation, change)
    announce_sharing(organisation, set(), on)
    return True


@transaction.atomic
def set_visibility(
    organisation: Organisation, visibility: Visibility, *, by: User | None, on: dt.date
) -> Visibility:
    """Say who may see the profile of an organisation at all; return what held before."""
    before = Visibility(organisation.visibility)
    if before is not visibility:
        organisation.visibility = visibility
        organisation.save(update_fields=["visibility", "changed_at"])
        record(by, "update", organisation, {"visibility": visibility.value})
        announce_sharing(organisation, set(), on)
        announce_change([organisation], on)
    return before


@transaction.atomic
def leave_network(
    organisation: Organisation, network: Network, *, by: User | None, on: dt.date
) -> bool:
    """End a membership: from this day on the network does not hold the organisation any more.

    Other networks it belongs to notice nothing, who relied on it is told. Returns whether it was
    a member.
    """
    held = Membership.objects.filter(holds(on), network=network, organisation=organisation)
    announce_sharing(organisation, {network.pk}, on)
    if (membership := held.select_related("organisation", "network").first()) is None:
        return False
    tell_affected(membership, on, subject=_membership_over, but=by.email if by else "")
    held.update(valid_until=on - dt.timedelta(days=1))
    record(by, "leave", organisation, {"network": network.slug})
    return True


def _membership_over() -> str:
    return gettext("A membership has ended")


@transaction.atomic
def return_to_network(
    organisation: Organisation, network: Network, *, by: User | None, on: dt.date
) -> bool:
    """Take back on the same day that an organisation left a network.

    Later its data may have grown in other hands, and it has to be asked (`claim_member`). Returns
    whether it had left that day.
    """
    last_day = on - dt.timedelta(days=1)
    ended = Membership.objects.filter(
        network=network, organisation=organisation, valid_until=last_day
    )
    if not ended.update(valid_until=None):
        return False
    record(by, "return", organisation, {"network": network.slug})
    announce_sharing(organisation, {network.pk}, on)
    return True


def announce_sharing(organisation: Organisation, networks: set[int], on: dt.date) -> None:
    """Tell the other apps, once the change is committed, whose sharing changed."""
    homes = Membership.objects.filter(holds(on), organisation=organisation)
    concerned = frozenset(networks | set(homes.values_list("network_id", flat=True)))
    transaction.on_commit(lambda: sharing_changed.send(sender=Organisation, networks=concerned))
