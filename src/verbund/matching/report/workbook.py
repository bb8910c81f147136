"""The report as an Excel workbook that can be printed as it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from verbund.matching.report.content import DEPTHS, Report
from verbund.records.organisation import Organisation

_INK = "#13201d"
_GREENS = (("#0a6350", "#ffffff"), ("#8ccab4", _INK), ("#c3e3d7", _INK), ("#e5f3ee", _INK))
_ORANGE = "#8f3d00"


def write_workbook(path: Path, report: Report) -> None:
    """Write the introductions, the bridge matrix (also as rows), what to check in the lists."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    path.touch()  # a place that cannot be written to is an OSError here, not xlsxwriter's own
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties(  # the day of the report, not the clock: equal input, equal file
            {
                "title": report.say("page.title"),
                "comments": report.say("page.made_by"),
                "created": dt.datetime.combine(report.today, dt.time()),
            }
        )
        _Sheets(book, report).write()


class _Sheets:
    def __init__(self, book: xlsxwriter.Workbook, report: Report) -> None:
        self.book = book
        self.report = report
        self.title = self._format(bold=True, font_size=16)
        self.soft = self._format(font_color="#4c5a56", text_wrap=True)
        self.head = self._format(bold=True, bottom=2, text_wrap=True, valign="bottom")
        line = {"bottom": 1, "bottom_color": "#dae3df"}
        self.text = self._format(text_wrap=True, **line)
        self.strong = self._format(text_wrap=True, bold=True, **line)
        self.number = self._format(align="right", num_format="0.00", **line)

    def _format(self, **properties: object) -> Format:
        return self.book.add_format(
            {"font_name": "Arial", "font_size": 10, "valign": "top", **properties}
        )

    def write(self) -> None:
        self._introductions()
        self._bridge()
        self._bridge_table()
        self._problems()

    def _sheet(self, code: str, widths: Sequence[float]) -> Worksheet:
        """Start a sheet for landscape A4, one page wide, with page numbers."""
        sheet = self.book.add_worksheet(self.report.say(f"sheet.{code}"))
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.set_footer(f"&L{self.report.say('page.made_by')}&R&P / &N")
        sheet.hide_gridlines(2)
        sheet.set_row(0, 24)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        return sheet

    def _table(self, sheet: Worksheet, top: int, codes: Sequence[str], rows: int) -> None:
        """Write the headings of a table, repeat them on each page and offer filters."""
        for column, code in enumerate(codes):
            sheet.write_string(top, column, self.report.say(f"column.{code}"), self.head)
        sheet.repeat_rows(top)
        sheet.freeze_panes(top + 1, 0)
        if rows:
            sheet.autofilter(top, 0, top + rows, len(codes) - 1)

    def _introductions(self) -> None:
        report = self.report
        sheet = self._sheet("introductions", (6, 9, 24, 24, 64, 34, 9, 14, 14))
        sheet.write_string(0, 0, report.say("page.title"), self.title)
        sheet.write_string(1, 0, report.summary, self._format(font_color="#4c5a56"))
        codes = (
            "rank",
            "strength",
            "left",
            "right",
            "reason",
            "doubt",
            "score",
            "left_id",
            "right_id",
        )
        found = report.result.introductions
        self._table(sheet, 3, codes, len(found))
        sheet.print_area(0, 0, 3 + len(found), 5)  # score and ids are for sorting, not for paper
        for row, introduction in enumerate(found, start=4):
            reason, doubt = (
                introduction.reason(report.language),
                introduction.doubt(report.language),
            )
            sheet.write_number(row, 0, introduction.rank, self.text)
            sheet.write_string(row, 1, report.strength(introduction.explanation), self.text)
            sheet.write_string(row, 2, _name_and_town(introduction.left), self.strong)
            sheet.write_string(row, 3, _name_and_town(introduction.right), self.strong)
            sheet.write_string(row, 4, reason, self.text)
            sheet.write_string(row, 5, doubt, self.text)
            sheet.write_number(row, 6, introduction.score, self.number)
            sheet.write_string(row, 7, introduction.left.id, self.text)
            sheet.write_string(row, 8, introduction.right.id, self.text)
            lines = max(3, len(reason) // 74 + 1, len(doubt) // 38 + 1)
            sheet.set_row(row, 13 * lines)

    def _bridge(self) -> None:
        report, matrix = self.report, self.report.result.bridge
        sheet = self._sheet("bridge", (34, *[15] * len(matrix.columns)))
        sheet.write_string(0, 0, report.say("bridge.title"), self.title)
        sheet.write_string(1, 0, report.say("bridge.legend"), self._format(font_color="#4c5a56"))
        corner = f"{report.say('bridge.technology')} / {report.say('bridge.application')}"
        sheet.write_string(3, 0, corner, self.head)
        centred = self._format(bold=True, bottom=2, text_wrap=True, align="center", valign="bottom")
        for column, application in enumerate(matrix.columns, start=1):
            sheet.write_string(3, column, application.say(report.language), centred)
        for row, technology in enumerate(matrix.rows, start=4):
            sheet.set_row(row, 30)
            sheet.write_string(
                row, 0, technology.say(report.language), self._format(valign="vcenter")
            )
            for column, application in enumerate(matrix.columns, start=1):
                cell = matrix.cell(technology, application)
                text, style = self._cell(cell.pairs, cell.offers, cell.requests, is_gap=cell.is_gap)
                sheet.write_string(row, column, text, style)
        sheet.repeat_rows(3)
        sheet.freeze_panes(4, 1)

    def _bridge_table(self) -> None:
        """Write every filled cell as a row, so that the matrix can be sorted and filtered."""
        report = self.report
        sheet = self._sheet("cells", (34, 34, 14, 12, 12, 24))
        sheet.write_string(0, 0, report.say("bridge.table"), self.title)
        codes = ("technology", "application", "pairs", "offers", "requests", "hint")
        for column, code in enumerate(codes):
            sheet.write_string(2, column, report.say(f"bridge.{code}"), self.head)
        cells = report.bridge_cells()
        for row, (technology, application, cell) in enumerate(cells, start=3):
            sheet.write_string(row, 0, technology.say(report.language), self.text)
            sheet.write_string(row, 1, application.say(report.language), self.text)
            for column, count in enumerate((cell.pairs, cell.offers, cell.requests), start=2):
                sheet.write_number(row, column, count, self.text)
            hint = report.say("bridge.gap") if cell.is_gap else ""
            sheet.write_string(row, 5, hint, self.text)
        sheet.repeat_rows(2)
        sheet.freeze_panes(3, 0)
        if cells:
            sheet.autofilter(2, 0, 2 + len(cells), 5)

    def _cell(self, pairs: int, offers: int, requests: int, *, is_gap: bool) -> tuple[str, Format]:
        centred = {
            "align": "center",
            "valign": "vcenter",
            "text_wrap": True,
            "border": 1,
            "border_color": "#dae3df",
        }
        if is_gap:
            text = self.report.say("bridge.wanted", count=requests)
            return text, self._format(
                **{**centred, "border": 2, "border_color": _ORANGE}, font_color=_ORANGE
            )
        if not pairs and not offers:
            return "", self._format(**centred)
        text = f"{pairs}\n{offers} / {requests}"
        for least, (background, ink) in zip(DEPTHS, _GREENS, strict=True):
            if pairs >= least:
                return text, self._format(**centred, bg_color=background, font_color=ink)
        return text, self._format(**centred)

    def _problems(self) -> None:
        sheet = self._sheet("problems", (13, 18, 15, 7, 20, 26, 44, 38))
        keys = ("severity", "file", "sheet", "row", "column", "found", "reason", "proposal")
        rows = list(self.report.problems())
        sheet.write_string(0, 0, self.report.say("problems.title"), self.title)
        self._table(sheet, 2, keys, len(rows))
        for row, problem in enumerate(rows, start=3):
            for column, key in enumerate(keys):
                sheet.write_string(row, column, problem[key], self.text)
            longest = max(len(problem["found"]) // 28, len(problem["reason"]) // 50)
            sheet.set_row(row, 13 * max(2, longest + 1, len(problem["proposal"]) // 42 + 1))
        if not rows:
            sheet.write_string(3, 0, self.report.say("problems.none"), self.soft)


def _name_and_town(organisation: Organisation) -> str:
    return f"{organisation.name}\n{organisation.city}".strip()
