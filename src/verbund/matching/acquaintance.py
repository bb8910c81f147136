"""Who knows whom: what past joint projects say about two lists of organisations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from verbund.language.terms import Matrix, TermSpace, terms_of, unit_rows
from verbund.records.history import History, JointProject, Links
from verbund.records.organisation import Organisation

Floats = npt.NDArray[np.float32]

_ALIKE = 0.15  # cosine of two project texts from which they are called alike
_HALF_LIFE_YEARS = 4.0  # after which a joint project counts half as a way to be introduced


@dataclass(frozen=True)
class Past:
    """The history of one list: one row per member, columns are projects.

    `took_part` holds 1 for projects a member took part in, `acquainted` also those where it was an
    affiliated entity.
    """

    took_part: Matrix
    acquainted: Matrix


class Acquaintance:
    """Measures on the graph of organisations and projects, for one pair of lists.

    Parameters
    ----------
    history
        Only what may be known: cut it first where a date matters.
    left, right
        The lists, tied to the history by `links`.
    """

    def __init__(
        self,
        history: History,
        left: Sequence[Organisation],
        right: Sequence[Organisation],
        links: tuple[Links, Links],
    ) -> None:
        self.history = history
        shape = (len(history.organisation_ids), len(history.projects))
        everyone = _incidence(history.organisation_index, history.project_index, shape)
        own = ~history.affiliated
        partners = _incidence(history.organisation_index[own], history.project_index[own], shape)
        self.partners = partners
        self.positions = (
            _positions(left, links[0], history),
            _positions(right, links[1], history),
        )
        self.left, self.right = (
            Past(_rows(partners, positions), _rows(everyone, positions))
            for positions in self.positions
        )

    @cached_property
    def project_sizes(self) -> npt.NDArray[np.float64]:
        return np.asarray(self.partners.sum(axis=0)).ravel().clip(min=1)

    @cached_property
    def degrees(self) -> npt.NDArray[np.float64]:
        """Estimate how many partners each organisation has had (partners met twice count twice)."""
        return np.asarray(self.partners @ (self.project_sizes - 1)).ravel()

    @cached_property
    def recency(self) -> npt.NDArray[np.float64]:
        """Weigh each project by age, from the newest one; half after four years."""
        newest = max((p.start for p in self.history.projects if p.start), default=dt.date.min)
        ages = [
            (newest - p.start).days / 365.25 if p.start else 10.0 for p in self.history.projects
        ]
        return np.asarray(0.5 ** (np.array(ages) / _HALF_LIFE_YEARS))

    @cached_property
    def known(self) -> npt.NDArray[np.bool_]:
        """Pairs that took part in the same project, shape (left, right)."""
        return np.asarray((self.left.acquainted @ self.right.acquainted.T).toarray() > 0)

    @cached_property
    def common_partners(self) -> Floats:
        """Adamic-Adar index (Adamic and Adar 2003): common partners, those with few partners more.

        Shape (left, right).
        """
        weight = sparse.diags(1.0 / np.log(np.e + self.degrees))
        ours, theirs = (
            _binary(past.took_part @ self.partners.T) for past in (self.left, self.right)
        )
        return np.asarray((ours @ weight @ theirs.T).toarray(), dtype=np.float32)

    @cached_property
    def paths(self) -> Floats:
        """Two-step paths over a common partner, weaker through large and old projects.

        Shape (left, right).
        """
        step = sparse.diags(self.recency / self.project_sizes)
        weight = sparse.diags(1.0 / np.sqrt(1.0 + self.degrees))
        ours, theirs = (past.took_part @ step @ self.partners.T for past in (self.left, self.right))
        return np.asarray((ours @ weight @ theirs.T).toarray(), dtype=np.float32)

    @cached_property
    def text_space(self) -> tuple[TermSpace, Matrix]:
        """Terms of all projects with a text, and a vector per project (0 for those without)."""
        terms = [
            terms_of(project.text) if project.has_text else {} for project in self.history.projects
        ]
        space = TermSpace([t for t in terms if t])
        return space, space.vectors(terms)

    @cached_property
    def subjects(self) -> tuple[Matrix, Matrix]:
        """Mean vector of each member's projects, unit length, one row per member of each list."""
        vectors = self.text_space[1]
        return unit_rows(self.left.took_part @ vectors), unit_rows(self.right.took_part @ vectors)

    def projects_of(self, side: int, member: int) -> list[int]:
        past = (self.left, self.right)[side].acquainted
        return [int(p) for p in past.indices[past.indptr[member] : past.indptr[member + 1]]]

    def joint_projects(self, i: int, j: int) -> list[JointProject]:
        """List what the two did together, the newest first."""
        shared = sorted(set(self.projects_of(0, i)) & set(self.projects_of(1, j)), reverse=True)
        return [self.history.projects[p] for p in shared]

    def go_betweens(self, i: int, j: int, most: int = 3) -> list[GoBetween]:
        """Find partners both have worked with: in recent and small projects first."""
        ours, theirs = self._projects_by_partner(0, i), self._projects_by_partner(1, j)
        own = {int(self.positions[0][i]), int(self.positions[1][j])}
        shared = (ours.keys() & theirs.keys()) - own
        strength = self.recency / self.project_sizes
        best = {
            z: (max(ours[z], key=lambda p: strength[p]), max(theirs[z], key=lambda p: strength[p]))
            for z in shared
            if self.history.organisation_ids[z] in self.history.organisations
        }
        order = sorted(best, key=lambda z: (-strength[best[z][0]] * strength[best[z][1]], z))
        return [
            GoBetween(
                self.history.organisations[self.history.organisation_ids[z]],
                self.history.projects[best[z][0]],
                self.history.projects[best[z][1]],
                len(shared),
            )
            for z in order[:most]
        ]

    def _projects_by_partner(self, side: int, member: int) -> dict[int, list[int]]:
        by_partner: dict[int, list[int]] = {}
        columns = self._partners_by_project
        for project in self.projects_of(side, member):
            for partner in columns.indices[columns.indptr[project] : columns.indptr[project + 1]]:
                by_partner.setdefault(int(partner), []).append(project)
        return by_partner

    @cached_property
    def _partners_by_project(self) -> Matrix:
        return sparse.csr_matrix(self.partners.T)

    def alike_projects(self, i: int, j: int) -> tuple[JointProject, JointProject] | None:
        """Find the two projects, one of each, whose texts are most alike."""
        vectors = self.text_space[1]
        ours, theirs = self.projects_of(0, i), self.projects_of(1, j)
        if not ours or not theirs:
            return None
        likeness = (vectors[ours] @ vectors[theirs].T).toarray()
        a, b = np.unravel_index(int(likeness.argmax()), likeness.shape)
        if likeness[a, b] < _ALIKE:
            return None
        return self.history.projects[ours[int(a)]], self.history.projects[theirs[int(b)]]


@dataclass(frozen=True, slots=True)
class GoBetween:
    """A partner both sides know, a project of each with it, and how many such there are."""

    organisation: Organisation
    left_project: JointProject
    right_project: JointProject
    of: int


def _incidence(
    rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64], shape: tuple[int, int]
) -> Matrix:
    ones = np.ones(len(rows), dtype=np.float32)
    return _binary(sparse.csr_matrix((ones, (rows, columns)), shape=shape))


def _binary(matrix: Matrix) -> Matrix:
    result = sparse.csr_matrix(matrix)
    result.sum_duplicates()
    result.data = np.ones_like(result.data)
    return result


def _positions(
    organisations: Sequence[Organisation], links: Links, history: History
) -> npt.NDArray[np.int64]:
    """Return the position of each member in the history, -1 without one."""
    ties = (links.by_member.get(organisation.id, "") for organisation in organisations)
    return np.array([history.position_of.get(tie, -1) for tie in ties], dtype=np.int64)


def _rows(matrix: Matrix, positions: npt.NDArray[np.int64]) -> Matrix:
    """Take the rows of members; those without history get an empty one."""
    with_history = np.flatnonzero(positions >= 0)
    shape = (len(positions), matrix.shape[0])
    ones = np.ones(len(with_history), dtype=np.float32)
    choose = sparse.csr_matrix((ones, (with_history, positions[with_history])), shape=shape)
    return sparse.csr_matrix(choose @ matrix)
