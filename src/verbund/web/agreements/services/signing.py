"""Signing in the application: each party's authorised signatory says yes or no to a text."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from verbund.web.agreements import mails
from verbund.web.agreements.models import Agreement, Party, Signature, Version
from verbund.web.agreements.services.drafting import (
    back_to_draft,
    locked,
    open_version,
    refuse_unfinished,
)
from verbund.web.agreements.services.refusals import Refused
from verbund.web.agreements.services.writing import put_in_force, slugs_of, tell
from verbund.web.agreements.terms import digest_of, terms_of
from verbund.web.core.services import record
from verbund.web.networks.models import Network

if TYPE_CHECKING:
    from verbund.web.accounts.models import User


@transaction.atomic
def sign(
    version: Version, network: Network, *, role: str, seen: str, by: User, on: dt.date
) -> Version:
    """Sign a proposal for one party; the last signature puts it in force.

    Parameters
    ----------
    seen
        The digest of the text that was shown with the button.

    Raises
    ------
    Refused
        If the text is another one by now, or can no longer take effect.
    """
    row = _answerable(version, network, seen)
    if row is None:
        return Version.objects.get(pk=version.pk)
    refuse_unfinished(row, terms_of(row.content), on)
    _answer(row, network, by=by, role=role)
    record(by, "sign_agreement", row.agreement, {"version": row.number, "network": network.slug})
    if row.signatures.count() == row.agreement.signing.count():
        complete(row, on=on)
        record(by, "agreement_in_force", row.agreement, {"since": row.takes_effect_on})
        tell(row.agreement)
        mails.tell_in_force(row)
    return row


@transaction.atomic
def refuse_to_sign(
    version: Version, network: Network, *, reason: str, role: str, seen: str, by: User
) -> Version:
    """Say no for one party, with the reason; the text becomes a draft again.

    Raises
    ------
    Refused
        If the text is another one by now.
    """
    row = _answerable(version, network, seen)
    if row is None:
        return open_version(version.agreement) or version
    _answer(row, network, by=by, role=role, is_refusal=True, reason=reason)
    draft = back_to_draft(row, Version.State.REFUSED, by=by)
    record(by, "refuse_agreement", row.agreement, {"version": row.number, "network": network.slug})
    mails.tell_refused(row, network, reason)
    return draft


def _answerable(version: Version, network: Network, seen: str) -> Version | None:
    """Return the locked version if this party still has to answer; None if it has done so."""
    row = locked(version)
    if row.signatures.filter(network=network).exists():
        return None
    if row.state != Version.State.PROPOSED or row.digest != seen or digest_of(row.content) != seen:
        raise Refused(
            _("The proposed text is another one by now. Nothing was signed; please read it again.")
        )
    return row


def _answer(
    version: Version,
    network: Network,
    *,
    by: User,
    role: str,
    is_refusal: bool = False,
    reason: str = "",
) -> None:
    Signature.objects.create(
        version=version,
        network=network,
        user=by,
        name=str(by),
        role=role,
        at=timezone.now(),
        digest=version.digest,
        is_refusal=is_refusal,
        reason=reason,
    )


@transaction.atomic
def foresee(version: Version, *, on: dt.date) -> Agreement:
    """Put a version in force without a word, for a preview that is taken back.

    Raises
    ------
    Refused
        If it could not take effect.
    """
    row = locked(version)
    refuse_unfinished(row, terms_of(row.content), on)
    return complete(row, on=on)


def complete(version: Version, *, on: dt.date) -> Agreement:
    """Put a version in force on the day of its last signature."""
    agreement, terms = version.agreement, terms_of(version.content)
    since = None
    if agreement.valid_until != terms.valid_until:
        agreement.valid_until = terms.valid_until
        agreement.terminated_on = agreement.terminated_by = None  # all agree on another term
    if agreement.stage == Agreement.Stage.SIGNED:
        version.takes_effect_on = since = max(terms.takes_effect_on or on, on)
        agreement.save()
        if since <= on:
            supersede(agreement)
    else:
        agreement.stage = Agreement.Stage.SIGNED
        agreement.signed_on, agreement.signed_precision = on, Agreement.Precision.DAY
        agreement.valid_from = version.takes_effect_on = terms.valid_from or on
    version.state = Version.State.IN_FORCE
    version.save(update_fields=["state", "takes_effect_on"])
    put_in_force(agreement, terms, givers=slugs_of(agreement).values(), since=since, on=on)
    if since is None:
        for signature in version.signatures.all():
            Party.objects.filter(agreement=agreement, network=signature.network).update(
                signatory=signature.name, signatory_role=signature.role
            )
    return agreement


def supersede(agreement: Agreement) -> None:
    """Close the versions in whose place a new one comes."""
    agreement.versions.filter(state=Version.State.IN_FORCE).update(state=Version.State.SUPERSEDED)
