"""Help, and what Verbund is."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.cache import cache_control

from verbund.web.core.texts import current_language
from verbund.web.networks.requests import Request
from verbund.web.portal.helping import NAMES, page_of, shelves


def help_index(request: Request) -> HttpResponse:
    return render(request, "portal/help.html", {"shelves": shelves(request.viewer)})


def help_page(request: Request, name: str) -> HttpResponse:
    if name not in NAMES:
        raise Http404
    context = {"help": page_of(name, current_language()), "shelves": shelves(request.viewer)}
    return render(request, "portal/help_page.html", context)


def about(request: Request) -> HttpResponse:
    return render(request, "portal/about.html")


@cache_control(max_age=86_400, public=True)
def robots(request: HttpRequest) -> HttpResponse:
    """Keep search engines out: public here means whoever comes by, not the whole web's memory."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


@cache_control(max_age=86_400, public=True)
def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(static("verbund/logo.svg"), permanent=True)
