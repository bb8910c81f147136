"""Line charts over years as positions: values in, lines, marks and ticks out; templates draw them.

The year axis is a true time axis. The value axis starts at zero, so that height means size.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

MOST_LINES = 4  # more cannot be told apart by dash and mark
_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
_YEAR_STEPS = (1, 2, 5, 10, 20, 50, 100)
_LABEL_GAP = 10


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a line; `label` is how it is written beside its mark."""

    year: int
    value: Decimal
    label: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Values that may be compared with each other."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Size:
    """The drawing's box and the room for what stands around the lines."""

    width: int = 640
    height: int = 240
    left: int = 64
    right: int = 84
    top: int = 26
    bottom: int = 30
    inset: int = 24  # between the value axis and the first mark, for its label
    most_values: int = 6  # ticks of either axis
    most_years: int = 7

    @property
    def inner_right(self) -> int:
        return self.width - self.right

    @property
    def inner_bottom(self) -> int:
        return self.height - self.bottom


LARGE = Size()
SMALL = Size(
    width=340,
    height=150,
    left=46,
    right=66,
    top=20,
    bottom=24,
    inset=6,
    most_values=4,
    most_years=5,
)


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    x: float
    y: float
    label: str
    label_x: float
    label_y: float
    css: str  # "end" for the last value of a line


@dataclass(frozen=True, slots=True)
class DrawnLine:
    name: str
    css: str  # s1 to s4: dash and mark of the style sheet
    is_square: bool
    points: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    size: Size
    lines: tuple[DrawnLine, ...]
    values: tuple[Tick, ...]
    years: tuple[Tick, ...]


def nice_ticks(low: Decimal, high: Decimal, *, most: int = 6) -> list[Decimal]:
    """Return round values that enclose a range, at most `most` of them, zero among them.

    Examples
    --------
    >>> [str(tick) for tick in nice_ticks(Decimal(59), Decimal(72))]
    ['0', '20', '40', '60', '80']
    """
    low, high = min(low, Decimal(0)), max(high, Decimal(0))
    if low == high:
        high = Decimal(1)
    magnitude = Decimal(10) ** ((high - low).adjusted() - 1)
    while True:
        for step in _STEPS:
            width = step * magnitude
            first = (low / width).to_integral_value(rounding="ROUND_FLOOR")
            last = (high / width).to_integral_value(rounding="ROUND_CEILING")
            if last - first + 1 <= most:
                numbers = range(int(first), int(last) + 1)
                return [_plain(number * width) for number in numbers]
        magnitude *= 10


def _plain(value: Decimal) -> Decimal:
    """Drop trailing zeros without turning 100 into 1E+2."""
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()


def year_ticks(first: int, last: int, *, most: int = 10) -> list[int]:
    """Return round years within a span, or the two ends of a short one."""
    for step in _YEAR_STEPS:
        years = [year for year in range(first, last + 1) if year % step == 0]
        if len(years) <= most and (last - first) // step < most:
            return years if len(years) > 1 else sorted({first, last})
    return sorted({first, last})


def draw(lines: Sequence[Line], *, write: Callable[[Decimal], str], size: Size = LARGE) -> Chart:
    """Place lines in a box.

    Parameters
    ----------
    lines
        At least one value in all; `MOST_LINES` of them are drawn.
    write
        Writes a tick of the value axis as the reader's language does.
    """
    shown = [line for line in lines if line.values][:MOST_LINES]
    values = [value.value for line in shown for value in line.values]
    years = [value.year for line in shown for value in line.values]
    ticks = nice_ticks(min(values), max(values), most=size.most_values)
    first, last = min(years), max(years)

    def x(year: int) -> float:
        if first == last:
            return round((size.left + size.inner_right) / 2, 1)
        share, start = (year - first) / (last - first), size.left + size.inset
        return round(start + share * (size.inner_right - start), 1)

    def y(value: Decimal) -> float:
        share = float((value - ticks[0]) / (ticks[-1] - ticks[0]))
        return round(size.inner_bottom - share * (size.inner_bottom - size.top), 1)

    return Chart(
        size,
        tuple(_line(line, number, x, y, size) for number, line in enumerate(shown)),
        tuple(Tick(y(tick), write(tick)) for tick in ticks),
        tuple(Tick(x(year), str(year)) for year in year_ticks(first, last, most=size.most_years)),
    )


def _line(
    line: Line,
    number: int,
    x: Callable[[int], float],
    y: Callable[[Decimal], float],
    size: Size,
) -> DrawnLine:
    """Place a line; its values are labelled above, of further lines below where there is room."""
    ordered = sorted(line.values, key=lambda value: value.year)
    marks = []
    for value in ordered:
        at_x, at_y, is_last = x(value.year), y(value.value), value is ordered[-1]
        label_x = at_x + _LABEL_GAP if is_last else at_x
        is_below = number > 0 and at_y + 2 * _LABEL_GAP < size.inner_bottom
        beside = 4 if is_last else 2 * _LABEL_GAP if is_below else -_LABEL_GAP
        label_y = at_y + beside
        css = "end" if is_last else ""
        marks.append(Mark(at_x, at_y, value.label, round(label_x, 1), round(label_y, 1), css))
    points = " ".join(f"{mark.x},{mark.y}" for mark in marks)
    return DrawnLine(line.name, f"s{number + 1}", number % 2 == 1, points, tuple(marks))
