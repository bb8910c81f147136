"""Counting for the bridge: statements and pairs in, cells of technology by application out.

The same reading as the matcher's own matrix (`verbund.matching.bridge`), on what one viewer may
see: a statement counts in the cells of its technologies and applications; where it names no
application, those its organisation names elsewhere stand in. A pair counts where the entries it
quotes do.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from verbund.language.vocabulary import Concept, ConceptKind
from verbund.matching.bridge import MOST_COLUMNS, MOST_ROWS
from verbund.matching.bridge import Cell as Counts
from verbund.web.directory.concepts import vocabulary_in_use

HOW = (ConceptKind.TECHNOLOGY, ConceptKind.PROCESS)
WHERE = (ConceptKind.APPLICATION,)
STEPS = (4, 9, 16)  # amounts from which a cell is darker
Key = tuple[str, str]  # technology or process, application


@dataclass(frozen=True, slots=True)
class Statement:
    """An offer or a request: whose it is and what it names."""

    id: int
    organisation: int
    concepts: tuple[str, ...]
    made_on: dt.date


@dataclass(frozen=True, slots=True)
class Pair:
    """A possible introduction and the entries it quotes."""

    id: int
    organisations: tuple[int, int]
    offers: tuple[int, ...] = ()
    requests: tuple[int, ...] = ()


@dataclass(slots=True)
class Cell:
    """What stands behind one technology for one application."""

    offers: list[Statement] = field(default_factory=list)
    requests: list[Statement] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)

    @property
    def counts(self) -> Counts:
        return Counts(len(self.offers), len(self.requests), len(self.pairs))

    @property
    def is_gap(self) -> bool:
        return self.counts.is_gap

    @property
    def weight(self) -> int:
        return len(self.offers) + len(self.requests) + len(self.pairs)

    def involves(self, organisations: Collection[int]) -> bool:
        spoken = (statement.organisation for statement in (*self.offers, *self.requests))
        met = (id_ for pair in self.pairs for id_ in pair.organisations)
        return any(id_ in organisations for id_ in (*spoken, *met))

    def has_news(self, since: dt.date) -> bool:
        return any(statement.made_on >= since for statement in (*self.offers, *self.requests))


Cells = dict[Key, Cell]


def step(amount: int) -> str:
    """Return the shade of an amount, `q1` to `q4`; nothing has none."""
    return f"q{1 + sum(amount >= least for least in STEPS)}" if amount else ""


def tops(concepts: Iterable[str], kinds: Collection[ConceptKind]) -> set[str]:
    """Return the widest concepts of these kinds; ids of an older vocabulary are passed over."""
    known = vocabulary_in_use()
    return {
        known.top(id_).id
        for id_ in concepts
        if id_ in known.concepts and known.concepts[id_].kind in kinds
    }


def cells_of(statement: Statement, spoken: Mapping[int, Collection[str]]) -> list[Key]:
    """List the cells a statement counts in; `spoken` holds all that organisations name."""
    uses = tops(statement.concepts, WHERE) or tops(spoken.get(statement.organisation, ()), WHERE)
    return [(how, use) for how in sorted(tops(statement.concepts, HOW)) for use in sorted(uses)]


def count(
    offers: Iterable[Statement],
    requests: Iterable[Statement],
    pairs: Iterable[Pair],
    spoken: Mapping[int, Collection[str]],
) -> Cells:
    """Fill the cells with offers of the one side, requests of the other, and pairs of both."""
    cells: Cells = defaultdict(Cell)
    of_offer = {offer: cells_of(offer, spoken) for offer in offers}
    of_request = {request: cells_of(request, spoken) for request in requests}
    for offer, keys in of_offer.items():
        for key in keys:
            cells[key].offers.append(offer)
    for request, keys in of_request.items():
        for key in keys:
            cells[key].requests.append(request)
    offered = {offer.id: keys for offer, keys in of_offer.items()}
    wanted = {request.id: keys for request, keys in of_request.items()}
    for pair in pairs:
        quoted = [offered.get(id_, []) for id_ in pair.offers]
        quoted += [wanted.get(id_, []) for id_ in pair.requests]
        for key in sorted({key for keys in quoted for key in keys}):
            cells[key].pairs.append(pair)
    return dict(cells)


def busiest(
    cells: Cells, *, axis: int, own: Mapping[str, float], other: Mapping[str, float], most: int
) -> list[Concept]:
    """Choose concepts with much going on that belong to one side more than to the other.

    `own` and `other` tell which share of each side's organisations names a concept.
    """
    totals: dict[str, float] = defaultdict(float)
    for key, cell in cells.items():
        id_ = key[axis]
        share = own.get(id_, 0.0)
        belongs = share / (share + other.get(id_, 0.0)) if share else 0.0
        totals[id_] += cell.weight * belongs
    ranked = sorted(totals, key=lambda id_: (-totals[id_], id_))
    return [vocabulary_in_use().concepts[id_] for id_ in ranked[:most]]


@dataclass(frozen=True)
class Bridge:
    """Cells, and the rows and columns to draw."""

    rows: list[Concept]
    columns: list[Concept]
    cells: Cells


def arrange(
    cells: Cells, *, able: Mapping[str, float], using: Mapping[str, float], is_whole: bool
) -> Bridge:
    """Order rows and columns by what goes on in them; the busiest only, unless all are wanted."""
    most = len(vocabulary_in_use().concepts)
    rows = busiest(cells, axis=0, own=able, other=using, most=most if is_whole else MOST_ROWS)
    columns = busiest(cells, axis=1, own=using, other=able, most=most if is_whole else MOST_COLUMNS)
    drawn_rows = [r for r in rows if any((r.id, c.id) in cells for c in columns)]
    drawn_columns = [c for c in columns if any((r.id, c.id) in cells for r in drawn_rows)]
    return Bridge(drawn_rows, drawn_columns, cells)
