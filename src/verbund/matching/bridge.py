"""The bridge matrix: technologies of one network by applications of the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from verbund.language.vocabulary import Concept, ConceptKind
from verbund.matching.evidence import Evidence
from verbund.matching.side import Side
from verbund.matching.statements import Kind

MOST_ROWS = 14
MOST_COLUMNS = 10
_SURE = 0.6  # confidence from which a concept counts
_HOW = (ConceptKind.TECHNOLOGY, ConceptKind.PROCESS)


@dataclass(slots=True)
class Cell:
    """One technology for one application: how many offers, requests and possible introductions."""

    offers: int = 0
    requests: int = 0
    pairs: int = 0

    @property
    def is_gap(self) -> bool:
        """Requests that nobody in the other network answers."""
        return self.requests > 0 and not self.offers and not self.pairs


@dataclass(frozen=True)
class BridgeMatrix:
    """Cells by technology and application; `rows` and `columns` are the busiest of them.

    `technology_side` is 0 if the technologies are those of the left list, else 1.
    """

    rows: tuple[Concept, ...]
    columns: tuple[Concept, ...]
    cells: dict[tuple[str, str], Cell]
    technology_side: int

    def cell(self, row: Concept, column: Concept) -> Cell:
        return self.cells.get((row.id, column.id), Cell())


Found = dict[str, float]


def bridge_matrix(evidence: Evidence, introducible: npt.NDArray[np.bool_]) -> BridgeMatrix:
    """Count what one network can do for what the other makes.

    A statement counts in the cells of its technologies and applications; where it names no
    application, those its organisation names elsewhere stand in. A pair counts where the one can
    do what the other's request or field needs.

    Parameters
    ----------
    introducible
        Pairs worth introducing, shape (left, right).
    """
    attempts = [_count(evidence, introducible, side) for side in (0, 1)]
    return max(attempts, key=lambda matrix: sum(_weight(cell) for cell in matrix.cells.values()))


def _weight(cell: Cell) -> int:
    return cell.requests + cell.offers + cell.pairs


def _count(
    evidence: Evidence, introducible: npt.NDArray[np.bool_], technology_side: int
) -> BridgeMatrix:
    sides = (evidence.left, evidence.right)
    cells: dict[tuple[str, str], Cell] = defaultdict(Cell)
    for pairs in _mentions(evidence, sides[technology_side], technology_side, Kind.OFFER):
        for pair in pairs:
            cells[pair].offers += 1
    for pairs in _mentions(evidence, sides[1 - technology_side], 1 - technology_side, Kind.REQUEST):
        for pair in pairs:
            cells[pair].requests += 1
    _add_pairs(evidence, introducible, technology_side, cells)
    rows = _busiest(evidence, cells, 0, technology_side, MOST_ROWS)
    columns = _busiest(evidence, cells, 1, 1 - technology_side, MOST_COLUMNS)
    rows = tuple(r for r in rows if any((r.id, c.id) in cells for c in columns))
    columns = tuple(c for c in columns if any((r.id, c.id) in cells for r in rows))
    return BridgeMatrix(rows, columns, dict(cells), technology_side)


def _mentions(
    evidence: Evidence, side: Side, number: int, kind: Kind
) -> list[list[tuple[str, str]]]:
    """List per statement of a kind the (technology, application) pairs it stands for."""
    spoken = side.offers if kind is Kind.OFFER else side.requests
    found = []
    for statement in spoken.statements:
        named = evidence.named_in(statement.text)
        applications = _tops(evidence, named, (ConceptKind.APPLICATION,)) or _tops(
            evidence, evidence.concepts[number][statement.owner], (ConceptKind.APPLICATION,)
        )
        technologies = _tops(evidence, named, _HOW)
        found.append([(t, a) for t in technologies for a in applications])
    return found


def _add_pairs(
    evidence: Evidence,
    introducible: npt.NDArray[np.bool_],
    technology_side: int,
    cells: dict[tuple[str, str], Cell],
) -> None:
    """Count pairs of which one names a technology that the other names too, per application."""
    other_side = 1 - technology_side
    pairs = introducible if technology_side == 0 else introducible.T
    technologies, able = _membership(evidence, technology_side, _HOW)
    same, wanted = _membership(evidence, other_side, _HOW)
    applications, uses = _membership(evidence, other_side, (ConceptKind.APPLICATION,))
    shared = [id_ for id_ in technologies if id_ in same]
    reach = pairs.T.astype(np.float32) @ able[:, [technologies.index(id_) for id_ in shared]]
    counts = (reach * wanted[:, [same.index(id_) for id_ in shared]]).T @ uses
    for row, column in np.argwhere(counts > 0):
        cells[shared[row], applications[column]].pairs = round(float(counts[row, column]))


def _membership(
    evidence: Evidence, number: int, kinds: Iterable[ConceptKind]
) -> tuple[list[str], npt.NDArray[np.float32]]:
    """Tell which members of a list name which of the widest concepts, shape (members, concepts)."""
    named = [_tops(evidence, concepts, kinds) for concepts in evidence.concepts[number]]
    ids = sorted(set().union(*named))
    return ids, np.array([[id_ in found for id_ in ids] for found in named], dtype=np.float32)


def _tops(evidence: Evidence, named: Found, kinds: Iterable[ConceptKind]) -> set[str]:
    known = evidence.vocabulary
    return {
        known.top(concept).id
        for concept, confidence in named.items()
        if confidence >= _SURE and known.concepts[concept].kind in kinds
    }


def _busiest(
    evidence: Evidence, cells: dict[tuple[str, str], Cell], axis: int, side: int, most: int
) -> tuple[Concept, ...]:
    """Choose concepts with much going on that belong to one side more than to the other."""
    totals: dict[str, float] = defaultdict(float)
    for key, cell in cells.items():
        totals[key[axis]] += _weight(cell)
    own, other = (_shares(evidence, number) for number in (side, 1 - side))
    ranked = {
        id_: total * own[id_] / (own[id_] + other[id_]) for id_, total in totals.items() if own[id_]
    }
    best = sorted(ranked, key=lambda id_: (-ranked[id_], id_))[:most]
    return tuple(evidence.vocabulary.concepts[id_] for id_ in best)


def _shares(evidence: Evidence, number: int) -> dict[str, float]:
    """Return which share of a list names each of the widest concepts."""
    naming: dict[str, float] = defaultdict(float)
    members = evidence.concepts[number]
    for concepts in members:
        for id_ in {evidence.vocabulary.top(concept).id for concept in concepts}:
            naming[id_] += 1 / len(members)
    return naming
