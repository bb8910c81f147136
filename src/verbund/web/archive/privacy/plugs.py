"""What privacy announces: pages, the daily removal, words for its own changes."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from verbund.web.archive.privacy.audit import can_read_audit
from verbund.web.archive.privacy.services import remove_what_is_over
from verbund.web.core.auditing import INSTALLATION, Audited, announce_kind
from verbund.web.core.models import RetentionPeriod
from verbund.web.core.registries import (
    MailKind,
    NavEntry,
    PeriodicJob,
    jobs,
    mail_kinds,
    navigation,
    signed_in,
)


def announce() -> None:
    """Announce the menu, the job, mails, and the words for a changed period."""
    privacy = NavEntry(
        "network",
        _("Privacy"),
        "privacy",
        signed_in,
        covers=(
            "consent_log", "processing", "arrangement", "retention", "own_data", "own_erasure",
            "contact_data", "contact_erasure",
        ),
    )  # fmt: skip
    navigation.add("privacy", privacy, place=60)
    log = NavEntry("network", _("Audit log"), "audit", can_read_audit)
    navigation.add("audit", log, place=61)
    jobs.add("retention", PeriodicJob("retention", dt.timedelta(days=1), remove_what_is_over))
    what = _("Somebody or something you rely on is gone.")
    mail_kinds.add("consequences", MailKind("consequences", _("Consequences"), what), place=80)
    announce_kind(RetentionPeriod, _PERIOD)


_PERIOD = Audited(
    _("retention period"),
    said={"set_period": _("%(who)s set how long something is kept: %(what)s")},
    offices=lambda period, verb, changes: [INSTALLATION],
    seen=lambda viewer, on: RetentionPeriod.objects.all(),
)
