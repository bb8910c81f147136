"""Writes to figures: no value without year, source, population; corrections leave traces."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from verbund.errors import VerbundError
from verbund.web.core.services import record
from verbund.web.indicators.models import Indicator, Observation
from verbund.web.networks.models import Network

if TYPE_CHECKING:
    from verbund.web.accounts.models import User

_KEY = ("year", "edition", "source", "population_de", "population_en")
_VALUE = (*_KEY, "value", "qualifier", "note_de", "note_en")
_DESCRIPTION = ("name_de", "name_en", "unit", "definition_de", "definition_en")
_RESERVED = "new"  # an address under /figures/


class Refused(VerbundError):  # noqa: N818  # the name says what happened
    """What cannot be published so; the text is for the person who tried."""

    def __init__(self, text: str) -> None:
        super().__init__(text, code="indicators.refused", values={})


@transaction.atomic
def make_indicator(indicator: Indicator, *, by: User) -> Indicator:
    """Publish a new figure under an address made of its name.

    Made twice (double click), the first one is returned.

    Raises
    ------
    Refused
        The network has another figure of this name.
    """
    same = Indicator.objects.filter(
        network=indicator.network, name_de=indicator.name_de, name_en=indicator.name_en
    ).first()
    if same:
        if _differences(same, indicator, _DESCRIPTION):
            raise Refused(_("Your network has a figure of this name already."))
        return same
    indicator.slug = _free_slug(indicator)
    indicator.order = Indicator.objects.filter(network=indicator.network).count()
    indicator.save()
    network = indicator.network.slug if indicator.network else ""
    record(by, "create", indicator, {"network": network})
    return indicator


def _free_slug(indicator: Indicator) -> str:
    start = slugify(indicator.name_en or indicator.name_de)[:50] or "figure"
    taken = set(Indicator.objects.filter(slug__startswith=start).values_list("slug", flat=True))
    taken.add(_RESERVED)
    names = (f"{start}-{number}" if number > 1 else start for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


@transaction.atomic
def describe_indicator(indicator: Indicator, *, by: User) -> bool:
    """Change name, unit or definition; tell whether anything changed."""
    stored = Indicator.objects.select_for_update().get(pk=indicator.pk)
    changes = _differences(stored, indicator, _DESCRIPTION)
    if changes:
        indicator.save(update_fields=list(changes))
        record(by, "update", indicator, {"fields": changes})
    return bool(changes)


@transaction.atomic
def add_observation(observation: Observation, *, by: User) -> Observation:
    """Publish a value. Added twice (double click), it stands once.

    Raises
    ------
    Refused
        Another value of this year, edition, source and population stands already.
    """
    key = {field: getattr(observation, field) for field in _KEY}
    rest = {field: getattr(observation, field) for field in _VALUE if field not in key}
    stored, is_new = Observation.objects.get_or_create(
        indicator=observation.indicator, **key, defaults=rest
    )
    if not is_new and _differences(stored, observation, _VALUE):
        raise Refused(
            _(
                "A value of this year, edition, source and population stands already. Correct"
                " that one, or name another edition, source or population."
            )
        )
    if is_new:
        record(by, "add_value", stored.indicator, {"year": stored.year, "value": stored.value})
    return stored


@transaction.atomic
def correct_observation(observation: Observation, *, by: User) -> bool:
    """Correct a published value; the trace keeps old and new. Tell whether anything changed.

    Raises
    ------
    Refused
        Another value of this year, edition, source and population stands already.
    """
    stored = Observation.objects.select_for_update().get(pk=observation.pk)
    changes = _differences(stored, observation, _VALUE)
    if not changes:
        return False
    key = {field: getattr(observation, field) for field in _KEY}
    same = Observation.objects.filter(indicator=stored.indicator, **key)
    if same.exclude(pk=stored.pk).exists():
        raise Refused(_("Another value of this year, edition, source and population stands."))
    observation.save(update_fields=list(changes))
    record(by, "correct_value", stored.indicator, {"year": stored.year, "fields": changes})
    return True


@transaction.atomic
def remove_observation(observation: Observation, *, by: User) -> None:
    """Take back a value; the trace keeps what it was."""
    indicator = observation.indicator
    gone = {"year": observation.year, "fields": {"value": [observation.value, ""]}}
    observation.delete()
    record(by, "remove_value", indicator, gone)


def _differences(
    old: models.Model, new: models.Model, fields: tuple[str, ...]
) -> dict[str, list[Any]]:
    return {
        field: [getattr(old, field), getattr(new, field)]
        for field in fields
        if getattr(old, field) != getattr(new, field)
    }


@transaction.atomic
def seed_facts(networks: Mapping[str, Network]) -> int:
    """Write the published figures that come with the product; return how many values are new.

    Parameters
    ----------
    networks
        By slug; figures of other networks are left out.
    """
    made = 0
    indicators = {}
    for number, row in enumerate(_rows("definitions.csv")):
        if network := networks.get(row.pop("network")):
            row["unit"] = Indicator.Unit(row["unit"])
            slug = row.pop("slug")
            indicators[slug], is_new = Indicator.objects.get_or_create(
                slug=slug, defaults={**row, "network": network, "order": number}
            )
            if is_new:
                record(None, "create", indicators[slug], {"network": network.slug})
    for row in _rows("facts.csv"):
        if indicator := indicators.get(row.pop("indicator")):
            key = {field: row.pop(field) for field in _KEY}
            _stored, is_new = Observation.objects.get_or_create(
                indicator=indicator, **key, defaults=row
            )
            made += is_new
    return made


def _rows(name: str) -> Iterator[dict[str, Any]]:
    path = resources.files("verbund.web.indicators").joinpath(name)
    with path.open(encoding="utf-8") as file:
        yield from csv.DictReader(file)
