"""What an office decides about a suggestion, and where it goes on afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from verbund.web.accounts.models import User
from verbund.web.core import toasts
from verbund.web.core.services import today
from verbund.web.networks.requests import Request
from verbund.web.partnering import queries, services
from verbund.web.partnering.forms import IntroduceForm, PostponeForm, RejectForm
from verbund.web.partnering.models import Suggestion
from verbund.web.partnering.rules import can_decide
from verbund.web.partnering.views.saying import decision_of
from verbund.web.partnering.views.suggestions import Filters, page


@require_POST
@login_required
def introduce(request: Request, pk: int) -> HttpResponseBase:
    suggestion = _own(request, pk)
    form = IntroduceForm(request.POST, suggestion=suggestion)
    if not form.is_valid():
        return page(request, pk, form)

    def act(suggestion: Suggestion) -> str:
        introduction = services.introduce(
            suggestion,
            **form.cleaned_data,
            by=cast("User", request.user),
            on=today(),
            seen=_seen(request),
        )
        return _("%(pair)s were written to about “%(subject)s”.") % {
            "pair": _pair(suggestion),
            "subject": introduction.subject,
        }

    return _decide(request, pk, act)


@require_POST
@login_required
def postpone(request: Request, pk: int) -> HttpResponse:
    form = PostponeForm(request.POST)

    def act(suggestion: Suggestion) -> str:
        until = form.until(today())
        services.postpone(
            suggestion, until=until, by=cast("User", request.user), seen=_seen(request)
        )
        return _("%(pair)s put off until %(until)s. Nobody was written to.") % {
            "pair": _pair(suggestion),
            "until": date_format(until),
        }

    return _decide(request, pk, act if form.is_valid() else None)


@require_POST
@login_required
def reject(request: Request, pk: int) -> HttpResponse:
    form = RejectForm(request.POST)

    def act(suggestion: Suggestion) -> str:
        services.reject(
            suggestion, **form.cleaned_data, by=cast("User", request.user), seen=_seen(request)
        )
        return _("%(pair)s rejected. Nobody was written to.") % {"pair": _pair(suggestion)}

    return _decide(request, pk, act if form.is_valid() else None)


@require_POST
@login_required
def reopen(request: Request, pk: int) -> HttpResponse:
    suggestion = _own(request, pk)
    try:
        services.reopen(suggestion, by=cast("User", request.user))
    except services.Refused as refusal:
        toasts.warn(request, str(refusal))
        return redirect(suggestion.introduction)
    text = _("%(pair)s are to be checked again. Nobody was written to.")
    toasts.say(request, text % {"pair": _pair(suggestion)})
    return redirect(suggestion)


def _own(request: Request, pk: int) -> Suggestion:
    found = queries.suggestions_of_office(request.viewer, today())
    suggestion = get_object_or_404(found, pk=pk)
    if not can_decide(request.viewer, suggestion):
        raise PermissionDenied
    return suggestion


def _seen(request: Request) -> str:
    return request.POST.get("seen", Suggestion.State.OPEN)


def _pair(suggestion: Suggestion) -> str:
    return _("%(one)s and %(other)s") % {"one": suggestion.left, "other": suggestion.right}


def _decide(request: Request, pk: int, act: Callable[[Suggestion], str] | None) -> HttpResponse:
    """Decide about a suggestion of one's office, say what changed, open the next one."""
    suggestion = _own(request, pk)
    office = queries.suggestions_of_office(request.viewer, today())
    filters = Filters.of(request)
    ids = list(filters.apply(office).values_list("pk", flat=True))
    here = f"{suggestion.get_absolute_url()}?{filters.address()}"
    if act is None:
        toasts.warn(request, _("Nothing was changed: please choose a day or a reason."))
        return redirect(here)
    try:
        toasts.say(request, act(suggestion), undo=reverse("suggestion_reopen", args=[pk]))
    except services.AlreadyDecided as refusal:
        toasts.warn(request, _was_quicker(refusal.suggestion))
    except services.Refused as refusal:
        toasts.warn(request, str(refusal))
        return redirect(here)
    return redirect(_after(pk, ids, filters))


def _was_quicker(suggestion: Suggestion) -> str:
    said = decision_of(suggestion) or _("It is to be checked again.")
    return _("%(pair)s: somebody was quicker. %(decision)s Your step changed nothing.") % {
        "pair": _pair(suggestion),
        "decision": said,
    }


def _after(pk: int, ids: list[int], filters: Filters) -> str:
    """Return the address of the suggestion that follows in the queue, else the one before it."""
    place = ids.index(pk) if pk in ids else -1
    others = ids[place + 1 :] or ids[:place][-1:]
    address = reverse("suggestion", args=others[:1]) if others else reverse("suggestions")
    return f"{address}?{filters.address()}"
