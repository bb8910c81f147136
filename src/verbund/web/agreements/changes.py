"""Words of the audit log for agreements and what comes of them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from verbund.web.agreements.models import Activity, Agreement, Consent
from verbund.web.agreements.queries import known_activities, known_agreements
from verbund.web.core.auditing import Audited, Changes, announce_kind
from verbund.web.networks.changes import homes_of


def announce_changes() -> None:
    announce_kind(Agreement, _AGREEMENT)
    announce_kind(Activity, _ACTIVITY)
    announce_kind(Consent, _CONSENT)


def parties_of(agreement: Agreement, verb: str, changes: Changes) -> Iterable[int]:
    return agreement.signing.values_list("network_id", flat=True)


def _parties_above(activity: Activity, verb: str, changes: Changes) -> Iterable[int]:
    return parties_of(activity.clause.agreement, verb, changes)


_AGREEMENT = Audited(
    _("agreement"),
    said={
        "record_agreement": _("%(who)s recorded the agreement %(what)s"),
        "draft_agreement": _("%(who)s began a draft of the agreement %(what)s"),
        "change_draft": _("%(who)s changed the draft of the agreement %(what)s"),
        "amend_agreement": _("%(who)s began to draft a change of the agreement %(what)s"),
        "propose_agreement": _("%(who)s proposed the agreement %(what)s for signing"),
        "withdraw_proposal": _("%(who)s withdrew the proposed text of the agreement %(what)s"),
        "discard_draft": _("%(who)s gave up a draft of the agreement %(what)s"),
        "sign_agreement": _("%(who)s signed the agreement %(what)s"),
        "refuse_agreement": _("%(who)s refused to sign the agreement %(what)s"),
        "agreement_in_force": _("All parties have signed the agreement %(what)s"),
        "stop_giving": _(
            "%(who)s ended some of what their network gives by the agreement %(what)s"
        ),
        "extend_agreement": _("The agreement %(what)s goes on for another term"),
        "review_agreement": _("%(who)s set the next review of the agreement %(what)s"),
        "add_document": _("%(who)s attached a document to the agreement %(what)s"),
        "remove_document": _("%(who)s removed a document of the agreement %(what)s"),
        "confirm_agreement": _("%(who)s confirmed the agreement %(what)s"),
        "end_agreement": _("%(who)s set the end of the agreement %(what)s"),
        "take_back_end": _("%(who)s took the end of the agreement %(what)s back"),
    },
    offices=parties_of,
    seen=lambda viewer, on: known_agreements(viewer),
    keeps_name=True,
    news={
        "record_agreement": _("New agreement"),
        "agreement_in_force": _("Agreement signed by all"),
        "stop_giving": _("A partner gives less"),
        "confirm_agreement": _("Agreement confirmed"),
        "end_agreement": _("Agreement ended"),
    },
)
_ACTIVITY = Audited(
    _("activity"),
    said={
        "plan_activity": _("%(who)s planned the activity %(what)s"),
        "change_activity": _("%(who)s changed the activity %(what)s"),
        "hold_activity": _("%(who)s noted that the activity %(what)s took place"),
        "cancel_activity": _("%(who)s cancelled the activity %(what)s"),
        "reopen_activity": _("%(who)s planned the activity %(what)s again"),
        "record_activity": _("%(who)s recorded the activity %(what)s"),
    },
    offices=_parties_above,
    seen=lambda viewer, on: known_activities(viewer),
    news={
        "plan_activity": _("Activity planned"),
        "hold_activity": _("Activity held"),
    },
)
_CONSENT = Audited(
    _("consent"),
    said={"consent": _("%(who)s let the other side of an introduction see contacts: %(what)s")},
    offices=lambda consent, verb, changes: homes_of(consent.organisation_id),
    by_link=frozenset({"consent"}),
    seen=lambda viewer, on: Consent.objects.filter(
        organisation__memberships__network__in=viewer.managed
    ).select_related("organisation"),
)
