"""What this app announces to the others."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from verbund.web.core.registries import NavEntry, everyone, managers, navigation


def announce() -> None:
    """Announce navigation."""
    networks = NavEntry(
        "network",
        _("Networks"),
        "networks",
        everyone,
        covers=("network", "network_settings", "network_new", "legal", "legal_edit"),
    )
    people = NavEntry("network", _("People"), "people", managers, covers=("person_invite",))
    navigation.add("networks", networks, place=30)
    navigation.add("people", people, place=40)
