"""Who may see and change agreements and what comes of them.

Drafts and proposals are for the parties' offices and signatories alone; managers of every party
write them, authorised signatories sign. Signed agreements are announced in the press: title,
parties, signatories, dates, clauses, what is shared by which clause, and of every activity its
title, kind, day, place and networks are public.

Inside stay, by the data class "documents":

- of an activity its result, number of participants, others taking part and where it came from:
  for members of the parties, and the offices of its further partners;
- its file: for the offices of the parties and of its further partners;
- how many members of a network are visible to a partner: for the office of that network.

None of this ends with the agreement: a record of what both did together stays with both.
"""

from __future__ import annotations

from verbund.web.agreements.models import Activity, Agreement, Version
from verbund.web.agreements.queries import known_agreements
from verbund.web.agreements.sharing import opens_documents
from verbund.web.networks.models import Network
from verbund.web.networks.rules import Viewer, is_in_office


def can_see_agreement(viewer: Viewer, agreement: Agreement) -> bool:
    """Everyone knows an agreement; before all parties confirmed it, only members of the parties."""
    return known_agreements(viewer).filter(pk=agreement.pk).exists()


def can_record_agreement(viewer: Viewer) -> bool:
    """Whoever manages a network may record what it signed."""
    return bool(viewer.managed)


def can_manage_agreement(viewer: Viewer, agreement: Agreement) -> bool:
    """Managers of the parties keep its texts and may end the agreement.

    What is shared, each of them decides for the members of their own network only.
    """
    return any(
        party.network_id in viewer.managed and party.is_confirmed
        for party in agreement.signing.all()
    )


def can_confirm_agreement(viewer: Viewer, agreement: Agreement) -> bool:
    """Managers of a party check what another party's office recorded."""
    return any(
        party.network_id in viewer.managed and not party.is_confirmed
        for party in agreement.signing.all()
    )


def can_end_agreement(viewer: Viewer, agreement: Agreement) -> bool:
    """Managers of any party end it, and take that back; who has not confirmed refuses it so."""
    return can_manage_agreement(viewer, agreement) or can_confirm_agreement(viewer, agreement)


def can_see_papers(viewer: Viewer, agreement: Agreement) -> bool:
    """Everyone in a party's office reads drafts, versions, signatures, documents and reviews."""
    return opens_documents(viewer, (party.network_id for party in agreement.signing.all()))


def can_see_measures(viewer: Viewer, agreement: Agreement) -> bool:
    """Members of the parties read planned measures and who is responsible."""
    return any(party.network_id in viewer.networks for party in agreement.signing.all())


def signs_for(viewer: Viewer, version: Version) -> list[Network]:
    """Authorised signatories answer for those of their networks that have not; nobody else does."""
    if version.state != Version.State.PROPOSED:
        return []
    answered = {signature.network_id for signature in version.signatures.all()}
    return [
        party.network
        for party in version.agreement.signing.all()
        if party.network_id in viewer.signs_for - answered
    ]


def can_see_numbers(viewer: Viewer, giver: Network) -> bool:
    """How many members give or objected is for the office that is their controller."""
    return is_in_office(viewer, giver)


def can_plan(viewer: Viewer, agreement: Agreement) -> bool:
    """Managers and editors of the parties plan what is done together."""
    return any(
        party.network_id in viewer.edited and party.is_confirmed
        for party in agreement.signing.all()
    )


def can_change_activity(viewer: Viewer, activity: Activity) -> bool:
    """Who plans activities also changes, cancels and closes them."""
    return can_plan(viewer, activity.clause.agreement)


def can_see_file(viewer: Viewer, activity: Activity) -> bool:
    """The offices of the parties and of the activity's further partners open its file."""
    return opens_documents(viewer, _parties(activity) | _partners(activity))


def can_see_inside(viewer: Viewer, activity: Activity) -> bool:
    """Members of the parties read the result and who took part; so do those who see the file."""
    return bool(viewer.networks & _parties(activity)) or can_see_file(viewer, activity)


def _parties(activity: Activity) -> set[int]:
    return {party.network_id for party in activity.clause.agreement.signing.all()}


def _partners(activity: Activity) -> set[int]:
    return {network.pk for network in activity.partners.all()}
