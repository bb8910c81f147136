from __future__ import annotations

from typing import Any

import pytest

from tests.web import factories
from verbund.web.accounts.models import User


@pytest.fixture
def demo(world: Any, settings: Any) -> Any:
    settings.DEMO = True
    User.objects.filter(pk=world.manager_a.pk).update(email="a@demo.example")
    User.objects.filter(pk=world.person_b.pk).update(email="b@demo.example")
    return world


def test_outside_the_demo_nobody_becomes_somebody(world: Any, signed_in: Any) -> None:
    User.objects.filter(pk=world.manager_a.pk).update(email="a@demo.example")
    client = signed_in(None)

    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/", {"person": world.manager_a.pk}).status_code == 404
    assert client.get("/me/").status_code == 302


def test_people_of_the_demo_are_listed_with_what_they_see(demo: Any, signed_in: Any) -> None:
    shown = signed_in(None).get("/demo/").content.decode()

    assert "manages Netz A" in shown
    assert "Beta Optik GmbH" in shown
    assert "Managerin C" not in shown
    assert "Look around as a visitor" in shown


def test_one_click_makes_one_that_person(demo: Any, signed_in: Any) -> None:
    client = signed_in(None)

    answer = client.post("/demo/", {"person": demo.manager_a.pk})

    assert answer["Location"] == "/"
    assert "a@demo.example" in client.get("/me/").content.decode()


def test_visitor_is_signed_out(demo: Any, signed_in: Any) -> None:
    client = signed_in(demo.manager_a)

    client.post("/demo/", {"person": ""})

    assert client.get("/me/").status_code == 302


@pytest.mark.parametrize("which", ["manager_c", "0", "abc", "٣"])
def test_nobody_else_can_be_become_even_in_the_demo(demo: Any, signed_in: Any, which: str) -> None:
    client = signed_in(None)
    person = getattr(demo, which).pk if which == "manager_c" else which

    assert client.post("/demo/", {"person": person}).status_code == 404
    assert client.get("/me/").status_code == 302


def test_reading_the_page_changes_nobody(demo: Any, signed_in: Any) -> None:
    client = signed_in(demo.person_b)

    client.get(f"/demo/?person={demo.manager_a.pk}")

    assert "b@demo.example" in client.get("/me/").content.decode()


def test_account_is_ones_own(world: Any, signed_in: Any) -> None:
    factories.contact(world.member_a, email=world.person_a.email.upper(), function="Vertrieb")
    factories.contact(world.member_b, email=world.person_b.email)

    shown = signed_in(world.person_a).get("/me/").content.decode()

    assert world.person_a.email in shown
    assert "Alpha Karosserie GmbH (Vertrieb)" in shown
    assert "Beta Optik" not in shown


def test_account_needs_somebody(world: Any, signed_in: Any) -> None:
    assert signed_in(None).get("/me/")["Location"] == "/account/login/?next=/me/"
