"""What every page shows around its content: menu, networks, demo line, legal links."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

import verbund
from verbund.web.core import registries
from verbund.web.core.services import today
from verbund.web.networks.models import LegalPage, Network
from verbund.web.networks.requests import Request
from verbund.web.networks.rules import STRANGER
from verbund.web.portal.queries import colours_version

_SECTIONS = {
    "": "",
    "cooperation": _("Cooperation"),
    "network": _("Network"),
    "figures": _("Evaluation"),
    "installation": _("Installation"),
}


@dataclass(frozen=True)
class MenuEntry:
    label: str | Promise
    url: str
    is_current: bool
    count: int


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return what the base template needs; worked out only when a page is drawn with it."""
    request = cast("Request", request)
    viewer = getattr(request, "viewer", STRANGER)
    return {
        "version": verbund.__version__,
        "demo": settings.DEMO,
        "viewer": viewer,
        "navigation": SimpleLazyObject(lambda: _menu(request)),
        "viewer_networks": SimpleLazyObject(
            lambda: list(Network.objects.filter(pk__in=viewer.networks))
        ),
        "legal_links": SimpleLazyObject(lambda: _legal_links(request)),
        "colours_version": SimpleLazyObject(colours_version),
        "demo_notice": _demo_notice() if settings.DEMO else "",
    }


def _demo_notice() -> str | Promise:
    if settings.DEMO_REAL:
        return _(
            "Real organisations and projects from the European Commission's CORDIS data (CC BY"
            " 4.0). The two networks are drawn from them and do not exist as such."
        )
    return _(
        "Demo: the member firms and persons are invented. The networks, their agreements and"
        " the published figures are facts with sources; nothing here is a statement of theirs."
    )


def _menu(request: Request) -> list[dict[str, Any]]:
    viewer, on = getattr(request, "viewer", STRANGER), today()
    current = request.resolver_match.url_name if request.resolver_match else ""
    shown = [entry for entry in registries.navigation if entry.shown_to(viewer)]
    order = list(_SECTIONS)
    shown.sort(key=lambda entry: order.index(entry.section))
    return [
        {
            "label": _SECTIONS[section],
            "entries": [
                MenuEntry(
                    entry.label,
                    reverse(entry.url_name),
                    current in (entry.url_name, *entry.covers),
                    entry.count(viewer, on) if entry.count else 0,
                )
                for entry in entries
            ],
        }
        for section, entries in groupby(shown, key=lambda entry: entry.section)
    ]


def _legal_links(request: Request) -> list[dict[str, Any]]:
    """Link the legal pages of the viewer's network; to a stranger, of the first network here."""
    viewer = getattr(request, "viewer", STRANGER)
    own = Network.objects.filter(pk__in=viewer.networks).order_by("pk").first()
    network = own or Network.objects.order_by("pk").first()
    if network is None:
        return []
    return [
        {"label": kind.label, "url": reverse("legal", args=[network.slug, kind.value])}
        for kind in LegalPage.Kind
    ]
