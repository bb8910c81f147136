"""Where apps announce what they bring, so that no app below needs to know one above.

Each app does so in `plugs.announce()`, called once when Django is ready.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from django.utils.functional import Promise

if TYPE_CHECKING:
    from verbund.web.networks.rules import Viewer

Text = str | Promise
T = TypeVar("T")


class Registry(Generic[T]):
    """Things announced under a key, in the order of their place; announcing twice replaces."""

    def __init__(self) -> None:
        self._entries: dict[str, tuple[int, T]] = {}

    def add(self, key: str, thing: T, *, place: int = 0) -> None:
        self._entries[key] = (place, thing)

    def __iter__(self) -> Iterator[T]:
        return iter(thing for _, thing in sorted(self._entries.values(), key=lambda e: e[0]))

    def __getitem__(self, key: str) -> T:
        return self._entries[key][1]

    def get(self, key: str) -> T | None:
        return self._entries[key][1] if key in self._entries else None

    def items(self) -> Iterator[tuple[str, T]]:
        in_order = sorted(self._entries.items(), key=lambda entry: entry[1][0])
        return ((key, thing) for key, (_place, thing) in in_order)


def everyone(viewer: Viewer) -> bool:
    return True


def signed_in(viewer: Viewer) -> bool:
    return viewer.is_signed_in


def offices(viewer: Viewer) -> bool:
    return bool(viewer.offices)


def editors(viewer: Viewer) -> bool:
    return bool(viewer.edited)


def managers(viewer: Viewer) -> bool:
    return bool(viewer.managed)


@dataclass(frozen=True)
class NavEntry:
    """A line of the main menu; `count` tells how much waits there."""

    section: str  # "", "cooperation", "network", "figures", "installation"
    label: Text
    url_name: str
    shown_to: Callable[[Viewer], bool] = everyone
    count: Callable[[Viewer, dt.date], int] | None = None
    covers: tuple[str, ...] = ()  # further url names under which this entry is the current one


@dataclass(frozen=True)
class Task:
    """Something that needs this person today; `count` stands big beside it."""

    count: int
    title: Text
    reason: Text
    action: Text
    url: str
    deadline: dt.date | None = None
    is_urgent: bool = False


@dataclass(frozen=True)
class Hit:
    """One thing a search found: where it is, and where in it the words stand.

    `excerpt` are pieces of the text found there, each with whether it answers the search.
    """

    title: str
    url: str
    about: str = ""
    network_slugs: tuple[str, ...] = ()
    where: Text = ""
    excerpt: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True)
class SearchKind:
    """A kind of thing that the global search finds; `find` obeys the sharing rule."""

    key: str
    label: Text
    find: Callable[[Viewer, str, dt.date, int], tuple[int, list[Hit]]]


@dataclass(frozen=True)
class Panel:
    """A block on the page of an organisation: a heading, and rows that are safe HTML."""

    title: Text
    rows: tuple[str, ...]


@dataclass(frozen=True)
class PeriodicJob:
    """Work that `verbund tick` starts when it is due."""

    key: str
    every: dt.timedelta
    run: Callable[[], None]


@dataclass(frozen=True)
class MailKind:
    """A kind of mails (`Mail.about`); people choose whether they get those not necessary."""

    key: str
    label: Text
    meaning: Text = ""
    is_necessary: bool = True


navigation: Registry[NavEntry] = Registry()
tasks: Registry[Callable[[Viewer, dt.date], list[Task]]] = Registry()
searches: Registry[SearchKind] = Registry()
jobs: Registry[PeriodicJob] = Registry()
organisation_panels: Registry[Callable[[Viewer, int, dt.date], list[Panel]]] = Registry()
mail_kinds: Registry[MailKind] = Registry()
