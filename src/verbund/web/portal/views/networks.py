"""Public pages of the networks, and their colours."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control

from verbund.web.core.services import today
from verbund.web.directory.queries import sight_of
from verbund.web.networks.models import LegalPage, Network
from verbund.web.networks.requests import Request
from verbund.web.networks.rules import can_manage, can_run_installation
from verbund.web.portal import overview


@cache_control(max_age=31_536_000, public=True)
def network_colours(request: HttpRequest) -> HttpResponse:
    """Write the networks' colours as a stylesheet; its address changes when they do."""
    rules = (
        f'[data-net="{network.slug}"]'
        f" {{ --net: light-dark({network.colour}, {network.dark_colour}); }}"
        for network in Network.objects.order_by("pk")
    )
    return HttpResponse("\n".join(rules), content_type="text/css")


def networks(request: Request) -> HttpResponse:
    sight = sight_of(request.viewer, today())
    rows = [(one, overview.members_seen(sight, one)) for one in Network.objects.all()]
    context = {"rows": rows, "may_add": can_run_installation(request.viewer)}
    return render(request, "portal/networks.html", context)


def network(request: Request, slug: str) -> HttpResponse:
    shown, viewer, on = get_object_or_404(Network, slug=slug), request.viewer, today()
    agreements = overview.agreements_in_force(viewer, on).filter(parties=shown)
    context = {
        "today": on,
        "network": shown,
        "members": overview.members_seen(sight_of(viewer, on), shown),
        "agreements": agreements,
        "agenda": overview.agenda(viewer, on, network=shown),
        "may_edit": can_manage(viewer, shown),
        "is_own": shown.pk in viewer.networks,
        "kinds": LegalPage.Kind,
    }
    return render(request, "portal/network.html", context)
