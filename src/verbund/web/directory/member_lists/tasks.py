"""Taking long lists over beside the web process: how far it is, and how it is stopped."""

from __future__ import annotations

from django.db.models import QuerySet
from django_tasks import task

from verbund.web.accounts.models import User
from verbund.web.core.models import BackgroundRun
from verbund.web.core.services import ask_run, end_run, start_run, today
from verbund.web.directory.member_lists.services import ChangedMeanwhileError, take_over
from verbund.web.directory.models import ImportRun
from verbund.web.networks.rules import viewer_of

LONG = 3_000  # rows from which nobody should wait for the answer of a page
_KIND = "member list"
_BUSY = (BackgroundRun.State.WAITING, BackgroundRun.State.RUNNING)


class StoppedError(Exception):
    """Somebody stopped the work while nothing was written yet."""


def begin(run: ImportRun, *, by: User, seen: str) -> None:
    """Have a list taken over; asking twice is asking once."""
    if not working_on(run).filter(state__in=_BUSY).exists():
        ask_run(_KIND, str(run.pk))
        take_over_list.enqueue(run.pk, by.pk, seen)


def stop(run: ImportRun) -> bool:
    """End the work before anything is written; returns whether there was any."""
    return bool(working_on(run).filter(state__in=_BUSY).delete()[0])


def working_on(run: ImportRun) -> QuerySet[BackgroundRun]:
    return BackgroundRun.objects.filter(kind=_KIND, key=str(run.pk))


def is_busy(work: BackgroundRun | None) -> bool:
    return work is not None and work.state in _BUSY


@task()
def take_over_list(run_id: int, user_id: int, seen: str) -> None:
    """Take a list over; a list that is ended, or was stopped while it waited, is left alone."""
    run = ImportRun.objects.filter(pk=run_id).first()
    person = User.objects.filter(pk=user_id, is_active=True).first()
    if run is None or person is None or not working_on(run).exists():
        return
    work = start_run(_KIND, str(run_id))
    viewer = viewer_of(person, today())

    def note(share: float) -> None:
        if not BackgroundRun.objects.filter(pk=work.pk).update(share_done=share):
            raise StoppedError

    problem = ""
    try:
        if run.network_id in viewer.edited:
            run = take_over(run, by=person, viewer=viewer, on=today(), seen=seen, note=note)
    except StoppedError:
        return
    except ChangedMeanwhileError:
        problem = "changed"
    end_run(work, problem)
