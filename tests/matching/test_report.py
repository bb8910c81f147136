import csv
import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.matching.conftest import Firm, Past
from verbund import InvalidInput, MemberList, match
from verbund.matching.report import Report, write_report
from verbund.matching.report.page import render_page, wrapped
from verbund.records.organisation import Origin
from verbund.records.problems import Problem, Severity
from verbund.wording import Language

MakeReport = Callable[..., Report]


@pytest.fixture
def make_report(firm: Firm) -> MakeReport:
    def make(language: Language = "de", name: str = "Alpha & <Beta> GmbH") -> Report:
        left = (
            firm("A", name=name, requests=("Freiformoptik für Head-up-Displays",), city="Jena"),
        )
        right = (firm("X", offers=("Free-form optics for head-up displays",), city="Gera"),)
        problem = Problem(
            "not_a_number", Severity.WARNING, "a.xlsx", "Blatt", 7, "D (Mitarbeiter)", "viele"
        )
        return Report(
            match(left, right),
            MemberList("a.xlsx", left, (problem,), ("Alle Firmen sind erfunden.",)),
            MemberList("b.csv", right),
            language,
            dt.date(2026, 3, 4),
        )

    return make


def test_csv_has_the_promised_columns(make_report: MakeReport, tmp_path: Path) -> None:
    write_report(tmp_path / "r.csv", make_report())
    with (tmp_path / "r.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert list(rows[0]) == "rank left_id left_name right_id right_name score reason doubt".split()
    assert (rows[0]["rank"], rows[0]["left_id"], rows[0]["right_name"]) == ("1", "A", "X GmbH")


def test_csv_runs_no_formula(make_report: MakeReport, tmp_path: Path) -> None:
    write_report(tmp_path / "r.csv", make_report(name="=cmd|'/c calc'!A1"))
    with (tmp_path / "r.csv").open(encoding="utf-8", newline="") as file:
        row = next(csv.DictReader(file))

    assert row["left_name"] == "'=cmd|'/c calc'!A1"
    assert row["reason"].startswith("X GmbH bietet, was =cmd")


def test_jsonl_carries_structured_reasons(make_report: MakeReport, tmp_path: Path) -> None:
    write_report(tmp_path / "r.jsonl", make_report("en"))
    entry = json.loads((tmp_path / "r.jsonl").read_text(encoding="utf-8"))

    reason = entry["reasons"][0]
    assert (reason["code"], reason["seeker"], reason["answerer"]) == ("request_met", "A", "X")
    assert reason["request"] == "Freiformoptik für Head-up-Displays"
    assert sorted(reason["concepts"]) == ["free-form-optics", "head-up-display"]
    assert sum(entry["contributions"].values()) == pytest.approx(entry["score"], abs=0.001)


def test_workbook_has_a_sheet_for_each_part(make_report: MakeReport, tmp_path: Path) -> None:
    write_report(tmp_path / "r.xlsx", make_report())
    book = CalamineWorkbook.from_path(str(tmp_path / "r.xlsx"))

    assert book.sheet_names == ["Vorschläge", "Brücke", "Brücke als Tabelle", "Zu prüfen"]
    introductions = book.get_sheet_by_name("Vorschläge").to_python()
    assert "Alpha & <Beta> GmbH\nJena" in introductions[4]
    problems = book.get_sheet_by_name("Zu prüfen").to_python()
    assert problems[3][:6] == ["bitte prüfen", "a.xlsx", "Blatt", "7", "D (Mitarbeiter)", "viele"]


def test_workbook_in_english_has_english_sheets(make_report: MakeReport, tmp_path: Path) -> None:
    write_report(tmp_path / "r.xlsx", make_report("en"))

    assert CalamineWorkbook.from_path(str(tmp_path / "r.xlsx")).sheet_names == [
        "Introductions",
        "Bridge matrix",
        "Bridge as table",
        "Problems in the lists",
    ]


def test_page_stands_alone_and_escapes(make_report: MakeReport) -> None:
    page = render_page(make_report())

    assert re.findall(r"(?:src|href|url\()\s*=?\s*[\"']?(?:https?:)?//", page) == []
    assert "<script" not in page
    assert "Alpha &amp; &lt;Beta&gt; GmbH" in page
    assert "<Beta>" not in page


def test_page_says_whose_list_it_is_and_that_firms_are_invented(make_report: MakeReport) -> None:
    page = render_page(make_report())

    assert "Alle Firmen sind erfunden." in page
    assert "Stand: 4. März 2026." in page
    assert '<html lang="de">' in page


def test_page_draws_every_cell_and_repeats_it_as_a_table(make_report: MakeReport) -> None:
    report = make_report()
    page = render_page(report)
    bridge = report.result.bridge

    assert page.count('<g class="cell') == len(bridge.rows) * len(bridge.columns) > 0
    assert page.count("<tr><td>") >= len(bridge.cells)


def test_report_in_an_unknown_form_is_refused(make_report: MakeReport, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="xlsx"):
        write_report(tmp_path / "r.docx", make_report())

    assert list(tmp_path.iterdir()) == []


def test_interrupted_report_leaves_the_old_file(
    make_report: MakeReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "r.html"
    path.write_text("old", encoding="utf-8")

    def interrupt(self: Path, *_: object, **__: object) -> int:
        self.touch()
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_text", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_report(path, make_report())

    assert [p.name for p in tmp_path.iterdir()] == ["r.html"]
    assert path.read_bytes() == b"old"


def test_report_to_a_place_that_cannot_be_written_is_refused(
    make_report: MakeReport, tmp_path: Path
) -> None:
    with pytest.raises(InvalidInput, match="cannot be written"):
        write_report(tmp_path / "missing" / "r.csv", make_report())


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Kameras", ("Kameras",)),
        ("Fügen und Montieren", ("Fügen und", "Montieren")),
        ("Fahrzeugkommunikation", ("Fahrzeug-", "kommunikation")),
        (
            "a b c d e f g h i j k l m n o p q r s t u v w x",
            ("a b c d e f g", "h i j k l m n", "o p q r s t …"),
        ),
    ],
)
def test_wrapped_breaks_labels(text: str, lines: tuple[str, ...]) -> None:
    assert wrapped(text, 13) == lines


def test_members_tied_to_history_by_name_are_listed(firm: Firm, past: Past) -> None:
    history = past((2022, "laser", ["LUMERIS", "Z"]))
    member = firm("A", name="Lumeris GmbH", origins=(Origin("a.xlsx", 7, "Blatt"),))
    other = firm("X")
    result = match([member], [other], history=history)
    report = Report(
        result,
        MemberList("a.xlsx", (member,)),
        MemberList("b.csv", (other,)),
        "de",
        dt.date(2026, 3, 4),
    )

    found = [(p.code, p.sheet, p.row, p.found, p.values["name"]) for p in report.findings()]

    assert found == [("linked_by_name", "Blatt", 7, "Lumeris GmbH", "LUMERIS GmbH")]
    assert [notice.code for notice in report.notices()] == ["notice.by_name", "notice.no_requests"]


def test_notices_name_who_says_more_than_is_compared(firm: Firm) -> None:
    wordy = firm("A", profile="Laserreinigung von Formen. " * 3_000, requests=("Optik",))
    lists = MemberList("a.csv", (wordy,)), MemberList("b.csv", (firm("X"),))
    report = Report(
        match(lists[0].organisations, lists[1].organisations), *lists, "de", dt.date(2026, 3, 4)
    )

    assert [notice.say("de") for notice in report.notices()] == [
        "Von A GmbH werden nur die ersten Einträge und Sätze verglichen; sie sagen mehr, als"
        " gelesen werden kann."
    ]
