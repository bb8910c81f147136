from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client, RequestFactory

from tests.web import factories
from verbund.web.core import outbox
from verbund.web.networks.models import Visibility
from verbund.web.portal.views import trouble

PUBLIC = [
    "/",
    "/networks/",
    "/networks/a/",
    "/search/",
    "/search/?q=netz",
    "/help/",
    "/help/visibility/",
    "/about/",
    "/legal/a/imprint/",
    "/account/login/",
    "/account/login/code/",
    "/account/password/reset/",
    "/account/password/reset/done/",
    "/account/password/reset/key/done/",
    "/account/inactive/",
    "/nonsense/",
]
SIGNED_IN = ["/", "/me/", "/account/password/set/", "/account/logout/", "/people/nonsense/"]
OFFICE = [
    *SIGNED_IN,
    "/people/",
    "/people/invite/",
    "/networks/a/",
    "/networks/a/settings/",
    "/legal/a/privacy/",
    "/legal/a/privacy/edit/",
    "/outbox/",
]


class Page(HTMLParser):
    """What every page owes its readers."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.language, self.title, self._in = "", "", ""
        self.headings: list[int] = []
        self.ids: Counter[str] = Counter()
        self.labelled: set[str] = set()
        self.fields: list[str] = []
        self.styles = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._in = tag
        self.language = given.get("lang", "") if tag == "html" else self.language
        self.styles += "style" in given or any(name.startswith("on") for name in given)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if "id" in given:
            self.ids[given["id"]] += 1
        if tag == "label" and "for" in given:
            self.labelled.add(given["for"])
        is_field = tag in ("input", "select", "textarea")
        if is_field and given.get("type") not in ("hidden", "radio", "checkbox"):
            self.fields.append(given.get("id", ""))

    def handle_data(self, data: str) -> None:
        if self._in == "title":
            self.title += data

    def handle_endtag(self, tag: str) -> None:
        self._in = ""


def check(text: str, language: str) -> None:
    page = Page(text)
    assert page.language == language
    assert page.title.split("·")[0].strip()
    steps = list(zip(page.headings, page.headings[1:], strict=False))
    main = [level for level in page.headings if level == 1]
    assert len(main) == 1
    first = page.headings.index(1)
    assert all(after <= before + 1 for before, after in steps[first:]), page.headings
    assert [id_ for id_, count in page.ids.items() if count > 1] == []
    assert set(page.fields) <= page.labelled
    assert page.styles == 0


def in_language(client: Client, language: str) -> Client:
    client.cookies["django_language"] = language
    return client


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("address", PUBLIC)
def test_public_page_is_well_formed(
    world: Any, signed_in: Any, address: str, language: str
) -> None:
    check(in_language(signed_in(None), language).get(address).content.decode(), language)


@pytest.mark.parametrize("address", SIGNED_IN)
@pytest.mark.parametrize("who", ["person_a", "stranger"])
def test_page_of_a_member_is_well_formed(
    world: Any, signed_in: Any, address: str, who: str
) -> None:
    check(signed_in(getattr(world, who)).get(address).content.decode(), "en")


@pytest.mark.parametrize("address", OFFICE)
def test_page_of_an_office_is_well_formed(world: Any, signed_in: Any, address: str) -> None:
    check(signed_in(world.manager_a).get(address).content.decode(), "en")


def test_pages_of_demo_and_operator_are_well_formed(
    world: Any, signed_in: Any, settings: Any
) -> None:
    mail = outbox.post("a@example.org", "A", "Text", html="<p>Text")
    operator = signed_in(factories.user(is_superuser=True))
    for address in ("/", "/networks/new/", "/outbox/", f"/outbox/{mail.pk}/"):
        check(operator.get(address).content.decode(), "en")
    settings.DEMO = True
    for address in ("/", "/demo/", "/account/login/"):
        check(signed_in(None).get(address).content.decode(), "en")


# ---------------------------------------------------------------- networks


def test_network_page_counts_what_the_viewer_sees(world: Any, signed_in: Any) -> None:
    factories.organisation(world.a, visibility=Visibility.OWN)

    def members(person: Any) -> str:
        shown = signed_in(person).get("/networks/a/").content.decode()
        (count,) = re.findall(r"<b>(\d+)</b>", shown)
        return str(count)

    assert [members(p) for p in (world.manager_a, world.manager_b, world.manager_c, None)] == [
        "2",
        "1",
        "0",
        "0",
    ]


def test_network_list_counts_the_same(world: Any, signed_in: Any) -> None:
    shown = signed_in(world.manager_c).get("/networks/").content.decode()

    cells = re.findall(r'class="r" data-th="Members visible to you">\s*(?:<a[^>]*>)?(\d+)', shown)
    assert cells == ["0", "0", "1"]


def test_only_the_own_office_is_offered_the_settings(world: Any, signed_in: Any) -> None:
    for person, offered in ((world.manager_a, True), (world.manager_b, False), (None, False)):
        shown = signed_in(person).get("/networks/a/").content.decode()
        assert ("/networks/a/settings/" in shown) == offered


def test_missing_network_is_not_found(world: Any, signed_in: Any) -> None:
    assert signed_in(None).get("/networks/zz/").status_code == 404


# ---------------------------------------------------------------- in trouble


def test_missing_page_says_what_to_do_and_offers_to_sign_in(world: Any, signed_in: Any) -> None:
    answer = signed_in(None).get("/nowhere/?x=1")

    assert answer.status_code == 404
    shown = answer.content.decode()
    assert "There is nothing here for you" in shown
    assert "/account/login/?next=/nowhere/%3Fx%3D1" in shown


def test_refused_page_names_the_role(world: Any, signed_in: Any) -> None:
    answer = signed_in(world.person_a).get("/people/")

    assert answer.status_code == 403
    assert "This page belongs to another role" in answer.content.decode()


def test_forged_form_changes_nothing_and_says_why(world: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies["django_language"] = "en"
    client.force_login(world.person_a)

    answer = client.post("/me/", {"name": "Falsch", "language": "de"})

    assert answer.status_code == 403
    check(answer.content.decode(), "en")
    assert "Nothing was saved" in answer.content.decode()
    world.person_a.refresh_from_db()
    assert world.person_a.name == "Person A"


def test_broken_page_needs_no_database(rf: RequestFactory) -> None:
    # No database fixture: a query would fail this test.
    answer = trouble.broken(rf.get("/"))

    assert answer.status_code == 500
    check(answer.content.decode(), "de")
    assert "Something went wrong" in answer.content.decode()


def test_wrong_host_gets_words_not_a_traceback(world: Any) -> None:
    answer = Client(HTTP_HOST="evil.example").get("/")

    assert answer.status_code == 400
    check(answer.content.decode(), "de")


# ---------------------------------------------------------------- small things


def test_search_engines_stay_outside(world: Any, signed_in: Any) -> None:
    assert signed_in(None).get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"


def test_icon_is_found_where_browsers_look(world: Any, signed_in: Any) -> None:
    assert signed_in(None).get("/favicon.ico")["Location"] == "/static/verbund/logo.svg"


def test_colours_of_all_networks_are_in_the_style_sheet(world: Any, signed_in: Any) -> None:
    sheet = signed_in(None).get("/networks.css")

    assert sheet["Content-Type"] == "text/css"
    assert sheet.content.decode().count("light-dark(#1d5fae, #7fb5f4)") == 3


def test_changed_colour_changes_the_address_of_the_style_sheet(world: Any, signed_in: Any) -> None:
    def address() -> str:
        found = re.search(r"/networks\.css\?v=\w+", signed_in(None).get("/").content.decode())
        assert found
        return found[0]

    before = address()
    world.a.colour = "#123456"
    world.a.save()

    assert address() != before


def test_menu_offers_what_one_may_open(world: Any, signed_in: Any) -> None:
    def menu(person: Any) -> set[str]:
        shown = signed_in(person).get("/about/").content.decode()
        return {
            name for name in ("/people/", "/outbox/", "/networks/") if f'href="{name}"' in shown
        }

    assert menu(None) == menu(world.person_a) == {"/networks/"}
    assert menu(world.manager_a) == {"/networks/", "/people/", "/outbox/"}
    assert menu(factories.user(is_superuser=True)) == {"/networks/", "/outbox/"}
