"""What this app announces to the others."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from verbund.web.core.background import mail_trouble
from verbund.web.core.models import Mail
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
from verbund.web.portal.outbox import can_read_outbox, mails_for
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
    tasks.add("waiting mails", waiting_mails, place=6)
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


def waiting_mails(viewer: Viewer, on: dt.date) -> list[Task]:
    """Tell offices and the operator that mails wait for a server that does not answer."""
    trouble = mail_trouble() if viewer.edited or viewer.is_operator else ""
    count = mails_for(viewer).filter(state=Mail.State.WAITING).count() if trouble else 0
    if not count:
        return []
    return [
        Task(
            count,
            ngettext("mail waits", "mails wait", count),
            gettext("The mail server does not answer. They go out as soon as it does."),
            gettext("Open the outbox"),
            reverse("outbox"),
            is_urgent=True,
        )
    ]
