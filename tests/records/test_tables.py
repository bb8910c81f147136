from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from verbund.errors import InvalidInput
from verbund.records.headings import header_score
from verbund.records.tables import Cell, Grid, Merged, Tables, decode, read_tables

Write = Callable[..., Path]

ODS = """<office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="Mitglieder">
<table:table-row>
<table:table-cell office:value-type="string"><text:p>Firma</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>Bietet</text:p></table:table-cell>
</table:table-row>
<table:table-row>
<table:table-cell office:value-type="string"><text:p>A GmbH</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>Laser</text:p>
<text:p>Optik</text:p></table:table-cell>
</table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"""


def read(path: Path) -> Tables:
    return read_tables(path, header_score=header_score)


def rows_of(path: Path) -> list[list[Cell]]:
    return read(path).grids[0].rows


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"], ids=str
)
def test_text_is_read_in_any_encoding(write_text: Write, encoding: str) -> None:
    path = write_text("Firma;Ort\r\nMüller;Köln\r\n", encoding=encoding)

    assert rows_of(path) == [["Firma", "Ort"], ["Müller", "Köln"]]


def test_text_glued_from_two_sources_is_decoded_line_by_line() -> None:
    content = "Müller\n".encode() + "Süß – 5 €\r\n".encode("cp1252") + "Köln".encode()

    assert decode(content) == "Müller\nSüß – 5 €\r\nKöln"


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_separator_is_found_by_the_header(write_text: Write, delimiter: str, line_end: str) -> None:
    lines = ["Liste der Mitglieder, Stand; 2024", f"Firma{delimiter}Sucht", f"A{delimiter}B"]
    path = write_text(line_end.join(lines))

    assert rows_of(path)[1:] == [["Firma", "Sucht"], ["A", "B"]]


def test_list_of_one_column_is_not_cut_at_commas(write_text: Write) -> None:
    path = write_text("Firma\nMüller, Meier & Co. GmbH\nOptik, Laser und Licht AG\n")

    assert rows_of(path)[1:] == [["Müller, Meier & Co. GmbH"], ["Optik, Laser und Licht AG"]]


def test_quoted_cell_runs_over_lines_and_keeps_quotes(write_text: Write) -> None:
    path = write_text('Firma;Sucht\n"Die ""Optik""; AG";"Laser\nLicht"\nRack 19" AG;x\n')

    assert rows_of(path)[1:] == [['Die "Optik"; AG', "Laser\nLicht"], ['Rack 19" AG', "x"]]


def test_unclosed_quote_costs_its_own_line_only(write_text: Write) -> None:
    path = write_text('Firma;Bietet;Ort\n"A;Laser;Jena\nB;"Optik;Ulm\nC;"x\ny";Bonn\n')

    tables = read(path)

    assert tables.grids[0].rows[1:] == [
        ["A", "Laser", "Jena"],
        ["B", "Optik", "Ulm"],
        ["C", "x\ny", "Bonn"],
    ]
    assert [(p.code, p.row) for p in tables.problems] == [("open_quote", 2), ("open_quote", 3)]


def test_separator_named_in_the_first_line_shifts_the_rows(write_text: Write) -> None:
    tables = read(write_text('sep=|\nFirma|Ort\n"A|Jena\n'))

    assert tables.grids == (Grid("list.csv", "", [["Firma", "Ort"], ["A", "Jena"]], first_row=2),)
    assert [(p.code, p.row) for p in tables.problems] == [("open_quote", 3)]


def test_other_breaks_inside_a_cell_do_not_end_the_row(write_text: Write) -> None:
    path = write_text("Firma;Bietet\nA;Laser\vOptik\nB;x\u2028y\u0085z\n")

    assert rows_of(path)[1:] == [["A", "Laser\vOptik"], ["B", "x\u2028y\u0085z"]]


def test_json_lines_keep_their_line_numbers(write_text: Write) -> None:
    lines = '{"name": "A", "offers": ["x", "y z"]}\n\nkaputt\n[1]\n{"name": "B\u2028C", "pic": 7}\n'

    tables = read(write_text(lines, name="list.jsonl"))

    assert tables.grids[0].first_row == 0
    assert tables.grids[0].rows == [
        ["name", "offers", "pic"],
        ["A", "x\ny z", ""],
        ["", "", ""],
        ["", "", ""],
        ["", "", ""],
        ["B\u2028C", "", 7],
    ]
    assert [(p.code, p.row, p.found) for p in tables.problems] == [
        ("not_json", 3, "kaputt"),
        ("not_json", 4, "[1]"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        '[{"name": "A"}]',
        '{"name": "A"}',
        '{\n "members": [\n  {"name": "A"}\n ],\n "stand": 2024\n}',
    ],
)
def test_json_of_one_piece_is_read(write_text: Write, text: str) -> None:
    assert rows_of(write_text(text, name="list.json")) == [["name"], ["A"]]


def test_json_number_too_long_for_python_is_reported(write_text: Write) -> None:
    tables = read(write_text('{"name": "A", "pic": ' + "9" * 5000 + "}", name="list.jsonl"))

    assert [(p.code, p.row) for p in tables.problems] == [("not_json", 1)]


def test_workbook_keeps_kinds_of_cells_and_empty_rows(write_workbook: Write) -> None:
    def add_date(workbook: Workbook, sheet: Worksheet) -> None:
        sheet.write_datetime("B4", dt.date(2024, 10, 1), workbook.add_format({"num_format": 14}))

    path = write_workbook([[], ["Firma", "Mitarbeiter"], ["A", 12.5], ["B"]], add_date)

    assert rows_of(path) == [
        ["", ""],
        ["Firma", "Mitarbeiter"],
        ["A", 12.5],
        ["B", dt.date(2024, 10, 1)],
    ]


def test_formula_error_of_a_workbook_is_not_an_empty_cell(write_workbook: Write) -> None:
    def add_errors(workbook: Workbook, sheet: Worksheet) -> None:
        sheet.write_formula("B2", "=1/0", None, "#DIV/0!")
        sheet.write_formula("B3", "=NA()", None, "#N/A")
        sheet.write_formula("B4", "=1+1", None, 2)

    path = write_workbook([["Firma", "Umsatz"], ["A"], ["B"], ["C"]], add_errors)

    assert rows_of(path)[1:] == [["A", "#DIV/0!"], ["B", "#N/A"], ["C", 2.0]]


def test_workbook_tells_merged_and_hidden_parts(write_workbook: Write) -> None:
    def change(workbook: Workbook, sheet: Worksheet) -> None:
        sheet.merge_range("A1:C1", "Mitglieder")
        sheet.set_column("B:B", None, None, {"hidden": True})
        sheet.set_row(2, None, None, {"hidden": True})
        workbook.add_worksheet("Alt").hide()
        workbook.add_chartsheet("Diagramm")

    tables = read(write_workbook([[], ["Firma", "Ort", "x"], ["A", "Jena"]], change))

    first = tables.grids[0]
    assert first.merged == (Merged(0, 0, 0, 2),)
    assert (first.hidden.columns, first.hidden.rows, first.is_hidden) == (
        frozenset({1}),
        1,
        False,
    )
    assert [(grid.sheet, grid.is_hidden) for grid in tables.grids[1:]] == [
        ("Alt", True),
        ("Diagramm", False),
    ]


def test_opendocument_sheet_is_read(tmp_path: Path) -> None:
    path = tmp_path / "list.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", "".join(ODS.splitlines()))

    assert rows_of(path) == [["Firma", "Bietet"], ["A GmbH", "Laser\nOptik"]]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("list.pdf", b"%PDF", "file.unknown_kind"),
        ("list", b"Firma", "file.unknown_kind"),
        ("list.csv", b" \r\n ", "file.empty"),
        ("list.csv", b"PK\x03\x04...", "file.workbook_named_text"),
        ("list.xlsx", b"Firma;Ort\n", "file.broken"),
        ("list.ods", b"PK\x03\x04...", "file.broken"),
        ("list.json", b'[{"name": "A"}', "file.broken"),
    ],
)
def test_file_that_is_no_table_is_refused(
    write_text: Write, name: str, content: bytes, code: str
) -> None:
    path = write_text(content, name=name)

    with pytest.raises(InvalidInput) as refusal:
        read(path)

    assert refusal.value.code == code


def test_missing_file_and_folder_are_refused(tmp_path: Path) -> None:
    codes = []
    for path in (tmp_path / "list.csv", tmp_path):
        with pytest.raises(InvalidInput) as refusal:
            read(path)
        codes.append(refusal.value.code)

    assert codes == ["file.missing", "file.folder"]


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.binary(max_size=80))
def test_any_bytes_become_text(content: bytes) -> None:
    plain = bytes(byte & 0x7F for byte in content)

    assert isinstance(decode(content), str)
    assert decode(plain) == plain.decode("ascii")


def test_sheet_with_a_stray_cell_at_its_far_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    with Workbook(str(path)) as book:
        sheet = book.add_worksheet("Mitglieder")
        sheet.write_column(0, 0, ["Firma", "Alpha GmbH"])
        sheet.write(1_048_575, 16_383, "x")

    with pytest.raises(InvalidInput, match="1048576 x 16384"):
        read_tables(path, header_score=header_score)


def test_stray_cell_of_which_the_file_says_nothing_is_refused(tmp_path: Path) -> None:
    source, path = tmp_path / "source.xlsx", tmp_path / "list.xlsx"
    with Workbook(str(source)) as workbook:
        workbook.add_worksheet().write_row(0, 0, ["Firma", "Ort"])
    stray = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = re.sub(rb"<dimension[^>]*>", b"", old.read(name))
            new.writestr(name, content.replace(b"</sheetData>", stray))

    with pytest.raises(InvalidInput, match="1048576 x 16384"):
        read_tables(path, header_score=header_score)
