"""Agreements signed on paper: recorded by one party's office, confirmed by the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from verbund.web.agreements.models import Agreement, Party, Version
from verbund.web.agreements.queries import ENDED, standing
from verbund.web.agreements.services.drafting import locked
from verbund.web.agreements.services.refusals import Refused
from verbund.web.agreements.services.writing import add_share, put_in_force, slugs_of, tell
from verbund.web.agreements.terms import Terms, digest_of, terms_of
from verbund.web.core.services import record

if TYPE_CHECKING:
    from verbund.web.accounts.models import User

State, Stage = Version.State, Agreement.Stage


@transaction.atomic
def record_agreement(
    version: Version,
    *,
    signed_on: dt.date,
    signed_precision: Agreement.Precision = Agreement.Precision.DAY,
    givers: Collection[int],
    by: User,
    on: dt.date,
) -> Agreement:
    """Record that a draft was signed on paper.

    What it shares holds for the networks in `givers` (those the person manages) at once; every
    other party's office first confirms it.

    Raises
    ------
    Refused
        If it is proposed for signing here, or something is missing.
    """
    row = locked(version)
    agreement = row.agreement
    if agreement.stage == Stage.SIGNED:
        return agreement
    terms = terms_of(row.content)
    if row.state != State.DRAFT:
        raise Refused(_("This text is proposed for signing here; withdraw the proposal first."))
    first = terms.valid_from or signed_on
    if not terms.clauses:
        raise Refused(_("Choose at least one clause."))
    if terms.valid_until and terms.valid_until < first:
        raise Refused(_("The last day is before the first."))
    agreement.stage, agreement.valid_from, agreement.valid_until = (
        Stage.SIGNED,
        first,
        terms.valid_until,
    )
    agreement.signed_on, agreement.signed_precision = signed_on, signed_precision
    row.state, row.digest, row.takes_effect_on = State.IN_FORCE, terms.digest, first
    row.save(update_fields=["state", "digest", "takes_effect_on"])
    own = {slug for pk, slug in slugs_of(agreement).items() if pk in givers}
    put_in_force(agreement, terms, givers=own, since=None, on=on)
    agreement.signing.exclude(network__in=givers).update(is_confirmed=False)
    record(by, "record_agreement", agreement, {"digest": row.digest})
    tell(agreement)
    return agreement


def fingerprint_of(agreement: Agreement) -> str:
    """Return what changes when anything does that an office confirms: the text, and its end."""
    version = agreement.versions.get(state=State.IN_FORCE)
    return digest_of({"text": version.digest, "until": str(agreement.valid_until)})


@transaction.atomic
def confirm_agreement(
    agreement: Agreement, *, networks: Collection[int], seen: str, by: User, on: dt.date
) -> Agreement:
    """Confirm for some parties what another office recorded: they give what it says.

    Raises
    ------
    Refused
        If it changed since it was shown, or has ended.
    """
    agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    waiting = Party.objects.filter(agreement=agreement, network__in=networks, is_confirmed=False)
    givers = set(waiting.values_list("network__slug", flat=True))
    if not givers:
        return agreement
    if standing(agreement, on) == ENDED:
        raise Refused(_("The agreement has ended; there is nothing to confirm any more."))
    if fingerprint_of(agreement) != seen:
        raise Refused(_("It was changed meanwhile. Nothing was confirmed; please look again."))
    terms = terms_of(agreement.versions.get(state=State.IN_FORCE).content)
    _give(agreement, terms, givers, on)
    networks = sorted(waiting.values_list("network_id", flat=True))
    waiting.update(is_confirmed=True)
    record(by, "confirm_agreement", agreement, {"networks": networks})
    tell(agreement)
    return agreement


def _give(agreement: Agreement, terms: Terms, givers: set[str], on: dt.date) -> None:
    """Add what these parties give; before they confirmed they gave nothing."""
    slugs = slugs_of(agreement)
    since = on if agreement.valid_from is None or agreement.valid_from < on else None
    rows = {clause.number: clause for clause in agreement.clauses.all()}
    for clause in terms.clauses:
        for share in clause.shares:
            if share.giver in givers:
                add_share(rows[clause.number], share, slugs, since)
