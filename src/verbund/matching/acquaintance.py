"""Who knows whom: what past joint projects say about two lists of organisations.

`Graph` holds what is the same for everybody, `Past` what one list has done, `Acquaintance` what two
lists have to do with each other. A `Past` is prepared once, however many lists it meets.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from verbund.language.table import encode
from verbund.language.terms import Matrix, TermSpace, terms_of, unit_rows
from verbund.records.history import History, JointProject, Links
from verbund.records.organisation import Organisation

Floats = npt.NDArray[np.float32]
Positions = npt.NDArray[np.int64]

_ALIKE = 0.15  # cosine of two project texts from which they are called alike
_HALF_LIFE_YEARS = 4.0  # after which a joint project counts half as a way to be introduced
_ALIKE_ORGANISATIONS = 100  # most alike ones whose partners count
_ROWS_AT_ONCE = 256  # members compared with all organisations in one step


class Graph:
    """Organisations and projects, tied by participations.

    Parameters
    ----------
    history
        Only what may be known: cut it first where a date matters.

    Attributes
    ----------
    partners, everyone
        Shape (organisations, projects): 1 for who took part, without and with affiliated entities.
    """

    def __init__(self, history: History) -> None:
        self.history = history
        shape = (len(history.organisation_ids), len(history.projects))
        own = ~history.affiliated
        self.everyone = _incidence(history.organisation_index, history.project_index, shape)
        self.partners = _incidence(
            history.organisation_index[own], history.project_index[own], shape
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
    def text_space(self) -> tuple[TermSpace, Matrix]:
        """Terms of all projects with a text, and a vector per project (0 for those without)."""
        terms = [
            terms_of(project.text) if project.has_text else {} for project in self.history.projects
        ]
        space = TermSpace([t for t in terms if t])
        return space, space.vectors(terms)

    @cached_property
    def walk(self) -> Matrix:
        """Weigh a step from an organisation to a partner, shape (organisations, organisations).

        Symmetric and divided by the roots of what leads into and out of both, so that a hub is
        reached easily by nobody.
        """
        steps = self._joint(self.recency / np.sqrt((self.project_sizes - 1).clip(min=1)))
        total = np.asarray(steps.sum(axis=1)).ravel()
        scale = sparse.diags(
            np.divide(1, np.sqrt(total), out=np.zeros_like(total), where=total > 0)
        )
        return sparse.csr_matrix(scale @ steps @ scale).astype(np.float32)

    @cached_property
    def bonds(self) -> Matrix:
        """How much two organisations did together lately, shape (organisations, organisations)."""
        return self._joint(self.recency**2 / np.sqrt(self.project_sizes)).sqrt().astype(np.float32)

    def _joint(self, weights: npt.NDArray[np.float64]) -> Matrix:
        """Add up the weights of joint projects; nobody is tied to itself."""
        joint = sparse.csr_matrix(self.partners @ sparse.diags(weights) @ self.partners.T)
        joint.setdiag(0)
        joint.eliminate_zeros()
        return joint

    @cached_property
    def subjects(self) -> Matrix:
        """Mean vector of the projects of each organisation, unit length."""
        return unit_rows(self.partners @ self.text_space[1])

    @cached_property
    def subjects_by_term(self) -> Matrix:
        return sparse.csr_matrix(self.subjects.T)

    @cached_property
    def meanings(self) -> Floats:
        """Vectors of titles, keywords and topics, one row per project, 0 for those without text."""
        projects = self.history.projects
        with_text = [k for k, project in enumerate(projects) if project.has_text]
        texts = [f"{p.title}\n{p.keywords}\n{p.topic_title}" for p in projects if p.has_text]
        vectors = encode(texts)
        result = np.zeros((len(projects), vectors.shape[1]), dtype=np.float32)
        result[with_text] = vectors
        return result

    @cached_property
    def fields(self) -> Matrix:
        """Fields of science with all they are part of, rare ones more; one row per project."""
        found = [_with_broader(project.fields) for project in self.history.projects]
        names = {name: k for k, name in enumerate(dict.fromkeys(n for f in found for n in f))}
        rows = np.repeat(np.arange(len(found)), [len(f) for f in found])
        columns = np.array([names[name] for f in found for name in f], dtype=np.int64)
        matrix = _incidence(columns=columns, rows=rows, shape=(len(found), len(names)))
        seen = np.asarray(matrix.sum(axis=0)).ravel()
        rarity = np.log((len(found) + 100) / (seen + 0.5)).clip(min=0.05)
        return sparse.csr_matrix(matrix @ sparse.diags(rarity)).astype(np.float32)

    @cached_property
    def partners_by_project(self) -> Matrix:
        return sparse.csr_matrix(self.partners.T)


class Past:
    """The history of one list: one row per member, columns are projects.

    Parameters
    ----------
    positions
        Of each member among the organisations of the history, -1 without one; shape (members,).

    Attributes
    ----------
    took_part, acquainted
        1 for projects a member took part in; `acquainted` also those where it was an affiliated
        entity.
    """

    def __init__(self, graph: Graph, positions: Positions) -> None:
        self.graph = graph
        self.positions = positions
        self.took_part = _rows(graph.partners, positions)
        self.acquainted = _rows(graph.everyone, positions)

    @cached_property
    def reach(self) -> Matrix:
        """One step from each member, shape (members, organisations)."""
        return _rows(self.graph.walk, self.positions)

    @cached_property
    def walks(self) -> Matrix:
        """One and two steps from each member, shape (members, organisations)."""
        return sparse.csr_matrix(self.reach + self.reach @ self.graph.walk)

    @cached_property
    def bonds(self) -> Matrix:
        """How much each member did with each organisation, shape (members, organisations)."""
        return _rows(self.graph.bonds, self.positions)

    @cached_property
    def alike(self) -> Matrix:
        """The organisations whose projects are most like a member's; rows add up to 1."""
        subjects = self.subjects
        everybody = self.graph.subjects_by_term
        kept = min(_ALIKE_ORGANISATIONS, everybody.shape[1])
        blocks = []
        for start in range(0, subjects.shape[0], _ROWS_AT_ONCE):
            likeness = (subjects[start : start + _ROWS_AT_ONCE] @ everybody).toarray()
            best = np.argpartition(-likeness, kept - 1, axis=1)[:, :kept]
            weights = np.take_along_axis(likeness, best, axis=1).clip(min=0) ** 2
            weights /= weights.sum(axis=1, keepdims=True) + 1e-9
            starts = np.arange(len(best) + 1) * kept
            blocks.append(
                sparse.csr_matrix((weights.ravel(), best.ravel(), starts), shape=likeness.shape)
            )
        return sparse.csr_matrix(sparse.vstack(blocks))

    @cached_property
    def meanings(self) -> Floats:
        """Mean meaning of each member's projects, unit length."""
        mean = self.took_part @ self.graph.meanings
        return np.asarray(mean / (np.linalg.norm(mean, axis=1, keepdims=True) + 1e-9))

    @cached_property
    def fields(self) -> Matrix:
        """Fields of science each member works in, unit length."""
        return unit_rows(self.took_part @ self.graph.fields)

    @cached_property
    def subjects(self) -> Matrix:
        """Mean vector of each member's projects, unit length."""
        return unit_rows(self.took_part @ self.graph.text_space[1])

    @classmethod
    def joined(cls, parts: Sequence[Past]) -> Past:
        """Put lists behind each other; what was found of most of their members is kept."""
        new = cls(parts[0].graph, np.concatenate([part.positions for part in parts]))
        largest = max(parts, key=lambda part: len(part.positions))
        for name in _OF_MEMBERS & vars(largest).keys():
            values = [getattr(part, name) for part in parts]
            stack = np.concatenate if isinstance(values[0], np.ndarray) else sparse.vstack
            vars(new)[name] = stack(values)
        return new

    def prepare(self) -> None:
        """Find what is found of each member now, so that no part of the list finds it again."""
        for name in _OF_MEMBERS:
            getattr(self, name)

    def cut(self, start: int, stop: int) -> Past:
        """Take the members from `start` on and before `stop`."""
        new = Past(self.graph, self.positions[start:stop])
        for name in _OF_MEMBERS & vars(self).keys():
            vars(new)[name] = vars(self)[name][start:stop]
        return new

    def projects_of(self, member: int) -> list[int]:
        rows = self.acquainted
        return [int(p) for p in rows.indices[rows.indptr[member] : rows.indptr[member + 1]]]


_OF_MEMBERS = {name for name, found in vars(Past).items() if isinstance(found, cached_property)}


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
        graph = Graph(history)
        self._set(
            Past(graph, positions_in(history, left, links[0])),
            Past(graph, positions_in(history, right, links[1])),
        )

    @classmethod
    def between(cls, left: Past, right: Past) -> Acquaintance:
        """Compare two lists whose history stands ready."""
        new = cls.__new__(cls)
        new._set(left, right)
        return new

    def _set(self, left: Past, right: Past) -> None:
        self.graph, self.left, self.right = left.graph, left, right
        self.history = self.graph.history
        self.partners = self.graph.partners

    @property
    def recency(self) -> npt.NDArray[np.float64]:
        return self.graph.recency

    @property
    def project_sizes(self) -> npt.NDArray[np.float64]:
        return self.graph.project_sizes

    @property
    def text_space(self) -> tuple[TermSpace, Matrix]:
        return self.graph.text_space

    @cached_property
    def known(self) -> npt.NDArray[np.bool_]:
        """Pairs that took part in the same project, shape (left, right)."""
        return np.asarray((self.left.acquainted @ self.right.acquainted.T).toarray() > 0)

    @cached_property
    def paths(self) -> Floats:
        """Walks of two and three steps over past partners, weaker through large and old projects.

        Shape (left, right).
        """
        if self.left.positions.size <= self.right.positions.size:
            found = (self.left.walks @ self.right.reach.T).toarray()
        else:
            found = (self.right.walks @ self.left.reach.T).toarray().T
        return np.asarray(np.sqrt(found))

    @cached_property
    def alike_partners(self) -> Floats:
        """How much those most alike to one did with the other, both ways, shape (left, right)."""
        there = (self.left.alike @ self.right.bonds.T).toarray()
        back = (self.right.alike @ self.left.bonds.T).toarray().T
        return np.asarray(np.sqrt(there) + np.sqrt(back))

    @cached_property
    def meanings(self) -> Floats:
        """Cosine of the mean meanings of projects, shape (left, right)."""
        return self.left.meanings @ self.right.meanings.T

    @cached_property
    def fields(self) -> Floats:
        """Cosine of the fields of science, shape (left, right)."""
        return np.asarray((self.left.fields @ self.right.fields.T).toarray())

    @property
    def subjects(self) -> tuple[Matrix, Matrix]:
        """Mean vector of each member's projects, unit length, one row per member of each list."""
        return self.left.subjects, self.right.subjects

    def projects_of(self, side: int, member: int) -> list[int]:
        return (self.left, self.right)[side].projects_of(member)

    def joint_projects(self, i: int, j: int) -> list[JointProject]:
        """List what the two did together, the newest first."""
        shared = sorted(set(self.projects_of(0, i)) & set(self.projects_of(1, j)), reverse=True)
        return [self.history.projects[p] for p in shared]

    def go_betweens(self, i: int, j: int, most: int = 3) -> list[GoBetween]:
        """Find partners both have worked with: in recent and small projects first."""
        ours, theirs = self._projects_by_partner(0, i), self._projects_by_partner(1, j)
        own = {int(self.left.positions[i]), int(self.right.positions[j])}
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
        columns = self.graph.partners_by_project
        for project in self.projects_of(side, member):
            for partner in columns.indices[columns.indptr[project] : columns.indptr[project + 1]]:
                by_partner.setdefault(int(partner), []).append(project)
        return by_partner

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


def _with_broader(fields: str) -> list[str]:
    """Split "/a/b | /c" into "/a", "/a/b" and "/c"."""
    found: dict[str, None] = {}
    for path in filter(None, map(str.strip, fields.split("|"))):
        parts = path.strip("/").split("/")
        found |= {"/".join(parts[:depth]): None for depth in range(1, len(parts) + 1)}
    return list(found)


def _binary(matrix: Matrix) -> Matrix:
    result = sparse.csr_matrix(matrix)
    result.sum_duplicates()
    result.data = np.ones_like(result.data)
    return result


def positions_in(
    history: History, organisations: Sequence[Organisation], links: Links
) -> Positions:
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
