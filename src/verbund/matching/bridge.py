"""The bridge matrix: technologies of one network by applications of the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from verbund.language.vocabulary import Concept, ConceptKind
from verbund.matching.evidence import Evidence, Side
from verbund.matching.statements import Kind

MOST_ROWS = 14
MOST_COLUMNS = 10
_SURE = 0.6  # confidence from which a concept counts
_HOW = (ConceptKind.TECHNOLOGY, ConceptKind.PROCESS)


@dataclass(slots=True)
class Cell:
    """One technology for one application: how many offers, requests and possible introductions.

    `pairs` are positions (left, right).
    """

    offers: int = 0
    requests: int = 0
    pairs: list[tuple[int, int]] = field(default_factory=list)

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
    return cell.requests + cell.offers + len(cell.pairs)


def _count(
    evidence: Evidence, introducible: npt.NDArray[np.bool_], technology_side: int
) -> BridgeMatrix:
    sides = (evidence.left, evidence.right)
    cells: dict[tuple[str, str], Cell] = defaultdict(Cell)
    able = _mentions(evidence, sides[technology_side], technology_side, Kind.OFFER)
    needed = _mentions(evidence, sides[1 - technology_side], 1 - technology_side, Kind.REQUEST)
    for mentions, name in ((able, "offers"), (needed, "requests")):
        for pairs in mentions:
            for pair in pairs:
                setattr(cells[pair], name, getattr(cells[pair], name) + 1)
    _add_pairs(evidence, introducible, technology_side, cells)
    rows = _busiest(evidence, cells, 0, technology_side, MOST_ROWS)
    columns = _busiest(evidence, cells, 1, 1 - technology_side, MOST_COLUMNS)
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
    technologies = [_tops(evidence, c, _HOW) for c in evidence.concepts[technology_side]]
    applications = [
        _tops(evidence, c, (ConceptKind.APPLICATION,))
        for c in evidence.concepts[1 - technology_side]
    ]
    wanted = [_tops(evidence, c, _HOW) for c in evidence.concepts[1 - technology_side]]
    for i, j in np.argwhere(introducible):
        pair = int(i), int(j)
        able, other = pair if technology_side == 0 else pair[::-1]
        for technology in technologies[able] & wanted[other]:
            for application in applications[other]:
                cells[technology, application].pairs.append(pair)


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
