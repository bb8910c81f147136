"""The rows of a sheet: which are members, and what to tell about the others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from verbund.language.spelling import fold
from verbund.records.entries import read_entries
from verbund.records.header import (
    Header,
    columns_of,
    filled,
    find_header,
    heading_of,
    likely_header,
    settle_names,
    signature_of,
    spread_groups,
)
from verbund.records.headings import Heading, count_headings, factor_of, is_unused, nearest_heading
from verbund.records.names import parse_name
from verbund.records.organisation import Detail, Origin
from verbund.records.problems import Problem, Severity
from verbund.records.tables import Cell, Grid, Row
from verbund.records.values import Finding, is_excel_error, is_nothing, text_of
from verbund.wording import Phrase

_FOOTER = re.compile(
    r"(summe|gesamt|insgesamt|total|sum|anzahl|stand|quelle|source|hinweis|note|legende|anmerkung"
    r"|erstellt|seite|page|ende der liste|end of list)\b|\*"
    r"|\d+ (mitglieder|firmen|unternehmen|members)"
)
_TOTAL = re.compile(
    r"(zwischensumme|summen?|gesamt(summe|zahl)?|insgesamt|subtotal|total|sum|anzahl|durchschnitt"
    r"|average)( (mitglieder|mitarbeiter|firmen|unternehmen|members|employees|companies))?[:= ]*"
)
_SECTIONS = frozenset(
    (
        "unternehmen firmen industrie industriepartner forschung forschungseinrichtungen "
        "forschungsinstitute institute hochschulen universitaeten wissenschaft bildung "
        "bildungseinrichtungen bildungstraeger netzwerke verbaende partner foerdermitglieder "
        "ehrenmitglieder mitglieder oeffentliche einrichtungen companies industry research "
        "universities education members partners networks oem oems zulieferer dienstleister "
        "kmu sonstige others other ordentliche vollmitglieder gaeste"
    ).split()
) | {"ordentliche mitglieder", "oeffentliche einrichtungen"}
_SAMPLE = 60  # letters of a column's first value that are shown
_AND = re.compile(r"\s*[,/&+]\s*|\s+(?:und|and)\s+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One filled cell of a member: its column as people find it, its text and its unit."""

    cell: Cell
    text: str
    column: str
    factor: float


@dataclass(slots=True)
class Draft:
    """A member as the row states it, before anything is interpreted."""

    origin: Origin
    cells: dict[str, list[Entry]] = field(default_factory=dict)

    def entries(self, field_name: str) -> list[Entry]:
        return self.cells.get(field_name, [])

    def texts(self, field_name: str) -> list[str]:
        return [entry.text for entry in self.entries(field_name)]

    def items(self, field_name: str) -> tuple[Detail, ...]:
        """Return the single offers, requests, topics or names of all columns of that field."""
        found = (item for text in self.texts(field_name) for item in read_entries(text, field_name))
        return tuple(dict.fromkeys(found))

    def problem(self, finding: Finding, column: str, text: str) -> Problem:
        return Problem(
            finding.code,
            finding.severity,
            self.origin.file,
            self.origin.sheet,
            self.origin.row,
            column,
            text,
            finding.values,
        )


@dataclass(frozen=True, slots=True)
class Column:
    """A column with values: where it is, as people find it, and the field it is taken for.

    `field` is empty where it was not understood or is not used; `headings` is the signature of the
    list's headings, under which `index` names the column.
    """

    sheet: str
    name: str
    field: str
    index: int = 0
    headings: str = ""
    count: int = 0
    sample: str = ""
    is_guessed: bool = False
    is_chosen: bool = False


# Fields by column index, for lists whose headings have a signature; "" leaves a column out.
Mappings = Mapping[str, Mapping[int, str]]


@dataclass(frozen=True, slots=True)
class ReadRows:
    drafts: list[Draft]
    problems: list[Problem]
    titles: list[str]
    columns: list[Column]


def read_rows(
    grid: Grid, mappings: Mappings, *, name_is_enough: bool = False, any_header: bool = False
) -> ReadRows:
    """Find the header of a sheet (see `find_header`) and read the rows below it.

    What somebody chose for these headings goes before what is recognised; with `any_header` the
    first row of several texts is a header even if nothing in it is understood.
    """
    _fill_vertical_merges(grid)
    reader = _SheetReader(grid)
    header = find_header(grid, name_is_enough=name_is_enough)
    if header is None:
        header = likely_header(grid)
        if header and not any_header and signature_of(grid, header) not in mappings:
            header = None
    if header:
        header = reader.as_chosen(header, mappings)
    if header is None:
        rows = [texts for row in grid.rows if (texts := filled(row))]
        if rows:
            sample = " | ".join(rows[0])[:80]
            reader.report("no_header", Severity.WARNING, found=sample, count=len(rows))
        return ReadRows([], reader.problems, [], [])
    titles = reader.read_above(header)
    reader.read_columns(header)
    drafts = list(reader.read_members(header))
    return ReadRows(drafts, reader.problems, titles, reader.columns)


def _fill_vertical_merges(grid: Grid) -> None:
    """Repeat the value of cells merged over several rows of one column in each of these rows."""
    for merged in grid.merged:
        if merged.first_column != merged.last_column or merged.first_row >= len(grid.rows):
            continue
        column = merged.first_column
        top = grid.rows[merged.first_row]
        if column >= len(top):
            continue
        for row in grid.rows[merged.first_row + 1 : merged.last_row + 1]:
            if column < len(row):
                row[column] = top[column]


def column_letter(index: int) -> str:
    """Name a column as Excel does: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class _SheetReader:
    """Reads one sheet and gathers what there is to tell about it."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.problems: list[Problem] = []
        self.columns: list[Column] = []
        self.headings = ""
        self.chosen: frozenset[int] = frozenset()
        self.merged_rows = {
            merged.first_row for merged in grid.merged if merged.last_column > merged.first_column
        }
        if grid.is_hidden and any(filled(row) for row in grid.rows):
            self.report("hidden_sheet", Severity.NOTE, found=grid.sheet)
        if grid.hidden.rows:
            self.report("hidden_rows", Severity.NOTE, count=grid.hidden.rows)

    def report(
        self,
        code: str,
        severity: Severity,
        *,
        index: int | None = None,
        column: str = "",
        found: str = "",
        **more: object,
    ) -> None:
        row = None if index is None else index + self.grid.first_row
        self.problems.append(
            Problem(code, severity, self.grid.file, self.grid.sheet, row, column, found[:200], more)
        )

    def column_name(self, index: int, heading: str) -> str:
        if self.grid.first_row == 0:  # json: keys, no letters
            return heading
        return f"{column_letter(index)} ({' '.join(heading.split())})"

    def as_chosen(self, header: Header, mappings: Mappings) -> Header:
        """Lay what somebody chose for these headings over what was recognised."""
        self.headings = signature_of(self.grid, header)
        chosen = mappings.get(self.headings)
        if not chosen:
            return header
        self.chosen = frozenset(chosen)
        columns = {i: heading for i, heading in header.columns.items() if i not in chosen}
        for index, field_name in chosen.items():
            if field_name:
                text = self.heading_text(header, index)
                columns[index] = Heading(text, field_name, factor=factor_of(text))
        return Header(header.first, header.last, columns)

    def heading_text(self, header: Header, index: int) -> str:
        lower = self.grid.rows[header.last]
        text = text_of(lower[index]) if index < len(lower) else ""
        return text or spread_groups(self.grid, header.first).get(index, "")

    def read_above(self, header: Header) -> list[str]:
        titles = []
        for index, row in enumerate(self.grid.rows[: header.first]):
            if texts := list(dict.fromkeys(filled(row))):
                if len(texts) == 1:  # several cells are the groups of a header
                    titles.append(texts[0])
                self.report("above_header", Severity.NOTE, index=index, found=" ".join(texts))
        return titles

    def read_columns(self, header: Header) -> None:
        """Report columns that are hidden, unknown, or understood only by their likeness."""
        width = max((len(row) for row in self.grid.rows), default=0)
        for index in range(width):
            text = self.heading_text(header, index)
            heading = header.columns.get(index)
            name = self.column_name(index, heading.text if heading else text)
            values = self._values_below(header, index)
            if heading or values:
                self.columns.append(
                    Column(
                        self.grid.sheet,
                        name,
                        heading.field if heading else "",
                        index,
                        self.headings,
                        len(values),
                        values[0].replace("\n", " ")[:_SAMPLE] if values else "",
                        heading is not None and heading.guessed,
                        index in self.chosen,
                    )
                )
            if index in self.grid.hidden.columns and values:
                self.report("hidden_column", Severity.NOTE, column=name, count=len(values))
            if heading and heading.guessed:
                self.report(
                    "column_guessed",
                    Severity.WARNING,
                    index=header.last,
                    column=name,
                    found=text,
                    read_as=Phrase(f"field.{heading.field}"),
                )
            if heading is None and values:
                if index in self.chosen:
                    self._report_ignored_column(header, name, text, values)
                else:
                    self._report_unread_column(header, name, text, values)

    def _report_ignored_column(
        self, header: Header, name: str, text: str, values: list[str]
    ) -> None:
        self.report(
            "column_ignored",
            Severity.NOTE,
            index=header.last,
            column=name,
            found=text,
            count=len(values),
        )

    def _report_unread_column(
        self, header: Header, name: str, text: str, values: list[str]
    ) -> None:
        is_known = is_unused(text)
        code = "column_unused" if is_known else "column_unknown"
        severity = Severity.NOTE if is_known else Severity.WARNING
        sample = values[0].replace("\n", " ")[:_SAMPLE]
        nearest = nearest_heading(text)
        if code == "column_unknown" and nearest:
            code = "column_unknown_nearest"
        self.report(
            code,
            severity,
            index=header.last,
            column=name,
            found=text,
            count=len(values),
            sample=sample,
            nearest=nearest,
        )

    def _values_below(self, header: Header, column: int) -> list[str]:
        rows = self.grid.rows[header.last + 1 :]
        texts = (text_of(row[column]) for row in rows if column < len(row))
        return [text for text in texts if not is_nothing(text)]

    def read_members(self, header: Header) -> Iterator[Draft]:
        previous: Draft | None = None
        wanted = max(2, round(0.6 * len(header.columns)))
        for index, row in enumerate(self.grid.rows[header.last + 1 :], start=header.last + 1):
            texts = filled(row)
            if not texts:
                continue
            if self._names_are_headings(header, row) and count_headings(row) >= wanted:
                self.report("header_repeated", Severity.NOTE, index=index, found=" | ".join(texts))
                header = self._header_from_here(header, index)
                continue
            draft = self._draft(header, row, index)
            if not draft.entries("name"):
                if not self._continues(previous, draft, index, texts):
                    self._report_nameless(draft, index, texts)
                continue
            is_merged = len(texts) == 1 and index in self.merged_rows
            if code := "section" if is_merged else _other_than_member(draft, len(texts)):
                self.report(code, Severity.NOTE, index=index, found=" | ".join(texts))
                continue
            if previous:
                yield previous
            previous = draft
        if previous:
            yield previous

    def _names_are_headings(self, header: Header, row: Row) -> bool:
        """Tell a repeated header from a member whose kind and offers are words of headings."""
        named = (
            row[column]
            for column, heading in header.columns.items()
            if heading.field == "name" and column < len(row)
        )
        return all(heading_of(cell) or not text_of(cell) for cell in named)

    def _header_from_here(self, header: Header, index: int) -> Header:
        """Take over a repeated header whose columns stand in another order."""
        columns = settle_names(columns_of(self.grid, index, index))
        new = Header(index, index, columns)
        fields = {column: heading.field for column, heading in columns.items()}
        old = {column: heading.field for column, heading in header.columns.items()}
        if header.first != header.last or "name" not in new.fields or fields == old:
            return header
        self.report("header_changed", Severity.WARNING, index=index)
        self.read_columns(new)
        return new

    def _draft(self, header: Header, row: Row, index: int) -> Draft:
        draft = Draft(Origin(self.grid.file, index + self.grid.first_row, self.grid.sheet))
        for column, heading in header.columns.items():
            if column >= len(row):
                continue
            text = text_of(row[column])
            if is_nothing(text):
                continue
            name = self.column_name(column, heading.text)
            if is_excel_error(text):
                self.report("excel_error", Severity.WARNING, index=index, column=name, found=text)
                continue
            if isinstance(row[column], str) and "\ufffd" in text:
                self.report(
                    "broken_letters", Severity.WARNING, index=index, column=name, found=text
                )
            entries = draft.cells.setdefault(heading.field, [])
            entries.append(Entry(row[column], text, name, heading.factor))
        return draft

    def _report_nameless(self, draft: Draft, index: int, texts: list[str]) -> None:
        found = " | ".join(texts)
        if len(texts) == 1 and not draft.cells.keys() - {"id"}:
            self.report("remark", Severity.NOTE, index=index, found=found)
        elif _TOTAL.fullmatch(fold(texts[0])):
            self.report("footer", Severity.NOTE, index=index, found=found)
        else:
            code = "no_name" if draft.cells else "stray"
            self.report(code, Severity.ERROR, index=index, found=found)

    def _continues(
        self, previous: Draft | None, draft: Draft, index: int, texts: list[str]
    ) -> bool:
        """Add a row without a name to the member above it, if it holds nothing but more entries."""
        if previous is None or not draft.cells or draft.cells.keys() - _CONTINUABLE:
            return False
        for field_name, entries in draft.cells.items():
            previous.cells.setdefault(field_name, []).extend(entries)
        name = previous.texts("name")[0]
        found = " | ".join(texts)
        self.report("continued", Severity.WARNING, index=index, found=found, name=name)
        return True


_CONTINUABLE = {"offers", "requests", "topics", "profile"}


def _other_than_member(draft: Draft, cells: int) -> str:
    """Tell whether a row is a total, a remark or the heading of a section instead of a member."""
    name = " ".join(fold(draft.texts("name")[0]).split())
    others = draft.cells.keys() - {"name"}
    is_remark = ":" in name or (cells <= 2 and not parse_name(name).legal_form)
    if not others - {"employees", "turnover_eur", "id", "city"} and (
        _TOTAL.fullmatch(name) or (_FOOTER.match(name) and is_remark)
    ):
        return "footer"
    bare = re.sub(r"^(?:[a-z]|[ivx]+|\d+)[.)]\s*|\s*\(\d+\)|[:\s]+$", "", name)
    is_section = all(word in _SECTIONS for word in _AND.split(bare))
    if not others and (is_section or re.fullmatch(r"(\w+ )?\w*(mitglieder|members)", bare)):
        return "section"
    return ""
