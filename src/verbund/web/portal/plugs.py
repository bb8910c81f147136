"""What this app announces to the others."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from verbund.web.core.registries import NavEntry, navigation, signed_in


def announce() -> None:
    """Announce navigation."""
    navigation.add("home", NavEntry("", _("Today"), "home", signed_in), place=10)
