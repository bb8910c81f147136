"""The page on which memberships are asked for, granted, declined and withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from verbund.web.core import toasts
from verbund.web.core.exports import Row, as_file, wanted_kind
from verbund.web.core.services import today
from verbund.web.directory import services
from verbund.web.directory.claims.queries import (
    claims_of_office,
    claims_to_answer,
    waiting_claims,
    with_names,
)
from verbund.web.networks.models import MembershipClaim
from verbund.web.networks.requests import Request
from verbund.web.networks.rules import can_edit

if TYPE_CHECKING:
    from verbund.web.accounts.models import User

_ROWS = 50


@login_required
def claims(request: Request) -> HttpResponse:
    viewer, on = request.viewer, today()
    if not (viewer.offices or viewer.organisations):
        raise Http404
    asked = claims_of_office(viewer)
    if viewer.offices and (kind := wanted_kind(request.GET.get("export"))):
        rows = _rows(with_names(asked, viewer, on))
        return as_file(_("membership-questions"), _headings(), rows, kind=kind)
    waiting = waiting_claims(viewer, on)
    page = Paginator(asked, _ROWS).get_page(request.GET.get("page"))
    context = {
        "waiting": waiting[:_ROWS],
        "number": waiting.count(),
        "page": page,
        "asked": with_names(page, viewer, on),
        "is_office": bool(viewer.offices),
        "edited": viewer.edited,
        "several": len(viewer.offices) > 1,
    }
    return render(request, "directory/claims/claims.html", context)


def _headings() -> list[str]:
    return [_("Organisation"), _("Number in your list"), _("Network"), _("Asked on"), _("Result")]


def _rows(named: Iterable[tuple[MembershipClaim, str]]) -> Iterable[Row]:
    for claim, name in named:
        day = localdate(claim.asked_at)
        yield (name, claim.number, claim.network.name, day, _said_state(claim))


def _said_state(claim: MembershipClaim) -> str:
    if claim.is_open:
        return _("waiting for the answer")
    return {True: _("is a member"), False: _("is no member"), None: _("withdrawn")}[
        claim.is_granted
    ]


@require_POST
@login_required
def answer(request: Request, pk: int) -> HttpResponse:
    claim = get_object_or_404(claims_to_answer(request.viewer, today()), pk=pk)
    answers = {"yes": True, "no": False}
    if request.POST.get("answer") not in answers:
        toasts.warn(request, _("Nothing changed. Say yes or no."))
        return redirect("claims")
    grants = answers[request.POST["answer"]]
    by = cast("User", request.user)
    is_first = services.answer_claim(claim, grants=grants, by=by, on=today())
    claim.refresh_from_db()
    values = {"name": claim.organisation, "network": claim.network}
    if not is_first and claim.is_granted is not grants:
        message = _(
            "Nothing changed: the question about %(name)s is answered or withdrawn already."
        )
        toasts.warn(request, message % values)
    elif grants:
        message = _("%(name)s is a member of %(network)s from today; its members see it as theirs.")
        toasts.say(request, message % values)
    else:
        message = _(
            "%(name)s does not become a member of %(network)s. Its office sees your answer."
        )
        toasts.say(request, message % values)
    return redirect("claims")


@require_POST
@login_required
def withdraw(request: Request, pk: int) -> HttpResponse:
    claim = get_object_or_404(claims_of_office(request.viewer), pk=pk)
    if not can_edit(request.viewer, claim.network):
        raise PermissionDenied
    services.withdraw_claim(claim, by=cast("User", request.user))
    claim.refresh_from_db()
    if claim.is_granted is None:
        toasts.say(request, _("The question is withdrawn. Nobody is asked any more."))
    else:
        toasts.warn(request, _("Nothing changed: the question is answered already."))
    return redirect("claims")
