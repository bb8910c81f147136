"""What the base keeps about persons: the audit log, mails."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from verbund.web.core.append_only import AUDIT
from verbund.web.core.auditing import known, sentence
from verbund.web.core.models import AuditEntry, Mail, MailAddress, RetentionPeriod
from verbund.web.core.personal import Fate, Personal, announce_personal
from verbund.web.core.retention import Retention, announce_retention


def announce_kept() -> None:
    announce_personal(_MAILS, place=60)
    announce_personal(_ADDRESSES, place=61)
    announce_personal(_CHANGES, place=90)
    announce_personal(_PERIODS, place=91)
    announce_retention(_FOR_MAILS)
    announce_retention(_FOR_CHANGES)


def _told(entry: AuditEntry) -> Mapping[str, object]:
    about = known(entry.kind)
    what = f"{about.label if about else entry.kind} {entry.key}"
    words = sentence(entry.kind, entry.verb, entry.changes)
    return {"at": entry.at, "what_happened": words % {"who": gettext("You"), "what": what}}


_MAILS = Personal(
    _("mails"),
    Mail,
    _("So that an office can say what was written to whom."),
    Fate.EMPTIED,
    by_email=("to", "reply_to"),
    told=("written_at", "to", "subject", "state"),
    told_to_self=("text",),
    emptied=("to", "reply_to", "subject", "text", "html", "problem"),
)
_ADDRESSES = Personal(
    _("mail addresses"),
    MailAddress,
    _("So that nothing is sent to where mail comes back from, or which nobody wants."),
    Fate.DELETED,
    by_email=("address",),
    told=("address", "bounced_at", "unwanted"),
)
_CHANGES = Personal(
    _("changes in the audit log"),
    AuditEntry,
    _("Networks account for what was done with data (Art. 5(2) GDPR); entries hold no names."),
    Fate.NUMBERED,
    by_user=("actor",),
    told=_told,
)
_PERIODS = Personal(
    _("retention periods set"),
    RetentionPeriod,
    _("So that a decision can be traced."),
    Fate.NUMBERED,
    by_user=("set_by",),
    told=("key", "months", "valid_from"),
)


def _remove_mails(before: dt.datetime) -> int:
    old = Mail.objects.filter(written_at__lt=before).exclude(state=Mail.State.WAITING)
    return old.delete()[1].get(Mail._meta.label, 0)


def _remove_changes(before: dt.datetime) -> int:
    """Take entries out past the model, which refuses; the triggers let go of these."""
    old: QuerySet[AuditEntry] = QuerySet(AuditEntry).filter(at__lt=before)
    return old._raw_delete(old.db)


_FOR_MAILS = Retention(
    "mails",
    _("Mails in the outbox"),
    _("For a year an office can say what was written to whom; answers come within weeks."),
    12,
    _remove_mails,
)
_FOR_CHANGES = Retention(
    AUDIT,
    _("Entries of the audit log"),
    _("As long as claims from an agreement may be made: ten years (section 199(3) and (4) BGB)."),
    120,
    _remove_changes,
    least=36,
    most=360,
)
