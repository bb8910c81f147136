"""Who of other networks had a request before them, and who could."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.web import factories
from tests.web.conftest import World
from tests.web.factories import TODAY
from verbund.web.directory.audiences import audiences_of, readers_by_visibility, readers_of
from verbund.web.directory.models import Request, Sighting
from verbund.web.directory.services import index_entry
from verbund.web.directory.sightings.queries import seen_by
from verbund.web.directory.sightings.services import note_sightings
from verbund.web.networks.models import DataClass, Visibility
from verbund.web.networks.rules import STRANGER, viewer_of

Place = Sighting.Place


@pytest.fixture
def wanted(world: World) -> Request:
    made = factories.request(world.member_a, "Messtechnik gesucht")
    index_entry(made)
    made.save()
    return made


def noted(request: Request) -> set[tuple[str, str, str]]:
    return {
        (row.network.slug, str(row.organisation or ""), row.place)
        for row in Sighting.objects.filter(request=request)
    }


def test_pages_searches_and_files_are_noted_of_others_only(
    world: World, wanted: Request, signed_in: Any
) -> None:
    paths = (f"/members/{world.member_a.pk}/", "/search/?q=Messtechnik", "/members/?export=csv")
    for person in (world.person_a, world.manager_a, world.person_b, world.manager_b, None):
        for path in paths:
            signed_in(person).get(path)

    b, firm = world.b.slug, world.member_b.name
    places = ("page", "search", "export")
    assert noted(wanted) == {(b, who, place) for who in ("", firm) for place in places}


def test_a_day_is_noted_once(world: World, wanted: Request, count_queries: Any) -> None:
    viewer = viewer_of(world.person_b, TODAY)

    def note() -> None:
        note_sightings([wanted], viewer=viewer, place=Place.PAGE, on=TODAY)

    first = count_queries(note)
    note()
    note_sightings([wanted], viewer=viewer, place=Place.PAGE, on=TODAY + dt.timedelta(days=1))

    assert first == 2
    assert Sighting.objects.count() == 2


def test_noting_costs_nothing_more_for_many_or_again(
    world: World, count_queries: Any, django_assert_num_queries: Any
) -> None:
    many = [factories.request(world.member_a) for _ in range(3)]
    viewer = viewer_of(world.person_b, TODAY)

    assert (
        count_queries(lambda: note_sightings(many, viewer=viewer, place=Place.PAGE, on=TODAY)) == 2
    )
    with django_assert_num_queries(0):
        note_sightings(many, viewer=viewer, place=Place.PAGE, on=TODAY)


@pytest.mark.parametrize("viewer", [STRANGER])
def test_who_is_not_signed_in_is_not_noted(world: World, wanted: Request, viewer: Any) -> None:
    note_sightings([wanted], viewer=viewer, place=Place.PAGE, on=TODAY)

    assert not Sighting.objects.exists()


def test_owner_reads_who_saw_it(world: World, wanted: Request, signed_in: Any) -> None:
    for day in (TODAY - dt.timedelta(days=3), TODAY):
        note_sightings([wanted], viewer=viewer_of(world.person_b, TODAY), place=Place.PAGE, on=day)

    page = signed_in(world.person_a).get(f"/members/{world.member_a.pk}/requests/{wanted.pk}/seen/")

    (seen,) = page.context["seen"]
    assert (seen.network, seen.who, len(seen.days)) == (world.b, world.member_b.name, 2)
    assert world.person_b.name not in page.content.decode()


@pytest.mark.parametrize("who", ["person_b", "manager_b", "manager_c", "stranger"])
def test_nobody_else_reads_it(world: World, wanted: Request, signed_in: Any, who: str) -> None:
    address = f"/members/{world.member_a.pk}/requests/{wanted.pk}/seen/"

    assert signed_in(getattr(world, who)).get(address).status_code in (403, 404)


@pytest.mark.parametrize("hidden", ["objection", "anonymous"])
def test_readers_that_may_not_be_named_are_members(
    world: World, wanted: Request, hidden: str
) -> None:
    """Else the reader of a request without a name would be known before it gave its own."""
    viewer = viewer_of(world.person_b, TODAY)
    note_sightings([wanted], viewer=viewer, place=Place.PAGE, on=TODAY)
    if hidden == "objection":
        factories.consent(world.member_b, DataClass.PROFILE, world.a, allows=False)
    else:
        wanted.is_anonymous = True
        wanted.save()

    (seen,) = seen_by(wanted, to=viewer_of(world.person_a, TODAY), on=TODAY)

    assert seen.who == "?"


def test_before_it_is_published_one_reads_exactly_who_would(world: World) -> None:
    draft = Request(organisation=world.member_a)
    audiences = audiences_of([world.a], [world.b])

    reach = {
        audience.key: [reader.extent for reader in readers]
        for audience, readers in readers_by_visibility(draft, audiences, TODAY)
    }

    assert reach == {
        "a": ["all", "all", "all"],
        "b": ["none", "all", "all"],
        "everyone": ["none", "none", "none"],  # the profile is kept from everyone
    }


def test_readers_count_the_members_and_say_why(world: World) -> None:
    factories.organisation(world.b)
    draft = Request(organisation=world.member_a, visibility=Visibility.PARTNERS, is_anonymous=True)

    home, partner, everyone = readers_of(draft, audiences_of([world.a], [world.b]), TODAY)

    assert (home.extent, home.members) == ("all", 1)
    assert (partner.extent, partner.members) == ("unnamed", 2)
    assert [why.rule and why.rule.clause.agreement for why in partner.ways] == [world.agreement]
    assert everyone.extent == "none"
