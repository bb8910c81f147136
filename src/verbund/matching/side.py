"""One list of organisations, or a part of it, ready to be compared with any other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from verbund.language.terms import Matrix, TermSpace, unit_rows
from verbund.language.vocabulary import Vocabulary
from verbund.matching.acquaintance import Past
from verbund.matching.problem import has_contact
from verbund.matching.statements import Kind, Spoken, Statement, said_by
from verbund.records.organisation import Organisation, OrganisationType
from verbund.records.places import position_of

_KINDS = (
    (Kind.OFFER,),
    (Kind.REQUEST,),
    (Kind.TOPIC, Kind.PROFILE),
)


class Side:
    """Members of one list with what they say; positions count in `members`.

    Attributes
    ----------
    offers, requests, about
        What they say, by kind; `about` is the profile and the topics.
    past
        What they did together with others, if there is a history.
    """

    def __init__(
        self,
        members: tuple[Organisation, ...],
        spoken: tuple[Spoken, Spoken, Spoken],
        past: Past | None,
    ) -> None:
        self.members = members
        self.offers, self.requests, self.about = self.spoken = spoken
        self.past = past

    @classmethod
    def of(
        cls,
        members: Sequence[Organisation],
        space: TermSpace,
        vocabulary: Vocabulary,
        past: Past | None,
    ) -> Side:
        """Prepare members; their terms weigh what they weigh in `space`."""
        said = [list(said_by(member)) for member in members]
        offers, requests, about = (
            Spoken.of([[one for one in own if one[0] in kinds] for own in said], space, vocabulary)
            for kinds in _KINDS
        )
        return cls(tuple(members), (offers, requests, about), past)

    @classmethod
    def joined(cls, parts: Sequence[Side]) -> Side:
        """Put parts of a list behind each other."""
        if len(parts) == 1:
            return parts[0]
        offers, requests, about = (
            Spoken.joined([part.spoken[number] for part in parts]) for number in range(3)
        )
        members = tuple(member for part in parts for member in part.members)
        pasts = [part.past for part in parts if part.past]
        return cls(members, (offers, requests, about), Past.joined(pasts) if pasts else None)

    def cut(self, start: int, stop: int) -> Side:
        """Take the members from `start` on and before `stop`."""
        offers, requests, about = (spoken.cut(start, stop) for spoken in self.spoken)
        past = self.past.cut(start, stop) if self.past else None
        return Side(self.members[start:stop], (offers, requests, about), past)

    def statements_of(self, member: int) -> Iterator[Statement]:
        for spoken in self.spoken:
            yield from spoken.statements[spoken.rows_of(member)]

    @cached_property
    def subject(self) -> Matrix:
        """Mean vector of all statements of each member, unit length."""
        offers, requests, about = (spoken.sums() for spoken in self.spoken)
        subject = unit_rows(offers + requests + about)
        subject.sort_indices()
        return subject

    @cached_property
    def places(self) -> npt.NDArray[np.float64]:
        """Latitude and longitude in radians, nan where unknown; shape (members, 2)."""
        known = [position_of(member) or (np.nan, np.nan) for member in self.members]
        return np.radians(known).reshape(-1, 2)

    @cached_property
    def companies(self) -> npt.NDArray[np.bool_]:
        """Who is, as far as is known, a company; shape (members,)."""
        return np.array([m.type in (None, OrganisationType.COMPANY) for m in self.members])

    @cached_property
    def names_contacts(self) -> bool:
        return any(map(has_contact, self.members))

    @cached_property
    def has_requests(self) -> bool:
        return any(member.requests for member in self.members)

    @cached_property
    def position_of(self) -> dict[str, int]:
        return {member.id: position for position, member in enumerate(self.members)}
