"""Which pairs are suggested: of all that fit the best, and of nobody too many."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from verbund.matching import Introduction as Found
from verbund.web.directory.models import Profile
from verbund.web.directory.queries import unconfirmed
from verbund.web.partnering.matchers import SIDES, KeptMatcher
from verbund.web.partnering.problems import Pair, pair_of

_STALE = 0.9  # what a score is worth for the order, for each side not confirmed for a year
_FIRST_LOOK, _FURTHER = 24, 4  # how many partners of one member to look at first; then times that
Worth = tuple[float, Pair]  # sorts the best first, equal ones by their keys


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many suggestions a run keeps, in all and of one organisation, besides decided ones."""

    top: int
    per_organisation: int


@dataclass(frozen=True, slots=True)
class Said:
    """What people have said about pairs of a bond.

    Decided ones take nobody's place. What a member wished for stays, as long as both are still
    there, however many better ones there are.
    """

    decided: frozenset[Pair] = frozenset()
    wished: frozenset[Pair] = frozenset()


@dataclass
class _Room:
    """What is left of the places, in all and of each organisation."""

    sizes: Sizes
    taken: int = 0
    of_one: Counter[int] = field(default_factory=Counter)

    def has_place_for(self, pair: Pair) -> bool:
        most = self.sizes.per_organisation
        return not self.is_full and all(self.of_one[one] < most for one in pair)

    def take(self, pair: Pair) -> None:
        self.taken += 1
        self.of_one.update(pair)

    @property
    def is_full(self) -> bool:
        return self.taken >= self.sizes.top


def find(
    kept: KeptMatcher, on: dt.date, sizes: Sizes, said: Said, progress: Callable[[float], None]
) -> list[Found]:
    """Match all members of a bond; left and right stand as they are stored."""
    # Asked for are more than are kept: inside a network each pair is found from both sides, pairs
    # that are decided, or with a member of both networks, take no place, and others sink.
    most_of_one = sizes.per_organisation + _most_of_one(said.decided) + len(kept.at_home)
    result = kept.matcher.result(
        top=2 * sizes.top + len(said.decided) + len(kept.at_home) * most_of_one,
        per_organisation=most_of_one,
        progress=progress,
    )
    candidates = [found for found in result.introductions if _may_be_suggested(found, kept)]
    stale = _stale(map(pair_of, candidates), on)
    chosen = _choose(_in_order(candidates, stale), _Room(sizes), said, {})
    return chosen + _wished(kept, said, chosen)


def find_for(
    member: int,
    kept: KeptMatcher,
    on: dt.date,
    sizes: Sizes,
    said: Said,
    listed: Mapping[Pair, float],
) -> list[Found]:
    """Match one member; the records of those it is matched with are read anew.

    `listed` are the pairs of all members that nobody has decided about, with their scores. Those of
    others stay, and what stands better takes its place before a pair of this member. Where the list
    is full, a pair must be better than the last one on it, as in a full run.
    """
    others = {pair: score for pair, score in listed.items() if member not in pair}
    floor = min(listed.values()) if len(listed) >= sizes.top else -math.inf
    look = _FIRST_LOOK
    while True:
        sides = _suggested(member, kept, look)
        candidates = [one for found in sides for one in found if _may_be_suggested(one, kept)]
        if kept.renew({o.id for found in candidates for o in (found.left, found.right)}):
            continue
        stale = _stale([*map(pair_of, candidates), *others], on)
        ordered = _in_order([one for one in candidates if one.score >= floor], stale)
        room = _Room(sizes)
        standing = {_worth(pair, score, stale): pair for pair, score in others.items()}
        chosen = _choose(ordered, room, said, standing)
        is_enough = room.is_full or room.of_one[member] >= sizes.per_organisation
        if is_enough or all(len(found) < look or found[-1].score < floor for found in sides):
            own = Said(said.decided, frozenset(pair for pair in said.wished if member in pair))
            return chosen + _wished(kept, own, chosen)
        look *= _FURTHER


def _suggested(member: int, kept: KeptMatcher, most: int) -> list[tuple[Found, ...]]:
    """Return the best pairs of a member, by the sides it stands on."""
    return [
        kept.matcher.suggest(side, str(member), top=most)
        for side in SIDES
        if str(member) in kept.shown[side]
    ]


def _may_be_suggested(found: Found, kept: KeptMatcher) -> bool:
    """Inside one network each pair counts once, across none with a member of both."""
    one, other = pair_of(found)
    if kept.basis.bond.is_within:
        return one < other
    return not {found.left.id, found.right.id} & kept.at_home


def _stale(pairs: Iterable[Pair], on: dt.date) -> set[int]:
    """Return whose profile nobody has confirmed for a year: their pairs stand lower."""
    ids = {one for pair in pairs for one in pair}
    profiles = Profile.objects.filter(unconfirmed(on), organisation__in=ids)
    return set(profiles.values_list("organisation_id", flat=True))


def _worth(pair: Pair, score: float, stale: set[int]) -> Worth:
    return -score * _STALE ** len(stale & set(pair)), pair


def _in_order(candidates: Iterable[Found], stale: set[int]) -> dict[Worth, Found]:
    worths = {_worth(pair_of(found), found.score, stale): found for found in candidates}
    return dict(sorted(worths.items(), key=lambda item: item[0]))


def _choose(
    candidates: Mapping[Worth, Found], room: _Room, said: Said, standing: Mapping[Worth, Pair]
) -> list[Found]:
    """Take the best for which there is room; what stands better has taken its place before."""
    before = iter(sorted(standing))
    waiting = next(before, None)
    chosen = []
    for worth, found in candidates.items():
        while waiting is not None and waiting < worth:
            room.take(standing[waiting])
            waiting = next(before, None)
        pair = pair_of(found)
        if pair in said.decided:
            chosen.append(found)
        elif room.has_place_for(pair):
            room.take(pair)
            chosen.append(found)
    return chosen


def _most_of_one(pairs: Iterable[Pair]) -> int:
    counts = Counter(one for pair in pairs for one in pair)
    return max(counts.values(), default=0)


def _wished(kept: KeptMatcher, said: Said, chosen: list[Found]) -> list[Found]:
    """Add what members wished for and the others left no room for."""
    missing = said.wished - set(map(pair_of, chosen))
    found: list[Found] = []
    for pair in sorted(missing):
        left, right = (
            kept.shown[side].get(str(one)) for side, one in zip(SIDES, pair, strict=True)
        )
        if left and right and not {left.id, right.id} & kept.at_home:
            explained = kept.matcher.result(top=1).explain(left.id, right.id)
            found.append(Found(len(chosen) + len(found) + 1, left, right, explained))
    return found
