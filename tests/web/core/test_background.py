"""Periodic jobs run when they are due, once; tasks of a dead worker are done all the same."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from verbund.web.core import background, registries
from verbund.web.core.models import BackgroundRun
from verbund.web.core.plugs import tidy
from verbund.web.core.registries import PeriodicJob, Registry

pytestmark = pytest.mark.django_db

START = dt.datetime(2026, 11, 22, 8, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Registry[PeriodicJob]:
    empty: Registry[PeriodicJob] = Registry()
    monkeypatch.setattr(registries, "jobs", empty)
    return empty


def test_job_runs_when_due_and_not_before(registry: Registry[PeriodicJob]) -> None:
    ran: list[str] = []
    registry.add("hourly", PeriodicJob("hourly", HOUR, lambda: ran.append("hourly")))
    minutes = (0, 0, 30, 60, 61, 121)

    told = [background.tick(START + dt.timedelta(minutes=m)).ran for m in minutes]

    assert told == [["hourly"], [], [], ["hourly"], [], ["hourly"]]
    assert len(ran) == 3


def test_tick_within_a_tick_runs_nothing_twice(registry: Registry[PeriodicJob]) -> None:
    inner: list[background.Tick] = []
    registry.add("slow", PeriodicJob("slow", HOUR, lambda: inner.append(background.tick(START))))

    assert background.tick(START).ran == ["slow"]
    assert [tick.ran for tick in inner] == [[]]


def test_failed_job_is_told_and_stops_no_other(registry: Registry[PeriodicJob]) -> None:
    ran: list[str] = []

    def broken() -> None:
        raise ValueError("no disk")

    registry.add("broken", PeriodicJob("broken", HOUR, broken), place=1)
    registry.add("fine", PeriodicJob("fine", HOUR, lambda: ran.append("fine")), place=2)

    done = background.tick(START)

    assert (done.failed, ran) == ({"broken": "ValueError: no disk"}, ["fine"])
    assert background.failed_jobs() == {"broken": "ValueError: no disk"}
    assert background.tick(START + HOUR).ran == ["broken", "fine"]


def test_job_whose_process_died_runs_again(registry: Registry[PeriodicJob]) -> None:
    ran: list[str] = []
    registry.add("often", PeriodicJob("often", HOUR / 60, lambda: ran.append("often")))
    background.tick(START)
    BackgroundRun.objects.filter(key="often").update(state="running")

    soon = background.tick(START + HOUR / 2)
    later = background.tick(START + HOUR)

    assert (soon.ran, later.ran) == ([], ["often"])


def test_last_tick_is_remembered(registry: Registry[PeriodicJob]) -> None:
    assert background.last_tick() is None

    background.tick()

    last = background.last_tick()
    assert last
    assert timezone.now() - last < dt.timedelta(minutes=1)


def running_task(worker: str, starts: int = 1) -> DBTaskResult[Any, Any]:
    return DBTaskResult.objects.create(
        status="RUNNING",
        args_kwargs={"args": [], "kwargs": {}},
        task_path="verbund.web.core.plugs.tidy",
        backend_name="default",
        worker_ids=[worker] * starts,
    )


def test_only_the_tasks_of_the_dead_worker_wait_again() -> None:
    mine, other = running_task("dead"), running_task("alive")

    assert background.give_back_tasks("dead") == 1

    states = {task.pk: task.status for task in DBTaskResult.objects.all()}
    assert states == {mine.pk: "READY", other.pk: "RUNNING"}


def test_task_that_ends_every_worker_is_given_up() -> None:
    running_task("dead", starts=3)

    assert background.give_back_tasks() == 0
    assert DBTaskResult.objects.get().status == "FAILED"


def test_wanted_end_of_a_worker_is_no_mark_against_its_task() -> None:
    running_task("stopped", starts=3)

    assert background.give_back_tasks("stopped", was_wanted=True) == 1
    task = DBTaskResult.objects.get()
    assert (task.status, len(task.worker_ids)) == ("READY", 2)


def test_tidy_removes_expired_sessions_only() -> None:
    now = timezone.now()
    for key, day in (("old", -1), ("new", 1)):
        Session.objects.create(session_key=key, expire_date=now + dt.timedelta(days=day))

    tidy()

    assert [session.session_key for session in Session.objects.all()] == ["new"]
