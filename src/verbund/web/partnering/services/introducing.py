"""An introduction from the question to its outcome."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from verbund.web.agreements.models import Activity, Consent
from verbund.web.agreements.services import record_activity
from verbund.web.agreements.sharing import in_force
from verbund.web.core.services import record
from verbund.web.core.texts import current_language
from verbund.web.directory.recipients import people_to_reach
from verbund.web.directory.sightings.services import note_mailed
from verbund.web.networks.models import DataClass, Organisation
from verbund.web.partnering import mails
from verbund.web.partnering.models import Introduction, IntroductionStep, Suggestion
from verbund.web.partnering.monthly import asked_enough, told_enough
from verbund.web.partnering.queries import bond_between, is_shared, requests_quoted
from verbund.web.partnering.services.deciding import decide, taken_up
from verbund.web.partnering.services.refusals import Refused

if TYPE_CHECKING:
    from verbund.web.accounts.models import User

State, Answer, What = Introduction.State, Introduction.Answer, IntroductionStep.What
_OTHER = {"left": "right", "right": "left"}


@transaction.atomic
def introduce(
    suggestion: Suggestion,
    *,
    text: str,
    subject: str,
    by: User,
    on: dt.date,
    reasons: str = "",
    seen: str = Suggestion.State.OPEN,
) -> Introduction:
    """Ask both members whether they want to talk; the mails go out with it.

    `reasons` are the reasons as the office reworded them, one a line; empty leaves them as they
    are.

    Raises
    ------
    AlreadyDecided
        If another manager was quicker.
    Refused
        If something quoted is no longer shared, a side has no mail address, or has been asked
        often enough this month.
    """
    row = taken_up(suggestion, seen=seen, becomes=Suggestion.State.INTRODUCED, by=by)
    if row is None:
        return Introduction.objects.get(suggestion=suggestion)
    _refuse_unshared(row, on)
    _refuse_asked_enough(row, on)
    for organisation in (row.left, row.right):
        _refuse_unreachable(organisation, on)
    bond = bond_between(row.left_network, row.right_network, on)
    introduction = Introduction.objects.create(
        suggestion=row,
        clause=bond.clause if bond else None,
        left_network=row.left_network,
        right_network=row.right_network,
        left=row.left,
        right=row.right,
        subject=subject,
        text=text,
        reasons=reasons,
        language=current_language(),
        asked_at=timezone.now(),
        asked_by=by,
    )
    row.postponed_until = None
    decide(row, Suggestion.State.INTRODUCED, by)
    _step(introduction, What.ASKED, by=str(by))
    mails.linked(introduction, mails.ask(introduction, on))
    _note_quoted(introduction, on)
    record(by, "introduce", introduction)
    return introduction


def _note_quoted(introduction: Introduction, on: dt.date) -> None:
    """Note, for the owners of requests that the mails quote, who of another network got them."""
    if introduction.left_network == introduction.right_network or not introduction.suggestion:
        return
    for request in requests_quoted([introduction.suggestion]):
        side = "right" if request.organisation_id == introduction.left_id else "left"
        organisation = getattr(introduction, side)
        network = getattr(introduction, f"{side}_network")
        note_mailed([request], organisation=organisation, network=network, on=on)


def _refuse_unshared(suggestion: Suggestion, on: dt.date) -> None:
    if not is_shared(suggestion, on):
        raise Refused(
            _("Something this suggestion rests on is no longer shared. Nobody was asked.")
        )


def _refuse_asked_enough(suggestion: Suggestion, on: dt.date) -> None:
    both = (suggestion.left_id, suggestion.right_id)
    list(Organisation.objects.select_for_update().filter(pk__in=both).order_by("pk"))  # one by one
    for organisation in asked_enough(suggestion, on):
        raise Refused(told_enough(organisation, on))


def _refuse_unreachable(organisation: Organisation, on: dt.date) -> None:
    if not people_to_reach(organisation, on, about=mails.INTRODUCTION):
        raise Refused(
            _(
                "No mail about introductions reaches %(name)s: no address is known, mail came back"
                " from it, or such mails are not wanted there. Add or check a contact person first."
            )
            % {"name": organisation}
        )


def _step(
    introduction: Introduction, what: str, *, side: str = "", by: str = "", note: str = ""
) -> None:
    introduction.steps.create(at=timezone.now(), what=what, side=side, by=by, note=note)


def _locked(introduction: Introduction) -> Introduction:
    return Introduction.objects.select_for_update().get(pk=introduction.pk)


@transaction.atomic
def answer(
    introduction: Introduction,
    *,
    side: str,
    says: str,
    name: str,
    on: dt.date,
    reason: str = "",
    by: User | None = None,
) -> Introduction:
    """Take the yes or no of one side; two times yes exchanges the contact persons.

    Raises
    ------
    Refused
        If the question is settled already; the same answer again does no harm.
    """
    row = _locked(introduction)
    given = getattr(row, f"{side}_answer")
    if given == says:
        return row
    if row.state != State.ASKED:
        raise Refused(_("This question is settled already: %(state)s.") % _state_of(row))
    if given != Answer.OPEN:
        raise Refused(_("You have answered already. To change it, please call your office."))
    setattr(row, f"{side}_answer", says)
    _step(row, What.YES if says == Answer.YES else What.NO, side=side, by=name, note=reason[:300])
    if says == Answer.NO:
        row.state = State.DECLINED
        row.decline_reason = reason[:300]
        mails.linked(row, mails.tell_declined(row, _OTHER[side], on))
    elif getattr(row, f"{_OTHER[side]}_answer") == Answer.YES:
        row.state = State.ACCEPTED
        _exchange_contacts(row, by, on)
    row.save()
    record(by, "answer", row, {"side": side, "answer": says})
    return row


def _state_of(introduction: Introduction) -> dict[str, str]:
    return {"state": introduction.get_state_display()}


def _exchange_contacts(introduction: Introduction, by: User | None, on: dt.date) -> None:
    """Let each side see the other's contact persons, by consent that names the occasion."""
    for side, other in _OTHER.items():
        giver, receiver = getattr(introduction, side), getattr(introduction, other)
        given = {
            "organisation": giver,
            "data_class": DataClass.CONTACT,
            "to_organisation": receiver,
        }
        if not in_force(on).filter(**given, allows=True).exists():
            with override(mails.Seat(introduction, side).language):
                occasion = _("Introduction %(number)s: %(subject)s") % {
                    "number": introduction.pk,
                    "subject": introduction.subject,
                }
            consent = Consent.objects.create(
                **given, given_on=on, given_by=by, occasion=occasion[:200]
            )
            record(by, "consent", consent)
    _step(introduction, What.AGREED)
    mails.linked(introduction, mails.tell_agreed(introduction, on))


@transaction.atomic
def remind(introduction: Introduction, *, by: User, on: dt.date) -> int:
    """Ask again who has not answered; once a day is enough. Return how many mails go out.

    Raises
    ------
    Refused
        If nothing is open, or what the question rests on is no longer shared.
    """
    row = _locked(introduction)
    if row.state != State.ASKED:
        raise Refused(_("This question is settled already: %(state)s.") % _state_of(row))
    if row.steps.filter(Q(what=What.REMINDED) | Q(what=What.ASKED), at__date=on).exists():
        raise Refused(_("They were written to today already."))
    if row.suggestion:
        _refuse_unshared(row.suggestion, on)
    open_sides = [side for side in _OTHER if getattr(row, f"{side}_answer") == Answer.OPEN]
    sent = [mail for side in open_sides for mail in mails.remind(row, side, on)]
    mails.linked(row, sent)
    _step(row, What.REMINDED, by=str(by))
    record(by, "remind", row)
    return len(sent)


@transaction.atomic
def withdraw(introduction: Introduction, *, by: User, on: dt.date) -> Introduction:
    """Take the question back; the suggestion is to be checked again. Who said yes is told.

    Raises
    ------
    Refused
        If the question is settled already.
    """
    row = _locked(introduction)
    if row.state == State.WITHDRAWN:
        return row
    if row.state != State.ASKED:
        raise Refused(_("This question is settled already: %(state)s.") % _state_of(row))
    for side in _OTHER:
        if getattr(row, f"{side}_answer") == Answer.YES:
            mails.linked(row, mails.tell_declined(row, side, on))
    suggestion, row.suggestion = row.suggestion, None
    row.state = State.WITHDRAWN
    row.save()
    _step(row, What.WITHDRAWN, by=str(by))
    record(by, "withdraw", row)
    if suggestion:
        decide(suggestion, Suggestion.State.OPEN, by)
    return row


@transaction.atomic
def note_talk(
    introduction: Introduction,
    *,
    met_on: dt.date,
    outcome: str,
    text: str,
    by: User,
    second_met_on: dt.date | None = None,
) -> Introduction:
    """Note when the two talked, talked again, and what came of it, which closes the introduction.

    It counts once as an activity of the clause.

    Raises
    ------
    Refused
        If the two have not both said yes.
    """
    row = _locked(introduction)
    if row.state not in (State.ACCEPTED, State.MET, State.CLOSED):
        raise Refused(_("A talk can be noted once both have said yes."))
    is_first = row.state == State.ACCEPTED
    is_second = bool(second_met_on) and row.second_met_on is None
    row.met_on = met_on
    row.second_met_on = second_met_on
    row.outcome = outcome
    row.outcome_text = text
    row.state = State.CLOSED if outcome else State.MET
    row.save()
    if is_first:
        _step(row, What.MET, by=str(by))
    if is_second:
        _step(row, What.MET_AGAIN, by=str(by))
    _count_under_clause(row, met_on, by)
    if outcome:
        _step(row, What.CLOSED, by=str(by), note=row.get_outcome_display())
    record(by, "note talk", row, {"on": met_on, "outcome": outcome})
    return row


def _count_under_clause(introduction: Introduction, on: dt.date, by: User) -> None:
    """Record the talk where planned and held are compared; names stay with the introduction."""
    if introduction.clause is None:
        return
    record_activity(
        introduction.clause,
        kind=Activity.Kind.INTRODUCTION,
        date=on,
        state=Activity.State.HELD,
        link=introduction.get_absolute_url(),
        title_de="Gespräch zweier Mitglieder nach einer Einführung",
        title_en="Talk of two members after an introduction",
        by=by,
    )
