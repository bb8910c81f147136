"""Reads that span apps."""

from __future__ import annotations

import hashlib

from verbund.web.networks.models import Network


def colours_version() -> str:
    """Return a mark that changes with the networks' colours; their stylesheet's address has it."""
    colours = Network.objects.order_by("pk").values_list("slug", "colour", "dark_colour")
    return hashlib.sha256(repr(list(colours)).encode()).hexdigest()[:8]
