"""Every kind of page, as every role, wide and narrow, light and dark: what must hold everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Error, Page, Request

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

HEAVIEST = 300_000  # bytes of a page with all it loads, packed as it travels
MANAGER, MEMBER = "Katrin Seidel", "Marlies Unverricht"
PUBLIC = (
    "/", "/members/", "/members/map/", "/agreements/", "/activities/", "/bridge/", "/figures/",
    "/networks/", "/networks/acod/", "/search/?q=laser", "/help/", "/help/glossary/", "/about/",
    "/demo/", "/account/login/", "/legal/acod/imprint/", "/legal/acod/privacy/", "/nowhere/",
)  # fmt: skip
OFFICE = (
    "/", "/members/", "/members/map/", "/members/new/", "/suggestions/", "/introductions/",
    "/bridge/", "/activities/new/", "/agreements/", "/agreements/new/", "/import/", "/people/",
    "/networks/acod/settings/", "/outbox/", "/me/", "/figures/", "/search/?q=laser",
)  # fmt: skip
OWN = (
    "/", "/members/", "/members/map/", "/suggestions/own/", "/introductions/", "/bridge/",
    "/agreements/", "/activities/", "/figures/", "/outbox/", "/me/", "/search/?q=laser", "/help/",
)  # fmt: skip
PROFILE = ("", "edit/", "entries/", "offers/new/", "contacts/", "contacts/new/", "sharing/")
# From a list, the first thing on it: (list, where its link stands)
FIRST_OF = (
    ("/members/", "main table a[href^='/members/']"),
    ("/agreements/", "main a[href^='/agreements/']:not([href$='new/']):not([href*='?'])"),
    ("/activities/", "main table a[href^='/activities/']"),
    ("/figures/", "main a[href^='/figures/']:not([href*='?']):not([href$='new/'])"),
    ("/introductions/", "main table a[href^='/introductions/']"),
    ("/outbox/", "main a[href^='/outbox/']:not([href*='?'])"),
    ("/bridge/", ".matrix td a"),
)
LOOKS = (
    {"width": 1280, "color_scheme": "light"},
    {"width": 390, "color_scheme": "dark"},
)


def look_at(page: Page, path: str) -> list[str]:
    """Open a page and return what is wrong with it."""
    wrong: list[str] = []
    loaded: list[int] = []
    listen(page, wrong, loaded)
    page.goto(path)
    page.wait_for_load_state("networkidle")
    if sum(loaded) > HEAVIEST:
        wrong.append(f"weighs {sum(loaded)} bytes")
    if (headings := page.locator("h1").count()) != 1:
        wrong.append(f"{headings} headings of the first level")
    if page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
        wrong.append("is wider than the window")
    return [*wrong, *findings_of_axe(page)]


def listen(page: Page, wrong: list[str], loaded: list[int]) -> None:
    """Note what a page asks for and complains about."""
    own = page.evaluate("location.origin")

    def on_request(request: Request) -> None:
        if not request.url.startswith((own, "data:")):
            wrong.append(f"asks another host: {request.url}")

    def on_finish(request: Request) -> None:
        response = request.response()
        loaded.append(request.sizes()["responseBodySize"])
        if response and response.status >= 500:
            wrong.append(f"{response.status}: {response.url}")

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error" and "404" not in message.text:
            wrong.append(f"console: {message.text}")

    def on_error(error: Error) -> None:
        wrong.append(f"script error: {error}")

    page.on("request", on_request)
    page.on("requestfinished", on_finish)
    page.on("pageerror", on_error)
    page.on("console", on_console)


def findings_of_axe(page: Page) -> list[str]:
    found: dict[str, Any] = Axe().run(page).response
    return [
        f"axe {finding['id']}: {finding['nodes'][0]['html'][:160]}"
        for finding in found["violations"]
        if finding["impact"] in ("serious", "critical", "moderate")
    ]


@pytest.mark.parametrize("look", LOOKS, ids=["wide light", "narrow dark"])
@pytest.mark.parametrize("path", PUBLIC)
def test_public_page_is_sound(visit: Visit, path: str, look: dict[str, Any]) -> None:
    page = visit(**look)
    page.goto("/robots.txt")

    assert look_at(page, path) == []


@pytest.mark.parametrize("look", LOOKS, ids=["wide light", "narrow dark"])
@pytest.mark.parametrize(("person", "paths"), [(MANAGER, OFFICE), (MEMBER, OWN)])
def test_pages_of_an_office_and_a_member_are_sound(
    visit: Visit, person: str, paths: tuple[str, ...], look: dict[str, Any]
) -> None:
    page = visit(person, **look)
    wrong = {}
    if person == MEMBER:
        profile = page.get_by_role("link", name="Look at my profile").get_attribute("href")
        paths = (*paths, *(f"{profile}{part}" for part in PROFILE))
    for path in paths:
        tab = page.context.new_page()
        tab.goto("/robots.txt")
        if found := look_at(tab, path):
            wrong[path] = found
        tab.close()

    assert wrong == {}


@pytest.mark.parametrize("look", LOOKS, ids=["wide light", "narrow dark"])
def test_single_things_are_sound(visit: Visit, look: dict[str, Any]) -> None:
    page = visit(MANAGER, **look)
    wrong = {}
    for path, link in FIRST_OF:
        page.goto(path)
        address = page.locator(link).first.get_attribute("href")
        assert address, path
        tab = page.context.new_page()
        tab.goto("/robots.txt")
        if found := look_at(tab, address):
            wrong[address] = found
        tab.close()

    assert wrong == {}
