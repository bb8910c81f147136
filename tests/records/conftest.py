"""Builders of the files offices send, and short views of what was read from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path

import pytest
import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from verbund.records.members import MemberList
from verbund.records.organisation import Organisation

WriteText = Callable[..., Path]
WriteWorkbook = Callable[..., Path]


@pytest.fixture
def write_text(tmp_path: Path) -> WriteText:
    def write(content: str | bytes, *, encoding: str = "utf-8", name: str = "list.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


@pytest.fixture
def write_workbook(tmp_path: Path) -> WriteWorkbook:
    """Write rows to the sheet "Mitglieder"; `change` may add what a plain table cannot say."""

    def write(
        rows: Sequence[Sequence[object]],
        change: Callable[[Workbook, Worksheet], object] = lambda workbook, sheet: None,
    ) -> Path:
        path = tmp_path / "list.xlsx"
        with xlsxwriter.Workbook(str(path)) as workbook:
            sheet = workbook.add_worksheet("Mitglieder")
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    sheet.write(number, column, value)
            change(workbook, sheet)
        return path

    return write


@pytest.fixture
def stated() -> Callable[[MemberList], list[dict[str, object]]]:
    """What a list says of each organisation, ids and origins left out."""

    def facts(organisation: Organisation) -> dict[str, object]:
        pairs = ((f.name, getattr(organisation, f.name)) for f in fields(Organisation))
        return {
            name: value
            for name, value in pairs
            if name not in ("id", "origins") and value not in ("", None, ())
        }

    return lambda members: [facts(organisation) for organisation in members.organisations]


@pytest.fixture
def told() -> Callable[[MemberList], list[tuple[str, int | None, str, str]]]:
    """What is reported about a list: code, row, column and the text found."""
    return lambda members: [(p.code, p.row, p.column, p.found) for p in members.problems]
