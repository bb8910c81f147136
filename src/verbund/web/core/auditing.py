"""What the audit log knows of each kind of thing: how it is called, who reads it, in which words.

Each app announces its kinds in `changes.py`. A verb without words warns where it is recorded, and
so fails the tests of its service.
"""

from __future__ import annotations

import datetime as dt
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Model, Q, QuerySet

from verbund.web.core.models import AuditEntry
from verbund.web.core.registries import Registry, Text

if TYPE_CHECKING:
    from verbund.web.networks.rules import Viewer

INSTALLATION = 0  # stands for a network where the operator is to read an entry
Changes = Mapping[str, Any]


@dataclass(frozen=True)
class Audited:
    """One kind of thing whose changes are kept.

    Attributes
    ----------
    said
        By verb, a sentence about `%(who)s` and `%(what)s`, or what makes it of the changes.
    offices
        The networks whose offices may read that this happened. It is asked once, when an entry is
        written: what one network does with a member says nothing to the member's other networks.
    seen
        The rows a reader may see on a day, and so learns the name of.
    keeps_name
        Whether entries keep what the thing was called, for all who may read them. Not so where it
        names a person, or members of another network.
    news
        By verb, a heading for "what changed since last week".
    by_link
        The verbs that somebody also does by a link in a mail, without an account.
    name
        What a row that is seen is called; it must say no more than all who see the row may know.
    """

    label: Text
    said: Mapping[str, Text | Callable[[Changes], Text]]
    offices: Callable[[Any, str, Changes], Iterable[int | None]]
    seen: Callable[[Viewer, dt.date], QuerySet[Any]]
    keeps_name: bool = False
    news: Mapping[str, Text] = field(default_factory=dict)
    by_link: frozenset[str] = frozenset()
    name: Callable[[Any], str] = str


audited: Registry[Audited] = Registry()


class NoWords(RuntimeWarning):  # reads as the sentence it is
    """A service records what the audit log has no words for."""


def announce_kind(model: type[Model], kind: Audited) -> None:
    audited.add(kind_of(model), kind)


def kind_of(thing: Model | type[Model]) -> str:
    return thing._meta.model_name or ""


def known(kind: str) -> Audited | None:
    return audited.get(kind)


def checked(thing: Model, verb: str) -> Audited | None:
    """Return what is announced of a thing; warn if there are no words for what happens to it."""
    found = known(kind_of(thing))
    if found is None or verb not in found.said:
        text = f"{kind_of(thing)}: {verb} has no words; announce them in changes.py of its app"
        warnings.warn(text, NoWords, stacklevel=3)
    return found


def sentence(kind: str, verb: str, changes: Changes) -> str:
    """Return the words for a change, with `%(who)s` and `%(what)s` still to be filled."""
    found = known(kind)
    words = found.said.get(verb) if found else None
    if words is None:
        return f"%(who)s: {verb} (%(what)s)"
    return str(words(changes) if callable(words) else words)


@dataclass(frozen=True)
class Named:
    """What a reader may know of a thing: its name, and its page if there is one to see."""

    name: str
    url: str = ""


def entries_for(networks: Iterable[int]) -> QuerySet[AuditEntry]:
    """Return the entries that the offices of these networks may read."""
    condition = Q(pk__in=[])
    for network in networks:
        condition |= Q(networks__contains=f"|{network}|")
    return AuditEntry.objects.filter(condition)


def names_of(
    entries: Iterable[AuditEntry], viewer: Viewer, on: dt.date
) -> dict[tuple[str, str], Named]:
    """Return what a reader may know of the things of some entries (a query for each kind)."""
    entries = list(entries)
    keys: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        keys[entry.kind].add(entry.key)
    found = {}
    for kind, wanted in keys.items():
        about = known(kind)
        if about is None:
            continue
        for row in about.seen(viewer, on).filter(pk__in=wanted):
            url = row.get_absolute_url() if hasattr(row, "get_absolute_url") else ""
            found[kind, str(row.pk)] = Named(about.name(row), url)
    for entry in entries:
        if entry.name:
            found.setdefault((entry.kind, entry.key), Named(entry.name))
    return found
