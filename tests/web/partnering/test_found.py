"""The look back: what is stored, and who reads which names."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.web.conftest import World
from verbund.matching.evaluate import Hindsight as LookBack
from verbund.matching.result import Explanation
from verbund.matching.result import Introduction as Found
from verbund.records.history import JointProject
from verbund.records.organisation import Organisation as Record
from verbund.web.networks.models import Visibility
from verbund.web.partnering.models import Hindsight
from verbund.web.partnering.services import store_hindsight

DAY, END = dt.date(2024, 1, 1), dt.date(2026, 7, 1)


@pytest.fixture
def looked_back(world: World) -> Hindsight:
    left, right = (Record(id=str(o.pk), name=o.name) for o in (world.member_a, world.member_b))
    found = Found(7, left, right, Explanation((), None, (), {}))
    project = JointProject("1", "LUMEN", "Light for cars", start=dt.date(2024, 5, 1))
    look = LookBack(((found, project),), 100, 1, 5000, 20, DAY, END)
    store_hindsight(world.a, world.b, look, DAY, END)
    return store_hindsight(world.a, world.b, look, DAY, END)


def test_figures_and_pairs_are_stored_once(world: World, looked_back: Hindsight) -> None:
    assert Hindsight.objects.get().result == {
        "introduced": 100,
        "came_true": 1,
        "by_popularity": 1,
        "by_chance": 0.4,
        "possible": 5000,
        "happened": 20,
        "pairs": [
            {
                "rank": 7,
                "left": world.member_a.pk,
                "right": world.member_b.pk,
                "project": "LUMEN",
                "title": "Light for cars",
                "start": "2024-05-01",
            }
        ],
    }


@pytest.mark.parametrize(
    ("person", "status"),
    [("manager_a", 200), ("person_b", 200), ("manager_c", 404), ("stranger", 404), (None, 302)],
)
def test_the_page_is_for_the_two_networks(
    world: World, looked_back: Hindsight, signed_in: Any, text_of: Any, person: str, status: int
) -> None:
    page = signed_in(getattr(world, person) if person else None).get("/found/")

    assert page.status_code == status
    assert ("LUMEN" in text_of(page)) == (status == 200)


def test_a_pair_with_a_hidden_side_is_not_named(
    world: World, looked_back: Hindsight, signed_in: Any, text_of: Any
) -> None:
    type(world.member_b).objects.filter(pk=world.member_b.pk).update(visibility=Visibility.OWN)

    page = text_of(signed_in(world.manager_a).get("/found/"))

    assert "Beta Optik" not in page
    assert "LUMEN" not in page


def test_without_a_look_back_there_is_no_page(world: World, signed_in: Any) -> None:
    assert signed_in(world.manager_a).get("/found/").status_code == 404
