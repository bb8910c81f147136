"""Answering from a mail, without sign-in. Mail scanners follow links, so the page asks once."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from verbund.web.core import toasts
from verbund.web.core.responses import private
from verbund.web.core.services import today
from verbund.web.networks.requests import Request
from verbund.web.networks.rules import Viewer
from verbund.web.partnering import queries, services, tokens
from verbund.web.partnering.forms import AnswerForm
from verbund.web.partnering.models import Introduction
from verbund.web.partnering.views.introductions import answered


def answer_by_mail(request: Request, token: str) -> HttpResponse:
    ticket = tokens.read(token)
    row = _asked(ticket) if ticket else None
    if ticket is None or row is None:
        return render(request, "partnering/answer_gone.html", status=410)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _take(request, row, ticket, form)
        return redirect("answer_by_mail", token)
    context = {
        "introduction": row,
        "own": getattr(row, ticket.side),
        "other": row.right if ticket.side == "left" else row.left,
        "given": getattr(row, f"{ticket.side}_answer"),
        "wants_no": request.GET.get("answer") == "no",
    }
    return private(render(request, "partnering/answer.html", context))


def _asked(ticket: tokens.Ticket) -> Introduction | None:
    """Return the introduction as the side asked may see it today; a link shows no more."""
    found = Introduction.objects.filter(pk=ticket.introduction).first()
    if found is None:
        return None
    viewer = Viewer(
        networks=frozenset((getattr(found, f"{ticket.side}_network_id"),)),
        organisations=frozenset((getattr(found, f"{ticket.side}_id"),)),
    )
    return queries.introductions_for(viewer, today()).filter(pk=found.pk).first()


def _take(request: Request, row: Introduction, ticket: tokens.Ticket, form: AnswerForm) -> None:
    try:
        settled = services.answer(
            row,
            side=ticket.side,
            says=form.cleaned_data["answer"],
            reason=form.cleaned_data["reason"],
            name=ticket.name,
            on=today(),
        )
    except services.Refused as refusal:
        toasts.warn(request, str(refusal))
    else:
        toasts.say(request, answered(settled, ticket.side))
