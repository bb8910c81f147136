from pathlib import Path

import pytest
from tests.cli.conftest import Typed
from tests.cli.test_installation import free_port, page_of, serving

from verbund.cli.main import main

CORDIS = Path(__file__).parents[3] / "shared/cordis"


def test_demo_writes_page_and_workbook_and_says_that_firms_are_invented(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["demo", "--report", "--no-open", "--data", str(tmp_path / "d"), "--lang", "de"])

    told = capsys.readouterr()
    assert status == 0
    assert sorted(p.name for p in (tmp_path / "d").iterdir()) == ["report.html", "report.xlsx"]
    assert str(tmp_path / "d" / "report.html") in "".join(told.err.split("\n"))
    assert "frei erfunden" in told.err
    assert "frei erfunden" in (tmp_path / "d/report.html").read_text(encoding="utf-8")


def test_demo_into_a_place_that_cannot_be_written_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    assert main(["demo", "--report", "--no-open", "--data", str(tmp_path / "file" / "d")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.shared
@pytest.mark.skipif(not CORDIS.is_dir(), reason="needs the CORDIS extract in ../shared/cordis")
def test_demo_on_real_organisations_tells_what_came_true(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["demo", "--report", "--cordis", str(CORDIS), "--before", "2024-01-01", "--no-open"]

    assert main([*words, "--top", "20", "--data", str(tmp_path), "--lang", "en"]) == 0

    out = " ".join(capsys.readouterr().out.split())
    assert "Of 20 suggestions" in out
    assert "Pairing the busiest organisations finds" in out
    names = sorted(p.name for p in tmp_path.iterdir())
    assert names == ["mobility.jsonl", "photonics.jsonl", "report.html", "report.xlsx"]


def test_demo_on_data_before_their_beginning_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "projects.csv").write_text(
        "project_id,title,start_date\n1,Laser,2022-01-01\n2,Car,2023-01-01\n", encoding="utf-8"
    )
    (tmp_path / "participations.csv").write_text(
        "project_id,organisation_id,role\n1,A,participant\n", encoding="utf-8"
    )
    words = ["demo", "--report", "--cordis", str(tmp_path), "--before", "2020-01-01", "--no-open"]

    assert main([*words, "--data", str(tmp_path / "d"), "--lang", "en"]) == 2
    assert "1 January 2022 to 1 January 2023" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--top", "5"), "--top belongs to the report: verbund demo --report --top N"),
        (("--before", "2024-01-01"), "--before goes with --cordis only."),
    ],
)
def test_words_of_the_report_are_refused_without_it(
    words: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", *words, "--data", str(tmp_path / "d"), "--lang", "en"]) == 2
    assert capsys.readouterr().err == f"verbund: {said}\n"
    assert list(tmp_path.iterdir()) == []


def test_demo_never_touches_an_installation(installation: Path, typed: Typed) -> None:
    before = (installation / "verbund.sqlite3").read_bytes()

    done = typed("demo", "--fresh", "--data", installation, "--port", free_port())

    assert done.returncode == 2
    assert "an installation that is no demo" in done.stderr
    assert (installation / "verbund.sqlite3").read_bytes() == before


def test_demo_is_filled_once_and_again_when_asked(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    port = free_port()
    for words, is_filled in (((), True), ((), False), (("--fresh",), True)):
        with serving(folder, "demo", "--data", folder, "--port", port, *words) as site:
            told = site.read_until("Stop with Ctrl-C.")
            page = page_of(f"http://127.0.0.1:{port}/demo/")
            assert site.stop() == 0
        assert ("is being filled" in told) is is_filled
        assert "Katrin Seidel" in page
