"""What is to be matched: two lists of organisations and, if there is one, their history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from verbund.records.duplicates import same_in_both
from verbund.records.history import History, Links, link
from verbund.records.organisation import Organisation
from verbund.wording import refuse


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the whole lists and need not be found again, or cannot in a part of them.

    `in_both`: positions (left, right) of organisations on both lists. `name_contacts`: whether a
    list names contact persons at all. `have_requests`: whether anybody requests anything.
    """

    in_both: tuple[tuple[int, int], ...]
    name_contacts: tuple[bool, bool]
    have_requests: bool


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
    known: Known | None = None

    def __post_init__(self) -> None:
        for side in (self.left, self.right):
            if not side:
                raise refuse("match.empty_list")
            if not self.known:
                _refuse_repeated_ids(side)

    @cached_property
    def in_both(self) -> Sequence[tuple[int, int]]:
        """List the positions (left, right) of organisations that stand on both lists."""
        return self.known.in_both if self.known else same_in_both(self.left, self.right)

    @cached_property
    def name_contacts(self) -> tuple[bool, bool]:
        """Tell for each list whether it names any contact person."""
        if self.known:
            return self.known.name_contacts
        return any(map(has_contact, self.left)), any(map(has_contact, self.right))

    @cached_property
    def links(self) -> tuple[Links, Links]:
        """Tie both lists to the history."""
        if self.history is None:
            return Links({}), Links({})
        return link(self.left, self.history), link(self.right, self.history)

    @cached_property
    def have_requests(self) -> bool:
        """Tell whether anybody on either list requests anything."""
        if self.known:
            return self.known.have_requests
        return any(member.requests for side in (self.left, self.right) for member in side)


def has_contact(member: Organisation) -> bool:
    return bool(member.contact_name or member.contact_email)


def _refuse_repeated_ids(organisations: Sequence[Organisation]) -> None:
    seen: set[str] = set()
    for organisation in organisations:
        if organisation.id in seen:
            raise refuse("match.id_twice", id=organisation.id, name=organisation.name)
        seen.add(organisation.id)
