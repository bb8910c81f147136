"""The clock of the installation: periodic jobs, waiting mails, tasks of a worker that died."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from verbund.web.core import registries
from verbund.web.core.models import BackgroundRun
from verbund.web.core.outbox import Sending, send_waiting
from verbund.web.core.registries import PeriodicJob
from verbund.web.core.services import end_run, start_run

_JOB, _TICK, _MAILS = "job", "tick", "mails"
_STUCK = dt.timedelta(hours=1)  # a job that runs for so long has died with its process
_MOST_STARTS = 3  # a task that took its worker down so often is given up
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tick:
    """What one tick did: the jobs it ran, those that failed and why, and the mails."""

    ran: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    mails: Sending = field(default_factory=Sending)


def tick(now: dt.datetime | None = None) -> Tick:
    """Run the periodic jobs that are due and send the mails that wait; two at once do no harm."""
    now = now or timezone.now()
    done = Tick(mails=send_waiting(now))
    end_run(start_run(_MAILS, ""), done.mails.problem)
    for job in registries.jobs:
        run = _claim(job, now)
        if run is None:
            continue
        if problem := _problem_of(job.run):
            done.failed[job.key] = problem
        done.ran.append(job.key)
        end_run(run, problem)
    end_run(start_run(_TICK, ""))
    return done


def last_tick() -> dt.datetime | None:
    run = BackgroundRun.objects.filter(kind=_TICK, key="").first()
    return run.finished_at if run else None


def mail_trouble() -> str:
    """Return why the mail server could not be used in the last round; empty if it could."""
    run = BackgroundRun.objects.filter(kind=_MAILS, key="").first()
    return run.problem if run else ""


def failed_jobs() -> dict[str, str]:
    """Return the jobs whose last run failed, with the reason."""
    failed = BackgroundRun.objects.filter(kind=_JOB, state=BackgroundRun.State.FAILED)
    return dict(failed.order_by("key").values_list("key", "problem"))


def _claim(job: PeriodicJob, now: dt.datetime) -> BackgroundRun | None:
    """Mark a due job as running; None if it is not due or another tick has it."""
    BackgroundRun.objects.get_or_create(kind=_JOB, key=job.key, defaults={"asked_at": now})
    is_due = Q(started_at=None) | Q(started_at__lte=now - job.every)
    is_free = ~Q(state=BackgroundRun.State.RUNNING) | Q(started_at__lte=now - _STUCK)
    mine = BackgroundRun.objects.filter(is_due, is_free, kind=_JOB, key=job.key)
    if not mine.update(state=BackgroundRun.State.RUNNING, started_at=now):
        return None
    return BackgroundRun.objects.get(kind=_JOB, key=job.key)


def _problem_of(run: Callable[[], None]) -> str:
    try:
        run()
    except Exception as error:  # one broken job must not stop the others
        _log.exception("A periodic job failed")
        return f"{type(error).__name__}: {error}"
    return ""


def give_back_tasks(worker_id: str | None = None, *, was_wanted: bool = False) -> int:
    """Let tasks of an ended worker wait again (of any worker, if none is named); return how many.

    A task that has been started three times is given up, so that it cannot kill every worker; a
    start that a wanted end cut off does not count.
    """
    given_back = 0
    for task in DBTaskResult.objects.filter(status="RUNNING"):
        if worker_id and task.worker_ids[-1:] != [worker_id]:
            continue
        if was_wanted:
            task.worker_ids = task.worker_ids[:-1]
        elif len(task.worker_ids) >= _MOST_STARTS:
            task.set_failed(RuntimeError("The worker ended while it did this task."))
            continue
        task.status = "READY"
        task.save(update_fields=["status", "worker_ids"])
        given_back += 1
    return given_back
