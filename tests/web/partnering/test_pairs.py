"""Why, and why not: for any pair, from what both sides show each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from tests.web import factories as base
from tests.web.conftest import World
from tests.web.factories import TODAY
from verbund.web.directory.models import Sighting
from verbund.web.networks.models import Membership, Network, Organisation, Visibility
from verbund.web.partnering import matchers
from verbund.web.partnering.models import Suggestion
from verbund.web.partnering.services import recompute

SEEKS = "Freiformoptik für Ambientelicht im Innenraum, ab 500 Stück"
OFFERS = "Freiformoptiken aus Kunststoff für Innenraumlicht, bis 2000 Stück"


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for module in ("views.pairs", "views.suggestions", "views.members"):
        monkeypatch.setattr(f"verbund.web.partnering.{module}.today", lambda: TODAY)
    matchers.forget_matchers()
    yield
    matchers.forget_matchers()


@pytest.fixture
def fitting(world: World) -> World:
    base.request(world.member_a, SEEKS)
    base.offer(world.member_b, OFFERS)
    recompute(world.a, world.b, TODAY)
    return world


def _address(one: Organisation, other: Organisation, *networks: Network) -> str:
    pair = f"&pair={networks[0].pk}-{networks[1].pk}" if networks else ""
    return f"{reverse('suggestions_why')}?left={one.pk}&right={other.pk}{pair}"


def test_a_pair_on_the_list_is_explained_in_words_and_figures(
    fitting: World, signed_in: Any, text_of: Any
) -> None:
    world = fitting
    page = text_of(signed_in(world.manager_b).get(_address(world.member_a, world.member_b)))

    assert "It is on the list to be checked." in page
    assert SEEKS in page
    assert OFFERS in page
    assert "For Alpha Karosserie GmbH, Beta Optik GmbH is in place 1 of 1." in page
    assert "Speaks for it, the most first: Offer meets request" in page
    figures = [
        float(n.replace("−", "-")) for n in re.findall(r'<td class="r">(?:<b>)?(.?\d\.\d\d)', page)
    ]
    assert sum(figures[:-1]) == pytest.approx(figures[-1], abs=0.03)
    assert Suggestion.objects.get().get_absolute_url() in page
    assert Sighting.objects.get().request.text_de == SEEKS


def test_the_other_way_round_in_the_address_is_the_same_pair(
    fitting: World, signed_in: Any, text_of: Any
) -> None:
    page = signed_in(fitting.manager_a).get(_address(fitting.member_b, fitting.member_a))

    assert "It is on the list to be checked." in text_of(page)


def test_a_pair_that_is_not_on_the_list_is_told_why(
    fitting: World, signed_in: Any, text_of: Any
) -> None:
    world = fitting
    other = base.organisation(world.b, name="Bäckerei Krume GmbH")
    both = base.organisation(world.b, name="Hier und Dort GmbH")
    Membership.objects.create(network=world.a, organisation=both)
    browser = signed_in(world.manager_a)

    def said(one: Organisation, partner: Organisation) -> str:
        return str(text_of(browser.get(_address(one, partner, world.a, world.b))))

    assert "place 2 of 3" in said(world.member_a, other) or "place 3 of 3" in said(
        world.member_a, other
    )
    assert "It is on the list" not in said(world.member_a, other)
    assert "belongs to both networks" in said(world.member_a, both)
    Suggestion.objects.update(state="rejected", reject_reason="size", decided_by=world.manager_b)
    assert "Manager B rejected this" in said(world.member_a, world.member_b)


def test_inside_one_network_the_order_does_not_matter(
    world: World, signed_in: Any, text_of: Any
) -> None:
    other = base.organisation(world.c, name="Delta Optik GmbH")
    base.request(world.member_c, SEEKS, visibility=Visibility.OWN)
    base.offer(other, OFFERS, visibility=Visibility.OWN)
    browser = signed_in(world.manager_c)

    for one, partner in ((world.member_c, other), (other, world.member_c)):
        page = text_of(browser.get(_address(one, partner)))
        assert "Speaks for it, the most first: Offer meets request" in page
        assert "in both" not in page
    alone = text_of(browser.get(_address(other, other)))
    assert "What it is made of" not in alone


@pytest.mark.parametrize("change", ["offer own", "firm closed"])
def test_nothing_hidden_is_named_quoted_or_counted(
    fitting: World, signed_in: Any, text_of: Any, change: str
) -> None:
    """What both sides may see of each other counts, even to the office whose member it is."""
    world, secret = fitting, "Geheime Freiformoptik für Innenraumlicht"
    hidden = base.organisation(world.b, name="Verschlossen GmbH")
    entry = base.offer(hidden, secret)
    address = _address(world.member_a, hidden, world.a, world.b)
    browser = signed_in(world.manager_a)
    assert secret in text_of(browser.get(address))  # it is in the matcher in memory now

    if change == "offer own":
        type(entry).objects.filter(pk=entry.pk).update(visibility=Visibility.OWN)
    else:
        Organisation.objects.filter(pk=hidden.pk).update(visibility=Visibility.OWN)

    for manager in (world.manager_a, world.manager_b):
        page = text_of(signed_in(manager).get(address))
        assert secret not in page
        assert ("Verschlossen GmbH" in page) == (change == "offer own")
    fits = _address(world.member_a, world.member_b, world.a, world.b)
    assert ("of 2." in text_of(browser.get(fits))) == (change == "offer own")


@pytest.mark.parametrize("person", ["manager_c", "person_a", "stranger"])
def test_only_the_two_offices_ask(
    fitting: World, signed_in: Any, text_of: Any, person: str
) -> None:
    world = fitting
    page = signed_in(getattr(world, person)).get(
        _address(world.member_a, world.member_b, world.a, world.b)
    )

    assert page.status_code == (200 if person == "manager_c" else 404)
    assert SEEKS not in text_of(page)
    assert "Alpha" not in text_of(page)


@pytest.mark.parametrize(
    "query", ["", "?pair=9-9", "?left=abc&right=0", f"?left={'9' * 40}", "?pair=1-1&left=x"]
)
def test_nonsense_is_answered_with_the_form(fitting: World, signed_in: Any, query: str) -> None:
    page = signed_in(fitting.manager_a).get(reverse("suggestions_why") + query)

    assert page.status_code == 200
    assert "left" not in page.context


def test_suggestion_and_member_lead_there(fitting: World, signed_in: Any, text_of: Any) -> None:
    world, browser = fitting, signed_in(fitting.manager_a)
    pair = Suggestion.objects.get()
    member = reverse("organisation_suggestions", args=[world.member_a.pk])

    assert f"/suggestions/why/?pair={world.a.pk}-{world.b.pk}&amp;left=" in text_of(
        browser.get(pair.get_absolute_url())
    )
    assert f"/suggestions/why/?left={world.member_a.pk}" in text_of(browser.get(member))
    assert "/suggestions/why/" not in text_of(signed_in(world.person_a).get(member))
