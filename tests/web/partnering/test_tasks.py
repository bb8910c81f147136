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


def _asked_for_members() -> list[list[object]]:
    rows = DBTaskResult.objects.filter(task_path__endswith="recompute_members")
    return sorted((row.args_kwargs["args"] for row in rows), key=str)


def _edited(world: World, *organisations: int) -> None:
    profile_changed.send(
        sender=None, networks=frozenset((world.a.pk,)), organisations=frozenset(organisations)
    )


def test_an_edit_asks_for_that_member_alone(world: World) -> None:
    tasks.ask_for_all()
    BackgroundRun.objects.update(state="done")
    DBTaskResult.objects.all().delete()

    _edited(world, world.member_a.pk)

    assert _asked() == []
    assert _asked_for_members() == [
        [world.a.pk, world.a.pk, [world.member_a.pk]],
        [world.a.pk, world.b.pk, [world.member_a.pk]],
    ]


@pytest.mark.parametrize("state", ["none", "waiting", "running", "failed"])
def test_an_edit_waits_for_a_full_run_that_may_have_missed_it(world: World, state: str) -> None:
    if state != "none":
        tasks.ask_for_all()
        BackgroundRun.objects.update(state=state)
    DBTaskResult.objects.all().delete()

    _edited(world, world.member_a.pk)

    assert _asked_for_members() == []
    assert len(_asked()) == (0 if state == "waiting" else 2)


def test_an_edit_of_many_is_a_full_run(world: World) -> None:
    tasks.ask_for_all()
    BackgroundRun.objects.update(state="done")
    DBTaskResult.objects.all().delete()

    _edited(world, *range(11))

    assert (len(_asked()), _asked_for_members()) == (2, [])


def test_the_task_of_members_falls_back_on_a_full_run(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> int:
        raise RuntimeError("kein Platz")

    assert tasks.recompute_members.call(world.a.pk, 999_999, [1]) == 0
    assert tasks.recompute_members.call(world.a.pk, world.b.pk, [world.member_a.pk]) == 0
    assert not BackgroundRun.objects.exists()

    monkeypatch.setattr("verbund.web.partnering.services.recompute_member", broken)
    tasks.recompute_members.call(world.a.pk, world.b.pk, [world.member_a.pk])

    assert BackgroundRun.objects.get().state == "done"
