"""Where the header of a sheet is, and what each column means."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from verbund.records.headings import Heading, count_headings, is_unused, recognise, tidy
from verbund.records.tables import Cell, Grid
from verbund.records.values import text_of

_SEARCHED = 60  # rows; titles, logos and remarks stand above the header


@dataclass(frozen=True, slots=True)
class Header:
    """The header rows (indices into the grid) and the field of each column understood."""

    first: int
    last: int
    columns: dict[int, Heading]

    @property
    def fields(self) -> set[str]:
        return {heading.field for heading in self.columns.values()}

    @property
    def strength(self) -> tuple[int, bool]:
        """How many fields it names, and whether one of them is spelt as known."""
        return len(self.fields), not all(heading.guessed for heading in self.columns.values())


def find_header(grid: Grid, *, name_is_enough: bool = False) -> Header | None:
    """Find the row, or the two rows, whose cells name most fields; a name must be among them.

    A name alone is a header above one column, on top of a text file, or where `name_is_enough`;
    a workbook may have sheets of notes that begin like that.
    """
    found: list[Header] = []
    table_begins = next((i for i, row in enumerate(grid.rows) if len(filled(row)) > 1), None)
    for index, row in enumerate(grid.rows[:_SEARCHED]):
        for last in (index, index + 1):
            header = Header(index, last, columns_of(grid, index, last))
            if not header.fields & {"name", "short_name"}:
                continue
            is_top = index == table_begins and (name_is_enough or not grid.sheet)
            if len(header.fields) < 2 and (last > index or not (len(filled(row)) == 1 or is_top)):
                continue
            found.append(header)
        if grid.first_row == 0:  # json: the keys
            break
    if not found:
        return None
    best = max(found, key=lambda header: header.strength)
    if any(count_headings(row) > len(best.fields) for row in grid.rows[: best.first]):
        return None  # that was the header, without a name; this is a member among "Unternehmen"
    # A list may come in parts with a header each; the first one need not name the most fields.
    least = max(3, 0.6 * len(best.fields))
    first = next(
        header
        for header in found
        if header is best or (header.last < best.first and len(header.fields) >= least)
    )
    return Header(first.first, first.last, settle_names(first.columns))


def likely_header(grid: Grid) -> Header | None:
    """Return the first row of several texts above others, even if nothing in it is understood."""
    for index, row in enumerate(grid.rows[:_SEARCHED]):
        texts = [cell for cell in row if text_of(cell)]
        is_header = len(texts) > 1 and all(isinstance(cell, str) for cell in texts)
        if is_header and any(filled(below) for below in grid.rows[index + 1 :]):
            return Header(index, index, settle_names(columns_of(grid, index, index)))
    return None


def signature_of(grid: Grid, header: Header) -> str:
    """Return what all lists with the same headings, in the same order, have in common."""
    rows = grid.rows[header.first : header.last + 1]
    texts = [[tidy(text_of(cell)) for cell in row] for row in rows]
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()


def columns_of(grid: Grid, first: int, last: int) -> dict[int, Heading]:
    if last >= len(grid.rows):
        return {}
    upper, lower = grid.rows[first], grid.rows[last]
    if first == last:
        return {i: h for i, cell in enumerate(lower) if (h := heading_of(cell))}
    if not all(heading_of(cell) or is_unused(text_of(cell)) for cell in lower if text_of(cell)):
        return {}  # the second row holds a member, not headings
    if len(filled(upper)) < 2 or not any(heading_of(cell) for cell in upper):
        return {}  # the first row holds a title, not groups of headings
    spread = spread_groups(grid, first)
    columns = {}
    for index in range(max(len(upper), len(lower))):
        above = spread.get(index, "")
        below = text_of(lower[index]) if index < len(lower) else ""
        if is_unused(below):  # "Telefon" below "Kontakt" is not the contact's name
            continue
        heading = heading_of(f"{above} {below}") or heading_of(below) or heading_of(above)
        if heading:
            columns[index] = heading
    return columns


def heading_of(cell: Cell) -> Heading | None:
    return recognise(text_of(cell)) if isinstance(cell, str) and cell.strip() else None


def spread_groups(grid: Grid, row: int) -> dict[int, str]:
    """Give each column the heading above it; a merged one stands above all its columns."""
    texts = {i: text_of(cell) for i, cell in enumerate(grid.rows[row]) if text_of(cell)}
    for merged in grid.merged:
        if merged.first_row == row and merged.first_column in texts:
            columns = range(merged.first_column, merged.last_column + 1)
            texts |= dict.fromkeys(columns, texts[merged.first_column])
    return texts


def settle_names(columns: dict[int, Heading]) -> dict[int, Heading]:
    """Decide what a bare "Name" is: the firm, or beside "Firma" the contact person's."""
    fields = {heading.field for heading in columns.values()}
    has_firm = "name" in fields
    has_half = "first_name" in fields and "last_name" not in fields
    beside_firm = "last_name" if has_half else "contact_name"
    settled = {}
    for index, heading in columns.items():
        if heading.field == "short_name":
            field_name = beside_firm if has_firm else "name"
            has_firm = True
            heading = Heading(heading.text, field_name, heading.guessed, heading.factor)
        settled[index] = heading
    return settled


def filled(row: Sequence[Cell]) -> list[str]:
    return [text for cell in row if (text := text_of(cell))]
