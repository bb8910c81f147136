"""Help pages: short texts in both languages, one file each, beside the code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from verbund.language.spelling import fold
from verbund.web.core.registries import Hit
from verbund.web.core.texts import LANGUAGES, current_language
from verbund.web.networks.rules import Viewer

_OFFICE = (
    "start",
    "import",
    "members",
    "duplicates",
    "suggestions",
    "introductions",
    "bridge",
    "agreements",
    "activities",
    "figures",
    "people",
    "legal",
)
_MEMBER = ("profile", "visibility", "requests", "introductions", "mails")
_ALL = ("sign-in", "search", "privacy", "keyboard", "glossary")
NAMES = tuple(dict.fromkeys((*_OFFICE, *_MEMBER, *_ALL)))


@dataclass(frozen=True)
class HelpPage:
    """A page: its title, what it is about in a sentence, and the rest as Markdown."""

    name: str
    title: str
    lede: str
    text: str


@dataclass(frozen=True)
class Shelf:
    """Pages for one kind of reader."""

    label: str | Promise
    pages: list[HelpPage]


@cache
def page_of(name: str, language: str) -> HelpPage:
    """Read a page: a heading, a first paragraph, the rest."""
    folder = resources.files("verbund.web.portal") / "help" / language
    title, lede, *rest = (folder / f"{name}.md").read_text(encoding="utf-8").split("\n\n", 2)
    return HelpPage(name, title.removeprefix("# "), lede.strip(), "\n\n".join(rest))


def shelves(viewer: Viewer) -> list[Shelf]:
    """Return the pages, those for this reader first."""
    language = current_language()

    def shelf(label: str | Promise, names: tuple[str, ...]) -> Shelf:
        return Shelf(label, [page_of(name, language) for name in names])

    office, member = shelf(_("For the office"), _OFFICE), shelf(_("For members"), _MEMBER)
    everyone = shelf(_("For everybody"), _ALL)
    return [office, member, everyone] if viewer.offices else [member, everyone, office]


def find_help(viewer: Viewer, text: str, on: dt.date, limit: int) -> tuple[int, list[Hit]]:
    """Find help pages by words of either language; everyone reads all of them."""
    wanted = fold(text).strip()
    names = [name for name in NAMES if any(wanted in words for words in _folded(name))]
    shown = [page_of(name, current_language()) for name in names[:limit]]
    return len(names), [Hit(p.title, reverse("help_page", args=[p.name]), p.lede) for p in shown]


def _folded(name: str) -> Iterator[str]:
    for language in LANGUAGES:
        page = page_of(name, language)
        yield fold(f"{page.title} {page.lede} {page.text}")
