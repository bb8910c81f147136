"""Rows of the office's list of profiles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from verbund.web.core.exports import Row
from verbund.web.directory.confirming.queries import CONFIRM
from verbund.web.directory.models import Profile
from verbund.web.directory.recipients import Door, doors_of

HEADINGS = (
    _("Organisation"),
    _("Last confirmed"),
    _("By"),
    _("Asked on"),
    _("Reminded on"),
    _("Mail addresses"),
)


@dataclass(frozen=True)
class Person:
    name: str
    email: str
    hindrance: str


@dataclass(frozen=True)
class ProfileRow:
    profile: Profile
    door: Door

    @property
    def people(self) -> list[Person]:
        return [Person(one.name, one.email, self.door.hindrance(one)) for one in self.door.people]


def rows_of(profiles: Sequence[Profile], on: dt.date) -> list[ProfileRow]:
    doors = doors_of([profile.organisation for profile in profiles], on, about=CONFIRM)
    return [ProfileRow(profile, doors[profile.organisation_id]) for profile in profiles]


def file_rows(rows: Iterable[ProfileRow]) -> Iterator[Row]:
    for row in rows:
        profile = row.profile
        yield (
            profile.organisation.name,
            profile.confirmed_on,
            profile.confirmed_by,
            profile.asked_on,
            profile.reminded_on,
            ", ".join(person.email for person in row.people),
        )
