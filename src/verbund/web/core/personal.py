"""What the installation keeps about persons: each app says where, what for, and what erasing does.

From this come the data file of a person (Art. 15 and 20 GDPR) and the erasure (Art. 17). Every
foreign key to an account and every mail address of a model is named here; a test over all models
sees to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from verbund.web.core.registries import Registry, Text


@dataclass(frozen=True)
class Person:
    """Somebody known by an account, by a mail address, or by both."""

    email: str
    name: str
    user_id: int | None = None


class Fate(Enum):
    """What becomes of rows when their person is erased."""

    DELETED = "deleted"
    EMPTIED = "emptied"  # the row stays and says nothing about the person
    NUMBERED = "numbered"  # it goes on to point at the account, which has lost name and address
    KEPT = "kept"  # with the name, for a legal reason

    @property
    def label(self) -> Text:
        return _FATES[self]


_FATES: Mapping[Fate, Text] = {
    Fate.DELETED: _("is deleted"),
    Fate.EMPTIED: _("loses name, address and text; that there was one stays"),
    Fate.NUMBERED: _("stays without a name, with a number only"),
    Fate.KEPT: _("stays with the name"),
}


@dataclass(frozen=True)
class Personal:
    """Rows of one model that are about persons.

    Attributes
    ----------
    why
        What they are for; of those that are kept, the legal reason.
    by_user, by_email
        The fields that lead to a person.
    told
        The fields that stand in the data file, or what makes the line of a row.
    told_to_self
        Fields that only the person reads there, not an office that asks in their name, and only in
        rows to which the first of `by_email` leads.
    emptied
        The fields that lose their content.
    kept
        Fields in which a name stays, whatever happens: a legal reason, or no person's name.
    rows
        How the rows are found where no field leads to the person.
    """

    label: Text
    model: type[Model]
    why: Text
    fate: Fate
    by_user: tuple[str, ...] = ()
    by_email: tuple[str, ...] = ()
    told: tuple[str, ...] | Callable[[Any], Mapping[str, object]] = ()
    told_to_self: tuple[str, ...] = ()
    emptied: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    rows: Callable[[Person], QuerySet[Any]] | None = None


personal: Registry[Personal] = Registry()


def announce_personal(kind: Personal, *, place: int = 0) -> None:
    """Announce what one model keeps; `place` is where it stands in the data file."""
    personal.add(kind.model._meta.label, kind, place=place)


def rows_about(kind: Personal, person: Person) -> QuerySet[Any]:
    """Return the rows of a model that are about a person."""
    everything = kind.model._default_manager.all()
    if kind.rows:
        return kind.rows(person)
    condition = Q(pk__in=[])
    if person.user_id:
        for field in kind.by_user:
            condition |= Q(**{field: person.user_id})
    if person.email:
        for field in kind.by_email:
            condition |= Q(**{f"{field}__iexact": person.email})
    return everything.filter(condition)
