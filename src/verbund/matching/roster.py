"""A list of organisations that stands ready and changes member by member."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

from verbund.matching.side import Side
from verbund.records.organisation import Organisation

MEMBERS_AT_ONCE = 2048  # of one block: what is renewed by one change

Prepare = Callable[[Sequence[Organisation]], Side]


class Roster:
    """One list in blocks; a change renews the block of that member and touches no other.

    Parameters
    ----------
    prepare
        Makes members ready to be compared.
    """

    def __init__(self, members: Sequence[Organisation], prepare: Prepare) -> None:
        self._prepare = prepare
        self._blocks = [
            prepare(members[start : start + MEMBERS_AT_ONCE])
            for start in range(0, len(members), MEMBERS_AT_ONCE)
        ]
        self._block_of = {
            member.id: number
            for number, block in enumerate(self._blocks)
            for member in block.members
        }

    def copy(self) -> Roster:
        """Return the list as it is now, for whoever must not see later changes."""
        new = Roster((), self._prepare)
        new._blocks, new._block_of = self._blocks.copy(), self._block_of.copy()
        return new

    @property
    def blocks(self) -> list[Side]:
        """The list in its order; a block never changes, a change puts another in its place."""
        return [block for block in self._blocks if block.members]

    @property
    def members(self) -> Iterator[Organisation]:
        return (member for block in self._blocks for member in block.members)

    def __contains__(self, id_: str) -> bool:
        return id_ in self._block_of

    def member(self, id_: str) -> Side:
        """Return one member as a side of its own."""
        return _one(self._blocks[self._block_of[id_]], id_)

    def take(self, positions: Sequence[int]) -> Side:
        """Join the members at these places of the list."""
        blocks = self.blocks
        starts = [0, *accumulate(len(block.members) for block in blocks)]
        parts = []
        for position in positions:
            number = bisect_right(starts, position) - 1
            local = position - starts[number]
            parts.append(blocks[number].cut(local, local + 1))
        return Side.joined(parts)

    def put(self, member: Organisation) -> None:
        """Take a member in, at its old place if it has one, else at the end."""
        new = self._prepare([member])
        if member.id in self._block_of:
            self._replace(member.id, new)
            return
        if not self._blocks or len(self._blocks[-1].members) >= MEMBERS_AT_ONCE:
            self._blocks.append(new)
        else:
            self._blocks[-1] = Side.joined([self._blocks[-1], new])
        self._block_of[member.id] = len(self._blocks) - 1

    def remove(self, id_: str) -> None:
        """Take a member out."""
        self._replace(id_, None)
        del self._block_of[id_]

    def _replace(self, id_: str, new: Side | None) -> None:
        number = self._block_of[id_]
        block = self._blocks[number]
        position = block.position_of[id_]
        parts = [block.cut(0, position), new, block.cut(position + 1, len(block.members))]
        kept = [part for part in parts if part and part.members]
        self._blocks[number] = Side.joined(kept) if kept else block.cut(0, 0)


def _one(block: Side, id_: str) -> Side:
    position = block.position_of[id_]
    return block.cut(position, position + 1)
