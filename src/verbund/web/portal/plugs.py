"""What this app announces to the others."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from verbund.web.core.registries import NavEntry, SearchKind, navigation, searches, signed_in
from verbund.web.portal.bridge.plugs import announce_bridge
from verbund.web.portal.helping import find_help
from verbund.web.portal.outbox import can_read_outbox
from verbund.web.portal.queries import find_networks


def announce() -> None:
    """Announce navigation and searches."""
    navigation.add("home", NavEntry("", _("Today"), "home", signed_in), place=10)
    outbox = NavEntry(
        "installation",
        _("Outbox"),
        "outbox",
        can_read_outbox,
        covers=("outbox_mail", "outbox_letter"),
    )
    navigation.add("outbox", outbox, place=10)
    searches.add("networks", SearchKind("networks", _("Networks"), find_networks), place=80)
    searches.add("help", SearchKind("help", _("Help"), find_help), place=90)
    announce_bridge()
