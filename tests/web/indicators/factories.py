from __future__ import annotations

from itertools import count
from typing import Any

from verbund.web.indicators.models import Indicator, Observation
from verbund.web.networks.models import Network

_numbers = count(1)


def indicator(network: Network | None = None, **fields: Any) -> Indicator:
    number = next(_numbers)
    return Indicator.objects.create(
        network=network,
        **{
            "slug": f"figure-{number}",
            "name_de": f"Kennzahl {number}",
            "name_en": f"Figure {number}",
            "definition_de": "Was gezählt wird.",
            "definition_en": "What is counted.",
        }
        | fields,
    )


def observation(of: Indicator, year: int = 2024, value: Any = 72, **fields: Any) -> Observation:
    return Observation.objects.create(
        indicator=of,
        year=year,
        value=value,
        **{
            "edition": f"Report {year}",
            "population_de": "die Branche",
            "population_en": "the sector",
            "source": "https://example.org/report",
        }
        | fields,
    )
