"""The consent log: what organisations allowed or refused, to whom, when, by whom, until when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from verbund.web.accounts.models import User
from verbund.web.agreements.models import Consent
from verbund.web.networks.models import Membership, Organisation, holds
from verbund.web.networks.queries import people_known_to
from verbund.web.networks.rules import Viewer


@dataclass(frozen=True)
class Entry:
    consent: Consent
    given_by: str

    @property
    def receiver(self) -> str:
        return str(self.consent.to_network or self.consent.to_organisation)

    @property
    def said(self) -> str:
        return _("allowed") if self.consent.allows else _("refused")


def own_organisations(viewer: Viewer, on: dt.date) -> QuerySet[Organisation]:
    """Return whose consents somebody reads: members of a managed network, and whom they represent.

    A partner's office does not: that something is refused is between a member and its network.
    """
    members = Membership.objects.filter(holds(on), network__in=viewer.managed)
    own = Q(pk__in=members.values("organisation")) | Q(pk__in=viewer.organisations)
    return Organisation.objects.filter(own)


def consents_of(
    viewer: Viewer, on: dt.date, *, organisation: int | None = None, state: str = ""
) -> QuerySet[Consent]:
    """Return the log, newest first; `state` is `holds` or `withdrawn`."""
    found = Consent.objects.filter(organisation__in=own_organisations(viewer, on).order_by())
    if organisation:
        found = found.filter(organisation=organisation)
    withdrawn = Q(withdrawn_on__isnull=False, withdrawn_on__lte=on)
    if state == "holds":
        found = found.exclude(withdrawn)
    elif state == "withdrawn":
        found = found.filter(withdrawn)
    return found.select_related("organisation", "to_network", "to_organisation", "given_by")


def named(consents: list[Consent], viewer: Viewer, on: dt.date) -> list[Entry]:
    """Name who gave a consent, if the reader may know them."""
    givers = {one.given_by_id for one in consents if one.given_by_id}
    known = set(people_known_to(viewer, on).filter(pk__in=givers).values_list("pk", flat=True))
    return [Entry(one, _giver(one.given_by, known)) for one in consents]


def _giver(user: User | None, known: set[int]) -> str:
    if user is None:
        return _("not recorded")
    is_named = user.pk in known or user.is_erased
    return str(user) if is_named else _("Somebody outside your network")
