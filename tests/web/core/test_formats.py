"""Dates and numbers as the two languages write them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import formats, translation

from verbund.web.core.templatetags.verbund import number

MOMENT = dt.datetime(2026, 12, 1, 22, 5)  # noqa: DTZ001  # written as it is, in no zone


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("de", ["1. Dezember 2026", "1. Dezember 2026, 22:05", "01.12.2026, 22:05", "1. Dez."]),
        ("en", ["1 December 2026", "1 December 2026, 22:05", "1 Dec 2026, 22:05", "1 Dec"]),
    ],
)
def test_dates_are_written_as_readers_of_the_language_do(language: str, written: list[str]) -> None:
    kinds = ("DATE_FORMAT", "DATETIME_FORMAT", "SHORT_DATETIME_FORMAT", "MONTH_DAY_FORMAT")

    with translation.override(language):
        assert [formats.date_format(MOMENT, kind) for kind in kinds] == written


@pytest.mark.parametrize(("language", "written"), [("de", "1.250,5"), ("en", "1,250.5")])
def test_numbers_have_the_separators_of_the_language(language: str, written: str) -> None:
    with translation.override(language):
        assert number(1250.5, 1) == written
