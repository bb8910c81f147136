from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.web import factories
from tests.web.conftest import World
from tests.web.factories import TODAY
from verbund.web.directory.duplicates import queries, services
from verbund.web.directory.models import DistinctPair, Merge, MergeProposal
from verbund.web.networks.models import Membership, Organisation, Role, Visibility
from verbund.web.networks.rules import viewer_of

pytestmark = pytest.mark.django_db
LIST = "/duplicates/"


@pytest.fixture
def own(world: World) -> tuple[Organisation, Organisation]:
    """Two records of one firm among A's members."""
    return (
        factories.organisation(world.a, name="Zett Optik GmbH", city="Jena"),
        factories.organisation(world.a, name="Zett-Optik", city="Jena"),
    )


@pytest.fixture
def shared(world: World) -> tuple[Organisation, Organisation]:
    """One firm that A and B hold as two records, each shown to the other by their agreement."""
    return (
        factories.organisation(world.a, name="Yps Laser GmbH", city="Gera"),
        factories.organisation(world.b, name="Yps-Laser", city="Gera"),
    )


def page(pair: tuple[Organisation, Organisation]) -> str:
    return reverse("duplicate", args=[pair[0].pk, pair[1].pk])


def names(world: World, who: str) -> list[tuple[str, str]]:
    viewer = viewer_of(getattr(world, who), TODAY)
    return [(one.left.name, one.right.name) for one in queries.twins_of(viewer, TODAY)]


def test_list_shows_pairs_with_reasons(
    world: World, own: tuple[Organisation, Organisation], signed_in: Any
) -> None:
    body = signed_in(world.manager_a).get(LIST).content.decode()

    assert "Zett Optik GmbH" in body
    assert "The same town: Jena." in body


@pytest.mark.parametrize("who", ["manager_b", "manager_c"])
def test_others_are_shown_nothing_of_it(
    world: World, own: tuple[Organisation, Organisation], signed_in: Any, who: str
) -> None:
    client = signed_in(getattr(world, who))

    assert "Zett" not in client.get(LIST).content.decode()
    assert client.get(page(own)).status_code == 404
    assert client.post(page(own)).status_code == 404


@pytest.mark.parametrize("who", ["stranger", "person_a", None])
def test_pages_are_for_offices(
    world: World, own: tuple[Organisation, Organisation], signed_in: Any, who: str | None
) -> None:
    client = signed_in(getattr(world, who) if who else None)
    expected = 404 if who else 302

    assert [client.get(url).status_code for url in (LIST, page(own))] == [expected] * 2
    assert Organisation.objects.filter(pk=own[1].pk).exists()


def test_reader_decides_nothing(
    world: World, own: tuple[Organisation, Organisation], signed_in: Any
) -> None:
    reader = factories.user()
    Role.objects.create(user=reader, kind=Role.Kind.READER, network=world.a)

    assert signed_in(reader).get(LIST).status_code == 404
    assert signed_in(reader).post(page(own)).status_code == 404


def test_an_office_does_not_learn_what_another_network_holds(
    world: World, shared: tuple[Organisation, Organisation]
) -> None:
    """C holds the firm, too, but agrees with nobody; nor is a record proposed that is hidden."""
    factories.organisation(world.c, name="Yps Laser GmbH", city="Gera")

    assert names(world, "manager_a") == [("Yps Laser GmbH", "Yps-Laser")]
    assert names(world, "manager_c") == []
    Organisation.objects.filter(pk=shared[1].pk).update(visibility=Visibility.OWN)
    assert names(world, "manager_a") == []
    assert names(world, "manager_b") == []  # A could not be asked about what it does not see


def test_a_record_of_a_network_out_of_sight_is_not_asked_about(
    world: World, shared: tuple[Organisation, Organisation]
) -> None:
    Membership.objects.create(network=world.c, organisation=shared[1])

    assert names(world, "manager_a") == []


def test_merging_leads_from_the_old_address(
    world: World, own: tuple[Organisation, Organisation], signed_in: Any
) -> None:
    kept, merged = own
    client = signed_in(world.manager_a)
    first, again = (client.post(page(own), {"name": "right"}) for _ in range(2))
    kept.refresh_from_db()
    old = reverse("organisation", args=[merged.pk])

    assert (first.status_code, again.status_code, kept.name) == (302, 302, "Zett-Optik")
    assert Merge.objects.count() == 1
    assert client.get(old)["Location"] == kept.get_absolute_url()
    assert signed_in(world.manager_c).get(old).status_code == 404


def test_page_says_what_moves(
    world: World, own: tuple[Organisation, Organisation], signed_in: Any
) -> None:
    factories.offer(own[1])
    factories.contact(own[1])
    body = signed_in(world.manager_a).get(page(own)).content.decode()

    assert [what for what in ("1 membership", "1 contact person", "1 offer") if what in body] == [
        "1 membership",
        "1 contact person",
        "1 offer",
    ]


def test_undo_asks_about_later_edits_and_then_parts(
    world: World, own: tuple[Organisation, Organisation], signed_in: Any
) -> None:
    done = services.merge(*own, from_merged=[], by=world.manager_a, on=TODAY)
    new = factories.offer(own[0], "Ganz neu")
    client, address = signed_in(world.manager_a), reverse("merge_undo", args=[done.pk])
    asked = client.post(address)
    assert "Ganz neu" in asked.content.decode()
    client.post(address, {"sure": "yes", "to_restored": f"directory.offer:{new.pk}"})
    new.refresh_from_db()

    assert new.organisation == own[1]
    assert client.post(address, {"sure": "yes"})["Location"] == LIST
    assert signed_in(world.manager_b).get(address).status_code == 404


def test_two_are_remembered_until_looked_at_again(
    world: World, own: tuple[Organisation, Organisation], signed_in: Any
) -> None:
    client = signed_in(world.manager_a)
    for _ in range(2):
        client.post(reverse("duplicate_distinct", args=[own[1].pk, own[0].pk]))
    pair = DistinctPair.objects.get()
    assert names(world, "manager_a") == []
    assert signed_in(world.manager_b).post(
        reverse("duplicate_again", args=[pair.pk])
    ).status_code in (302, 404)
    assert DistinctPair.objects.exists()
    client.post(reverse("duplicate_again", args=[pair.pk]))

    assert names(world, "manager_a") == [("Zett Optik GmbH", "Zett-Optik")]


def test_across_networks_the_other_office_is_asked(
    world: World, shared: tuple[Organisation, Organisation], signed_in: Any
) -> None:
    client = signed_in(world.manager_a)
    for _ in range(2):
        client.post(page(shared))
    proposal = MergeProposal.objects.get()
    address = reverse("merge_answer", args=[proposal.pk])

    assert Organisation.objects.filter(pk=shared[1].pk).exists()
    assert "Yps-Laser" in signed_in(world.manager_b).get(LIST).content.decode()
    assert signed_in(world.manager_c).post(address, {"answer": "yes"}).status_code == 404
    assert client.post(address, {"answer": "yes"}).status_code == 302  # the own yes counts already
    assert Organisation.objects.filter(pk=shared[1].pk).exists()
    signed_in(world.manager_b).post(address, {"answer": "yes"})
    kept = Organisation.objects.get(pk=shared[0].pk)
    assert {m.network for m in kept.memberships.all()} == {world.a, world.b}


def test_proposal_is_withdrawn_by_its_office_alone(
    world: World, shared: tuple[Organisation, Organisation], signed_in: Any
) -> None:
    signed_in(world.manager_a).post(page(shared))
    address = reverse("merge_withdraw", args=[MergeProposal.objects.get().pk])

    assert signed_in(world.manager_b).post(address).status_code == 404
    signed_in(world.manager_a).post(address)
    assert queries.proposals_to_answer(viewer_of(world.manager_b, TODAY), TODAY) == []


@pytest.mark.parametrize("query", ["?page=x", "?page=99", "?export=exe"])
def test_nonsense_is_ignored(world: World, signed_in: Any, query: str) -> None:
    assert signed_in(world.manager_a).get(LIST + query).status_code == 200


def test_list_is_a_file_too(
    world: World, own: tuple[Organisation, Organisation], signed_in: Any
) -> None:
    answer = signed_in(world.manager_a).get(LIST + "?export=csv")

    assert "Zett-Optik" in answer.content.decode("utf-8-sig")


def test_queries_do_not_grow_with_the_pairs(
    world: World, own: tuple[Organisation, Organisation], signed_in: Any, count_queries: Any
) -> None:
    client = signed_in(world.manager_a)
    one = count_queries(lambda: client.get(LIST))
    for name in ("Ixus Guss", "Wega Licht"):
        factories.organisation(world.a, name=f"{name} GmbH", city="Ulm")
        factories.organisation(world.a, name=name, city="Ulm")

    assert count_queries(lambda: client.get(LIST)) == one
