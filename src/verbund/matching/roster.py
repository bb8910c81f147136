"""A list of organisations that stands ready and changes member by member."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate

from verbund.matching.side import Side
from verbund.records.organisation import Organisation

MEMBERS_AT_ONCE = 1024  # of one block: what is compared in one step, and renewed by one change

Prepare = Callable[[Sequence[Organisation]], Side]


class Roster:
    """One list in blocks; a change renews the block of that member and touches no other."""

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

    @property
    def blocks(self) -> tuple[Side, ...]:
        """The list in its order; blocks never change, a change puts another in their place."""
        return tuple(block for block in self._blocks if block.members)

    def __contains__(self, id_: str) -> bool:
        return id_ in self._block_of

    def member(self, id_: str) -> Side:
        """Return one member as a side of its own."""
        block = self._blocks[self._block_of[id_]]
        position = block.position_of[id_]
        return block.cut(position, position + 1)

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
        self._replace(id_, None)
        del self._block_of[id_]

    def _replace(self, id_: str, new: Side | None) -> None:
        number = self._block_of[id_]
        block = self._blocks[number]
        position = block.position_of[id_]
        size = len(block.members)
        parts = [block.cut(0, position), new, block.cut(position + 1, size)]
        kept = [part for part in parts if part and part.members]
        self._blocks[number] = Side.joined(kept) if kept else block.cut(0, 0)


class Positions:
    """Where the members of some blocks stand, counted through."""

    def __init__(self, blocks: Sequence[Side]) -> None:
        self._blocks = blocks
        self.starts = [0, *accumulate(len(block.members) for block in blocks)]

    def take(self, positions: Sequence[int]) -> Side:
        """Join the members at these places."""
        return Side.joined([self._member(position) for position in positions])

    def _member(self, position: int) -> Side:
        number = bisect_right(self.starts, position) - 1
        local = position - self.starts[number]
        return self._blocks[number].cut(local, local + 1)
