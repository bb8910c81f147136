"""What this app puts on other pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.web import factories as base
from tests.web.conftest import World
from tests.web.factories import TODAY
from tests.web.partnering import factories
from verbund.web.core import registries
from verbund.web.networks.models import Visibility
from verbund.web.networks.rules import STRANGER, viewer_of
from verbund.web.partnering import plugs
from verbund.web.partnering.models import Introduction, Suggestion


def _tasks(person: Any) -> list[tuple[int, str, str]]:
    found = plugs.waiting_for(viewer_of(person, TODAY), TODAY)
    return [(task.count, str(task.title), str(task.reason)) for task in found]


def test_offices_are_asked_to_check_until_sharing_ends(world: World, pair: Suggestion) -> None:
    assert [task[0] for task in _tasks(world.manager_a)] == [1]
    assert _tasks(world.manager_c) == []
    assert plugs.waiting_for(STRANGER, TODAY) == []

    world.member_a.requests.update(visibility=Visibility.OWN)

    assert _tasks(world.manager_a) == []
    assert registries.navigation["suggestions"].count is not None


def test_offices_hear_of_silence_and_of_talks_without_outcome(
    world: World, asked: Introduction
) -> None:
    assert _tasks(world.manager_a) == []

    asked.asked_at -= dt.timedelta(days=20)
    asked.save()
    factories.introduction(
        (world.a, world.b),
        (world.member_a, world.member_b),
        state="met",
        met_on=TODAY - dt.timedelta(days=31),
    )

    assert [task[0] for task in _tasks(world.manager_b)] == [1, 1]


def test_a_number_leads_to_just_what_it_counts(
    world: World, asked: Introduction, signed_in: Any
) -> None:
    asked.asked_at -= dt.timedelta(days=20)
    asked.save()
    viewer = viewer_of(world.manager_a, TODAY)
    (alone,) = plugs.waiting_for(viewer, TODAY)
    assert alone.url == asked.get_absolute_url()

    pair = (world.a, world.b), (world.member_a, world.member_b)
    long_ago = asked.asked_at - dt.timedelta(days=1)
    second = factories.introduction(*pair, asked_at=long_ago)
    fresh = factories.introduction(*pair)
    (several,) = plugs.waiting_for(viewer, TODAY)
    page = signed_in(world.manager_a).get(several.url)

    assert several.count == 2
    assert set(page.context["page"]) == {asked, second}
    assert fresh.state == "asked"


def test_the_queue_says_what_it_consists_of(world: World, pair: Suggestion) -> None:
    assert _tasks(world.manager_a) == [(1, "check a suggestion", "1 is new this week.")]

    own = base.organisation(world.a)
    base.request(own)
    factories.suggestion((world.a, world.a), (world.member_a, own), left_wish="interested")

    ((count, _title, reason),) = _tasks(world.manager_a)
    assert (count, reason) == (
        2,
        "1 with members of partner networks, 1 within your own network."
        " A member wants one of them.",
    )


def test_members_are_asked_for_answers_and_shown_new_suggestions(
    world: World, asked: Introduction
) -> None:
    assert [task[0] for task in _tasks(world.person_a)] == [1]

    asked.left_answer = "yes"
    asked.save()
    Suggestion.objects.update(state="open")

    assert [task[0] for task in _tasks(world.person_a)] == [1]
    assert plugs.waiting_for(viewer_of(world.person_a, TODAY), TODAY)[0].url == "/suggestions/own/"


def test_the_search_finds_only_ones_own(world: World, asked: Introduction) -> None:
    def found(person: Any) -> tuple[int, list[str]]:
        viewer = viewer_of(person, TODAY)
        count, hits = plugs.find_introductions(viewer, "beta freiform", TODAY, 5)
        return count, [hit.title for hit in hits]

    assert found(world.person_a) == (1, ["Freiformoptik"])
    assert found(world.manager_c) == (0, [])


def test_an_organisations_page_lists_the_introductions_one_may_see(
    world: World, asked: Introduction
) -> None:
    def rows(person: Any) -> list[str]:
        viewer = viewer_of(person, TODAY)
        panels = plugs.introductions_of(viewer, world.member_a.pk, TODAY)
        return [row for panel in panels for row in panel.rows]

    assert len(rows(world.manager_b)) == 1
    assert "Beta Optik GmbH" in rows(world.person_a)[0]
    assert rows(world.manager_c) == []
    assert plugs.introductions_of(STRANGER, world.member_a.pk, TODAY) == []


def test_hindsight_has_an_entry_once_there_is_one(world: World) -> None:
    from verbund.web.partnering.models import Hindsight

    shown_to = registries.navigation["found"].shown_to
    assert not shown_to(viewer_of(world.person_a, TODAY))
    Hindsight.objects.create(left_network=world.a, right_network=world.b, before=TODAY, until=TODAY)

    assert shown_to(viewer_of(world.person_a, TODAY))
    assert not shown_to(viewer_of(world.manager_c, TODAY))
    assert not shown_to(STRANGER)
