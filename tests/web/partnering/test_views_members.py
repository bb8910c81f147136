"""A member's own suggestions."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.web import factories as base
from tests.web.conftest import World
from tests.web.partnering import factories
from verbund.web.partnering.models import Suggestion


def _page(pair: Suggestion) -> str:
    return reverse("organisation_suggestions", args=[pair.left_id])


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("person_a", 200),
        ("manager_a", 200),
        ("person_b", 404),
        ("manager_b", 404),
        ("manager_c", 404),
        ("stranger", 404),
        (None, 302),
    ],
)
def test_other_members_suggestions_are_nobodys_business(
    world: World, pair: Suggestion, signed_in: Any, text_of: Any, person: str, status: int
) -> None:
    page = signed_in(getattr(world, person) if person else None).get(_page(pair))

    assert page.status_code == status
    assert ("Angebot von Beta" in text_of(page)) == (status == 200)


def test_a_colleague_of_the_same_network_sees_nothing(
    world: World, pair: Suggestion, signed_in: Any
) -> None:
    colleague = factories.reachable(base.organisation(world.a), "colleague@example.org")

    assert signed_in(colleague).get(_page(pair)).status_code == 404


def test_a_member_is_led_to_its_own_page_and_sees_what_it_would_gain(
    world: World, pair: Suggestion, signed_in: Any, text_of: Any
) -> None:
    seeker = signed_in(world.person_a).get(reverse("own_suggestions"), follow=True)
    answerer = signed_in(world.person_b).get(reverse("own_suggestions"), follow=True)

    assert "An answer to what you are looking for." in text_of(seeker)
    assert "Somebody who needs what you offer." in text_of(answerer)
    assert signed_in(world.manager_a).get(reverse("own_suggestions")).status_code == 404


def test_no_more_than_five_and_only_what_is_open(
    world: World, pair: Suggestion, signed_in: Any
) -> None:
    for number in range(6):
        factories.suggestion(
            (world.a, world.b),
            (world.member_a, base.organisation(world.b)),
            score=2 + number,
            state="rejected" if number == 5 else "open",
        )

    rows = signed_in(world.person_a).get(_page(pair)).context["rows"]

    assert [row["suggestion"].score for row in rows] == [6.0, 5.0, 4.0, 3.0, 2.0]


def test_interest_is_one_click_and_can_be_undone(
    world: World, pair: Suggestion, signed_in: Any, text_of: Any
) -> None:
    client = signed_in(world.person_a)
    url = reverse("suggestion_wish", args=[pair.pk])

    page = client.post(url, {"side": "left", "wish": "interested"}, follow=True)

    undo = reverse("suggestion_unwish", args=[pair.pk, "left"])
    assert undo in text_of(page)
    pair.refresh_from_db()
    assert (pair.left_wish, pair.right_wish) == ("interested", "")
    client.post(undo)
    pair.refresh_from_db()
    assert pair.left_wish == ""


def test_a_no_is_respected(world: World, pair: Suggestion, signed_in: Any, text_of: Any) -> None:
    client = signed_in(world.person_a)

    page = client.post(
        reverse("suggestion_wish", args=[pair.pk]), {"side": "left", "wish": "refused"}, follow=True
    )

    assert page.context["rows"] == []
    office = text_of(signed_in(world.manager_b).get("/suggestions/?show=rejected"))
    assert "One of the two members does not want this introduction." in office
    assert "Person A" not in office


@pytest.mark.parametrize("person", ["person_b", "manager_a", "manager_c", "stranger"])
def test_nobody_speaks_for_another(
    world: World, pair: Suggestion, signed_in: Any, person: str
) -> None:
    answer = signed_in(getattr(world, person)).post(
        reverse("suggestion_wish", args=[pair.pk]), {"side": "left", "wish": "refused"}
    )

    assert answer.status_code == 404
    pair.refresh_from_db()
    assert (pair.state, pair.left_wish) == ("open", "")


@pytest.mark.parametrize("data", [{}, {"side": "up", "wish": "interested"}, {"side": "left"}])
def test_half_a_word_is_not_found(
    world: World, pair: Suggestion, signed_in: Any, data: dict[str, str]
) -> None:
    data = {"wish": "nonsense"} | data
    answer = signed_in(world.person_a).post(reverse("suggestion_wish", args=[pair.pk]), data)

    assert answer.status_code == 404
