"""Reads of figures: newest values, what may be compared with what, what was corrected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from verbund.web.core.models import AuditEntry
from verbund.web.core.texts import text_of
from verbund.web.indicators.models import Indicator, Observation

TRACED = ("update", "correct_value", "remove_value")


def published(network: str = "") -> QuerySet[Indicator]:
    """Return all indicators, or those of the network with this slug, with their values."""
    indicators = Indicator.objects.select_related("network").prefetch_related("observations")
    indicators = indicators.order_by("network__name", "order", "slug")
    return indicators.filter(network__slug=network) if network else indicators


def newest(indicator: Indicator) -> Observation | None:
    """Return the value of the latest year; of several, the one that was entered first."""
    found = indicator.observations.all()
    return max(found, key=lambda one: (one.year, -one.pk), default=None)


@dataclass(frozen=True)
class Series:
    """Observations of one population in the order of years; at most one a year."""

    population: str
    source: str  # named where another source speaks of the same population and year
    observations: list[Observation]

    @property
    def name(self) -> str:
        return f"{self.population} ({self.source})" if self.source else self.population


def series_of(observations: Iterable[Observation]) -> list[Series]:
    """Tell apart what may not be joined by one line: populations, and further values of a year."""
    by_population: dict[str, dict[int, list[Observation]]] = defaultdict(lambda: defaultdict(list))
    for one in sorted(observations, key=lambda one: (one.year, one.pk)):
        by_population[str(text_of(one, "population"))][one.year].append(one)
    found = []
    for population, years in by_population.items():
        found.append(Series(population, "", [same_year[0] for same_year in years.values()]))
        found += [
            Series(population, further.edition or further.source, [further])
            for same_year in years.values()
            for further in same_year[1:]
        ]
    return found


def trace_of(indicator: Indicator) -> QuerySet[AuditEntry]:
    """Return what was changed after it was published, latest first."""
    return AuditEntry.objects.filter(
        kind="indicator", key=str(indicator.pk), verb__in=TRACED
    ).select_related("actor")
