from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verbund.records.organisation import Organisation
from verbund.records.places import distance_km, find_place, known_towns, position_of

JENA, ULM = (50.93, 11.59), (48.40, 9.99)
positions = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize(
    ("city", "found"),
    [
        ("Jena", ("Jena", "DE", "TH")),
        ("JENA", ("Jena", "DE", "TH")),
        ("Jena-Göschwitz", ("Jena", "DE", "TH")),
        ("Halle (Saale)", ("Halle (Saale)", "DE", "ST")),
        ("Halle/Saale", ("Halle (Saale)", "DE", "ST")),
        ("Koeln", ("Köln", "DE", "NW")),
        ("Cologne", ("Köln", "DE", "NW")),
        ("Muenchen", ("Munich", "DE", "BY")),
        ("Villingen-Schwenningen", ("Villingen-Schwenningen", "DE", "BW")),
    ],
)
def test_town_is_found_in_many_spellings(city: str, found: tuple[str, str, str]) -> None:
    place = find_place(city, country="DE")

    assert place is not None
    assert (place.name, place.country, place.state) == found


@pytest.mark.parametrize("city", ["", "Entenhausen", "12345", "Лейпциг?", "("])
def test_unknown_town_gets_no_position(city: str) -> None:
    assert find_place(city) is None


def test_town_of_another_country_is_not_taken() -> None:
    assert find_place("Wien", country="DE") is None


def test_federal_state_decides_between_towns_of_one_name() -> None:
    states = ("HE", "BB")

    found = [find_place("Frankfurt", country="DE", state=state) for state in states]

    assert [place and place.state for place in found] == ["HE", "BB"]


def test_postal_code_decides_between_towns_of_one_name() -> None:
    codes = ("60311", "15230")

    found = [find_place("Frankfurt", postal_code=code) for code in codes]

    assert [place and place.state for place in found] == ["HE", "BB"]


def test_known_towns_are_named_once() -> None:
    towns = known_towns()

    assert len(towns) == len(set(towns)) > 1000


def test_stated_position_comes_before_the_town() -> None:
    stated = Organisation(id="1", name="A", city="Jena", lat=48.4, lon=9.99)
    of_town = Organisation(id="2", name="B", city="Jena")
    nowhere = Organisation(id="3", name="C")

    assert position_of(stated) == (48.4, 9.99)
    assert position_of(of_town) == pytest.approx(JENA, abs=0.05)
    assert position_of(nowhere) is None


def test_distance_follows_the_great_circle() -> None:
    # cos c = sin a sin b + cos a cos b cos d with 6371.0088 km
    assert distance_km(JENA, ULM) == pytest.approx(304.1, abs=1.0)
    assert distance_km((0, 0), (0, 180)) == pytest.approx(20015.1, abs=0.1)


@settings(derandomize=True, max_examples=80, deadline=None)
@given(positions, positions)
def test_distance_is_symmetric_and_bounded(
    start: tuple[float, float], end: tuple[float, float]
) -> None:
    there = distance_km(start, end)

    assert 0 <= there <= 20015.2
    assert there == pytest.approx(distance_km(end, start), abs=1e-6)
    assert distance_km(start, start) == 0
