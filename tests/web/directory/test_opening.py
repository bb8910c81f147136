"""Offers and requests of many members opened at once, shown before and taken back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.web import factories
from tests.web.conftest import World
from tests.web.directory.member_lists.files import as_csv
from tests.web.directory.member_lists.test_views import imported, text_of
from verbund.web.core.services import record
from verbund.web.directory.models import Offer, Request
from verbund.web.networks.models import Visibility

OWN, PARTNERS = Visibility.OWN, Visibility.PARTNERS
PAGE = "/members/visibility/a/"


@pytest.fixture
def office(world: World, signed_in: Any) -> Client:
    client: Client = signed_in(world.manager_a)
    return client


def seen_by() -> dict[str, str]:
    rows = [*Offer.objects.all(), *Request.objects.all()]
    return {row.text_de: row.visibility for row in rows}


def test_shows_how_many_and_for_whom_before(world: World, office: Client) -> None:
    factories.offer(world.member_a, "Pressen", visibility=OWN)
    factories.request(world.member_a, "Lichtleiter", visibility=OWN)
    factories.offer(world.member_b, "Fremd", visibility=OWN)

    text = text_of(office.get(PAGE))

    assert "1 offers 1 requests 1 members" in text
    assert "Netz B" in text
    assert "Fremd" not in text
    assert seen_by() == {"Pressen": "own", "Lichtleiter": "own", "Fremd": "own"}


def test_opens_own_members_only_and_takes_it_back(world: World, office: Client) -> None:
    factories.offer(world.member_a, "Pressen", visibility=OWN)
    factories.request(world.member_a, "Lichtleiter", visibility=OWN)
    factories.offer(world.member_b, "Fremd", visibility=OWN)

    page = office.post(PAGE, {"visibility": "partners"}, follow=True)

    assert "2 offers and requests of 1 members may now be seen by: partner networks." in (
        page.content.decode()
    )
    assert f"{PAGE}undo/" in page.content.decode()
    assert seen_by() == {"Pressen": "partners", "Lichtleiter": "partners", "Fremd": "own"}
    Offer.objects.filter(text_de="Pressen").update(visibility="public")
    office.post(f"{PAGE}undo/")
    assert seen_by() == {"Pressen": "public", "Lichtleiter": "own", "Fremd": "own"}
    assert office.post(f"{PAGE}undo/").status_code == 404


def test_what_members_decided_themselves_is_left_unless_chosen(
    world: World, office: Client
) -> None:
    factories.offer(world.member_a, "Pressen", visibility=OWN)
    theirs = factories.offer(world.member_a, "Geheim", visibility=OWN)
    record(world.person_a, "update", theirs)

    text = text_of(office.get(PAGE))
    office.post(PAGE, {"visibility": "partners"})
    first = seen_by()
    office.post(PAGE, {"visibility": "partners", "everything": "1"})

    assert "Also 1 that a member wrote or changed itself" in text
    assert first == {"Pressen": "partners", "Geheim": "own"}
    assert seen_by() == {"Pressen": "partners", "Geheim": "partners"}


def test_after_an_import_only_what_it_brought(world: World, office: Client) -> None:
    factories.offer(world.member_a, "Alt", visibility=OWN)
    run = imported(
        office,
        world.a,
        as_csv(";Alpha Karosserie GmbH;;Zwickau;Neu;", ";Neuling AG;;Suhl;Auch neu;"),
    )
    office.post(f"/import/{run.pk}/take-over/")
    assert f"{PAGE}?import={run.pk}" in office.get(f"/import/{run.pk}/").content.decode()

    office.post(f"{PAGE}?import={run.pk}", {"visibility": "partners"})

    assert seen_by() == {"Alt": "own", "Neu": "partners", "Auch neu": "partners"}


@pytest.mark.parametrize("query", ["?import=x", "?import=999999", "?visibility=nonsense"])
def test_nonsense_in_the_address_is_ignored(world: World, office: Client, query: str) -> None:
    assert office.get(PAGE + query).status_code == 200


def test_only_the_networks_manager_may(world: World, signed_in: Any) -> None:
    factories.offer(world.member_a, "Pressen", visibility=OWN)
    for person in (world.manager_b, world.person_a, world.stranger):
        client = signed_in(person)
        assert client.get(PAGE).status_code == 404
        assert client.post(PAGE, {"visibility": "public"}).status_code == 404
    assert seen_by() == {"Pressen": "own"}
