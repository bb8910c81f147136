"""What the archive of a network announces to the others."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from verbund.web.core.registries import NavEntry, managers, navigation


def announce() -> None:
    entry = NavEntry("network", _("Archive"), "archives", shown_to=managers)
    navigation.add("archives", entry, place=60)
