"""What others rely on goes only after its consequences were read, and they are told."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from tests.web import factories
from tests.web.conftest import World
from verbund.web.core.models import Mail
from verbund.web.directory.models import ContactPerson, Request
from verbund.web.networks.models import Membership
from verbund.web.partnering.models import Introduction, Quote, Suggestion


@pytest.fixture
def introduced(world: World) -> Introduction:
    """An introduction of A's and B's members that rests on a request of A's."""
    request = factories.request(world.member_a)
    suggestion = Suggestion.objects.create(
        left_network=world.a, right_network=world.b, left=world.member_a, right=world.member_b,
        rank=1, score=1, computed_at=timezone.now(), state=Suggestion.State.INTRODUCED,
    )  # fmt: skip
    Quote.objects.create(suggestion=suggestion, request=request, text="x")
    return Introduction.objects.create(
        suggestion=suggestion, left_network=world.a, right_network=world.b, left=world.member_a,
        right=world.member_b, subject="x", text="x", asked_at=timezone.now(),
    )  # fmt: skip


def test_a_request_an_introduction_rests_on_is_asked_about_first(
    world: World, signed_in: Any, introduced: Introduction
) -> None:
    request = Request.objects.get()
    address = f"/members/{world.member_a.pk}/requests/{request.pk}/delete/"
    browser = signed_in(world.person_a)

    page = browser.post(address).content.decode()
    assert "An introduction of Beta Optik GmbH is going on" in page
    assert (Request.objects.count(), Mail.objects.count()) == (1, 0)

    browser.post(address, {"confirmed": "1"})
    assert Request.objects.count() == 0
    told = dict(Mail.objects.values_list("to", "text"))
    assert set(told) == {world.manager_a.email, world.manager_b.email}
    assert "Beta Optik GmbH" in told[world.manager_b.email]
    assert "Alpha" not in told[world.manager_b.email]
    assert browser.post(address, {"confirmed": "1"}).status_code == 302
    assert Mail.objects.count() == 2


def test_what_nobody_relies_on_goes_at_once(world: World, signed_in: Any) -> None:
    request = factories.request(world.member_a)

    signed_in(world.person_a).post(f"/members/{world.member_a.pk}/requests/{request.pk}/delete/")

    assert (Request.objects.count(), Mail.objects.count()) == (0, 0)


def test_the_last_contact_person_is_asked_about_first(world: World, signed_in: Any) -> None:
    first = factories.contact(world.member_a, name="Erste", email="1@example.org")
    second = factories.contact(world.member_a, name="Zweite", email="2@example.org")
    browser = signed_in(world.person_a)

    browser.post(f"/members/{world.member_a.pk}/contacts/{first.pk}/delete/")
    assert list(ContactPerson.objects.all()) == [second]

    address = f"/members/{world.member_a.pk}/contacts/{second.pk}/delete/"
    assert b"has no contact person then" in browser.post(address).content
    browser.post(address, {"confirmed": "1"})
    assert not ContactPerson.objects.exists()
    assert Mail.objects.get().to == world.manager_a.email


def test_a_membership_that_ends_names_its_consequences(
    world: World, signed_in: Any, introduced: Introduction
) -> None:
    browser, address = signed_in(world.manager_a), f"/members/{world.member_a.pk}/leave/a/"

    page = browser.post(address).content.decode()
    assert "1 introduction that is going on ends." in page
    assert "1 person who speaks for Alpha Karosserie GmbH" in page
    assert "Beta" not in page.split("<main")[1]
    assert Membership.objects.get(organisation=world.member_a).valid_until is None

    browser.post(address, {"confirmed": "1"})
    assert Membership.objects.get(organisation=world.member_a).valid_until is not None
    told = dict(Mail.objects.values_list("to", "text"))
    assert set(told) == {world.person_a.email, world.manager_b.email}
    assert "Alpha" not in told[world.manager_b.email]


def test_what_was_sent_along_comes_back_with_the_answer(
    world: World, signed_in: Any, introduced: Introduction
) -> None:
    address = f"/members/{world.member_a.pk}/leave/a/"

    page = signed_in(world.manager_a).post(address, {"reason": '"><script>'}).content.decode()

    assert '<input type="hidden" name="reason" value="&quot;&gt;&lt;script&gt;">' in page
