"""What this app announces to the others."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from verbund.web.core.registries import (
    MailKind,
    NavEntry,
    everyone,
    mail_kinds,
    managers,
    navigation,
)
from verbund.web.networks.changes import announce_changes
from verbund.web.networks.mails import INVITATION


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
    mail_kinds.add(
        INVITATION,
        MailKind(INVITATION, _("Invitation"), _("Somebody gave you a role, or took it back.")),
        place=10,
    )
