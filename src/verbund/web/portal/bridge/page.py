"""What the bridge page is asked for, and what its templates draw."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from verbund.language.vocabulary import Concept
from verbund.web.directory.concepts import vocabulary_in_use
from verbund.web.directory.queries import label_of
from verbund.web.networks.models import Network
from verbund.web.networks.rules import Viewer
from verbund.web.portal.bridge.hyphens import soft
from verbund.web.portal.bridge.matrix import Bridge, Cell, Cells, Key, step
from verbund.web.portal.bridge.queries import Reading, default_networks, read

NEW_DAYS = 90
_ADJECTIVE = re.compile(r"^([A-ZÄÖÜ]\w+)er (?=[A-ZÄÖÜ])")  # "für elektrischen Antrieb"
SHOWN: dict[str, str | Promise] = {
    "": _("All cells"),
    "gaps": _("Only gaps"),
    "research": _("With research"),
    "new": _("New in the last 90 days"),
}
_COLUMNS: dict[str, str | Promise] = {
    "technology": _("Technology"),
    "application": _("Application"),
    "offers": _("Offers"),
    "requests": _("Requests"),
    "introductions": _("Introductions"),
}


def label(concept: Concept) -> str:
    """Name a concept in the reader's language, as a heading."""
    name = label_of(concept)
    return name[:1].upper() + name[1:]


def title(row: Concept, column: Concept) -> str:
    return gettext("%(technology)s for %(application)s") % {
        "technology": label(row),
        "application": _ADJECTIVE.sub(_accusative, label_of(column)),
    }


def _accusative(adjective: re.Match[str]) -> str:
    return f"{adjective[1].lower()}en "


@dataclass(frozen=True)
class Choice:
    """The view of the bridge as its address says it."""

    able: Network
    using: Network
    is_turned_by_content: bool = False
    show: str = ""
    is_whole: bool = False
    concept: str = ""
    sort: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str], viewer: Viewer, on: dt.date) -> Choice | None:
        """Read an address; what makes no sense in it is passed over (None: no network)."""
        slugs = [asked.get("from", ""), asked.get("for", "")]
        named = {network.slug: network for network in Network.objects.filter(slug__in=slugs)}
        networks = [named[slug] for slug in slugs if slug in named]
        is_free = len(networks) < 2
        if is_free:
            networks = (networks * 2) or default_networks(viewer, on)
        if not networks:
            return None
        sort, concept = asked.get("sort", ""), asked.get("concept", "")
        return cls(
            able=networks[0],
            using=networks[-1],
            is_turned_by_content=is_free,
            show=asked.get("show", "") if asked.get("show") in SHOWN else "",
            is_whole=asked.get("all") == "1",
            concept=concept if concept in vocabulary_in_use().concepts else "",
            sort=sort if sort.removeprefix("-") in _COLUMNS else "",
        )

    @property
    def query(self) -> str:
        wanted = {
            "from": self.able.slug,
            "for": self.using.slug,
            "show": self.show,
            "all": "1" if self.is_whole else "",
            "concept": self.concept,
            "sort": self.sort,
        }
        return urlencode({name: value for name, value in wanted.items() if value})

    @property
    def url(self) -> str:
        return f"{reverse('bridge')}?{self.query}"

    @property
    def export_url(self) -> str:
        return f"{self.url}&export="

    def cell_url(self, key: Key) -> str:
        return f"{reverse('bridge_cell', args=key)}?{self.query}"

    @property
    def is_inside(self) -> bool:
        return self.able == self.using

    @property
    def turned(self) -> Choice:
        return replace(self, able=self.using, using=self.able)


@dataclass(frozen=True)
class Drawn:
    """One cell as the matrix and the table show it."""

    row: Concept
    column: Concept
    cell: Cell | None
    url: str
    amount: int
    is_current: bool

    @property
    def technology(self) -> str:
        return label(self.row)

    @property
    def application(self) -> str:
        return label(self.column)

    @property
    def title(self) -> str:
        return title(self.row, self.column)

    @property
    def css(self) -> str:
        if not self.cell:
            return ""
        return "gap" if self.cell.is_gap else step(self.amount) or "only"


@dataclass(frozen=True)
class Filter:
    label: str | Promise
    url: str
    count: int
    is_current: bool


@dataclass(frozen=True)
class Heading:
    label: str | Promise
    url: str
    order: str  # of aria-sort
    is_number: bool


class BridgePage:
    """The bridge as one viewer sees it on a day."""

    def __init__(
        self, choice: Choice, viewer: Viewer, on: dt.date, *, chosen: Key | None = None
    ) -> None:
        self.viewer, self.on, self.chosen = viewer, on, chosen
        self.reading: Reading = read(viewer, on, (choice.able, choice.using))
        self.choice, self.all_cells = self._turned(choice)

    def _turned(self, choice: Choice) -> tuple[Choice, Cells]:
        """Put the technologies where most goes on, unless the address says whose they are."""
        cells = self.reading.cells(choice.able, choice.using)
        if choice.is_turned_by_content and not choice.is_inside:
            other = self.reading.cells(choice.using, choice.able)
            if _total(other) > _total(cells):
                return choice.turned, other
        return choice, cells

    def _shown(self, show: str) -> Cells:
        """Keep the cells a filter asks for; it chooses cells and never changes their numbers."""
        since = self.on - dt.timedelta(days=NEW_DAYS)
        keeps: dict[str, Callable[[Cell], bool]] = {
            "gaps": lambda cell: cell.is_gap,
            "research": lambda cell: cell.involves(self.reading.research),
            "new": lambda cell: cell.has_news(since),
        }
        top = vocabulary_in_use().top(self.choice.concept).id if self.choice.concept else ""
        return {
            key: cell
            for key, cell in self.all_cells.items()
            if (not show or keeps[show](cell)) and (not top or top in key)
        }

    @cached_property
    def cells(self) -> Cells:
        return self._shown(self.choice.show)

    @cached_property
    def bridge(self) -> Bridge:
        choice = self.choice
        return self.reading.bridge(self.cells, choice.able, choice.using, is_whole=choice.is_whole)

    @property
    def is_cut(self) -> bool:
        """Tell whether there are more rows or columns than drawn."""
        drawn = len(self.bridge.rows), len(self.bridge.columns)
        there = (len({key[axis] for key in self.cells}) for axis in (0, 1))
        return not self.choice.is_whole and drawn != tuple(there)

    @property
    def whole_url(self) -> str:
        return replace(self.choice, is_whole=True).url

    @property
    def busiest_url(self) -> str:
        return replace(self.choice, is_whole=False).url

    @property
    def unfiltered_url(self) -> str:
        return replace(self.choice, concept="", show="").url

    @cached_property
    def counts_pairs(self) -> bool:
        return any(cell.pairs for cell in self.all_cells.values())

    def draw(self, key: Key) -> Drawn:
        known, cell = vocabulary_in_use().concepts, self.cells.get(key)
        amount = 0
        if cell:
            counts = cell.counts
            amount = counts.pairs if self.counts_pairs else counts.offers + counts.requests
        url = self.choice.cell_url(key)
        return Drawn(known[key[0]], known[key[1]], cell, url, amount, key == self.chosen)

    def columns(self) -> list[str]:
        return [soft(label(column)) for column in self.bridge.columns]

    def rows(self) -> Iterator[tuple[str, list[Drawn]]]:
        for row in self.bridge.rows:
            yield (
                soft(label(row)),
                [self.draw((row.id, column.id)) for column in self.bridge.columns],
            )

    @cached_property
    def listed(self) -> list[Drawn]:
        """All cells as a list: gaps first, then by what is possible, or as sorted."""
        drawn = [self.draw(key) for key in self.cells]
        drawn.sort(key=lambda d: (d.technology, d.application))
        if name := self.choice.sort.removeprefix("-"):
            drawn.sort(key=lambda d: _value(d, name), reverse=self.choice.sort.startswith("-"))
        else:
            drawn.sort(key=_most_wanted)
        return drawn

    @cached_property
    def gaps(self) -> list[Drawn]:
        return sorted((d for d in self.listed if d.cell and d.cell.is_gap), key=_most_wanted)

    def headings(self) -> list[Heading]:
        return [self._heading(name) for name in _COLUMNS]

    def _heading(self, name: str) -> Heading:
        is_number = name not in ("technology", "application")
        ways = (f"-{name}", name) if is_number else (name, f"-{name}")
        wanted = ways[1] if self.choice.sort == ways[0] else ways[0]
        order = {name: "ascending", f"-{name}": "descending"}.get(self.choice.sort, "")
        url = f"{replace(self.choice, sort=wanted).url}#twin"
        return Heading(_COLUMNS[name], url, order, is_number)

    def filters(self) -> list[Filter]:
        return [
            Filter(
                text,
                replace(self.choice, show=show).url,
                len(self._shown(show)),
                show == self.choice.show,
            )
            for show, text in SHOWN.items()
        ]

    @property
    def concept(self) -> str:
        id_ = self.choice.concept
        return label(vocabulary_in_use().top(id_)) if id_ else ""

    @property
    def parties(self) -> list[Network]:
        return list(dict.fromkeys((self.choice.able, self.choice.using)))

    def networks(self) -> QuerySet[Network]:
        return Network.objects.order_by("name")


def _total(cells: Cells) -> int:
    return sum(cell.weight for cell in cells.values())


def _most_wanted(drawn: Drawn) -> tuple[bool, int, int]:
    cell = drawn.cell or Cell()
    return not cell.is_gap, -len(cell.pairs), -len(cell.offers) - len(cell.requests)


def _value(drawn: Drawn, name: str) -> str | int:
    counts = (drawn.cell or Cell()).counts
    values: dict[str, str | int] = {
        "technology": drawn.technology,
        "application": drawn.application,
        "offers": counts.offers,
        "requests": counts.requests,
        "introductions": counts.pairs,
    }
    return values[name]
