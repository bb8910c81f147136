from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from verbund.web.core.texts import LANGUAGES
from verbund.web.portal.helping import NAMES, page_of

FOLDER = Path(str(resources.files("verbund.web.portal"))) / "help"
INFORMAL = re.compile(r"\b(?:du|dein\w*|dir|dich|euch|eure\w*)\b", re.IGNORECASE)


def test_both_languages_have_the_same_pages_and_all_are_listed() -> None:
    pages = {
        language: {path.stem for path in (FOLDER / language).glob("*.md")} for language in LANGUAGES
    }

    assert pages["de"] == pages["en"] == set(NAMES)


def shape(name: str, language: str) -> tuple[int, ...]:
    """Return what both languages must have in common: headings, rows, points, links."""
    page = page_of(name, language)
    patterns = (r"^## ", r"^### ", r"^\|", r"^- ", r"\]\(/help/\w+/\)")
    return tuple(len(re.findall(pattern, page.text, re.MULTILINE)) for pattern in patterns)


@pytest.mark.parametrize("name", NAMES)
def test_page_says_the_same_in_both_languages(name: str) -> None:
    assert shape(name, "de") == shape(name, "en")
    for language in LANGUAGES:
        page = page_of(name, language)
        assert page.title
        assert page.lede.endswith((".", "?"))
        assert "#" not in page.title + page.lede


@pytest.mark.parametrize("name", NAMES)
def test_german_addresses_the_reader_formally(name: str) -> None:
    page = page_of(name, "de")

    assert not INFORMAL.search(f"{page.title} {page.lede} {page.text}")


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_to_pages_there_are(name: str) -> None:
    linked = re.findall(r"\]\(/help/(\w+)/\)", page_of(name, "de").text)

    assert set(linked) <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_page_is_there_for_everybody(world: Any, signed_in: Any, name: str) -> None:
    shown = signed_in(None).get(f"/help/{name}/").content.decode()

    assert f"<h1>{page_of(name, 'en').title}</h1>" in shown


@pytest.mark.parametrize("name", ["nonsense", "START", "x" * 300])
def test_missing_page_is_not_found(world: Any, signed_in: Any, name: str) -> None:
    assert signed_in(None).get(f"/help/{name}/").status_code == 404


def test_office_and_member_get_their_own_pages_first(world: Any, signed_in: Any) -> None:
    def headings(person: Any) -> list[str]:
        shown = signed_in(person).get("/help/").content.decode()
        return re.findall(r'<h2 id="h-shelf-\d">([^<]+)</h2>', shown)

    assert headings(world.manager_a) == ["For the office", "For members", "For everybody"]
    assert headings(world.person_a) == ["For members", "For everybody", "For the office"]


def test_glossary_has_the_words_in_both_directions() -> None:
    def pairs(language: str) -> set[tuple[str, ...]]:
        rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|", page_of("glossary", language).text, re.M)
        words = {row if language == "de" else row[::-1] for row in rows}
        return words - {("---", "---"), ("Deutsch", "Englisch"), ("German", "English")}

    assert pairs("de") == pairs("en")
