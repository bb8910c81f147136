from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils.translation import override

from verbund.web.indicators.models import Indicator, Observation
from verbund.web.indicators.values import read_number, said, short, written

PERCENT, COUNT, EUR = Indicator.Unit.PERCENT, Indicator.Unit.COUNT, Indicator.Unit.MILLION_EUR


@pytest.mark.parametrize(
    ("language", "value", "text"),
    [
        ("de", "3800.00", "3.800"),
        ("en", "3800.00", "3,800"),
        ("de", "4.20", "4,2"),
        ("en", "4.20", "4.2"),
        ("de", "100.00", "100"),
    ],
)
def test_numbers_are_written_as_the_language_does(language: str, value: str, text: str) -> None:
    with override(language):
        assert written(Decimal(value)) == text


@pytest.mark.parametrize(
    ("language", "typed", "value"),
    [
        ("de", "3.800", "3800"),
        ("de", "1.234,5", "1234.5"),
        ("de", "67,5", "67.5"),
        ("de", "67.5", "67.5"),
        ("de", " 19 600 ", "19600"),
        ("en", "3,800", "3800"),
        ("en", "1,234.5", "1234.5"),
        ("en", "67.5", "67.5"),
        ("en", "-3", "-3"),
    ],
)
def test_numbers_are_read_as_people_type_them(language: str, typed: str, value: str) -> None:
    with override(language):
        assert read_number(typed) == Decimal(value)


@pytest.mark.parametrize("typed", ["19.6oo", "1.23.456", "12,", "", "nan", "1e5", "²"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with override("de"), pytest.raises(ValueError, match=r"^"):
        read_number(typed)


@pytest.mark.parametrize(
    ("language", "qualifier", "unit", "sentence", "sign"),
    [
        ("en", "", PERCENT, "70 %", "70"),
        ("en", "nearly", PERCENT, "nearly 70 %", "nearly 70"),
        ("en", "about", COUNT, "about 70", "≈ 70"),
        ("en", "more", EUR, "more than EUR 70 million", "> 70"),
        ("de", "more", EUR, "mehr als 70\u00a0Mio.\u00a0EUR", "> 70"),
        ("de", "nearly", PERCENT, "fast 70\u00a0%", "fast 70"),
    ],
)
def test_a_value_is_said_with_its_uncertainty(
    language: str, qualifier: str, unit: str, sentence: str, sign: str
) -> None:
    value = Observation(value=Decimal("70.00"), qualifier=qualifier)
    with override(language):
        assert (said(value, unit), short(value)) == (sentence, sign)
