"""What this app announces to the others."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from verbund.web.core.registries import (
    NavEntry,
    SearchKind,
    Task,
    navigation,
    searches,
    signed_in,
    tasks,
)
from verbund.web.networks.models import Membership, Network, holds
from verbund.web.networks.rules import Viewer
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
    tasks.add("first members", first_members, place=5)
    announce_bridge()


def first_members(viewer: Viewer, on: dt.date) -> list[Task]:
    """Say what to begin with in a network that has no members yet."""
    inhabited = Membership.objects.filter(holds(on)).values("network")
    empty = Network.objects.filter(pk__in=viewer.edited).exclude(pk__in=inhabited)
    return [
        Task(
            1,
            gettext("Bring in the members of %(network)s") % {"network": network},
            gettext("Your list as it is: you see every row before anything is taken over."),
            gettext("Read a member list"),
            reverse("import"),
        )
        for network in empty
    ]
