from pathlib import Path

import pytest

from verbund.cli.main import main

CORDIS = Path(__file__).parents[3] / "shared/cordis"


def test_demo_writes_page_and_workbook_and_says_that_firms_are_invented(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["demo", "--no-open", "--data", str(tmp_path / "d"), "--lang", "de"])

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

    assert main(["demo", "--no-open", "--data", str(tmp_path / "file" / "d")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.shared
@pytest.mark.skipif(not CORDIS.is_dir(), reason="needs the CORDIS extract in ../shared/cordis")
def test_demo_on_real_organisations_tells_what_came_true(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["demo", "--cordis", str(CORDIS), "--before", "2024-01-01", "--top", "20", "--no-open"]

    assert main([*words, "--data", str(tmp_path), "--lang", "en"]) == 0

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
    words = ["demo", "--cordis", str(tmp_path), "--before", "2020-01-01", "--no-open"]

    assert main([*words, "--data", str(tmp_path / "d"), "--lang", "en"]) == 2
    assert "1 January 2022 to 1 January 2023" in capsys.readouterr().err
