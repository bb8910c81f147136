"""Who can see an offer or a request, and who has seen a request."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from verbund.web.core.exports import as_file, wanted_kind
from verbund.web.directory.audiences import audiences_of, readers_of
from verbund.web.directory.models import Request as MemberRequest
from verbund.web.directory.sightings.queries import Seen, seen_by
from verbund.web.directory.views.access import desk_of
from verbund.web.networks.requests import Request


@login_required
def request_seen(request: Request, pk: int, entry: int) -> HttpResponse:
    desk = desk_of(request, pk)
    found = get_object_or_404(MemberRequest, pk=entry, organisation=desk.organisation)
    seen = seen_by(found, to=request.viewer, on=desk.on)
    if kind := wanted_kind(request.GET.get("export")):
        headings = [_("Network"), _("Who"), _("Where"), _("First"), _("Last"), _("Days")]
        return as_file(_("seen-by"), headings, map(_row, seen), kind=kind)
    context = {
        "desk": desk,
        "entry": found,
        "readers": readers_of(found, audiences_of(desk.homes, desk.partners), desk.on),
        "seen": seen,
    }
    return render(request, "directory/sightings/seen.html", context)


def _row(seen: Seen) -> list[object]:
    who = {"": _("the office"), "?": _("members")}.get(seen.who, seen.who)
    return [seen.network.name, who, seen.place, seen.first, seen.last, len(seen.days)]
