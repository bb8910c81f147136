"""Pages that span apps: home, search, help, legal pages, and what is said in trouble."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control

from verbund.web.networks.models import LegalPage, Network
from verbund.web.networks.requests import Request


def home(request: Request) -> HttpResponse:
    return render(request, "portal/home.html")


@cache_control(max_age=31_536_000, public=True)
def network_colours(request: HttpRequest) -> HttpResponse:
    """Write the networks' colours as a stylesheet; its address changes when they do."""
    rules = (
        f'[data-net="{network.slug}"]'
        f" {{ --net: light-dark({network.colour}, {network.dark_colour}); }}"
        for network in Network.objects.order_by("pk")
    )
    return HttpResponse("\n".join(rules), content_type="text/css")


def search(request: Request) -> HttpResponse:
    return render(request, "portal/search.html")


def help_page(request: Request) -> HttpResponse:
    return render(request, "portal/help.html")


def about(request: Request) -> HttpResponse:
    return render(request, "portal/about.html")


def legal(request: Request, slug: str, kind: str) -> HttpResponse:
    page = get_object_or_404(LegalPage, network__slug=slug, kind=kind)
    return render(request, "portal/legal.html", {"page": page})


def outbox(request: Request) -> HttpResponse:
    return render(request, "portal/outbox.html")


def demo_people(request: Request) -> HttpResponse:
    return render(request, "portal/demo_people.html")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "portal/404.html", status=404)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "portal/403.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "portal/400.html", status=400)


def broken(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/500.html", status=500)
