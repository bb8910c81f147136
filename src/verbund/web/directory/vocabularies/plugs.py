"""What the vocabulary announces."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from verbund.web.core.registries import NavEntry, navigation
from verbund.web.networks.rules import can_run_installation


def announce_vocabulary() -> None:
    entry = NavEntry(
        "installation",
        _("Vocabulary"),
        "vocabulary",
        can_run_installation,
        covers=("vocabulary_version",),
    )
    navigation.add("vocabulary", entry, place=30)
