"""Writes about approaches: asking, and each step to both names. Every step is kept."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from verbund.errors import VerbundError
from verbund.web.agreements.models import Consent
from verbund.web.agreements.sharing import in_force
from verbund.web.core.services import record
from verbund.web.directory.approaches import mails
from verbund.web.directory.approaches.queries import network_reading, seat_of
from verbund.web.directory.approaches.rules import STEPS
from verbund.web.directory.models import Approach, Request
from verbund.web.networks.models import DataClass, Organisation

if TYPE_CHECKING:
    from verbund.web.accounts.models import User

State = Approach.State


class Refused(VerbundError):  # noqa: N818  # what happened, not a fault
    """Nothing was changed; the text says why."""

    def __init__(self, text: str) -> None:
        super().__init__(text, code="approach.refused", values={})


@transaction.atomic
def ask(
    request: Request, organisation: Organisation, *, text: str, by: User | None, on: dt.date
) -> Approach:
    """Tell the owner of an anonymous request what an organisation can contribute, without names.

    Asked twice it stays one; what was withdrawn may be asked again.

    Raises
    ------
    Refused
        If the organisation may not read the request today.
    """
    Request.objects.select_for_update().get(pk=request.pk)
    network = network_reading(request, organisation, on)
    if network is None:
        raise Refused(_("This request is no longer there. Nobody was written to."))
    approach, is_new = Approach.objects.get_or_create(
        request=request, organisation=organisation, defaults={"network": network, "text": text}
    )
    if not is_new and approach.state != State.WITHDRAWN:
        return approach
    approach.text, approach.network = text, network
    _become(approach, State.ASKED, by=by, name="")
    mails.tell(approach, on)
    return approach


@transaction.atomic
def take(
    approach: Approach, step: str, *, by: User | None, on: dt.date, name: str = ""
) -> Approach:
    """Take one step (`rules.STEPS`); the other side is written to. Taken twice it does no harm.

    `name` says who acted where nobody signed in.

    Raises
    ------
    Refused
        If the other side has moved meanwhile, or the request is no longer shared.
    """
    row = Approach.objects.select_for_update().get(pk=approach.pk)
    wanted = STEPS[step]
    if row.state == wanted.becomes:
        return row
    if row.state not in wanted.before:
        raise Refused(_("Nothing changed: %(state)s.") % {"state": row.get_state_display()})
    goes_on = wanted.becomes not in (State.REFUSED, State.WITHDRAWN)
    if goes_on and network_reading(row.request, row.organisation, on) is None:
        raise Refused(_("Nothing changed: the request has ended or is not shared any more."))
    _become(row, wanted.becomes, by=by, name=name)
    mails.tell(row, on)
    return row


def _become(approach: Approach, state: State, *, by: User | None, name: str) -> None:
    approach.state = state
    approach.save()
    approach.steps.create(state=state, by=by, note=name)
    record(by, state.value, approach)


@transaction.atomic
def show_contact(approach: Approach, side: str, *, by: User | None, on: dt.date) -> bool:
    """Let the other side see one's contact persons, by consent; whether that is new.

    Raises
    ------
    Refused
        If the two do not know each other.
    """
    row = Approach.objects.select_for_update().get(pk=approach.pk)
    seat = seat_of(row, side, may_act=True)
    if row.state != State.REVEALED or seat.other is None:
        raise Refused(_("Nothing changed: %(state)s.") % {"state": row.get_state_display()})
    given = {
        "organisation": seat.own,
        "data_class": DataClass.CONTACT,
        "to_organisation": seat.other,
    }
    if in_force(on).filter(**given, allows=True).exists():
        return False
    occasion = _("Request without a name: %(text)s") % {"text": row.request}
    Consent.objects.create(**given, given_on=on, given_by=by, occasion=occasion[:200])
    change = {"data_class": DataClass.CONTACT.value, "allows": True}
    record(by, "consent", seat.own, change)
    return True
