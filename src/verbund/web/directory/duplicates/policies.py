"""What becomes of the rows that name an organisation when it is merged into another.

Django knows every relation to an organisation; each app says here what its own mean. A relation
nobody spoke for stops a merge, and a test names it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Field, ForeignKey, Model

from verbund.web.core.registries import Registry
from verbund.web.networks.models import Organisation

Relation = tuple[type[Model], "ForeignKey[Any, Any]"]
Counted = Callable[[int], str]


@dataclass(frozen=True)
class Policy:
    """Rows move to the kept organisation; one that it has already is joined with its own.

    What a unique constraint forbids twice is the same anyway.

    Attributes
    ----------
    same
        Further fields that make two rows say the same.
    counted
        How a page counts such rows, as in "3 offers"; None: nobody misses them.
    is_entry
        Written by hand and listed on the page: new ones may follow either side when parted again.
    in_order
        The two fields of a pair of which the smaller stands first.
    """

    same: tuple[str, ...] = ()
    counted: Counted | None = None
    is_entry: bool = False
    in_order: tuple[str, str] | None = None


policies: Registry[Policy] = Registry()


def relations_to(model: type[Model]) -> Iterator[Relation]:
    """List every foreign key to a model, of all apps and of the tables between them."""
    for other in apps.get_models(include_auto_created=True):
        for field in other._meta.concrete_fields:
            if isinstance(field, ForeignKey) and field.related_model is model:
                yield other, field


def key_of(field: Field[Any, Any]) -> str:
    return f"{field.model._meta.label_lower}.{field.name}"


def policy_of(field: Field[Any, Any]) -> Policy:
    """Return what becomes of a relation to an organisation.

    Raises
    ------
    KeyError
        If no app has said it: better no merge than one that forgets rows.
    """
    return policies[key_of(field)]


def unhandled() -> list[str]:
    """List the relations to an organisation for which nobody said what becomes of them."""
    keys = [key_of(field) for _, field in relations_to(Organisation)]
    return [key for key in keys if policies.get(key) is None]
