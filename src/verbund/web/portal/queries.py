"""Reads that span apps."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db.models import QuerySet
from django.urls import reverse

from verbund.language.spelling import fold
from verbund.web.core.registries import Hit
from verbund.web.core.texts import text_of
from verbund.web.networks.models import Network, Role, holds
from verbund.web.networks.rules import Viewer


def colours_version() -> str:
    """Return a mark that changes with the networks' colours; their stylesheet's address has it."""
    colours = Network.objects.order_by("pk").values_list("slug", "colour", "dark_colour")
    return hashlib.sha256(repr(list(colours)).encode()).hexdigest()[:8]


def demo_roles(on: dt.date) -> QuerySet[Role]:
    """Return the roles one can try in the demo: offices first, then members."""
    return (
        Role.objects.filter(holds(on), user__email__endswith="@demo.example", user__is_active=True)
        .select_related("user", "network", "organisation")
        .order_by("kind", "pk")
    )


def find_networks(viewer: Viewer, text: str, on: dt.date, limit: int) -> tuple[int, list[Hit]]:
    """Find networks by name, region or what they say of themselves; all of it is public."""
    wanted = fold(text).strip()
    found = [
        network
        for network in Network.objects.all()
        if wanted
        in fold(
            " ".join(
                (
                    network.name,
                    network.full_name,
                    network.region,
                    network.about_de,
                    network.about_en,
                )
            )
        )
    ]
    hits = [
        Hit(
            one.name,
            reverse("network", args=[one.slug]),
            text_of(one, "about").text or one.full_name,
            (one.slug,),
        )
        for one in found[:limit]
    ]
    return len(found), hits
