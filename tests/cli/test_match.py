import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from verbund import __version__
from verbund.cli.main import main
from verbund.cli.progress import Progress

LEFT = "Firma;Ort;Bietet;Sucht\nLumeris Optik GmbH;Jena;Freiformoptik für Head-up-Displays;\n"
RIGHT = (
    "name,city,offers,requests\nKornbach Karosserie AG,Zwickau,,"
    "Free-form optics for a head-up display\nBrotfabrik KG,Gera,Brot,Mehl\n"
)


@pytest.fixture
def lists(tmp_path: Path) -> tuple[str, str]:
    left, right = tmp_path / "left.csv", tmp_path / "right.csv"
    left.write_text(LEFT, encoding="cp1252")
    right.write_text(RIGHT, encoding="utf-8-sig")
    return str(left), str(right)


def test_match_prints_reasons_in_german(
    lists: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["match", *lists, "--lang", "de"])

    out = " ".join(capsys.readouterr().out.split())
    assert status == 0
    assert "Kornbach Karosserie AG" in out
    assert "Gesuch:" in out
    assert "67 km auseinander" in out


def test_match_writes_every_form(lists: tuple[str, str], tmp_path: Path) -> None:
    outs = [tmp_path / f"r{ending}" for ending in (".xlsx", ".csv", ".jsonl", ".html")]

    status = main(["match", *lists, *(word for out in outs for word in ("--out", str(out)))])

    assert status == 0
    assert [out.stat().st_size > 200 for out in outs] == [True] * 4


def test_match_prints_json_for_programs(
    lists: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["match", *lists, "--json", "--lang", "en"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert [(row["left_name"], row["right_name"]) for row in found] == [
        ("Lumeris Optik GmbH", "Kornbach Karosserie AG")
    ]


@pytest.mark.parametrize(
    "pair",
    [
        ("Lumeris Optik GmbH", "Brotfabrik KG"),
        ("Brotfabrik", "lumeris-optik"),
        ("#2", "brot"),
    ],
)
def test_explain_answers_for_any_pair_named_any_way(
    pair: tuple[str, str], lists: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["match", *lists, "--lang", "de", "--explain", *pair]) == 0

    out = capsys.readouterr().out
    assert "Lumeris Optik GmbH – Brotfabrik KG" in out
    assert "Nicht in der Liste:" in out
    assert "auf Platz 2 von 2" in " ".join(out.split())


def test_explain_of_an_unknown_member_names_the_nearest(
    lists: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["match", *lists, "--lang", "en", "--explain", "Lumeriss", "Brotfabrik"]) == 2

    assert "The nearest is: Lumeris Optik GmbH." in " ".join(capsys.readouterr().err.split())


def test_problems_go_to_standard_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    left, right = tmp_path / "a.csv", tmp_path / "b.csv"
    left.write_text("Firma;Mitarbeiter\nAlpha GmbH;viele\n", encoding="utf-8")
    right.write_text("name\nBeta AG\n", encoding="utf-8")

    main(["match", str(left), str(right), "--lang", "de"])

    told = " ".join(capsys.readouterr().err.split())
    assert "a.csv, Zeile 2, Spalte B (Mitarbeiter): „viele“ ist keine Zahl" in told


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["match", "missing.csv", "missing.csv"], "missing.csv"),
        (["match", "{left}", "{right}", "--out", "r.docx"], "r.docx"),
        (["match", "{left}", "{right}", "--out", "nowhere/r.csv"], "nowhere"),
        (["match", "{left}", "{right}", "--history", "nowhere"], "nowhere"),
    ],
)
def test_unusable_input_is_refused_in_one_line(
    words: list[str], said: str, lists: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    filled = [word.format(left=lists[0], right=lists[1]) for word in words]

    assert main(filled) == 2

    err = capsys.readouterr().err
    assert err.startswith("verbund: ")
    assert said in err
    assert err.count("\n") == 1


def test_result_never_overwrites_a_list(
    lists: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = Path(lists[0]).read_bytes()

    assert main(["match", *lists, "--out", lists[0]]) == 2

    assert Path(lists[0]).read_bytes() == before
    assert "left.csv" in capsys.readouterr().err


def test_explain_of_two_members_of_one_list_says_so(
    lists: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["match", *lists, "--lang", "en", "--explain", "Brotfabrik", "Kornbach"]

    assert main(words) == 2
    assert "stand in the same list" in capsys.readouterr().err


def test_wrong_use_ends_with_2(lists: tuple[str, str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["match", *lists, "--top", "none"])

    assert stop.value.code == 2


@pytest.mark.parametrize("hubs", ["2", "viel", "-1"])
def test_hubs_are_a_share(lists: tuple[str, str], hubs: str) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["match", *lists, "--hubs", hubs])

    assert stop.value.code == 2


def test_who_suits_everybody_can_be_held_back(
    lists: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["match", *lists, "--hubs", "0", "--json"]) == 0

    assert [pair["right_name"] for pair in json.loads(capsys.readouterr().out)] == [
        "Kornbach Karosserie AG"
    ]


def test_version_is_the_same_through_every_door() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "verbund", "--version"], capture_output=True, text=True, check=True
    )

    assert told.stdout == f"verbund {__version__}\n"


def test_interrupted_match_leaves_nothing_half_written(
    lists: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def interrupt(self: Progress, done: float) -> None:
        if done > 0.5:
            signal.raise_signal(signal.SIGINT)  # as Ctrl-C does, well before the end

    monkeypatch.setattr(Progress, "__call__", interrupt)
    folder = tmp_path / "results"
    folder.mkdir()

    status = main(["match", *lists, "--out", str(folder / "r.xlsx")])

    assert status == 130
    assert "Traceback" not in capsys.readouterr().err
    assert list(folder.iterdir()) == []
