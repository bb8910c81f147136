"""Who reads which mails of the outbox."""

from __future__ import annotations

import re

from django.conf import settings
from django.db.models import QuerySet

from verbund.web.core.models import Mail
from verbund.web.networks.models import Network
from verbund.web.networks.rules import Viewer, can_run_installation

_SIGNED = re.compile(r"[\w-]{4,}:[\w-]{4,}:[\w-]{20,}")  # answers for somebody, in a link
_OPENS_A_DOOR = "account"  # codes, and links for a new password
_FOR_THE_RECEIVER = (_OPENS_A_DOOR, "contact")  # a contact person consented to one organisation


def can_read_outbox(viewer: Viewer) -> bool:
    """Everybody in the demo; else the operator, and who edits for a network its mails."""
    return settings.DEMO or can_run_installation(viewer) or bool(viewer.edited)


def mails_for(viewer: Viewer) -> QuerySet[Mail]:
    if settings.DEMO or can_run_installation(viewer):
        return Mail.objects.all()
    slugs = Network.objects.filter(pk__in=viewer.edited).values_list("slug", flat=True)
    return Mail.objects.filter(network_key__in=list(slugs))


def can_read_text(mail: Mail) -> bool:
    """Nobody but the receiver reads what opens a door or names contacts; all do in the demo."""
    return settings.DEMO or mail.about not in _FOR_THE_RECEIVER


def without_keys(text: str) -> str:
    """Take out of links what answers in the receiver's name; in the demo one may try it."""
    return text if settings.DEMO else _SIGNED.sub("…", text)
