"""The page that answers "Why can they see this?" for every field of an organisation."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from verbund.web.core.services import today
from verbund.web.directory import queries
from verbund.web.directory.audiences import Audience, audiences_of
from verbund.web.directory.reasons.queries import reasons_of
from verbund.web.networks.models import Organisation
from verbund.web.networks.requests import Request
from verbund.web.networks.rules import can_edit_organisation


def organisation_why(request: Request, pk: int) -> HttpResponse:
    """Tell a reader why they see what; who edits it asks for others, too (`?as=`)."""
    viewer, on = request.viewer, today()
    found = get_object_or_404(queries.sight_of(viewer, on).organisations, pk=pk)
    others = _others(request, found)
    asked = next((one for one in others if one.key == request.GET.get("as")), None)
    looking = asked.members if asked else viewer
    context = {
        "organisation": found,
        "others": others,
        "asked": asked,
        "reasons": reasons_of(found, looking, on),
    }
    return render(request, "directory/why.html", context)


def _others(request: Request, organisation: Organisation) -> list[Audience]:
    on = today()
    if not can_edit_organisation(request.viewer, organisation, on):
        return []
    homes = queries.home_networks(organisation, on)
    return audiences_of(homes, queries.partners_of(homes, on))
