"""Two lists kept ready: the whole result, or what a change of one member leads to."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from verbund.language.vocabulary import Vocabulary
from verbund.matching.acquaintance import Past, positions_in
from verbund.matching.candidates import Candidates, candidates
from verbund.matching.evidence import Knowledge
from verbund.matching.introductions import PER_ORGANISATION, TOP, MatchResult
from verbund.matching.lists import Lists, SideName
from verbund.matching.problem import Known, MatchProblem, has_contact
from verbund.matching.rank import rank
from verbund.matching.result import Introduction
from verbund.matching.roster import Roster
from verbund.matching.score import score
from verbund.matching.side import Side
from verbund.matching.weights import PRIOR, Weights
from verbund.records.duplicates import same_in_both
from verbund.records.history import History, link
from verbund.records.organisation import Organisation
from verbund.wording import refuse

Progress = Callable[[float], None]


class Matcher:
    """Two networks, ready to be matched and to follow changes.

    `put` and `remove` renew one member and leave the vectors of all others; `suggest` compares one
    member with the other list and nothing else. How rare a term is stays what it was when the
    matcher was built, so after many changes a matcher built anew may rank slightly otherwise.

    Parameters
    ----------
    left, right
        The members of each network.
    history
        Past joint projects; cut it with `History.before` to look from an earlier date.
    vocabulary
        Whose concepts topics and reasons name; without it the one that Verbund brings.
    weights
        How much each comparison counts; without them the prior.

    Raises
    ------
    InvalidInput
        If a list is empty or holds an id twice.
    """

    def __init__(
        self,
        left: Sequence[Organisation],
        right: Sequence[Organisation],
        *,
        history: History | None = None,
        vocabulary: Vocabulary | None = None,
        weights: Weights | None = None,
    ) -> None:
        problem = MatchProblem(tuple(left), tuple(right), history)
        self._history = history
        self._weights = weights or PRIOR
        self._knowledge = Knowledge(problem, vocabulary)
        self._rosters = {
            "left": Roster(problem.left, self._prepare),
            "right": Roster(problem.right, self._prepare),
        }
        self._in_both = {
            (problem.left[i].id, problem.right[j].id) for i, j in problem.in_both
        }  # ids (left, right)
        self._lists: Lists | None = None

    def put(self, side: SideName, organisation: Organisation) -> None:
        """Take in a new member, or the new words of an old one, which keeps its place."""
        self._rosters[side].put(organisation)
        self._lists = None
        self._forget_twins(side, organisation.id)
        for block in self._rosters[_other(side)].blocks:
            for _, j in same_in_both([organisation], block.members):
                self._in_both.add(_pair(side, organisation.id, block.members[j].id))

    def remove(self, side: SideName, id_: str) -> None:
        """Take a member out.

        Raises
        ------
        InvalidInput
            If the list has no such member.
        """
        self._rosters[side].remove(self._known(side, id_))
        self._lists = None
        self._forget_twins(side, id_)

    def suggest(self, side: SideName, id_: str, *, top: int = TOP) -> tuple[Introduction, ...]:
        """Introduce one member to the best of the other list, whoever else they suit.

        Returns
        -------
        At most `top` introductions, best first; equal scores keep the order of the list.

        Raises
        ------
        InvalidInput
            If the list has no such member, or `top` is not positive.
        """
        if top < 1:
            raise refuse("match.not_positive", found=top)
        self._known(side, id_)
        if not self._rosters[_other(side)].blocks:
            return ()
        lists = self._now()
        member = lists.position(side, id_)
        strip = lists.row(member) if side == "left" else lists.column(member)
        places: list[npt.NDArray[np.int64]] = []
        totals: list[npt.NDArray[np.float32]] = []
        for where, evidence in strip:
            scores = score(evidence, weights=self._weights)
            remaining = np.flatnonzero(candidates(evidence, scores).remaining)
            best = _best(scores.total.ravel()[remaining], top)
            places.append(where.start + remaining[best])
            totals.append(scores.total.ravel()[remaining[best]])
        best = _best(np.concatenate(totals), top)
        partners = np.concatenate(places)[best].tolist()
        pairs = [(member, j) if side == "left" else (j, member) for j in partners]
        return lists.introductions(pairs)

    def result(
        self,
        *,
        top: int = TOP,
        per_organisation: int = PER_ORGANISATION,
        progress: Progress = lambda done: None,
    ) -> MatchResult:
        """Rank who should meet across both lists, with reasons.

        Parameters
        ----------
        top
            How many introductions at most.
        per_organisation
            In how many of them one organisation may appear, so that nobody is sent to everybody.
        progress
            Called with the share done, 0 to 1.

        Raises
        ------
        InvalidInput
            If a list has become empty, or a number is not positive.
        """
        if top < 1 or per_organisation < 1:
            raise refuse("match.not_positive", found=min(top, per_organisation))
        lists = self._now()
        shape = len(lists.problem.left), len(lists.problem.right)
        total = np.zeros(shape, dtype=np.float32)
        allowed = Candidates.none(shape)
        tiles = len(lists.left) * len(lists.right)
        for number, (rows, columns, evidence) in enumerate(lists.tiles()):
            scores = score(evidence, weights=self._weights)
            total[rows, columns] = scores.total
            allowed.fill(rows, columns, candidates(evidence, scores))
            progress(0.3 + 0.5 * (number + 1) / tiles)
        ranking = rank(total, allowed.remaining, top=top, per_organisation=per_organisation)
        introductions = lists.introductions(ranking.pairs)
        progress(1.0)
        return MatchResult(
            lists.problem, introductions, per_organisation, lists, total, allowed, ranking
        )

    # ------------------------------------------------------------ the lists as they are

    def _now(self) -> Lists:
        if self._lists is None:
            left, right = self._rosters["left"].blocks, self._rosters["right"].blocks
            members = [tuple(m for block in side for m in block.members) for side in (left, right)]
            contacts = [any(map(has_contact, side)) for side in members]
            positions = [{m.id: place for place, m in enumerate(side)} for side in members]
            in_both = tuple(
                sorted((positions[0][one], positions[1][other]) for one, other in self._in_both)
            )
            requests = any(member.requests for side in members for member in side)
            known = Known(in_both, (contacts[0], contacts[1]), requests)
            problem = MatchProblem(members[0], members[1], self._history, known)
            self._lists = Lists(problem, self._knowledge, left, right, self._weights)
        return self._lists

    def _prepare(self, members: Sequence[Organisation]) -> Side:
        past = None
        if self._history and self._knowledge.graph:
            links = link(members, self._history)
            past = Past(self._knowledge.graph, positions_in(self._history, members, links))
        return Side.of(members, self._knowledge.space, self._knowledge.vocabulary, past)

    def _known(self, side: SideName, id_: str) -> str:
        if id_ not in self._rosters[side]:
            raise refuse("match.unknown_id", id=id_)
        return id_

    def _forget_twins(self, side: SideName, id_: str) -> None:
        number = 0 if side == "left" else 1
        self._in_both = {pair for pair in self._in_both if pair[number] != id_}


def match(
    left: Sequence[Organisation],
    right: Sequence[Organisation],
    *,
    history: History | None = None,
    top: int = TOP,
    per_organisation: int = PER_ORGANISATION,
    vocabulary: Vocabulary | None = None,
    weights: Weights | None = None,
    progress: Progress = lambda done: None,
) -> MatchResult:
    """Rank who should meet across two networks, with reasons.

    The parameters are those of `Matcher` and of its `result`.

    Raises
    ------
    InvalidInput
        If a list is empty or holds an id twice, or a number is not positive.
    """
    if top < 1 or per_organisation < 1:
        raise refuse("match.not_positive", found=min(top, per_organisation))
    matcher = Matcher(left, right, history=history, vocabulary=vocabulary, weights=weights)
    progress(0.3)
    return matcher.result(top=top, per_organisation=per_organisation, progress=progress)


def _other(side: SideName) -> SideName:
    return "right" if side == "left" else "left"


def _pair(side: SideName, own: str, other: str) -> tuple[str, str]:
    return (own, other) if side == "left" else (other, own)


def _best(values: npt.NDArray[np.float32], most: int) -> npt.NDArray[np.int64]:
    """Return where the highest values stand, best first, equal ones in their order."""
    return np.argsort(-values, kind="stable")[:most]
