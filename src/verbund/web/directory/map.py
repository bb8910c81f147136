"""Maps drawn on the server as SVG: towns as pins over shipped outlines, and rings of distance.

Values in, values out; the templates write them as attributes, so the pages need no script and no
other host.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any

from verbund.records.places import distance_km
from verbund.web.core.texts import current_language

WIDTH = 640.0
_HEIGHTS = (380.0, 640.0)
_LEAST_DEGREES = 1.2  # of latitude: a single town still shows where it is
_MARGIN = 0.1
_LETTER = 8.2  # width of a letter of a label, wide enough for the larger type of small screens
_SMALL_LETTER = 6.2  # on rings, which keep their size
_LINE = 16.0
_RING_WIDTH, _RING_HEIGHT = 340.0, 272.0
_RINGS = ((10, 25, 50), (25, 50, 100), (50, 100, 200), (100, 200, 400))
_NEAREST = 8
_KM_PER_DEGREE = 111.2
_ONE_TOWN_KM = 30
_ALWAYS_NAMED = 6  # towns whose names may cover small pins


@dataclass(frozen=True)
class Town:
    """A town and how many members of which network (by its slug) are there."""

    name: str
    lat: float
    lon: float
    total: int
    numbers: dict[str, int] = field(default_factory=dict)
    address: str = ""


def joined(towns: Iterable[Town]) -> list[Town]:
    """Join towns of one name in one place: some lists state the country, others do not."""
    found: dict[str, list[Town]] = defaultdict(list)
    for town in towns:
        same = found[town.name]
        near = next((other for other in same if _are_one(other, town)), None)
        if near is None:
            same.append(town)
            continue
        same.remove(near)
        numbers = Counter(near.numbers) + Counter(town.numbers)
        bigger = max(near, town, key=lambda one: one.total)
        same.append(replace(bigger, total=near.total + town.total, numbers=dict(numbers)))
    return [town for same in found.values() for town in same]


def _are_one(one: Town, other: Town) -> bool:
    return distance_km((one.lat, one.lon), (other.lat, other.lon)) < _ONE_TOWN_KM


@dataclass(frozen=True)
class Circle:
    network: str
    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Label:
    text: str
    x: float
    y: float
    anchor: str = "start"
    letter: float = _LETTER


@dataclass(frozen=True)
class Pin:
    town: Town
    circles: tuple[Circle, ...]
    label: Label | None = None


@dataclass(frozen=True)
class Drawing:
    """What the map's template writes down."""

    width: float
    height: float
    land: list[str]
    states: list[str]
    home: str
    state_labels: list[Label]
    pins: list[Pin]

    @property
    def labels(self) -> list[Label]:
        return [pin.label for pin in self.pins if pin.label]


@dataclass(frozen=True)
class Distance:
    town: Town
    km: float


@dataclass(frozen=True)
class Rings:
    """The nearest partner towns around a place."""

    width: float
    height: float
    centre: Circle
    rings: list[tuple[float, Label]]
    pins: list[Pin]
    distances: list[Distance]


@dataclass(frozen=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other: _Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def is_inside(self, other: _Box) -> bool:
        return (
            self.left >= other.left
            and self.top >= other.top
            and self.right <= other.right
            and self.bottom <= other.bottom
        )


@cache
def _outlines() -> dict[str, Any]:
    path = resources.files("verbund.web.directory").joinpath("data/outlines.json")
    read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


def state_names() -> dict[str, str]:
    """Return the German federal states by their code, in the reader's language."""
    name = f"name_{current_language()}"
    return {state["id"]: state[name] for state in _outlines()["states"]}


class Projection:
    """Degrees to the drawing: equal distances around the middle of what is shown."""

    def __init__(self, places: Sequence[tuple[float, float]]) -> None:
        south, north = _spread([lat for lat, _ in places])
        middle = (south + north) / 2
        self._squeeze = math.cos(math.radians(middle))
        west, east = _spread([lon for _, lon in places], least=_LEAST_DEGREES / self._squeeze)
        least, most = (height / WIDTH for height in _HEIGHTS)
        shape = (north - south) / ((east - west) * self._squeeze)
        if shape < least:
            south, north = _widen(south, north, (east - west) * self._squeeze * least)
        elif shape > most:
            west, east = _widen(west, east, (north - south) / most / self._squeeze)
        self._west, self._north = west, north
        self._scale = WIDTH / ((east - west) * self._squeeze)
        self.height = round((north - south) * self._scale, 1)

    def __call__(self, lat: float, lon: float) -> tuple[float, float]:
        x = (lon - self._west) * self._squeeze * self._scale
        return round(x, 1), round((self._north - lat) * self._scale, 1)

    def shows(self, ring: Sequence[Sequence[float]]) -> bool:
        """Tell whether the box around a ring of [lon, lat] reaches into the drawing."""
        left, top = self(max(lat for _, lat in ring), min(lon for lon, _ in ring))
        right, bottom = self(min(lat for _, lat in ring), max(lon for lon, _ in ring))
        return left < WIDTH and right > 0 and top < self.height and bottom > 0

    def path(self, rings: Iterable[Sequence[Sequence[float]]]) -> str:
        parts = []
        for ring in rings:
            if self.shows(ring):
                points = (self(lat, lon) for lon, lat in ring)
                parts.append("M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z")
        return "".join(parts)


def _spread(values: Sequence[float], *, least: float = _LEAST_DEGREES) -> tuple[float, float]:
    low, high = min(values), max(values)
    return _widen(low, high, max((high - low) * (1 + 2 * _MARGIN), least))


def _widen(low: float, high: float, span: float) -> tuple[float, float]:
    middle = (low + high) / 2
    return middle - span / 2, middle + span / 2


def draw(towns: Sequence[Town]) -> Drawing | None:
    """Draw the part of the map that holds these towns; nothing where there are none."""
    if not towns:
        return None
    projection = Projection([(town.lat, town.lon) for town in towns])
    outlines = _outlines()
    pins = _pins(towns, projection)
    size = _Box(0, 0, WIDTH, projection.height)
    labels = [_label_places(pin, f"{pin.town.name} {pin.town.total}") for pin in pins]
    pins = _named(pins, labels, size, always=_ALWAYS_NAMED)
    taken = [*map(_box_around, pins), *(_box_of(pin.label) for pin in pins if pin.label)]
    return Drawing(
        WIDTH,
        projection.height,
        _paths(projection, (r for code, r in outlines["countries"].items() if code != "DE")),
        _paths(projection, (state["rings"] for state in outlines["states"])),
        projection.path(outlines["countries"]["DE"]),
        _state_labels(projection, size, taken),
        pins,
    )


def _paths(projection: Projection, shapes: Iterable[Any]) -> list[str]:
    return [path for path in map(projection.path, shapes) if path]


def _pins(towns: Sequence[Town], projection: Projection) -> list[Pin]:
    """Put the big ones first, so that none hides a small one."""
    largest = sorted(towns, key=lambda town: (-town.total, town.name))
    return [
        Pin(town, _circles(town, projection(town.lat, town.lon), _radius(town.total)))
        for town in largest
    ]


def _radius(number: int) -> float:
    return round(min(3.4 + 1.9 * math.sqrt(number), 22), 1)


def _circles(town: Town, at: tuple[float, float], radius: float) -> tuple[Circle, ...]:
    """One circle, or one a network, side by side and overlapping."""
    x, y = at
    networks = sorted(town.numbers) or [""]
    if len(networks) == 1:
        return (Circle(networks[0], x, y, radius),)
    radius = round(radius * 0.85, 1)
    start = x - radius * 0.9 * (len(networks) - 1) / 2
    return tuple(
        Circle(network, round(start + number * radius * 0.9, 1), y, radius)
        for number, network in enumerate(networks)
    )


def _named(
    pins: list[Pin],
    labels: Iterable[list[Label]],
    size: _Box,
    *,
    always: int = 0,
    taken: Iterable[_Box] = (),
) -> list[Pin]:
    """Name the first pins, each where it covers no other name, no pin and nothing `taken`.

    The names of the very first (`always`) may cover later pins, rather than be missing.
    """
    names = list(taken)
    dots = [_box_around(pin) for pin in pins]
    named = []
    for number, (pin, wanted) in enumerate(zip(pins, labels, strict=True)):
        places = [place for place in wanted if _box_of(place).is_inside(size)]
        label = _free(places, names + dots)
        if label is None and number < always:
            label = _free(places, names + dots[:number])
        if label:
            names.append(_box_of(label))
        named.append(Pin(pin.town, pin.circles, label))
    return named


def _free(places: list[Label], taken: list[_Box]) -> Label | None:
    free = (place for place in places if not any(map(_box_of(place).touches, taken)))
    return next(free, None)


def _label_places(pin: Pin, text: str, *, letter: float = _LETTER) -> list[Label]:
    """Say where a name may stand: right, left, right above, right below, left above, left below."""
    first, last = pin.circles[0], pin.circles[-1]
    right, left = round(last.x + last.radius + 4, 1), round(first.x - first.radius - 4, 1)
    beside = round(last.y + 4, 1)
    above, below = round(last.y - last.radius, 1), round(last.y + last.radius + 8, 1)
    return [
        Label(text, x, y, anchor, letter)
        for y in (beside, above, below)
        for x, anchor in ((right, "start"), (left, "end"))
    ]


def _box_of(label: Label) -> _Box:
    width = len(label.text) * label.letter
    shift = {"start": 0.0, "middle": width / 2, "end": width}[label.anchor]
    left = label.x - shift
    return _Box(left, label.y - _LINE * 0.8, left + width, label.y + _LINE * 0.2)


def _box_around(pin: Pin) -> _Box:
    first, last = pin.circles[0], pin.circles[-1]
    return _Box(
        first.x - first.radius,
        first.y - first.radius,
        last.x + last.radius,
        last.y + last.radius,
    )


def _state_labels(projection: Projection, size: _Box, taken: list[_Box]) -> list[Label]:
    names = state_names()
    labels = []
    for state in _outlines()["states"]:
        ring = max(state["rings"], key=len)
        x, y = projection(*_centre(ring))
        label = Label(names[state["id"]], x, y, "middle")
        box = _box_of(label)
        if box.is_inside(size) and not any(map(box.touches, taken)):
            taken.append(box)
            labels.append(label)
    return labels


def _centre(ring: Sequence[Sequence[float]]) -> tuple[float, float]:
    """Return the centre of gravity of a closed ring, as latitude and longitude."""
    area = lat = lon = 0.0
    for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]):
        cross = x1 * y2 - x2 * y1
        area += cross
        lon += (x1 + x2) * cross
        lat += (y1 + y2) * cross
    return lat / (3 * area), lon / (3 * area)


def rings_around(place: tuple[float, float], network: str, towns: Iterable[Town]) -> Rings | None:
    """Draw the nearest towns by direction and distance around a place; None if all are far."""
    distances = sorted(
        (Distance(town, distance_km(place, (town.lat, town.lon))) for town in towns),
        key=lambda distance: (distance.km, distance.town.name),
    )[:_NEAREST]
    distances = [distance for distance in distances if distance.km <= _RINGS[-1][-1]]
    if not distances:
        return None
    radii = next(radii for radii in _RINGS if distances[-1].km <= radii[-1])
    middle_x, middle_y = _RING_WIDTH / 2, _RING_HEIGHT / 2
    scale = (middle_y - 6) / radii[-1]
    pins = []
    for distance in distances:
        town = distance.town
        east = (town.lon - place[1]) * _KM_PER_DEGREE * math.cos(math.radians(place[0]))
        north = (town.lat - place[0]) * _KM_PER_DEGREE
        at = (round(middle_x + east * scale, 1), round(middle_y - north * scale, 1))
        pins.append(Pin(town, _circles(town, at, 6)))
    centre = Circle(network, middle_x, middle_y, 8)
    rings = [_ring(km, scale, centre) for km in radii]
    return Rings(
        _RING_WIDTH,
        _RING_HEIGHT,
        centre,
        rings,
        _named(
            pins,
            [_label_places(pin, pin.town.name, letter=_SMALL_LETTER) for pin in pins],
            _Box(0, 0, _RING_WIDTH, _RING_HEIGHT),
            taken=[_box_of_circle(centre), *(_box_of(label) for _, label in rings)],
        ),
        distances,
    )


def _ring(km: int, scale: float, centre: Circle) -> tuple[float, Label]:
    label = Label(f"{km} km", centre.x, round(centre.y + km * scale - 4, 1), "middle")
    return round(km * scale, 1), label


def _box_of_circle(circle: Circle) -> _Box:
    x, y, radius = circle.x, circle.y, circle.radius
    return _Box(x - radius, y - radius, x + radius, y + radius)
