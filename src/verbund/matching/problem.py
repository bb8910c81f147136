"""What is to be matched: two lists of organisations and, if there is one, their history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from verbund.records.duplicates import same_in_both
from verbund.records.history import History, Links, link
from verbund.records.organisation import Organisation
from verbund.wording import refuse


@dataclass(frozen=True)
class MatchProblem:
    """Two networks whose members should meet.

    Raises
    ------
    InvalidInput
        If a list is empty or uses an id twice.
    """

    left: tuple[Organisation, ...]
    right: tuple[Organisation, ...]
    history: History | None = None

    def __post_init__(self) -> None:
        for side in (self.left, self.right):
            if not side:
                raise refuse("match.empty_list")
            _refuse_repeated_ids(side)

    @cached_property
    def in_both(self) -> list[tuple[int, int]]:
        """List the positions (left, right) of organisations that stand on both lists."""
        return same_in_both(self.left, self.right)

    @cached_property
    def links(self) -> tuple[Links, Links]:
        """Tie both lists to the history."""
        if self.history is None:
            return Links({}), Links({})
        return link(self.left, self.history), link(self.right, self.history)


def _refuse_repeated_ids(organisations: Sequence[Organisation]) -> None:
    seen: set[str] = set()
    for organisation in organisations:
        if organisation.id in seen:
            raise refuse("match.id_twice", id=organisation.id, name=organisation.name)
        seen.add(organisation.id)
