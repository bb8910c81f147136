"""The map: geometry computed by hand, and a page that shows what the list shows."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.conftest import World
from tests.web.directory.cast import JENA, ZWICKAU, member
from verbund.web.directory import map as map_module
from verbund.web.directory.map import Projection, Town, draw, joined, rings_around
from verbund.web.networks.models import Visibility


def test_equal_distances_stay_equal() -> None:
    project = Projection([(50.0, 10.0), (52.0, 13.0)])

    middle, east, north = project(51, 11), project(51, 12), project(52, 11)

    assert north[0] == middle[0]
    assert east[1] == middle[1]
    ratio = (east[0] - middle[0]) / (middle[1] - north[1])
    assert ratio == pytest.approx(0.629, abs=0.005)  # cos 51°
    assert all(0 < x < 640 and 0 < y < project.height for x, y in (middle, east, north))


def test_a_single_town_still_has_surroundings() -> None:
    drawing = draw([Town("Jena", *JENA, 1, {"b": 1})])

    assert drawing is not None
    (pin,) = drawing.pins
    assert (pin.circles[0].x, pin.circles[0].y) == (drawing.width / 2, drawing.height / 2)
    assert pin.label is not None
    assert pin.label.text == "Jena 1"
    assert 0 < len(drawing.states) < 16


def test_two_networks_make_two_circles_and_bigger_towns_bigger_ones() -> None:
    drawing = draw(
        [Town("Gera", 50.88, 12.08, 1, {"a": 1}), Town("Jena", *JENA, 9, {"a": 4, "b": 5})]
    )

    assert drawing is not None
    jena, gera = drawing.pins
    assert [circle.network for circle in jena.circles] == ["a", "b"]
    assert jena.circles[0].x < jena.circles[1].x < jena.circles[0].x + 2 * jena.circles[0].radius
    assert gera.circles[0].radius < jena.circles[0].radius


def test_names_do_not_overlap() -> None:
    towns = [
        Town(f"Kleinstadt {number}", 50.9 + number % 7 / 40, 11.5 + number // 7 / 30, 1, {"a": 1})
        for number in range(40)
    ]
    drawing = draw(towns)

    assert drawing is not None
    boxes = [
        (label.x - (len(label.text) * 6 if label.anchor == "end" else 0), label.y, label.text)
        for label in drawing.labels
    ]
    assert 3 < len(boxes) < 40
    for one in boxes:
        for other in boxes:
            far_across = abs(one[0] - other[0]) > 60
            assert one is other or far_across or abs(one[1] - other[1]) >= 12


def test_no_towns_no_drawing() -> None:
    assert draw([]) is None


def test_spellings_of_a_town_are_one_and_namesakes_are_two() -> None:
    towns = joined(
        [
            Town("Jena", *JENA, 2, {"a": 2}),
            Town("Jena", 50.94, 11.6, 3, {"a": 1, "b": 2}),
            Town("Halle", 51.48, 11.97, 1, {"a": 1}),
            Town("Halle", 52.06, 8.36, 1, {"a": 1}),
        ]
    )

    assert sorted((town.name, town.total, town.numbers) for town in towns) == [
        ("Halle", 1, {"a": 1}),
        ("Halle", 1, {"a": 1}),
        ("Jena", 5, {"a": 3, "b": 2}),
    ]


def test_rings_point_the_right_way() -> None:
    west_of_it = Town("Jena", 50.72, 11.6, 3, {"b": 3})
    rings = rings_around(ZWICKAU, "a", [west_of_it, Town("Rom", 41.9, 12.5, 1, {"b": 1})])

    assert rings is not None
    (pin,) = rings.pins
    assert pin.circles[0].x < rings.centre.x
    assert pin.circles[0].y == pytest.approx(rings.centre.y, abs=0.2)
    assert [(d.town.name, round(d.km)) for d in rings.distances] == [("Jena", 63)]
    assert [label.text for _, label in rings.rings] == ["25 km", "50 km", "100 km"]
    on_ring = rings.rings[1][0] / 50
    assert rings.centre.x - pin.circles[0].x == pytest.approx(63.4 * on_ring, abs=1)


def test_far_partners_draw_no_rings() -> None:
    assert rings_around(ZWICKAU, "a", [Town("Rom", 41.9, 12.5, 1, {"b": 1})]) is None


def test_the_map_shows_what_the_list_shows(world: World, signed_in: Any) -> None:
    member(world.a, name="Eins", city="Jena", lat=JENA[0], lon=JENA[1])
    member(world.b, name="Zwei", city="Jena", lat=JENA[0], lon=JENA[1])
    member(world.b, name="Still", city="Gera", lat=50.88, lon=12.08, visibility=Visibility.OWN)

    response = signed_in(world.person_a).get("/members/map/")

    page = response.content.decode()
    assert [(row.town.name, row.numbers, row.town.total) for row in response.context["towns"]] == [
        ("Jena", [1, 1], 2)
    ]
    assert 'href="/members/?town=Jena"' in page
    assert "Gera" not in page
    assert response.context["number"] == 4
    assert "2 members have no known place" in page
    assert "Gera" in signed_in(world.person_b).get("/members/map/").content.decode()
    narrowed = signed_in(world.person_a).get("/members/map/?network=b").context["towns"]
    assert [(row.town.name, row.town.total) for row in narrowed] == [("Jena", 1)]


def test_the_map_of_a_stranger_is_empty(world: World, signed_in: Any) -> None:
    member(world.a, name="Eins", city="Jena", lat=JENA[0], lon=JENA[1])

    page = signed_in(None).get("/members/map/").content.decode()

    assert "No pin to show" in page
    assert "Jena" not in page
    assert "<circle" not in page.split("<main")[1]


def test_names_of_towns_cover_neither_the_middle_nor_the_distances() -> None:
    towns = [
        Town(f"Zeulenroda-Triebes {n}", 50.93 - n * 0.07, 11.59 + n * 0.03, 1, {"b": 1})
        for n in range(1, 8)
    ]

    rings = rings_around((50.93, 11.59), "a", towns)

    assert rings
    taken = [map_module._box_of(label) for _, label in rings.rings]
    taken.append(map_module._box_of_circle(rings.centre))
    names = [map_module._box_of(pin.label) for pin in rings.pins if pin.label]
    assert names
    assert not [name for name in names if any(map(name.touches, taken))]
