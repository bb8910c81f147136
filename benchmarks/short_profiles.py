"""Measure the matcher on member lists without any history.

    python benchmarks/short_profiles.py

Each list pair holds planted pairs: a request of one member and an offer of another in other words.
The seeker ranks all members of the other list; equal scores count against the right one. Every
list is measured as it is (rich) and cut to name, one offer and one request a member (short).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from verbund.language.guess import guess
from verbund.matching.evidence import Evidence
from verbund.matching.problem import MatchProblem
from verbund.matching.score import score
from verbund.records.members import read_members
from verbund.records.organisation import Organisation

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "src/verbund/records/demo"
DATA = ROOT / "tests/data"

Members = Sequence[Organisation]


@dataclass(frozen=True, slots=True)
class Pair:
    """Who seeks and who answers, with the texts that were planted."""

    left_id: str
    right_id: str
    request_side: str
    request: str
    offer: str

    @property
    def languages(self) -> str:
        return "same language" if guess(self.request) == guess(self.offer) else "two languages"


@dataclass(frozen=True, slots=True)
class Lists:
    """Two member lists and the pairs planted in them."""

    left: tuple[Organisation, ...]
    right: tuple[Organisation, ...]
    pairs: tuple[Pair, ...]

    def shortened(self) -> Lists:
        """Cut every member to name, one offer, one request: the first planted, else the first.

        Planted pairs whose texts did not both stay are left out.
        """
        kept: dict[tuple[str, str], str] = {}
        for pair in self.pairs:
            ids = (pair.left_id, pair.right_id)
            seeker, answerer = ids if pair.request_side == "left" else ids[::-1]
            kept.setdefault((seeker, "requests"), pair.request)
            kept.setdefault((answerer, "offers"), pair.offer)
        stays = set(kept.values())
        return Lists(
            tuple(_cut(member, kept) for member in self.left),
            tuple(_cut(member, kept) for member in self.right),
            tuple(p for p in self.pairs if {p.request, p.offer} <= stays),
        )


def _cut(member: Organisation, kept: dict[tuple[str, str], str]) -> Organisation:
    def one(field: str, said: tuple[str, ...]) -> tuple[str, ...]:
        planted = kept.get((member.id, field))
        return (planted,) if planted else said[:1]

    return Organisation(
        id=member.id,
        name=member.name,
        type=member.type,
        offers=one("offers", member.offers),
        requests=one("requests", member.requests),
    )


def read_lists(left: Path, right: Path, pairs: Path) -> Lists:
    ours, theirs = read_members(left).organisations, read_members(right).organisations
    with pairs.open(encoding="utf-8") as file:
        planted = [_pair(row, ours, theirs) for row in csv.DictReader(file)]
    return Lists(ours, theirs, tuple(planted))


def _pair(row: dict[str, str], left: Members, right: Members) -> Pair:
    """Take the planted texts from the file, or the first request and offer of the two."""
    ours = next(o for o in left if o.id == row["left_id"])
    theirs = next(o for o in right if o.id == row["right_id"])
    seeker, answerer = (ours, theirs) if row["request_side"] == "left" else (theirs, ours)
    return Pair(
        ours.id,
        theirs.id,
        row["request_side"],
        row.get("request") or seeker.requests[0],
        row.get("offer") or answerer.offers[0],
    )


def demo() -> Lists:
    """The lists of the demo, on which parameters were chosen."""
    return read_lists(DEMO / "photonics.csv", DEMO / "automotive.csv", DATA / "demo_pairs.csv")


def fresh() -> Lists:
    """Two lists that nothing was chosen on."""
    short = DATA / "short"
    return read_lists(short / "logistics.csv", short / "it.csv", short / "pairs.csv")


def places(lists: Lists) -> list[int]:
    """Return the place of the right member for each planted pair, in their order."""
    totals = score(Evidence(MatchProblem(lists.left, lists.right))).total
    position = [{o.id: n for n, o in enumerate(side)} for side in (lists.left, lists.right)]
    found = []
    for pair in lists.pairs:
        i, j = position[0][pair.left_id], position[1][pair.right_id]
        rivals = totals[i] if pair.request_side == "left" else totals[:, j]
        found.append(int((rivals >= totals[i, j]).sum()))
    return found


@dataclass(frozen=True, slots=True)
class Figures:
    pairs: int
    first: float
    in_three: float
    mean_reciprocal: float

    @classmethod
    def of(cls, found: Iterable[int]) -> Figures:
        listed = list(found)
        number = len(listed)
        return cls(
            number,
            sum(place == 1 for place in listed) / number,
            sum(place <= 3 for place in listed) / number,
            sum(1 / place for place in listed) / number,
        )


def main() -> None:
    print("| Lists | Profiles | Pairs | First | Among three | Mean reciprocal rank |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, lists in (("demo", demo()), ("fresh", fresh())):
        for kind, variant in (("rich", lists), ("short", lists.shortened())):
            found = places(variant)
            groups = {kind: found}
            for pair, place in zip(variant.pairs, found, strict=True):
                groups.setdefault(f"{kind}, {pair.languages}", []).append(place)
            for label, group in sorted(groups.items()):
                f = Figures.of(group)
                cells = (f"{f.first:.2f}", f"{f.in_three:.2f}", f"{f.mean_reciprocal:.3f}")
                print(f"| {name} | {label} | {f.pairs} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
