"""What the base itself announces: tidying, and mails that came back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.utils.translation import gettext_lazy as _

from verbund.web.core import bounces
from verbund.web.core.addresses import ASKED_FOR
from verbund.web.core.kept import announce_kept
from verbund.web.core.registries import MailKind, PeriodicJob, jobs, mail_kinds

_FINISHED_TASKS_DAYS = 14


def announce() -> None:
    """Announce the daily removal of what has expired, and the reading of returned mails."""
    announce_kept()
    jobs.add("tidy", PeriodicJob("tidy", dt.timedelta(days=1), tidy))
    if settings.MAIL_BOUNCES:
        jobs.add("bounces", PeriodicJob("bounces", dt.timedelta(minutes=15), read_bounces))
    mail_kinds.add(
        ASKED_FOR,
        MailKind(ASKED_FOR, _("Sign-in"), _("Codes and links you ask for when you sign in.")),
    )


def tidy() -> None:
    call_command("clearsessions", verbosity=0)
    call_command("prune_db_task_results", min_age_days=_FINISHED_TASKS_DAYS, verbosity=0)


def read_bounces() -> None:
    bounces.take(bounces.messages_of(Path(settings.MAIL_BOUNCES)))
