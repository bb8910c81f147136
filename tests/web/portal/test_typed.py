"""A session that ends while somebody writes does not take the text with it."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client

from tests.web import factories
from tests.web.conftest import World

pytestmark = pytest.mark.django_db


def _signed_out(person: Any) -> Client:
    """Return a browser whose session has ended, but which still has the page's token."""
    browser = Client()
    browser.force_login(person)
    browser.session.flush()
    return browser


def _fields(page: str, path: str) -> dict[str, str]:
    page = page.split(f'action="{path}"')[1].split("</form>")[0]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def test_text_is_asked_about_after_signing_in_and_sent_with_one_press(world: World) -> None:
    path = f"/members/{world.member_a.pk}/requests/new/"
    typed = {"text_de": 'Prüfplatz für "Gehäuse" & mehr,\nab 2027', "visibility": "partners"}
    browser = _signed_out(world.person_a)

    turned_away = browser.post(path, typed)
    assert turned_away["Location"] == "/account/login/?next=/me/typed/"
    assert not world.member_a.requests.exists()
    browser.force_login(world.person_a)
    page = browser.get("/me/typed/").content.decode()
    assert f'action="{path}"' in page
    assert _fields(page, path) == typed

    browser.post(path, _fields(page, path))
    request = world.member_a.requests.get()
    assert request.text_de.splitlines() == typed["text_de"].splitlines()
    assert browser.get("/me/typed/").status_code == 302  # it is kept no longer


def test_it_gives_nobody_more_rights(world: World) -> None:
    path = f"/members/{world.member_a.pk}/requests/new/"
    browser = _signed_out(world.person_a)
    browser.post(path, {"text_de": "Ein Prüfplatz", "visibility": "own"})
    browser.force_login(world.person_b)

    fields = _fields(browser.get("/me/typed/").content.decode(), path)
    assert browser.post(path, fields).status_code in (403, 404)
    assert not world.member_a.requests.exists()


def test_passwords_and_too_much_are_not_kept_and_it_can_be_thrown_away(world: World) -> None:
    path = f"/members/{world.member_a.pk}/edit/"
    browser = _signed_out(world.person_a)
    browser.post(path, {"text_de": "Ein Satz", "password1": "geheim", "password": "geheim"})
    browser.force_login(world.person_a)
    assert _fields(browser.get("/me/typed/").content.decode(), path) == {"text_de": "Ein Satz"}
    browser.post("/me/typed/")
    assert browser.get("/me/typed/").status_code == 302

    browser = _signed_out(world.person_a)
    browser.post(path, {"text_de": "x" * 100_001})
    browser.force_login(world.person_a)
    assert browser.get("/me/typed/").status_code == 302


def test_who_only_looks_goes_on_where_they_were(world: World) -> None:
    path = f"/members/{world.member_a.pk}/edit/"
    assert Client().get(path)["Location"] == f"/account/login/?next={path}"
    foreign = factories.user()
    browser = Client()
    browser.force_login(foreign)
    assert browser.get("/me/typed/").status_code == 302
