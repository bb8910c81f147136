"""A member's own few suggestions, and what it says to them."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from verbund.web.accounts.models import User
from verbund.web.agreements.sharing import visible
from verbund.web.core import toasts
from verbund.web.core.services import today
from verbund.web.directory.models import Sighting
from verbund.web.directory.sightings.services import note_sightings
from verbund.web.networks.models import Organisation
from verbund.web.networks.requests import Request
from verbund.web.networks.rules import can_edit_organisation
from verbund.web.partnering import queries, services
from verbund.web.partnering.models import Suggestion
from verbund.web.partnering.rules import sides_of


@login_required
def own_suggestions(request: Request) -> HttpResponse:
    """Lead a representative to the page of their organisation."""
    if not request.viewer.organisations:
        raise Http404
    return redirect("organisation_suggestions", min(request.viewer.organisations))


@login_required
def organisation_suggestions(request: Request, pk: int) -> HttpResponse:
    on = today()
    known = visible(Organisation.objects.all(), to=request.viewer, on=on)
    organisation = get_object_or_404(known, pk=pk)
    if not can_edit_organisation(request.viewer, organisation, on):
        raise Http404
    found = queries.suggestions_of_organisation(organisation, request.viewer, on)
    note_sightings(
        queries.requests_quoted(found),
        viewer=request.viewer,
        place=Sighting.Place.SUGGESTION,
        on=on,
    )
    if organisation.pk in request.viewer.organisations:
        services.note_shown(found, organisation, on)
    context = {
        "organisation": organisation,
        "is_own": organisation.pk in request.viewer.organisations,
        "rows": [_row(suggestion, organisation) for suggestion in found],
        "others": Organisation.objects.filter(pk__in=request.viewer.organisations - {pk}),
    }
    return render(request, "partnering/organisation_suggestions.html", context)


def _row(suggestion: Suggestion, organisation: Organisation) -> dict[str, object]:
    side, other = ("left", "right") if suggestion.left == organisation else ("right", "left")
    return {
        "suggestion": suggestion,
        "side": side,
        "other": getattr(suggestion, other),
        "network": getattr(suggestion, f"{other}_network"),
        "wish": getattr(suggestion, f"{side}_wish"),
        "gain": _gain(suggestion, organisation),
        "doubt": next(iter(suggestion.doubt_texts), ""),
    }


def _gain(suggestion: Suggestion, organisation: Organisation) -> str:
    """Say what this member would have of it."""
    first = suggestion.reasons[0]["facts"] if suggestion.reasons else {}
    asked = {first.get("seeker"), first.get("in_return", {}).get("seeker")}
    if str(organisation.pk) in asked:
        return _("An answer to what you are looking for.")
    if first.get("answerer") == str(organisation.pk):
        return _("Somebody who needs what you offer.")
    if "left_request" in first:
        return _("A partner for the same need: looking together costs each of you less.")
    return _("A partner who works on the same subject from the other side.")


@require_POST
@login_required
def wish(request: Request, pk: int) -> HttpResponse:
    """Take a member's word on a suggestion of its own."""
    return _wished(request, pk, request.POST.get("side", ""), request.POST.get("wish", ""))


@require_POST
@login_required
def unwish(request: Request, pk: int, side: str) -> HttpResponse:
    """Take back what was said; the address behind "Undo"."""
    return _wished(request, pk, side, Suggestion.Wish.NONE)


def _wished(request: Request, pk: int, side: str, said: str) -> HttpResponse:
    everything = queries.shared_suggestions(request.viewer.networks, today())
    suggestion = get_object_or_404(everything, pk=pk)
    if side not in sides_of(request.viewer, suggestion) or said not in Suggestion.Wish.values:
        raise Http404
    organisation = getattr(suggestion, side)
    try:
        services.note_wish(suggestion, side=side, wish=said, by=cast("User", request.user))
    except services.Refused as refusal:
        toasts.warn(request, str(refusal))
    else:
        _say(request, suggestion, said, side)
    return redirect("organisation_suggestions", organisation.pk)


def _say(request: Request, suggestion: Suggestion, said: str, side: str) -> None:
    other = suggestion.right if side == "left" else suggestion.left
    texts = {
        Suggestion.Wish.INTERESTED: _(
            "Your office now sees that you would like to talk to %(other)s. Nobody was written to"
            " yet."
        ),
        Suggestion.Wish.REFUSED: _(
            "%(other)s will not be suggested to you again. They do not learn of it."
        ),
        Suggestion.Wish.NONE: _("%(other)s: taken back, as if nothing had been said."),
    }
    undo = reverse("suggestion_unwish", args=[suggestion.pk, side]) if said else ""
    toasts.say(request, texts[Suggestion.Wish(said)] % {"other": other}, undo=undo)
