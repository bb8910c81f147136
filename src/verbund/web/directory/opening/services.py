"""Who may see offers and requests, changed for many at once and taken back."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django.db import transaction

from verbund.web.core.services import record
from verbund.web.directory.models import Offer, Request
from verbund.web.directory.services import announce_change
from verbund.web.networks.models import Organisation, Visibility

if TYPE_CHECKING:
    from verbund.web.accounts.models import User

Before = dict[str, dict[str, list[int]]]  # keys by kind and the visibility they had


@transaction.atomic
def open_entries(
    entries: Iterable[Offer | Request], visibility: Visibility, *, by: User, on: dt.date
) -> Before:
    """Set who may see offers and requests; return what it takes to take it back."""
    before: Before = {}
    numbers: dict[int, int] = defaultdict(int)
    for entry in entries:
        if entry.visibility != visibility:
            kind = before.setdefault(entry._meta.model_name or "", {})
            kind.setdefault(entry.visibility, []).append(entry.pk)
            numbers[entry.organisation_id] += 1
    for model in (Offer, Request):
        keys = [pk for some in before.get(model._meta.model_name or "", {}).values() for pk in some]
        model.objects.filter(pk__in=keys).update(visibility=visibility)
    _announce(numbers, visibility, by, on)
    return before


@transaction.atomic
def take_back_opening(
    before: Before, visibility: Visibility, organisations: set[int], *, by: User, on: dt.date
) -> int:
    """Give entries of these members the visibility they had; what was changed since stays.

    Returns how many were taken back.
    """
    numbers: dict[int, int] = defaultdict(int)
    for model in (Offer, Request):
        for old, keys in before.get(model._meta.model_name or "", {}).items():
            mine = model.objects.filter(
                pk__in=keys, visibility=visibility, organisation__in=organisations
            )
            for organisation in mine.values_list("organisation", flat=True):
                numbers[organisation] += 1
            mine.update(visibility=Visibility(old))
    _announce(numbers, None, by, on)
    return sum(numbers.values())


def _announce(
    numbers: Mapping[int, int], visibility: Visibility | None, by: User, on: dt.date
) -> None:
    changed = list(Organisation.objects.filter(pk__in=numbers))
    for organisation in changed:
        about = {"entries": numbers[organisation.pk], "seen_by": visibility or "as before"}
        record(by, "entries", organisation, about)
    if changed:
        announce_change(changed, on)
