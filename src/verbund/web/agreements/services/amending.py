"""Agreements in force: changed with everybody's signature, narrowed by each party at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from verbund.web.agreements.models import Agreement, Clause, Version
from verbund.web.agreements.queries import ENDED, standing
from verbund.web.agreements.services.drafting import back_to_draft, next_number, open_version
from verbund.web.agreements.services.refusals import Refused
from verbund.web.agreements.services.signing import supersede
from verbund.web.agreements.services.writing import slugs_of, tell, write_shares, write_texts
from verbund.web.agreements.terms import Share, live_terms, shares_of, terms_of
from verbund.web.core.services import record
from verbund.web.networks.models import Network

if TYPE_CHECKING:
    from verbund.web.accounts.models import User

State = Version.State


@transaction.atomic
def begin_amendment(agreement: Agreement, *, by: User, on: dt.date) -> Version:
    """Open a draft with what stands in force; one that is open already is returned.

    Raises
    ------
    Refused
        If the agreement is not in force with all parties, or a signed change still waits.
    """
    agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if found := open_version(agreement):
        return found
    if agreement.stage != Agreement.Stage.SIGNED or standing(agreement, on) == ENDED:
        raise Refused(_("Only an agreement that has not ended can be changed."))
    if agreement.signing.filter(is_confirmed=False).exists():
        raise Refused(_("Not all parties have confirmed it yet."))
    waiting = agreement.versions.filter(state=State.IN_FORCE, takes_effect_on__gt=on).first()
    if waiting and waiting.number > 1:
        raise Refused(_("A signed change has yet to take effect; draft the next one after it."))
    keep_first_text(agreement, on=on)
    terms = live_terms(agreement, on)
    version = Version.objects.create(
        agreement=agreement, number=next_number(agreement), content=terms.content, made_by=by
    )
    record(by, "amend_agreement", agreement, {"version": version.number})
    return version


def keep_first_text(agreement: Agreement, *, on: dt.date) -> None:
    """Write down the text of an agreement that came without one, so that it can be compared."""
    if not agreement.versions.exists():
        terms = live_terms(agreement, on)
        Version.objects.create(
            agreement=agreement,
            number=1,
            state=State.IN_FORCE,
            content=terms.content,
            digest=terms.digest,
            takes_effect_on=agreement.valid_from,
        )


@transaction.atomic
def stop_giving(
    agreement: Agreement,
    network: Network,
    shares: Collection[tuple[int, Share]],
    *,
    by: User,
    on: dt.date,
) -> bool:
    """End at once some of what one party gives; nobody's consent is needed to give less.

    Parameters
    ----------
    shares
        Numbers of clauses, each with what is no longer given for it. What others give is ignored.

    Returns
    -------
    bool
        Whether anything changed. A proposal that is out for signing becomes a draft again, so that
        nothing is given anew that was just ended.
    """
    agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    ended = {(number, share) for number, share in shares if share.giver == network.slug}
    slugs = slugs_of(agreement)
    changed = [
        f"{clause.number} {share.data_class}"
        for clause in agreement.clauses.prefetch_related("rules")
        for share in _end(clause, {s for n, s in ended if n == clause.number}, slugs, on)
    ]
    if not changed:
        return False
    if draft := open_version(agreement):
        _leave_out(draft, ended, by)
    record(by, "stop_giving", agreement, {"network": network.slug, "shares": sorted(changed)})
    tell(agreement)
    return True


def _end(clause: Clause, ended: set[Share], slugs: dict[int, str], on: dt.date) -> set[Share]:
    going_on = {
        share
        for rule in clause.rules.all()
        if rule.valid_until is None or rule.valid_until >= on
        for share in shares_of(rule, slugs)
    }
    if going_on & ended:
        write_shares(clause, going_on - ended, slugs=slugs, since=on)
    return going_on & ended


def _leave_out(draft: Version, ended: set[tuple[int, Share]], by: User) -> None:
    terms = terms_of(draft.content)
    clauses = tuple(
        replace(clause, shares=tuple(s for s in clause.shares if (clause.number, s) not in ended))
        for clause in terms.clauses
    )
    if draft.state == State.PROPOSED:
        back_to_draft(draft, State.WITHDRAWN, by=by, clauses=clauses)
    else:
        draft.content = replace(terms, clauses=clauses).content
        draft.save(update_fields=["content"])


@transaction.atomic
def take_effect(on: dt.date) -> int:
    """Write the texts of signed changes whose day has come; who sees what is dated already."""
    due = Version.objects.filter(state=State.IN_FORCE, number__gt=1, takes_effect_on__lte=on)
    done = 0
    for version in due.select_related("agreement"):
        earlier = version.agreement.versions.filter(state=State.IN_FORCE, number__lt=version.number)
        if earlier.exists():
            write_texts(version.agreement, terms_of(version.content))
            supersede(version.agreement)
            version.save(update_fields=["state"])  # this one stays in force
            tell(version.agreement)
            done += 1
    return done
