from __future__ import annotations

from decimal import Decimal

import pytest

from verbund.web.indicators.chart import Line, Size, Value, draw, nice_ticks, year_ticks


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        ("59", "72", "0 20 40 60 80"),
        ("12500", "19600", "0 5000 10000 15000 20000"),
        ("3.2", "4.2", "0 1 2 3 4 5"),
        ("-7", "12", "-10 -5 0 5 10 15"),
        ("0", "0", "0 0.2 0.4 0.6 0.8 1"),
        ("0.02", "0.05", "0 0.01 0.02 0.03 0.04 0.05"),
        ("552000", "552000", "0 200000 400000 600000"),
    ],
)
def test_ticks_are_round_enclose_the_values_and_begin_at_zero(
    low: str, high: str, ticks: str
) -> None:
    assert [str(tick) for tick in nice_ticks(Decimal(low), Decimal(high))] == ticks.split()


@pytest.mark.parametrize(
    ("first", "last", "ticks"),
    [
        (2022, 2022, [2022]),
        (2022, 2023, [2022, 2023]),
        (2016, 2024, [2016, 2018, 2020, 2022, 2024]),
        (2006, 2024, [2010, 2015, 2020]),
        (1898, 2024, [1900, 1920, 1940, 1960, 1980, 2000, 2020]),
    ],
)
def test_year_ticks_are_round_years(first: int, last: int, ticks: list[int]) -> None:
    assert year_ticks(first, last, most=7) == ticks


def test_years_stand_on_a_true_time_axis_and_values_at_their_height() -> None:
    box = Size(width=220, height=120, left=10, right=10, top=10, bottom=10, inset=0)
    line = Line(
        "", (Value(2024, Decimal(100), "100"), Value(2014, Decimal(0)), Value(2016, Decimal(50)))
    )

    chart = draw([line], write=str, size=box)

    # 10 years on 200 units: 2016 lies 2 years, so 40 units, after the start at 10.
    assert chart.lines[0].points == "10.0,110.0 50.0,60.0 210.0,10.0"
    assert [(tick.at, tick.label) for tick in chart.values] == [
        (110.0, "0"),
        (90.0, "20"),
        (70.0, "40"),
        (50.0, "60"),
        (30.0, "80"),
        (10.0, "100"),
    ]
    assert [(tick.at, tick.label) for tick in chart.years] == [
        (10.0, "2014"),
        (50.0, "2016"),
        (90.0, "2018"),
        (130.0, "2020"),
        (170.0, "2022"),
        (210.0, "2024"),
    ]


def test_the_last_value_is_labelled_beside_its_mark_the_others_above() -> None:
    box = Size(width=220, height=120, left=10, right=10, top=10, bottom=10, inset=0)
    values = (Value(2014, Decimal(50), "50"), Value(2024, Decimal(100), "100"))

    first, last = draw([Line("", values)], write=str, size=box).lines[0].marks

    assert (first.label_x, first.label_y, first.css) == (10.0, 50.0, "")
    assert (last.label_x, last.label_y, last.css) == (220.0, 14.0, "end")


def test_lines_are_told_apart_and_no_more_than_four_are_drawn() -> None:
    lines = [Line(str(n), (Value(2020, Decimal(n + 1)),)) for n in range(6)]

    drawn = draw(lines, write=str).lines

    assert [(line.name, line.css, line.is_square) for line in drawn] == [
        ("0", "s1", False),
        ("1", "s2", True),
        ("2", "s3", False),
        ("3", "s4", True),
    ]
