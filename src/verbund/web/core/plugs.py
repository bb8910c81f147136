"""What the base itself announces: tidying."""

from __future__ import annotations

import datetime as dt

from django.core.management import call_command

from verbund.web.core.registries import PeriodicJob, jobs

_FINISHED_TASKS_DAYS = 14


def announce() -> None:
    """Announce the daily removal of expired sessions and of finished background tasks."""
    jobs.add("tidy", PeriodicJob("tidy", dt.timedelta(days=1), tidy))


def tidy() -> None:
    call_command("clearsessions", verbosity=0)
    call_command("prune_db_task_results", min_age_days=_FINISHED_TASKS_DAYS, verbosity=0)
