"""Draw the outlines behind the map of members: countries of Europe and the German federal states.

    python tools/vendor.py       fetches var/vendor/countries-10m.json once
    python tools/outlines.py     writes outlines.json and says how many towns fall into their state

Countries come from Natural Earth (public domain) as packed by world-atlas; arcs are simplified
before they are joined, so neighbours still share one border. The inner borders of the states are
drawn here: each spot goes to the state of the nearest town in the table of places (GeoNames,
CC BY 4.0). They are coarse, about two kilometres: a backdrop, no administrative boundary.

Format: {"countries": {"DE": [ring, ...]}, "states": [{"id", "name_de", "name_en", "rings"}]}; a
ring is a closed list of [longitude, latitude], filled by the even-odd rule (Berlin is a hole in
Brandenburg).
"""

from __future__ import annotations

import csv
import gzip
import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "var/vendor/countries-10m.json"
PLACES = ROOT / "src/verbund/records/data/places.csv.gz"
TARGET = ROOT / "src/verbund/web/directory/data/outlines.json"

Point = tuple[float, float]
Ring = list[Point]
Cell = tuple[int, int]

FRAME = (-11.0, 34.0, 36.0, 66.0)  # west, south, east, north: beyond it nothing is drawn
SHRINK = math.cos(math.radians(51))  # a degree of longitude, measured in degrees of latitude
TOLERANCE = {"DE": 0.018} | dict.fromkeys("AT BE CH CZ DK FR LU NL PL".split(), 0.05)
COARSE = 0.13  # everybody else, in degrees of latitude
SMALLEST = {"DE": 0.003}  # square degrees; smaller islands are left out
STEP_X, STEP_Y = 0.03, 0.02  # one cell of the grid of states, about 2.1 by 2.2 km
BORDER = 0.014  # tolerance of the drawn borders
SPECKS = 10  # parts of a state with fewer cells join their neighbour

COUNTRIES = {
    "Albania": "AL", "Andorra": "AD", "Austria": "AT", "Belarus": "BY", "Belgium": "BE",
    "Bosnia and Herz.": "BA", "Bulgaria": "BG", "Croatia": "HR", "Czechia": "CZ", "Denmark": "DK",
    "Estonia": "EE", "Finland": "FI", "France": "FR", "Germany": "DE", "Greece": "GR",
    "Hungary": "HU", "Ireland": "IE", "Italy": "IT", "Kosovo": "XK", "Latvia": "LV",
    "Liechtenstein": "LI", "Lithuania": "LT", "Luxembourg": "LU", "Macedonia": "MK", "Malta": "MT",
    "Moldova": "MD", "Montenegro": "ME", "Netherlands": "NL", "Norway": "NO", "Poland": "PL",
    "Portugal": "PT", "Romania": "RO", "Russia": "RU", "Serbia": "RS", "Slovakia": "SK",
    "Slovenia": "SI", "Spain": "ES", "Sweden": "SE", "Switzerland": "CH", "Turkey": "TR",
    "Ukraine": "UA", "United Kingdom": "GB",
}  # fmt: skip
STATES = {
    "BW": ("Baden-Württemberg", "Baden-Württemberg"),
    "BY": ("Bayern", "Bavaria"),
    "BE": ("Berlin", "Berlin"),
    "BB": ("Brandenburg", "Brandenburg"),
    "HB": ("Bremen", "Bremen"),
    "HH": ("Hamburg", "Hamburg"),
    "HE": ("Hessen", "Hesse"),
    "MV": ("Mecklenburg-Vorpommern", "Mecklenburg-Western Pomerania"),
    "NI": ("Niedersachsen", "Lower Saxony"),
    "NW": ("Nordrhein-Westfalen", "North Rhine-Westphalia"),
    "RP": ("Rheinland-Pfalz", "Rhineland-Palatinate"),
    "SL": ("Saarland", "Saarland"),
    "SN": ("Sachsen", "Saxony"),
    "ST": ("Sachsen-Anhalt", "Saxony-Anhalt"),
    "SH": ("Schleswig-Holstein", "Schleswig-Holstein"),
    "TH": ("Thüringen", "Thuringia"),
}


# ------------------------------------------------------------------ shapes


def rounded(points: Iterable[Point]) -> Ring:
    ring: Ring = []
    for x, y in points:
        point = (round(x, 2), round(y, 2))
        if not ring or ring[-1] != point:
            ring.append(point)
    return ring


def distance(point: Point, start: Point, end: Point) -> tuple[float, float]:
    """Distance to a segment in degrees of latitude, and where along it the foot lies (0 to 1)."""
    dx, dy = (end[0] - start[0]) * SHRINK, end[1] - start[1]
    px, py = (point[0] - start[0]) * SHRINK, point[1] - start[1]
    length = dx * dx + dy * dy
    along = min(1.0, max(0.0, (px * dx + py * dy) / length)) if length else 0.0
    return math.hypot(px - along * dx, py - along * dy), along


def simplified(line: Sequence[Point], tolerance: float) -> Ring:
    """Douglas and Peucker 1973: keep a point only where the line would move by more."""
    keep, todo = {0, len(line) - 1}, [(0, len(line) - 1)]
    while todo:
        first, last = todo.pop()
        gaps = [(distance(line[i], line[first], line[last])[0], i) for i in range(first + 1, last)]
        gap, middle = max(gaps, default=(0.0, 0))
        if gap > tolerance:
            keep.add(middle)
            todo += [(first, middle), (middle, last)]
    return [line[i] for i in sorted(keep)]


def area(ring: Sequence[Point]) -> float:
    """Square degrees, positive if the ring runs anticlockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2


def clipped(ring: Ring) -> Ring:
    """Sutherland and Hodgman 1974: cut a ring at the four sides of the frame."""
    west, south, east, north = FRAME
    for axis, limit, sign in ((0, west, 1), (0, east, -1), (1, south, 1), (1, north, -1)):
        source, ring = ring, []
        for a, b in pairwise(source):
            inside_a, inside_b = ((p[axis] - limit) * sign >= 0 for p in (a, b))
            if inside_a:
                ring.append(a)
            if inside_a != inside_b:
                t = (limit - a[axis]) / (b[axis] - a[axis])
                ring.append((a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])))
        ring += ring[:1]
    return ring


def holds(rings: Sequence[Sequence[Point]], x: float, y: float) -> bool:
    crossings = 0
    for ring in rings:
        for a, b in pairwise(ring):
            if (a[1] > y) != (b[1] > y):
                crossings += x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
    return crossings % 2 == 1


# --------------------------------------------------------------- countries


def arcs_of(geometry: dict[str, Any]) -> list[list[int]]:
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    return [ring for polygon in polygons for ring in polygon]


def decoded(topology: dict[str, Any]) -> list[Ring]:
    """Arcs in degrees: TopoJSON stores whole-number steps, `transform` gives scale and origin.

    What lies beyond the date line goes east, so that Russia stays in one piece.
    """
    (scale_x, scale_y), (left, low) = (topology["transform"][k] for k in ("scale", "translate"))
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        arc: Ring = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            longitude = x * scale_x + left
            arc.append((longitude + 360 * (longitude < -100), y * scale_y + low))
        arcs.append(arc)
    return arcs


def countries() -> dict[str, list[Ring]]:
    topology = json.loads(SOURCE.read_text(encoding="utf-8"))
    shapes = {
        COUNTRIES[geometry["properties"]["name"]]: arcs_of(geometry)
        for geometry in topology["objects"]["countries"]["geometries"]
        if geometry["properties"]["name"] in COUNTRIES
    }
    tolerance: dict[int, float] = {}
    for code, shape in shapes.items():
        for number in (max(arc, ~arc) for ring in shape for arc in ring):
            mine = TOLERANCE.get(code, COARSE)
            tolerance[number] = min(mine, tolerance.get(number, mine))
    lines = decoded(topology)
    arcs = {number: simplified(lines[number], limit) for number, limit in tolerance.items()}
    rings = {code: kept_rings(code, shapes[code], arcs) for code in sorted(shapes)}
    return {code: kept for code, kept in rings.items() if kept}


def kept_rings(code: str, shape: list[list[int]], arcs: dict[int, Ring]) -> list[Ring]:
    rings = []
    for numbers in shape:
        line = [p for n in numbers for p in (arcs[n] if n >= 0 else arcs[~n][::-1])]
        rings.append(rounded(clipped(line)))
    rings.sort(key=lambda ring: -abs(area(ring)))
    smallest = SMALLEST.get(code, 0.06 if code in TOLERANCE else 0.14)
    large = rings[:1] + [ring for ring in rings[1:] if abs(area(ring)) > smallest]
    return [ring for ring in large if len(ring) > 3]


# ------------------------------------------------------------------ states


class Towns:
    """Towns with their state, found by nearness through squares of half a degree."""

    def __init__(self) -> None:
        self.squares: dict[Cell, list[tuple[float, float, str]]] = defaultdict(list)
        with gzip.open(PLACES, "rt", encoding="utf-8", newline="") as lines:
            self.all = [
                (float(row["lon"]), float(row["lat"]), row["state"])
                for row in csv.DictReader(lines)
                if row["country"] == "DE" and row["state"]
            ]
        for town in self.all:
            self.squares[self.square(*town[:2])].append(town)

    @staticmethod
    def square(x: float, y: float) -> Cell:
        return math.floor(x * 2), math.floor(y * 2)

    def state_at(self, x: float, y: float) -> str:
        column, row = self.square(x, y)
        near = [
            ((lon - x) ** 2 * SHRINK**2 + (lat - y) ** 2, state)
            for i in (-1, 0, 1)
            for j in (-1, 0, 1)
            for lon, lat, state in self.squares[column + i, row + j]
        ]
        return min(near)[1]


def centre(cell: Cell) -> Point:
    return (cell[0] + 0.5) * STEP_X, (cell[1] + 0.5) * STEP_Y


def neighbours(cell: Cell) -> list[Cell]:
    x, y = cell
    return [(x + 1, y), (x, y + 1), (x - 1, y), (x, y - 1)]


def grid(mainland: Ring, towns: Towns) -> dict[Cell, str]:
    cells: dict[Cell, str] = {}
    for row in range(int(47 / STEP_Y), int(55.2 / STEP_Y)):
        for column in range(int(5.8 / STEP_X), int(15.2 / STEP_X)):
            x, y = centre((column, row))
            if holds([mainland], x, y):
                cells[column, row] = towns.state_at(x, y)
    land = max(parts(dict.fromkeys(cells, "")), key=len)
    cells = {cell: state for cell, state in cells.items() if cell in land}
    for part in parts(cells):
        state = cells[next(iter(part))]
        if len(part) < SPECKS and state != "HB":  # Bremerhaven is as small as that
            around = Counter(
                cells[n] for c in part for n in neighbours(c) if n in cells and n not in part
            )
            cells |= dict.fromkeys(part, around.most_common(1)[0][0])
    return cells


def parts(cells: dict[Cell, str]) -> list[set[Cell]]:
    """Connected cells of one state."""
    left, found = set(cells), []
    while left:
        part = {left.pop()}
        todo = list(part)
        while todo:
            cell = todo.pop()
            more = [n for n in neighbours(cell) if n in left and cells[n] == cells[cell]]
            left.difference_update(more)
            part.update(more)
            todo += more
        found.append(part)
    return found


def boundary(part: set[Cell]) -> list[list[Cell]]:
    """Rings of grid corners around connected cells, the cells on the left hand."""
    following: dict[Cell, list[Cell]] = defaultdict(list)
    for x, y in part:
        corners = [(x + 1, y), (x + 1, y + 1), (x, y + 1), (x, y)]
        for side, neighbour in enumerate(neighbours((x, y))):
            if neighbour not in part:
                following[corners[side]].append(corners[(side + 1) % 4])
    rings = []
    while following:
        ring = [next(iter(following))]
        while len(ring) == 1 or ring[-1] != ring[0]:
            choices = following[ring[-1]]
            ring.append(choices.pop(leftmost(ring, choices)))
            if not choices:
                del following[ring[-2]]
        rings.append(ring)
    return rings


def leftmost(ring: list[Cell], choices: list[Cell]) -> int:
    if len(choices) == 1 or len(ring) == 1:
        return 0
    (ax, ay), (bx, by) = ring[-2:]
    turns = [(bx - ax) * (y - by) - (by - ay) * (x - bx) for x, y in choices]
    return turns.index(max(turns))


class Coast:
    """The outer border of Germany, on which the inner borders end."""

    def __init__(self, mainland: Ring) -> None:
        self.ring = mainland if area(mainland) > 0 else mainland[::-1]

    def foot(self, point: Point) -> tuple[float, Point]:
        """Position along the ring (segment and fraction) and the nearest point there."""
        segments = enumerate(pairwise(self.ring))
        _, number, along = min(
            (gap, number, along)
            for number, (a, b) in segments
            for gap, along in [distance(point, a, b)]
        )
        a, b = self.ring[number], self.ring[number + 1]
        return number + along, (a[0] + along * (b[0] - a[0]), a[1] + along * (b[1] - a[1]))

    def between(self, start: Point, end: Point) -> Ring:
        """The border from one point to another, anticlockwise."""
        (first, a), (last, b) = self.foot(start), self.foot(end)
        count = len(self.ring) - 1
        if last < first:
            last += count
        if last - first > count / 2:  # two ends in one narrow bay: not once around the country
            return [a, b]
        steps = range(math.floor(first) + 1, math.floor(last) + 1)
        return [a, *(self.ring[step % count] for step in steps), b]


def corner_states(cells: dict[Cell, str], corner: Cell) -> set[str | None]:
    x, y = corner
    return {cells.get((x - i, y - j)) for i in (0, 1) for j in (0, 1)}


def drawn(ring: list[Cell], cells: dict[Cell, str], coast: Coast) -> Ring:
    """A ring of corners as a line: smooth inside the country, the true border outside."""
    joints = [i for i, corner in enumerate(ring[:-1]) if len(corner_states(cells, corner)) > 2]
    if not joints:
        return rounded(smooth([place(corner) for corner in ring]))
    turned = ring[joints[0] : -1] + ring[: joints[0] + 1]
    cuts = [i - joints[0] for i in joints] + [len(turned) - 1]
    line: Ring = []
    for a, b in pairwise(cuts):
        line += piece(turned[a : b + 1], cells, coast)
    return rounded(line)


def piece(corners: list[Cell], cells: dict[Cell, str], coast: Coast) -> Ring:
    ends = [place(corners[0]), place(corners[-1])]
    sides = corner_states(cells, corners[len(corners) // 2])
    if None in sides and len(corners) > 2:
        return coast.between(*ends)
    points = [place(corner) for corner in corners]
    for index in (0, -1):
        if None in corner_states(cells, corners[index]):
            points[index] = coast.foot(points[index])[1]
    if points[0] > points[-1]:  # the same line from both sides
        return smooth(points[::-1])[::-1]
    return smooth(points)


def place(corner: Cell) -> Point:
    return corner[0] * STEP_X, corner[1] * STEP_Y


def smooth(points: Ring) -> Ring:
    """Middles instead of corners, three times; the ends stay."""
    for _ in range(3):
        middles = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in pairwise(points)]
        closed = points[0] == points[-1]
        points = [*middles, middles[0]] if closed else [points[0], *middles, points[-1]]
    return simplified(points, BORDER)


def states(germany: list[Ring]) -> list[dict[str, Any]]:
    towns = Towns()
    mainland, *islands = germany
    cells = grid(mainland, towns)
    coast = Coast(mainland)
    rings: dict[str, list[Ring]] = defaultdict(list)
    for part in parts(cells):
        state = cells[next(iter(part))]
        rings[state] += [drawn(ring, cells, coast) for ring in boundary(part)]
    for island in islands:
        middle = [sum(values) / len(island) for values in zip(*island, strict=True)]
        rings[towns.state_at(middle[0], middle[1])].append(island)
    for state in rings:
        rings[state] = [ring for ring in rings[state] if len(ring) > 3]
        rings[state].sort(key=lambda ring: -abs(area(ring)))
    right = sum(holds(rings[state], x, y) for x, y, state in towns.all)
    print(f"{right} of {len(towns.all)} towns lie inside the outline of their state")
    return [
        {"id": code, "name_de": german, "name_en": english, "rings": rings[code]}
        for code, (german, english) in STATES.items()
    ]


def main() -> int:
    if not SOURCE.is_file():
        sys.exit("Fetch the source first: python tools/vendor.py")
    shapes = countries()
    outlines = {"countries": shapes, "states": states(shapes["DE"])}
    text = json.dumps(outlines, ensure_ascii=False, separators=(",", ":"))
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(text + "\n", encoding="utf-8")
    print(f"{TARGET.relative_to(ROOT)}: {len(text.encode()) / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
