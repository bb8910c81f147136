"""Long lists are taken over beside the web process: progress is shown, and can be stopped."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django_tasks_db.models import DBTaskResult

from tests.web import factories
from tests.web.conftest import World
from tests.web.directory.member_lists.files import as_csv
from tests.web.directory.member_lists.states import everything
from tests.web.directory.member_lists.test_two_at_once import seen_on
from tests.web.directory.member_lists.test_views import imported, text_of
from verbund.web.core.models import BackgroundRun
from verbund.web.core.services import record
from verbund.web.directory.laying import lay
from verbund.web.directory.member_lists import services, tasks
from verbund.web.directory.models import Figures, ImportRun
from verbund.web.directory.services import lists
from verbund.web.networks.models import Organisation
from verbund.web.networks.rules import viewer_of

READ, TAKEN = ImportRun.State.READ, ImportRun.State.TAKEN


@pytest.fixture
def office(world: World, signed_in: Any, monkeypatch: Any) -> Client:
    monkeypatch.setattr(tasks, "LONG", 1)
    monkeypatch.setattr(lists, "_NOTED", 1)
    client: Client = signed_in(world.manager_a)
    return client


@pytest.fixture
def run(world: World, office: Client) -> ImportRun:
    factories.figures(world.member_a, employees=100)
    lines = [";Alpha Karosserie GmbH;110;Zwickau;;", *(f";Neu {n}werk AG;7;;;" for n in range(4))]
    return imported(office, world.a, as_csv(*lines))


def begin(office: Client, run: ImportRun) -> tuple[int, int, str]:
    """Ask for the take-over; return what the worker is told."""
    page = office.get(f"/import/{run.pk}/")
    office.post(f"/import/{run.pk}/take-over/", {"seen": seen_on(page)})
    (asked,) = DBTaskResult.objects.filter(task_path__endswith="take_over_list")
    return tuple(asked.args_kwargs["args"])


def test_long_list_shows_how_far_it_is_and_then_what_it_did(office: Client, run: ImportRun) -> None:
    told = begin(office, run)
    office.post(f"/import/{run.pk}/take-over/")  # a second click asks for nothing more
    waiting = text_of(office.get(f"/import/{run.pk}/"))
    BackgroundRun.objects.update(state="running", share_done=0.5)
    part = office.get(f"/import/{run.pk}/working/")
    tasks.take_over_list.call(*told)
    done = office.get(f"/import/{run.pk}/working/")

    assert "The list is being taken over" in waiting
    assert "Comparing and working out: 50 %" in part.content.decode()
    assert done["HX-Redirect"] == f"/import/{run.pk}/"
    run.refresh_from_db()
    assert (run.state, run.result["new"], run.result["changed"]) == (TAKEN, 4, 1)
    assert "Member list taken over" in text_of(office.get(f"/import/{run.pk}/"))


def test_stopped_in_the_middle_nothing_is_written(
    office: Client, run: ImportRun, monkeypatch: Any
) -> None:
    told, before = begin(office, run), everything()
    laid: list[object] = []

    def lay_and_stop(*args: Any, **more: Any) -> Any:
        laid.append(args)
        if len(laid) == 3:
            page = office.post(f"/import/{run.pk}/stop/", follow=True)
            assert "Stopped. Nothing was taken over" in page.content.decode()
        return lay(*args, **more)

    monkeypatch.setattr(lists, "lay", lay_and_stop)
    tasks.take_over_list.call(*told)

    run.refresh_from_db()
    assert (run.state, everything(), BackgroundRun.objects.count()) == (READ, before, 0)
    assert len(laid) < 5


def test_stopped_while_it_waits_it_never_begins(office: Client, run: ImportRun) -> None:
    told = begin(office, run)
    office.post(f"/import/{run.pk}/stop/")
    tasks.take_over_list.call(*told)

    run.refresh_from_db()
    assert run.state == READ


def test_changes_meanwhile_are_shown_before_anything_is_written(
    world: World, office: Client, run: ImportRun
) -> None:
    told = begin(office, run)
    Figures.objects.update(employees=105)
    tasks.take_over_list.call(*told)

    page = text_of(office.get(f"/import/{run.pk}/?show=changed"))
    assert "members changed since you looked at them" in page
    assert "employees 105 becomes 110" in page
    assert not Organisation.objects.filter(name="Neu 1werk AG").exists()


def test_somebody_else_writing_in_between_is_not_overwritten(
    world: World, office: Client, run: ImportRun, monkeypatch: Any
) -> None:
    """What was worked out before the lock is worked out again once others have written."""
    asked = services._locked

    def write_first(locked: ImportRun) -> ImportRun:
        Organisation.objects.filter(pk=world.member_a.pk).update(website="https://neu.example")
        record(world.person_a, "update", world.member_a)
        return asked(locked)

    monkeypatch.setattr(services, "_locked", write_first)
    run = services.take_over(
        ImportRun.objects.get(pk=run.pk),
        by=world.manager_a,
        viewer=viewer_of(world.manager_a, factories.TODAY),
        on=factories.TODAY,
    )

    world.member_a.refresh_from_db()
    assert (run.state, world.member_a.website) == (TAKEN, "https://neu.example")
