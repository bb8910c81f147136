"""What this app announces to the others."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from verbund.web.core.registries import (
    MailKind,
    NavEntry,
    Task,
    everyone,
    mail_kinds,
    navigation,
    offices,
    tasks,
)
from verbund.web.networks.changes import announce_changes
from verbund.web.networks.follows import announce_consequences
from verbund.web.networks.kept import announce_kept
from verbund.web.networks.mails import INVITATION
from verbund.web.networks.queries import roles_to_agree_to
from verbund.web.networks.rules import Viewer


def announce() -> None:
    """Announce navigation, and the words for changes."""
    announce_changes()
    announce_kept()
    announce_consequences()
    networks = NavEntry(
        "network",
        _("Networks"),
        "networks",
        everyone,
        covers=("network", "network_settings", "network_new", "legal", "legal_edit"),
    )
    people = NavEntry("network", _("People"), "people", offices, covers=("person_invite", "person"))
    navigation.add("networks", networks, place=30)
    navigation.add("people", people, place=40)
    tasks.add("people", people_to_agree_to, place=15)
    mail_kinds.add(
        INVITATION,
        MailKind(INVITATION, _("Invitation"), _("Somebody gave you a role, or took it back.")),
        place=10,
    )


def people_to_agree_to(viewer: Viewer, on: dt.date) -> list[Task]:
    """Ask for the yes without which another network's person cannot speak for an organisation."""
    if not (viewer.managed or viewer.organisations):
        return []
    count = roles_to_agree_to(viewer, on).count()
    if not count:
        return []
    title = ngettext("person named by another network", "people named by another network", count)
    reason = gettext("They would like to speak for an organisation of yours. Say yes or no.")
    return [Task(count, title, reason, gettext("Say yes or no"), reverse("people_asked"))]
