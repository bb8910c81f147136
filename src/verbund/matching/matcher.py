"""Two lists kept ready: the whole result, or what a change of one member leads to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import repeat

import numpy as np

from verbund.language.vocabulary import Vocabulary
from verbund.matching.acquaintance import Past, positions_in
from verbund.matching.candidates import Candidates, candidates
from verbund.matching.evidence import Knowledge
from verbund.matching.introductions import PER_ORGANISATION, TOP, MatchResult
from verbund.matching.lists import SIDES, Lists, SideName
from verbund.matching.problem import MatchProblem
from verbund.matching.rank import rank, without_hubs
from verbund.matching.result import Introduction
from verbund.matching.roster import Roster
from verbund.matching.side import Side
from verbund.matching.weights import PRIOR, Weights
from verbund.records.duplicates import Register
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
        knowledge = Knowledge(problem, vocabulary)

        def prepare(members: Sequence[Organisation]) -> Side:
            past = None
            if history and knowledge.graph:
                links = link(members, history)
                past = Past(knowledge.graph, positions_in(history, members, links))
            return Side.of(members, knowledge.space, knowledge.vocabulary, past)

        self._registers = {"left": Register(problem.left), "right": Register(problem.right)}
        self._lists = Lists(
            left=Roster(problem.left, prepare),
            right=Roster(problem.right, prepare),
            in_both={(problem.left[i].id, problem.right[j].id) for i, j in problem.in_both},
            knowledge=knowledge,
            history=history,
            weights=weights or PRIOR,
        )

    def put(self, side: SideName, organisation: Organisation) -> None:
        """Take in a new member, or the new words of an old one, which keeps its place."""
        self._lists.roster(side).put(organisation)
        self._registers[side].put(organisation)
        self._forget_twins(side, organisation.id)
        for twin in self._registers[_other(side)].same_as(organisation):
            pair = (organisation.id, twin) if side == "left" else (twin, organisation.id)
            self._lists.in_both.add(pair)

    def remove(self, side: SideName, id_: str) -> None:
        """Take a member out.

        Raises
        ------
        InvalidInput
            If the list has no such member.
        """
        self._lists.roster(side).remove(self._known(side, id_))
        self._registers[side].remove(id_)
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
        lists = self._lists
        own = lists.roster(side).member(self._known(side, id_))
        blocks = lists.roster(_other(side)).blocks
        found: list[tuple[float, int, int]] = []  # falling score, block, position
        for number, block in enumerate(blocks):
            pair = (own, block) if side == "left" else (block, own)
            evidence = lists.evidence(*pair)
            scores = lists.score(evidence)
            remaining = np.flatnonzero(candidates(evidence, scores).remaining)
            total = scores.total.ravel()[remaining]
            best = np.argsort(-total, kind="stable")[:top]
            found += zip(
                (-total[best]).tolist(), repeat(number), remaining[best].tolist(), strict=False
            )
        partners = [blocks[number].cut(at, at + 1) for _, number, at in sorted(found)[:top]]
        if not partners:
            return ()
        others = Side.joined(partners)
        pair = (own, others) if side == "left" else (others, own)
        explained = lists.explain(*pair)
        return tuple(
            Introduction(rank, *_in_order(side, own.members[0], other), explanation)
            for rank, (other, explanation) in enumerate(
                zip(others.members, explained, strict=True), start=1
            )
        )

    def result(
        self,
        *,
        top: int = TOP,
        per_organisation: int = PER_ORGANISATION,
        hubs: float = 1.0,
        progress: Progress = lambda done: None,
    ) -> MatchResult:
        """Rank who should meet across both lists, with reasons.

        Parameters
        ----------
        top
            How many introductions at most.
        per_organisation
            In how many of them one organisation may appear, so that nobody is sent to everybody.
        hubs
            How much members that suit everybody may stand in front, see `without_hubs`; 1 as they
            score.
        progress
            Called with the share done, 0 to 1.

        Raises
        ------
        InvalidInput
            If a list has become empty, or a number is not positive.
        """
        if top < 1 or per_organisation < 1:
            raise refuse("match.not_positive", found=min(top, per_organisation))
        lists = self._lists.copy()
        problem = lists.problem()
        shape = len(problem.left), len(problem.right)
        total = np.zeros(shape, dtype=np.float32)
        allowed = Candidates.none(shape)
        for rows, columns, evidence in lists.tiles():
            scores = lists.score(evidence)
            total[rows, columns] = scores.total
            allowed.fill(rows, columns, candidates(evidence, scores))
            progress(0.3 + 0.5 * rows.stop / shape[0])
        ordered = without_hubs(total, hubs)
        ranking = rank(ordered, allowed.remaining, top=top, per_organisation=per_organisation)
        introductions = lists.introductions(ranking.pairs)
        progress(1.0)
        return MatchResult(problem, introductions, per_organisation, lists, total, allowed, ranking)

    def _known(self, side: SideName, id_: str) -> str:
        if id_ not in self._lists.roster(side):
            raise refuse("match.unknown_id", id=id_)
        return id_

    def _forget_twins(self, side: SideName, id_: str) -> None:
        number = SIDES.index(side)
        for pair in [pair for pair in self._lists.in_both if pair[number] == id_]:
            self._lists.in_both.remove(pair)


def match(
    left: Sequence[Organisation],
    right: Sequence[Organisation],
    *,
    history: History | None = None,
    top: int = TOP,
    per_organisation: int = PER_ORGANISATION,
    vocabulary: Vocabulary | None = None,
    weights: Weights | None = None,
    hubs: float = 1.0,
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
    return matcher.result(top=top, per_organisation=per_organisation, hubs=hubs, progress=progress)


def _other(side: SideName) -> SideName:
    return "right" if side == "left" else "left"


def _in_order(
    side: SideName, own: Organisation, other: Organisation
) -> tuple[Organisation, Organisation]:
    return (own, other) if side == "left" else (other, own)
