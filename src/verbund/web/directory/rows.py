"""Rows of the directory's tables, put together from few queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from verbund.web.directory import queries
from verbund.web.directory.finding import Wanted
from verbund.web.directory.map import Town
from verbund.web.networks.models import Network, Organisation

_TOPICS = 3


@dataclass(frozen=True)
class MemberRow:
    organisation: Organisation
    networks: list[Network]
    topics: list[str]
    offers: int
    requests: int
    is_unconfirmed: bool = False


@dataclass(frozen=True)
class TownRow:
    town: Town
    numbers: list[int]


def rows_of(sight: queries.Sight, organisations: Iterable[Organisation]) -> list[MemberRow]:
    shown = list(organisations)
    networks = queries.networks_by_organisation(sight, shown)
    concepts = queries.concepts_by_organisation(shown)
    offers = queries.number_of_entries(sight.offers, shown)
    requests = queries.number_of_entries(sight.requests, shown)
    unconfirmed = queries.unconfirmed_among(shown, sight.on)
    return [
        MemberRow(
            one,
            networks[one.pk],
            [queries.label_of(concept) for concept in concepts[one.pk][:_TOPICS]],
            offers.get(one.pk, 0),
            requests.get(one.pk, 0),
            one.pk in unconfirmed,
        )
        for one in shown
    ]


def with_addresses(towns: Iterable[Town], wanted: Wanted) -> list[Town]:
    """Put the biggest towns first, each with the address of its filtered list."""
    linked = (replace(town, address=wanted.address(town=town.name)) for town in towns)
    return sorted(linked, key=lambda town: (-town.total, town.name))


def town_rows(towns: Iterable[Town], networks: Sequence[Network]) -> list[TownRow]:
    return [
        TownRow(town, [town.numbers.get(network.slug, 0) for network in networks]) for town in towns
    ]
