"""Where a town is, from a table made of GeoNames (CC BY 4.0; `tools/places.py` makes it)."""

from __future__ import annotations

import csv
import gzip
import math
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from verbund.language.spelling import fold
from verbund.records.organisation import Organisation

EARTH_RADIUS_KM = 6371.0088

# Federal states whose name begins like that of a town.
_STATES = frozenset(
    (
        "baden wuerttemberg|sachsen anhalt|mecklenburg vorpommern|nordrhein westfalen"
        "|rheinland pfalz|schleswig holstein"
    ).split("|")
)

# Federal states by the first two digits of a German postal code, the larger share first.
_STATES_OF_POSTAL_CODES = {
    "01": "SN BB", "02": "SN", "03": "BB", "04": "SN TH ST", "06": "ST TH", "07": "TH", "08": "SN",
    "09": "SN", "10": "BE", "12": "BE BB", "13": "BE", "14": "BB BE", "15": "BB", "16": "BB",
    "17": "MV BB", "18": "MV", "19": "MV BB", "20": "HH", "21": "NI SH HH", "22": "HH SH",
    "23": "SH MV", "24": "SH", "25": "SH", "26": "NI", "27": "NI HB", "28": "HB NI", "29": "NI ST",
    "30": "NI", "31": "NI", "32": "NW", "33": "NW", "34": "HE NI", "35": "HE", "36": "HE TH",
    "37": "NI TH HE", "38": "NI ST", "39": "ST", "40": "NW", "41": "NW", "42": "NW", "44": "NW",
    "45": "NW", "46": "NW", "47": "NW", "48": "NW NI", "49": "NI NW", "50": "NW", "51": "NW",
    "52": "NW", "53": "NW RP", "54": "RP", "55": "RP", "56": "RP", "57": "NW RP", "58": "NW",
    "59": "NW", "60": "HE", "61": "HE", "63": "HE BY", "64": "HE", "65": "HE RP", "66": "SL RP",
    "67": "RP", "68": "BW HE", "69": "BW HE", "70": "BW", "71": "BW", "72": "BW", "73": "BW",
    "74": "BW", "75": "BW", "76": "BW RP", "77": "BW", "78": "BW", "79": "BW", "80": "BY",
    "81": "BY", "82": "BY", "83": "BY", "84": "BY", "85": "BY", "86": "BY", "87": "BY",
    "88": "BW BY",
    "89": "BW BY", "90": "BY", "91": "BY", "92": "BY", "93": "BY", "94": "BY", "95": "BY",
    "96": "BY",
    "97": "BY BW", "98": "TH", "99": "TH",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A town with country (two letters), German federal state and position in degrees (WGS 84)."""

    name: str
    country: str
    state: str
    lat: float
    lon: float


@cache
def _places_by_name() -> dict[str, list[Place]]:
    """Index the table by folded name; the larger town comes first."""
    packed = resources.files("verbund.records").joinpath("data/places.csv.gz").read_bytes()
    lines = gzip.decompress(packed).decode().splitlines()
    index: dict[str, list[Place]] = {}
    for row in csv.DictReader(lines):
        place = Place(
            row["name"], row["country"], row["state"], float(row["lat"]), float(row["lon"])
        )
        for name in (row["name"], *row["other_names"].split("|")):
            for spelling in {_key(name), _key(_without_addition(name))} - {""}:
                index.setdefault(spelling, []).append(place)
    return index


def _key(name: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", fold(name)))


def _without_addition(name: str) -> str:
    """Cut what is added to a name: "Frankfurt (Oder)", "Halle/Saale", "Lutherstadt Wittenberg"."""
    name = re.sub(
        r"^(?:lutherstadt|hansestadt|universitaetsstadt|universitätsstadt|stadt)\s+|\s+I+$",
        "",
        name,
        flags=re.I,
    )
    return re.split(r"\s*[(/,]|\s(?:am|an|bei|ob|in|im|a\.|i\.|b\.|-)\s?", name)[0]


@lru_cache(maxsize=100_000)
def find_place(
    city: str, *, country: str = "", state: str = "", postal_code: str = ""
) -> Place | None:
    """Find a town; None if it is unknown, never a position made up.

    Of several towns of one name the federal state decides, then the postal code, then the size.
    """
    index = _places_by_name()
    district_of = "" if _key(city) in _STATES else city.partition("-")[0]  # "Jena-Lobeda"
    spellings = (city, _without_addition(city), district_of)
    found = next((index[_key(spelling)] for spelling in spellings if _key(spelling) in index), [])
    found = [place for place in found if not country or place.country == country]
    wanted = [state] if state else _STATES_OF_POSTAL_CODES.get(postal_code[:2], "").split()
    if country in ("", "DE") and len(postal_code) in (0, 5):
        for candidate in wanted:
            for place in found:
                if place.state == candidate:
                    return place
    return found[0] if found else None


@cache
def known_towns() -> tuple[str, ...]:
    """Return the names of all towns known, for proposals."""
    return tuple(dict.fromkeys(p.name for places in _places_by_name().values() for p in places))


def position_of(organisation: Organisation) -> tuple[float, float] | None:
    """Return latitude and longitude in degrees: as stated, else of the town, else None."""
    if organisation.lat is not None and organisation.lon is not None:
        return organisation.lat, organisation.lon
    if not organisation.city:
        return None
    place = find_place(
        organisation.city,
        country=organisation.country,
        state=organisation.state,
        postal_code=organisation.postal_code,
    )
    return (place.lat, place.lon) if place else None


def distance_km(start: tuple[float, float], end: tuple[float, float]) -> float:
    """Great-circle distance in km between two positions in degrees (haversine formula)."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*start, *end))
    half = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(half))
