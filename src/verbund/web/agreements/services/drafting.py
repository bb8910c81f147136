"""From the first draft to the text that is laid before the parties."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from verbund.web.agreements import mails
from verbund.web.agreements.model_clauses import clauses_for, usual_clauses
from verbund.web.agreements.models import Agreement, Party, Version
from verbund.web.agreements.services.refusals import Refused
from verbund.web.agreements.services.writing import write_header
from verbund.web.agreements.terms import PartyTerms, Terms, live_terms, terms_of
from verbund.web.core.services import record
from verbund.web.networks.models import Network

if TYPE_CHECKING:
    from verbund.web.accounts.models import User

State, Stage = Version.State, Agreement.Stage


@transaction.atomic
def start_draft(
    parties: Sequence[Network],
    *,
    by: User,
    on: dt.date,
    model: Agreement | None = None,
    is_renewal: bool = False,
) -> Version:
    """Begin an agreement: with the usual clauses, or with those of an earlier one.

    Its dates stay blank, but a renewal begins on the day after the earlier one ends. The same draft
    begun twice by one person stays one.
    """
    list(Network.objects.select_for_update().filter(pk__in=[party.pk for party in parties]))
    terms = _first_terms(parties, model, on)
    if model and is_renewal and model.valid_until:
        terms = replace(terms, valid_from=max(model.valid_until + dt.timedelta(days=1), on))
    if twin := _same_draft(terms, model, by):
        return twin
    agreement = Agreement.objects.create(
        slug=_free_slug(parties, terms.valid_from or on),
        cloned_from=None if is_renewal else model,
        renews=model if is_renewal else None,
    )
    Party.objects.bulk_create(Party(agreement=agreement, network=one) for one in parties)
    version = Version.objects.create(
        agreement=agreement, number=1, content=terms.content, made_by=by
    )
    _keep_header(version, terms)
    record(by, "draft_agreement", agreement, {"model": model.slug if model else ""})
    return version


def _first_terms(parties: Sequence[Network], model: Agreement | None, on: dt.date) -> Terms:
    named = tuple(PartyTerms(one.slug, one.name, one.full_name) for one in parties)
    names = " – ".join(party.name for party in parties)
    own = Terms(named, title_de=f"Kooperation {names}", title_en=f"Cooperation {names}")
    if model is None:
        return replace(own, clauses=usual_clauses(named))
    old = live_terms(model, min(on, model.valid_until or on))
    is_same = {party.slug for party in old.parties} == {party.slug for party in named}
    return replace(
        old,
        title_de=old.title_de if is_same else own.title_de,
        title_en=old.title_en if is_same else own.title_en,
        parties=named,
        clauses=clauses_for(named, old),
        source="",
        signed_at="",
        valid_from=None,
        valid_until=None,
        review_on=None,
    )


def _same_draft(terms: Terms, model: Agreement | None, by: User) -> Version | None:
    drafts = Version.objects.filter(
        state=State.DRAFT, number=1, made_by=by, agreement__stage=Stage.DRAFT
    ).select_related("agreement")
    return next((draft for draft in drafts if terms_of(draft.content) == terms), None)


def _free_slug(parties: Sequence[Network], day: dt.date) -> str:
    wanted = f"{slugify('-'.join(party.slug for party in parties))[:50]}-{day.year}"
    taken = set(Agreement.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    number, slug = 2, wanted
    while slug in taken:
        slug, number = f"{wanted}-{number}", number + 1
    return slug


@transaction.atomic
def save_draft(version: Version, terms: Terms, *, reason: str = "", seen: str, by: User) -> Version:
    """Keep what was typed; any party's office may do so until the text is proposed.

    Raises
    ------
    Refused
        If it is no draft any more, or no longer the text (by digest) that was being changed.
    """
    row = locked(version)
    if row.state != State.DRAFT:
        raise Refused(_("This text is no draft any more and cannot be changed."))
    before = terms_of(row.content)
    if before.digest != seen and before != terms:
        raise Refused(
            _("Somebody else changed the draft meanwhile. Open it again to see the new text.")
        )
    if before == terms and row.reason == reason:
        return row
    row.content, row.reason = terms.content, reason
    row.save(update_fields=["content", "reason"])
    _keep_header(row, terms)
    record(by, "change_draft", row.agreement, {"version": row.number})
    return row


def _keep_header(version: Version, terms: Terms) -> None:
    """Keep a draft's title and term in its row, for lists; a signed agreement's row stays."""
    if version.agreement.stage != Stage.SIGNED:
        version.agreement.valid_from = terms.valid_from
        version.agreement.valid_until = terms.valid_until
        write_header(version.agreement, terms)


@transaction.atomic
def propose(version: Version, *, by: User, on: dt.date) -> Version:
    """Freeze a draft and lay it before all parties for signing.

    Raises
    ------
    Refused
        If something is missing or the dates do not fit together.
    """
    row = locked(version)
    if row.state == State.PROPOSED:
        return row
    if row.state != State.DRAFT:
        raise Refused(_("This text is no draft any more and cannot be proposed."))
    terms = terms_of(row.content)
    refuse_unfinished(row, terms, on)
    row.state, row.digest, row.proposed_at = State.PROPOSED, terms.digest, timezone.now()
    row.save(update_fields=["state", "digest", "proposed_at"])
    _move_stage(row.agreement, Stage.PROPOSED)
    record(by, "propose_agreement", row.agreement, {"version": row.number, "digest": row.digest})
    mails.ask_to_sign(row)
    return row


def refuse_unfinished(version: Version, terms: Terms, on: dt.date) -> None:
    """Refuse a text that cannot be put in force on a day, and say why."""
    first = terms.takes_effect_on if version.agreement.stage == Stage.SIGNED else terms.valid_from
    begins = max(filter(None, (first, on, version.agreement.valid_from)))
    if not terms.clauses:
        raise Refused(_("Choose at least one clause."))
    if terms.valid_until and terms.valid_until < begins:
        raise Refused(_("The last day of the term is over before the text could take effect."))
    agreed_until = version.agreement.valid_until
    if version.agreement.stage == Stage.SIGNED and agreed_until:
        if agreed_until < on:
            raise Refused(_("The agreement has ended. Renew it instead."))
        if first and first > agreed_until:
            raise Refused(_("The change would take effect after the agreement has ended."))


@transaction.atomic
def withdraw_proposal(version: Version, *, by: User) -> Version:
    """Take a proposal back; its text goes on as a draft, what was signed of it stays on record."""
    row = locked(version)
    if row.state != State.PROPOSED:
        return open_version(row.agreement) or row
    draft = back_to_draft(row, State.WITHDRAWN, by=by)
    record(by, "withdraw_proposal", row.agreement, {"version": row.number})
    return draft


def back_to_draft(version: Version, state: Version.State, *, by: User, **changes: Any) -> Version:
    """Close a version and open the next one with the same text, but for what is given."""
    version.state = state
    version.save(update_fields=["state"])
    _move_stage(version.agreement, Stage.DRAFT)
    return Version.objects.create(
        agreement=version.agreement,
        number=next_number(version.agreement),
        content=replace(terms_of(version.content), **changes).content,
        reason=version.reason,
        made_by=by,
    )


@transaction.atomic
def discard_draft(version: Version, *, by: User) -> Agreement:
    """Give a draft up; an agreement that was never signed leaves the list with it."""
    row = locked(version)
    if row.state == State.DRAFT:
        row.state = State.WITHDRAWN
        row.save(update_fields=["state"])
        _move_stage(row.agreement, Stage.WITHDRAWN)
        record(by, "discard_draft", row.agreement, {"version": row.number})
    return row.agreement


def locked(version: Version) -> Version:
    return (
        Version.objects.select_for_update(of=("self",))
        .select_related("agreement")
        .get(pk=version.pk)
    )


def open_version(agreement: Agreement) -> Version | None:
    return agreement.versions.filter(state__in=[State.DRAFT, State.PROPOSED]).first()


def next_number(agreement: Agreement) -> int:
    newest = agreement.versions.order_by("-number").first()
    return newest.number + 1 if newest else 1


def _move_stage(agreement: Agreement, stage: Agreement.Stage) -> None:
    if agreement.stage != Stage.SIGNED:
        agreement.stage = stage
        agreement.save(update_fields=["stage"])
