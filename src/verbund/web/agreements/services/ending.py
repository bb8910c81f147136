"""How an agreement ends before its day, goes on after it, and is looked at again."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from verbund.web.agreements.days import months_after, notice_day
from verbund.web.agreements.models import Agreement, Version
from verbund.web.agreements.services.drafting import back_to_draft, open_version
from verbund.web.agreements.services.refusals import Refused
from verbund.web.agreements.services.writing import tell
from verbund.web.core.models import AuditEntry
from verbund.web.core.services import record
from verbund.web.networks.models import Network

if TYPE_CHECKING:
    from verbund.web.accounts.models import User


@transaction.atomic
def end_agreement(
    agreement: Agreement, *, last_day: dt.date, party: Network, by: User, on: dt.date
) -> Agreement:
    """Let one party end an agreement with a day; on the day after, nothing of it is shared.

    Any party may bring the end forward. To go on longer is agreed anew. A change that is out for
    signing becomes a draft again.

    Raises
    ------
    Refused
        If it would end later than agreed, or before it began.
    """
    agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    before = agreement.valid_until
    if before and last_day > before:
        raise Refused(_("It cannot end later than agreed; record a new agreement instead."))
    if agreement.valid_from and last_day < agreement.valid_from:
        raise Refused(_("It cannot end before it began."))
    if last_day == before and agreement.terminated_on:
        return agreement
    changes = {
        "until": last_day,
        "before": before,
        "terminated_on": agreement.terminated_on,
        "terminated_by": agreement.terminated_by_id,
    }
    agreement.valid_until, agreement.terminated_on = last_day, on
    agreement.terminated_by = party
    agreement.save(update_fields=["valid_until", "terminated_on", "terminated_by"])
    version = open_version(agreement)
    if version and version.state == Version.State.PROPOSED:
        back_to_draft(version, Version.State.WITHDRAWN, by=by, valid_until=last_day)
    record(by, "end_agreement", agreement, changes)
    tell(agreement)
    return agreement


@transaction.atomic
def take_back_end(agreement: Agreement, *, by: User) -> Agreement:
    """Undo what this person did last: the end that was set before holds again.

    Raises
    ------
    Refused
        If the last thing that happened to the agreement was something else.
    """
    last = AuditEntry.objects.filter(kind="agreement", key=str(agreement.pk)).first()
    if last is None or last.verb != "end_agreement" or last.actor_id != by.pk:
        raise Refused(_("This can no longer be undone."))
    agreement.valid_until = _day(last.changes["before"])
    agreement.terminated_on = _day(last.changes["terminated_on"])
    agreement.terminated_by_id = last.changes["terminated_by"]
    agreement.save(update_fields=["valid_until", "terminated_on", "terminated_by"])
    record(by, "take_back_end", agreement, {"until": agreement.valid_until})
    tell(agreement)
    return agreement


def _day(kept: str | None) -> dt.date | None:
    return dt.date.fromisoformat(kept) if kept else None


@transaction.atomic
def go_on(on: dt.date) -> int:
    """Extend what goes on by itself, once the day is past on which notice could be given.

    An agreement with three months' notice is extended three months before its last day, so that a
    machine that stood still for a while closes nothing.
    """
    going = Agreement.objects.select_for_update().filter(
        stage=Agreement.Stage.SIGNED,
        renewal=Agreement.Renewal.AUTOMATIC,
        renewal_months__gt=0,
        terminated_on=None,
        valid_until__isnull=False,
    )
    extended = 0
    for agreement in going:
        before = agreement.valid_until
        while (last := notice_day(agreement)) and agreement.valid_until and last < on:
            agreement.valid_until = months_after(agreement.valid_until, agreement.renewal_months)
        if agreement.valid_until != before:
            agreement.save(update_fields=["valid_until"])
            record(None, "extend_agreement", agreement, {"until": agreement.valid_until})
            tell(agreement)
            extended += 1
    return extended


@transaction.atomic
def note_review(agreement: Agreement, *, next_on: dt.date | None, by: User) -> Agreement:
    """Keep that the parties looked at the agreement again, and when they will next."""
    if agreement.review_on != next_on:
        agreement.review_on = next_on
        agreement.save(update_fields=["review_on"])
        record(by, "review_agreement", agreement, {"next": next_on})
    return agreement
