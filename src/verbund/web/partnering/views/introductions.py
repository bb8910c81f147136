"""Introductions: the list, one with its history, and what offices and members do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from verbund.web.accounts.models import User
from verbund.web.agreements.sharing import visible
from verbund.web.core import toasts
from verbund.web.core.exports import as_file, wanted_kind
from verbund.web.core.services import today
from verbund.web.directory.models import ContactPerson
from verbund.web.networks.models import holds
from verbund.web.networks.requests import Request
from verbund.web.partnering import queries, services
from verbund.web.partnering.forms import AnswerForm, TalkForm
from verbund.web.partnering.models import Introduction
from verbund.web.partnering.rules import can_decide, can_follow, may_read_reason, sides_of

PER_PAGE = 50
_SIDES = {"left": "right", "right": "left"}
State = Introduction.State
_DUE = {
    "unanswered": (gettext_lazy("No answer for ten days"), queries.unanswered),
    "no-outcome": (gettext_lazy("No outcome for 30 days"), queries.without_outcome),
}


@login_required
def introductions(request: Request) -> HttpResponse:
    everything = queries.introductions_for(request.viewer, today())
    state = request.GET.get("state", "")
    rows = _narrowed(everything, state)
    if kind := wanted_kind(request.GET.get("export")):
        return _exported(rows, kind)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "filters": _filters(everything, state), "state": state}
    return render(request, "partnering/introductions.html", context)


def _narrowed(everything: QuerySet[Introduction], state: str) -> QuerySet[Introduction]:
    if state in _DUE:
        return _DUE[state][1](everything, today())
    return everything.filter(state=state) if state in State.values else everything


def _filters(everything: QuerySet[Introduction], state: str) -> list[dict[str, Any]]:
    counts = everything.order_by().aggregate(
        all=Count("pk"), **{value: Count("pk", filter=Q(state=value)) for value in State.values}
    )
    shown = [("", _("All"), counts["all"])]
    shown += [(value, str(capfirst(label)), counts[value]) for value, label in State.choices]
    if state in _DUE:  # where the tasks of the first page lead
        shown.append((state, str(_DUE[state][0]), _narrowed(everything, state).count()))
    return [
        {"value": value, "label": label, "count": count, "is_current": value == state}
        for value, label, count in shown
        if count or value in ("", State.ASKED, state)
    ]


def _exported(rows: QuerySet[Introduction], kind: str) -> HttpResponse:
    headings = [
        _("Asked on"), _("Network"), _("Member"), _("Network"), _("Member"), _("Topic"),
        _("State"), _("Talked on"), _("Outcome"), _("What came of it"),
    ]  # fmt: skip
    lines = (
        [
            row.asked_at.date(),
            row.left_network.name,
            row.left.name,
            row.right_network.name,
            row.right.name,
            row.subject,
            row.get_state_display(),
            row.met_on,
            row.get_outcome_display() if row.outcome else "",
            row.outcome_text,
        ]
        for row in rows
    )
    return as_file(_("introductions"), headings, lines, kind=kind)


@login_required
def introduction(request: Request, pk: int) -> HttpResponse:
    row = _own(request, pk)
    context = _shown(request, row) | {"talk_form": TalkForm(instance=row, on=today())}
    return render(request, "partnering/introduction.html", context)


def _own(request: Request, pk: int) -> Introduction:
    return get_object_or_404(queries.introductions_for(request.viewer, today()), pk=pk)


def _shown(request: Request, row: Introduction) -> dict[str, Any]:
    viewer, on = request.viewer, today()
    is_office = can_follow(viewer, row)
    own = sides_of(viewer, row)
    networks = {row.left_network_id, row.right_network_id}
    shared = queries.shared_suggestions(networks, on).filter(introduction=row).first()
    contacts = visible(
        ContactPerson.objects.filter(holds(on), organisation__in=(row.left_id, row.right_id)),
        to=viewer,
        on=on,
    )
    return {
        "introduction": row,
        "suggestion": shared,
        "is_office": is_office,
        "can_decide": can_decide(viewer, row),
        "sides": [
            _side(request, row, side, list(contacts), knows_answer=is_office or side in own)
            for side in _SIDES
        ],
        "to_answer": [
            {"key": side, "organisation": getattr(row, side), "other": getattr(row, _SIDES[side])}
            for side in own
            if row.state == State.ASKED and getattr(row, f"{side}_answer") == "open"
        ],
        "steps": [
            step
            for step in row.steps.all()
            if not step.side or is_office or step.side in own or row.state != State.ASKED
        ],
        "readable": [side for side in _SIDES if may_read_reason(viewer, row, side)],
        "can_note": can_decide(viewer, row)
        and row.state in (State.ACCEPTED, State.MET, State.CLOSED),
    }


def _side(
    request: Request,
    row: Introduction,
    side: str,
    contacts: list[ContactPerson],
    *,
    knows_answer: bool,
) -> dict[str, Any]:
    """Show one side; how it answered is for the offices and itself until it is settled."""
    organisation = getattr(row, side)
    is_settled = row.state != State.ASKED
    return {
        "key": side,
        "organisation": organisation,
        "network": getattr(row, f"{side}_network"),
        "contacts": [one for one in contacts if one.organisation_id == organisation.pk],
        "answer": getattr(row, f"{side}_answer") if knows_answer or is_settled else "",
        "answer_text": getattr(row, f"get_{side}_answer_display")(),
    }


# ---------------------------------------------------------------- steps


def _step(
    request: Request, pk: int, act: Callable[[Introduction], str], *, for_office: bool = True
) -> HttpResponse:
    row = _own(request, pk)
    if for_office and not can_decide(request.viewer, row):
        raise Http404
    try:
        toasts.say(request, act(row))
    except services.Refused as refusal:
        toasts.warn(request, str(refusal))
    return redirect(row)


@require_POST
@login_required
def remind(request: Request, pk: int) -> HttpResponse:
    def act(row: Introduction) -> str:
        sent = services.remind(row, by=cast("User", request.user), on=today())
        return ngettext("%(n)d reminder goes out.", "%(n)d reminders go out.", sent) % {"n": sent}

    return _step(request, pk, act)


@require_POST
@login_required
def withdraw(request: Request, pk: int) -> HttpResponse:
    def act(row: Introduction) -> str:
        services.withdraw(row, by=cast("User", request.user), on=today())
        return _(
            "Withdrawn. Links in the mails no longer work; who had said yes is told. The"
            " suggestion is to be checked again."
        )

    return _step(request, pk, act)


@require_POST
@login_required
def note_talk(request: Request, pk: int) -> HttpResponse:
    row = _own(request, pk)
    if not can_decide(request.viewer, row):
        raise Http404
    form = TalkForm(request.POST, instance=Introduction.objects.get(pk=pk), on=today())
    if not form.is_valid():
        context = _shown(request, row) | {"talk_form": form}
        return render(request, "partnering/introduction.html", context, status=422)

    def act(row: Introduction) -> str:
        services.note_talk(
            row,
            met_on=form.cleaned_data["met_on"],
            second_met_on=form.cleaned_data["second_met_on"],
            outcome=form.cleaned_data["outcome"],
            text=form.cleaned_data["outcome_text"],
            by=cast("User", request.user),
        )
        return _("The talk of %(one)s and %(other)s is noted.") % {
            "one": row.left,
            "other": row.right,
        }

    return _step(request, pk, act)


@require_POST
@login_required
def answer(request: Request, pk: int) -> HttpResponse:
    """Answer as a representative who has signed in."""
    row = _own(request, pk)
    side, form = request.POST.get("side", ""), AnswerForm(request.POST)
    if side not in sides_of(request.viewer, row) or not form.is_valid():
        raise Http404

    def act(row: Introduction) -> str:
        settled = services.answer(
            row,
            side=side,
            says=form.cleaned_data["answer"],
            reason=form.cleaned_data["reason"],
            name=request.viewer.name,
            by=cast("User", request.user),
            on=today(),
        )
        return answered(settled, side)

    return _step(request, pk, act, for_office=False)


def answered(row: Introduction, side: str) -> str:
    """Say what follows from an answer."""
    other = {"other": getattr(row, _SIDES[side])}
    if row.state == State.ACCEPTED:
        return _("Both have said yes. You and %(other)s get each other's contact by mail.") % other
    if getattr(row, f"{side}_answer") == Introduction.Answer.YES:
        return _("Your yes is noted. As soon as %(other)s says yes too, you get a mail.") % other
    return _("Your no is noted. %(other)s only learns that it does not suit at present.") % other
