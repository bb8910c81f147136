"""What the directory brings to menu, "today" and search."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.web import factories
from tests.web.conftest import World
from tests.web.directory.cast import member, offer, request
from verbund.web.core import registries
from verbund.web.directory.models import Profile
from verbund.web.directory.plugs import profile_tasks
from verbund.web.networks.models import Visibility
from verbund.web.networks.rules import STRANGER, viewer_of

TODAY = factories.TODAY


def found(kind: str, viewer: Any, text: str) -> tuple[int, list[str]]:
    number, hits = registries.searches[kind].find(viewer, text, TODAY, 10)
    return number, [hit.title for hit in hits]


def test_members_stand_in_everyones_menu(world: World, signed_in: Any) -> None:
    for person in (None, world.person_a, world.manager_a):
        assert 'href="/members/"' in signed_in(person).get("/members/").content.decode()


@pytest.mark.parametrize("kind", ["organisations", "offers", "requests"])
def test_search_finds_what_the_viewer_may_see(world: World, kind: str) -> None:
    for text, visibility in (("Spiegel offen", "partners"), ("Spiegel geheim", "own")):
        holder = member(world.b, name=text, visibility=visibility)
        offer(holder, text, visibility=visibility)
        request(holder, text, visibility=visibility)
    public = member(world.b, name="Spiegel für alle", visibility=Visibility.PUBLIC)
    offer(public, "Spiegel für alle", visibility=Visibility.PUBLIC)
    request(public, "Spiegel für alle", visibility=Visibility.PUBLIC)

    seen = {
        name: found(kind, viewer, "spiegel")
        for name, viewer in (
            ("b", viewer_of(world.person_b, TODAY)),
            ("a", viewer_of(world.person_a, TODAY)),
            ("c", viewer_of(world.manager_c, TODAY)),
            ("nobody", STRANGER),
        )
    }

    assert seen == {
        "b": (3, ["Spiegel für alle", "Spiegel geheim", "Spiegel offen"]),
        "a": (2, ["Spiegel für alle", "Spiegel offen"]),
        "c": (1, ["Spiegel für alle"]),
        "nobody": (1, ["Spiegel für alle"]),
    }
    assert found(kind, STRANGER, "") == (0, [])


def test_search_speaks_both_languages(world: World) -> None:
    offer(world.member_b, "Prüfung von Scheinwerfern")

    assert found("offers", viewer_of(world.person_a, TODAY), "headlamp") == (
        1,
        ["Prüfung von Scheinwerfern"],
    )


def test_the_office_is_told_of_unconfirmed_profiles(world: World, signed_in: Any) -> None:
    old, fresh = member(world.a), member(world.a)
    Profile.objects.filter(organisation=old).update(confirmed_on=TODAY - dt.timedelta(days=400))
    Profile.objects.filter(organisation=fresh).update(confirmed_on=TODAY - dt.timedelta(days=300))

    (task,) = profile_tasks(viewer_of(world.manager_a, TODAY), TODAY)

    assert (task.count, task.url) == (2, "/members/confirming/")
    response = signed_in(world.manager_a).get(task.url)
    assert response.context["page"].paginator.count == 2
    assert profile_tasks(viewer_of(world.stranger, TODAY), TODAY) == []


def test_a_representative_is_asked_to_confirm_and_to_say_what_is_looked_for(
    world: World, signed_in: Any
) -> None:
    viewer, pk = viewer_of(world.person_a, TODAY), world.member_a.pk

    assert [task.url for task in profile_tasks(viewer, TODAY)] == [
        f"/members/{pk}/",
        f"/members/{pk}/requests/new/",
    ]
    Profile.objects.filter(organisation=pk).update(confirmed_on=TODAY)
    request(world.member_a, "Prüfstand")
    assert profile_tasks(viewer, TODAY) == []
    half_a_year_ago = TODAY - dt.timedelta(days=184)
    Profile.objects.filter(organisation=pk).update(confirmed_on=half_a_year_ago, asked_on=TODAY)
    assert [task.url for task in profile_tasks(viewer, TODAY)] == [f"/members/{pk}/"]
