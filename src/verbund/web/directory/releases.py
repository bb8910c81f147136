"""What an organisation decides itself, partner by partner: objections and consents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext

from verbund.web.agreements.models import Consent
from verbund.web.agreements.sharing import grants, in_force
from verbund.web.directory.audiences import LABELS
from verbund.web.networks.models import DataClass, Network, Organisation
from verbund.web.networks.rules import viewer_for_network

RELEASED = (DataClass.PROFILE, DataClass.CONTACT, DataClass.FIGURES)


@dataclass(frozen=True)
class Release:
    """One class towards one partner network; `consent` is the row in force, an objection or not."""

    network: Network
    data_class: DataClass
    consent: Consent | None
    is_in_agreement: bool

    @property
    def label(self) -> Promise:
        return LABELS[self.data_class]

    @property
    def is_released(self) -> bool:
        return (self.consent is None) is (self.data_class is DataClass.PROFILE)


def releases_of(
    organisation: Organisation, partners: Iterable[Network], on: dt.date
) -> list[Release]:
    held = {
        (consent.to_network_id, consent.data_class): consent
        for consent in in_force(on).filter(organisation=organisation).select_related("given_by")
        if consent.allows is (consent.data_class != DataClass.PROFILE)
    }
    return [
        Release(
            network,
            data_class,
            held.get((network.pk, data_class.value)),
            data_class in _shared_with(network, organisation, on),
        )
        for network in partners
        for data_class in RELEASED
    ]


def consents_to_single(organisation: Organisation, on: dt.date) -> QuerySet[Consent]:
    """Return what single organisations may see, as introductions gave it."""
    found = in_force(on).filter(organisation=organisation, allows=True)
    return found.filter(to_organisation__isnull=False).select_related("to_organisation")


def _shared_with(network: Network, organisation: Organisation, on: dt.date) -> set[str]:
    """Return the classes that an agreement in force gives this network from the organisation's."""
    homes = set(organisation.memberships.values_list("network_id", flat=True))
    found = grants(viewer_for_network(network), None, on=on)
    return {grant.rule.data_class for grant in found if grant.giver in homes}


def said_of(data_class: DataClass, network: Network, *, allows: bool) -> str:
    """Say what a decision changed, for whom."""
    if data_class is DataClass.PROFILE:
        yes = gettext("The objection is withdrawn: %(network)s sees again what agreements share.")
        no = gettext("%(network)s sees nothing of this organisation from now on.")
    elif data_class is DataClass.CONTACT:
        yes = gettext("Members of %(network)s see the contact persons from now on.")
        no = gettext("Members of %(network)s see no contact persons any more.")
    else:
        yes = gettext("Members of %(network)s see the figures from now on.")
        no = gettext("Members of %(network)s see no figures any more.")
    return (yes if allows else no) % {"network": network}
