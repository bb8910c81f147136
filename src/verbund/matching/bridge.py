"""The bridge matrix: technologies of one network by applications of the other.

What counts is what a text is surely about (see `language.assignment`); what is not sure does not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from verbund.language.assignment import assign
from verbund.language.vocabulary import Concept, ConceptKind
from verbund.matching.evidence import LATEST_PROJECTS, Evidence
from verbund.matching.side import Side
from verbund.matching.statements import Spoken

MOST_ROWS = 14
MOST_COLUMNS = 10
_HOW = (ConceptKind.TECHNOLOGY, ConceptKind.PROCESS)
_WHERE = (ConceptKind.APPLICATION,)


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


def bridge_matrix(evidence: Evidence, introducible: npt.NDArray[np.bool_]) -> BridgeMatrix:
    """Count what one network can do for what the other makes.

    A statement counts in the cells of its technologies and applications; where it is about no
    application, those its organisation speaks of elsewhere stand in. A pair counts where the one
    can do what the other's request or field needs.

    Parameters
    ----------
    introducible
        Pairs worth introducing, shape (left, right).
    """
    subjects = _Subjects(evidence)
    attempts = [_count(subjects, introducible, side) for side in (0, 1)]
    return max(attempts, key=lambda matrix: sum(_weight(cell) for cell in matrix.cells.values()))


class _Subjects:
    """What the statements and the members of both lists are surely about."""

    def __init__(self, evidence: Evidence) -> None:
        self.vocabulary = evidence.vocabulary
        self.sides = (evidence.left, evidence.right)
        said = [
            [list(_texts_of(side, member)) for member in range(len(side.members))]
            for side in self.sides
        ]
        texts = list(dict.fromkeys(text for side in said for own in side for text in own))
        self._of = {
            text: set(found.sure)
            for text, found in zip(texts, assign(texts, self.vocabulary), strict=True)
        }
        self.of_members = [[self._of_all(own) for own in side] for side in said]

    def _of_all(self, texts: Iterable[str]) -> set[str]:
        return {concept for text in texts for concept in self._of[text]}

    def mentions(self, number: int, spoken: Spoken) -> Iterator[tuple[str, str]]:
        """List the (technology, application) pairs that statements of one side stand for."""
        for statement in spoken.statements:
            about = self._of[statement.text]
            uses = self.tops(about, _WHERE) or self.tops(
                self.of_members[number][statement.owner], _WHERE
            )
            yield from ((how, use) for how in self.tops(about, _HOW) for use in uses)

    def tops(self, concepts: Iterable[str], kinds: Iterable[ConceptKind]) -> set[str]:
        """Return the widest concepts of these kinds."""
        known = self.vocabulary
        return {known.top(id_).id for id_ in concepts if known.concepts[id_].kind in kinds}

    def membership(
        self, number: int, kinds: Iterable[ConceptKind]
    ) -> tuple[list[str], npt.NDArray[np.float32]]:
        """Tell which members speak of which widest concepts, shape (members, concepts)."""
        spoken_of = [self.tops(concepts, kinds) for concepts in self.of_members[number]]
        ids = sorted(set().union(*spoken_of))
        rows = [[id_ in own for id_ in ids] for own in spoken_of]
        return ids, np.array(rows, dtype=np.float32)

    def shares(self, number: int) -> dict[str, float]:
        """Return which share of a list speaks of each of the widest concepts."""
        speaking: dict[str, float] = defaultdict(float)
        members = self.of_members[number]
        for concepts in members:
            for id_ in {self.vocabulary.top(concept).id for concept in concepts}:
                speaking[id_] += 1 / len(members)
        return speaking


def _texts_of(side: Side, member: int) -> Iterator[str]:
    """List what a member says, and what its latest projects are about."""
    yield from (statement.text for statement in side.statements_of(member))
    if side.past:
        for project in side.past.projects_of(member)[-LATEST_PROJECTS:]:
            yield side.past.graph.history.projects[project].title


def _weight(cell: Cell) -> int:
    return cell.requests + cell.offers + cell.pairs


def _count(
    subjects: _Subjects, introducible: npt.NDArray[np.bool_], technology_side: int
) -> BridgeMatrix:
    other_side = 1 - technology_side
    cells: dict[tuple[str, str], Cell] = defaultdict(Cell)
    for pair in subjects.mentions(technology_side, subjects.sides[technology_side].offers):
        cells[pair].offers += 1
    for pair in subjects.mentions(other_side, subjects.sides[other_side].requests):
        cells[pair].requests += 1
    _add_pairs(subjects, introducible, technology_side, cells)
    rows = _busiest(subjects, cells, 0, technology_side, MOST_ROWS)
    columns = _busiest(subjects, cells, 1, other_side, MOST_COLUMNS)
    rows = tuple(r for r in rows if any((r.id, c.id) in cells for c in columns))
    columns = tuple(c for c in columns if any((r.id, c.id) in cells for r in rows))
    return BridgeMatrix(rows, columns, dict(cells), technology_side)


def _add_pairs(
    subjects: _Subjects,
    introducible: npt.NDArray[np.bool_],
    technology_side: int,
    cells: dict[tuple[str, str], Cell],
) -> None:
    """Count pairs of which one has a technology that the other speaks of too, per application."""
    other_side = 1 - technology_side
    pairs = introducible if technology_side == 0 else introducible.T
    technologies, able = subjects.membership(technology_side, _HOW)
    same, wanted = subjects.membership(other_side, _HOW)
    applications, uses = subjects.membership(other_side, _WHERE)
    shared = [id_ for id_ in technologies if id_ in same]
    reach = pairs.T.astype(np.float32) @ able[:, [technologies.index(id_) for id_ in shared]]
    counts = (reach * wanted[:, [same.index(id_) for id_ in shared]]).T @ uses
    for row, column in np.argwhere(counts > 0):
        cells[shared[row], applications[column]].pairs = round(float(counts[row, column]))


def _busiest(
    subjects: _Subjects, cells: dict[tuple[str, str], Cell], axis: int, side: int, most: int
) -> tuple[Concept, ...]:
    """Choose concepts with much going on that belong to one side more than to the other."""
    totals: dict[str, float] = defaultdict(float)
    for key, cell in cells.items():
        totals[key[axis]] += _weight(cell)
    own, other = (subjects.shares(number) for number in (side, 1 - side))
    ranked = {
        id_: total * own[id_] / (own[id_] + other[id_]) for id_, total in totals.items() if own[id_]
    }
    best = sorted(ranked, key=lambda id_: (-ranked[id_], id_))[:most]
    return tuple(subjects.vocabulary.concepts[id_] for id_ in best)
