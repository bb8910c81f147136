"""Recomputing follows changes, once for many of them."""

from __future__ import annotations

import pytest
from django_tasks_db.models import DBTaskResult

from tests.web.conftest import World
from verbund.web.agreements.signals import sharing_changed
from verbund.web.core.models import BackgroundRun
from verbund.web.core.registries import jobs
from verbund.web.directory.signals import profile_changed
from verbund.web.partnering import tasks


def _asked() -> list[list[int]]:
    rows = DBTaskResult.objects.filter(task_path__endswith="recompute_pair").order_by("enqueued_at")
    return sorted(row.args_kwargs["args"] for row in rows)


@pytest.mark.parametrize("signal", [profile_changed, sharing_changed])
def test_a_change_asks_for_all_pairs_of_the_network_once(world: World, signal: object) -> None:
    for _time in range(3):
        signal.send(sender=None, networks=frozenset((world.a.pk,)))  # type: ignore[attr-defined]

    assert _asked() == sorted([[world.a.pk, world.a.pk], [world.a.pk, world.b.pk]])
    assert set(BackgroundRun.objects.values_list("state", flat=True)) == {"waiting"}


def test_a_run_under_way_does_not_hide_a_new_change(world: World) -> None:
    tasks.ask_for_networks({world.c.pk})
    BackgroundRun.objects.update(state="running")

    tasks.ask_for_networks({world.c.pk})

    assert len(_asked()) == 2


def test_the_task_computes_and_ignores_networks_that_are_gone(world: World) -> None:
    assert tasks.recompute_pair.call(world.a.pk, world.b.pk) == 0
    assert BackgroundRun.objects.get().state == "done"
    assert tasks.recompute_pair.call(world.a.pk, 999_999) == 0
    assert BackgroundRun.objects.count() == 1


def test_once_a_day_everything_is_looked_at(world: World) -> None:
    jobs["suggestions"].run()

    assert len(_asked()) == 4
