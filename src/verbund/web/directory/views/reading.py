"""The directory, the map and the page of an organisation."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from verbund.web.core.exports import wanted_kind
from verbund.web.core.services import today
from verbund.web.directory import queries
from verbund.web.directory.audiences import audiences_of, who_sees
from verbund.web.directory.duplicates.queries import kept_instead_of
from verbund.web.directory.export import KINDS, member_file
from verbund.web.directory.finding import (
    Wanted,
    choices,
    further_choices,
    narrowed,
    ordered,
    removable,
)
from verbund.web.directory.map import draw
from verbund.web.directory.models import Sighting
from verbund.web.directory.portrait import portrait_of
from verbund.web.directory.rows import rows_of, town_rows, with_addresses
from verbund.web.directory.sightings.services import note_sightings
from verbund.web.networks.models import Network, Organisation
from verbund.web.networks.requests import Request
from verbund.web.networks.rules import can_edit_organisation

PER_PAGE = 50


def members(request: Request) -> HttpResponse:
    sight, wanted = queries.sight_of(request.viewer, today()), Wanted.read(request.GET)
    found = ordered(narrowed(sight, wanted), wanted.sort, sight.on)
    if kind := wanted_kind(request.GET.get("export"), KINDS):
        return member_file(sight, found, kind=kind)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = _narrowing(sight, wanted) | {
        "page": page,
        "rows": rows_of(sight, page.object_list),
        "managed": Network.objects.filter(pk__in=request.viewer.managed),
        "edited": Network.objects.filter(pk__in=request.viewer.edited),
        "is_empty": not page.paginator.count and not sight.organisations.exists(),
    }
    return render(request, "directory/members.html", context)


def members_map(request: Request) -> HttpResponse:
    sight, wanted = queries.sight_of(request.viewer, today()), Wanted.read(request.GET)
    found = narrowed(sight, wanted)
    towns = with_addresses(queries.towns_of(sight, found), wanted)
    slugs = {slug for town in towns for slug in town.numbers}
    networks = list(Network.objects.filter(slug__in=slugs))
    context = _narrowing(sight, wanted) | {
        "drawing": draw(towns),
        "networks": networks,
        "towns": town_rows(towns, networks),
        "number": found.count(),
        "unknown": found.filter(queries.place_unknown()).count(),
        "address_unknown": wanted.address(place="unknown"),
    }
    return render(request, "directory/map.html", context)


def _narrowing(sight: queries.Sight, wanted: Wanted) -> dict[str, object]:
    further = further_choices(sight, wanted)
    return {
        "wanted": wanted,
        "removable": removable(wanted),
        "groups": choices(sight, wanted),
        "further": further,
        "further_is_used": any(group.is_used for group in further),
    }


def organisation(request: Request, pk: int) -> HttpResponse:
    viewer, on = request.viewer, today()
    if (kept := kept_instead_of(pk)) and queries.sight_of(viewer, on).organisations.filter(pk=kept):
        return redirect("organisation", kept)
    found = get_object_or_404(queries.sight_of(viewer, on).organisations, pk=pk)
    if not can_edit_organisation(viewer, found, on):
        return _page(request, found, queries.sight_of(viewer, on), {})
    homes = queries.home_networks(found, on)
    audiences = audiences_of(homes, queries.partners_of(homes, on))
    others = [audience for audience in audiences if not audience.is_home]
    asked = request.GET.get("as")
    pretended = next((audience for audience in others if audience.key == asked), None)
    context: dict[str, object] = {"audiences": others, "pretended": pretended}
    if pretended is None:
        context |= {"lines": who_sees(found, audiences, on), "may_edit": True}
        return _page(request, found, queries.sight_of(viewer, on), context)
    sight = queries.sight_of(pretended.members, on)
    if not sight.organisations.filter(pk=pk).exists():
        context["organisation"] = found
        return render(request, "directory/not_seen.html", context)
    return _page(request, found, sight, context)


def _page(
    request: Request, found: Organisation, sight: queries.Sight, context: dict[str, object]
) -> HttpResponse:
    portrait = portrait_of(found, sight)
    if "pretended" not in context:
        note_sightings(
            portrait.requests, viewer=sight.viewer, place=Sighting.Place.PAGE, on=sight.on
        )
    named = {
        "portrait": portrait,
        "organisation": found,
        "today": sight.on,
        "is_unconfirmed": queries.is_unconfirmed(portrait.profile, sight.on),
    }
    return render(request, "directory/organisation.html", named | context)
