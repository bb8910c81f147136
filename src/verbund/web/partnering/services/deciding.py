"""What offices decide about a suggested pair, and what members wish.

Every decision reads the row anew and under a lock: who comes second is told who decided what.
`seen` is the state the person had on the screen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from verbund.web.core.models import Mail
from verbund.web.core.services import record
from verbund.web.partnering.models import Introduction, Suggestion
from verbund.web.partnering.services.refusals import AlreadyDecided, Refused

if TYPE_CHECKING:
    from verbund.web.accounts.models import User
    from verbund.web.networks.models import Organisation

State, Wish = Suggestion.State, Suggestion.Wish


def taken_up(suggestion: Suggestion, *, seen: str, becomes: str, by: User) -> Suggestion | None:
    """Lock a suggestion for a decision; None if this person has just decided the same.

    Raises
    ------
    AlreadyDecided
        If its state is not the one that was on the screen.
    """
    row = Suggestion.objects.select_for_update().get(pk=suggestion.pk)
    if row.state == becomes and row.decided_by_id == by.pk and seen != becomes:
        return None
    if row.state != seen or row.state not in (State.OPEN, State.POSTPONED):
        raise AlreadyDecided(row)
    return row


def decide(row: Suggestion, state: str, by: User | None) -> None:
    row.state = state
    row.decided_by = by
    row.decided_at = timezone.now()
    row.save()
    record(by, state, row)


@transaction.atomic
def postpone(suggestion: Suggestion, *, until: dt.date, by: User, seen: str = State.OPEN) -> None:
    """Put a pair aside until a day; nobody is written to.

    Raises
    ------
    AlreadyDecided
        If another manager was quicker.
    """
    _settle(suggestion, State.POSTPONED, by=by, seen=seen, postponed_until=until)


@transaction.atomic
def reject(
    suggestion: Suggestion, *, reason: str, note: str = "", by: User, seen: str = State.OPEN
) -> None:
    """Drop a pair with a reason; it is not suggested again, nobody is written to.

    Raises
    ------
    AlreadyDecided
        If another manager was quicker.
    """
    _settle(suggestion, State.REJECTED, by=by, seen=seen, reject_reason=reason, note=note)


def _settle(suggestion: Suggestion, state: str, *, by: User, seen: str, **fields: Any) -> None:
    row = taken_up(suggestion, seen=seen, becomes=state, by=by)
    if row:
        for name, value in fields.items():
            setattr(row, name, value)
        decide(row, state, by)


@transaction.atomic
def reopen(suggestion: Suggestion, *, by: User | None) -> None:
    """Take a decision back: the pair is to be checked again.

    An introduction is taken back with its mails as long as none has gone out and nobody answered.

    Raises
    ------
    Refused
        If the question has reached somebody.
    """
    row = Suggestion.objects.select_for_update().get(pk=suggestion.pk)
    if row.state == State.OPEN:
        return
    introduction = Introduction.objects.filter(suggestion=row).first()
    if introduction:
        _take_back(introduction)
    row.postponed_until = None
    row.reject_reason = row.note = ""
    if row.left_wish == Wish.REFUSED:
        row.left_wish = Wish.NONE
    if row.right_wish == Wish.REFUSED:
        row.right_wish = Wish.NONE
    decide(row, State.OPEN, by)


def _take_back(introduction: Introduction) -> None:
    mails = Mail.objects.select_for_update().filter(pk__in=introduction.mails.values("pk"))
    unsent = introduction.state == Introduction.State.ASKED and all(
        mail.state == Mail.State.WAITING for mail in mails
    )
    answers = {introduction.left_answer, introduction.right_answer}
    if not unsent or answers != {Introduction.Answer.OPEN}:
        raise Refused(
            _("The mails have gone out already. Withdraw the introduction on its own page instead.")
        )
    mails.delete()
    introduction.delete()


@transaction.atomic
def reopen_expired(on: dt.date) -> int:
    """Put postponed pairs whose day has come back among those to be checked."""
    due = Suggestion.objects.select_for_update().filter(
        state=State.POSTPONED, postponed_until__lte=on
    )
    rows = list(due)
    for row in rows:
        row.postponed_until = None
        decide(row, State.OPEN, None)
    return len(rows)


def note_shown(suggestions: Iterable[Suggestion], organisation: Organisation, on: dt.date) -> None:
    """Note that a member has these on its page from a day on; the first day counts."""
    for side in ("left", "right"):
        own = [row.pk for row in suggestions if getattr(row, f"{side}_id") == organisation.pk]
        new = Suggestion.objects.filter(pk__in=own, **{f"{side}_shown_on": None})
        new.update(**{f"{side}_shown_on": on})


@transaction.atomic
def note_wish(suggestion: Suggestion, *, side: str, wish: str, by: User) -> None:
    """Note what a member says to a suggestion, or takes back (`Wish.NONE`).

    Interest puts the pair on top of the offices' queue; a no ends it.

    Raises
    ------
    Refused
        If the offices have decided meanwhile.
    """
    row = Suggestion.objects.select_for_update().get(pk=suggestion.pk)
    if getattr(row, f"{side}_wish") == wish:
        return
    by_member = row.state == State.REJECTED and row.reject_reason == Suggestion.RejectReason.MEMBER
    if row.state not in (State.OPEN, State.POSTPONED) and not by_member:
        raise Refused(_("Your network's office has decided about this suggestion meanwhile."))
    setattr(row, f"{side}_wish", wish)
    other = row.right_wish if side == "left" else row.left_wish
    if wish == Wish.REFUSED:
        row.reject_reason = Suggestion.RejectReason.MEMBER
        decide(row, State.REJECTED, by)
    elif by_member and other != Wish.REFUSED:
        row.reject_reason = ""
        decide(row, State.OPEN, by)
    elif row.state == State.POSTPONED and wish == Wish.INTERESTED:
        row.postponed_until = None
        decide(row, State.OPEN, by)
    else:
        row.save()
        record(by, "wish", row, {side: wish})
