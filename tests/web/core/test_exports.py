"""Files for Excel: what a text is stays a text."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from decimal import Decimal

import pytest

from verbund.web.core.exports import as_file
from verbund.web.core.texts import Text

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", Text("=1", "de", is_other=False)]


@pytest.mark.parametrize("said", FORMULAS)
def test_texts_never_become_formulas(said: object) -> None:
    sheet = as_file("list", ["Text"], [[said]], kind="csv").content.decode("utf-8-sig")
    book = as_file("list", ["Text"], [[said]], kind="xlsx").content

    assert sheet.splitlines()[1].strip('"').startswith("'")
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        assert not re.search(rb"<f>", archive.read("xl/worksheets/sheet1.xml"))


def test_numbers_stay_numbers() -> None:
    row = [-1, -1.5, Decimal("-2.50"), dt.date(2026, 11, 22), None]

    sheet = as_file("list", ["", "", "", "", ""], [row], kind="csv").content.decode("utf-8-sig")

    assert sheet.splitlines()[1] == "-1;-1.5;-2.50;2026-11-22;"
