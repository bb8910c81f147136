"""Gates on the shipped table, with probes of our own that no training pair may contain."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from verbund.language.table import Pieces, Table, encode, table

PROBES = Path(__file__).parent / "probes"
LETTERS = dict.fromkeys("abcdefghijklmnopqrstuvwxyz0123456789", -10.0)


def probes(name: str) -> list[dict[str, str]]:
    with (PROBES / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def shipped(name: str) -> Path:
    return Path(sys.modules["verbund.language.table"].__file__ or "").parent / "data" / name


def ranks(questions: list[str], answers: list[str]) -> npt.NDArray[np.int64]:
    """Return at which place each question finds the answer of the same position, from 1."""
    scores = encode(questions) @ encode(answers).T
    right = scores.diagonal()[:, None]  # further answers are only in the way
    return np.asarray((scores >= right).sum(axis=1))


def cosine(one: str, other: str) -> float:
    left, right = encode([one, other])
    return float(left @ right)


def tiny_table(words: tuple[str, ...] = ("laser",), **more_pieces: float) -> Table:
    """Build a table of which every row is another axis."""
    pieces = {**LETTERS, **more_pieces}
    rows = np.eye(len(words) + len(pieces), dtype=np.int8)
    return Table(rows, np.ones(len(rows), dtype=np.float16), words=words, pieces=pieces)


@pytest.mark.parametrize(("question", "answer"), [("de", "en"), ("en", "de")])
def test_labels_find_their_translation_first(question: str, answer: str) -> None:
    pairs = probes("labels.csv")

    found = ranks([pair[question] for pair in pairs], [pair[answer] for pair in pairs])

    assert (found == 1).mean() >= 0.94  # measured: 0.97 both ways


@pytest.mark.parametrize(
    ("need_in", "offer_in", "floor"),
    [
        ("de", "en", 0.63),  # measured: 0.655 on 51 needs
        ("en", "de", 0.66),  # 0.687 on 42
        ("de", "de", 0.27),  # 0.302 on 12
        ("en", "en", 0.48),  # 0.510 on 12
    ],
)
def test_needs_find_offers(need_in: str, offer_in: str, floor: float) -> None:
    """The other half of the pairs was looked at while the table was made.

    All offers of the language stand in the way, those of the same field above all.
    """
    pairs = probes("needs.csv")
    gated = [
        pair for pair in pairs[::2] if (pair["need_in"], pair["offer_in"]) == (need_in, offer_in)
    ]
    offers = [pair["offer"] for pair in gated]
    others = [p["offer"] for p in pairs if p["offer_in"] == offer_in and p["offer"] not in offers]

    found = ranks([pair["need"] for pair in gated], offers + others)

    assert np.where(found <= 10, 1 / found, 0).mean() >= floor


def test_probes_are_many_and_of_every_field() -> None:
    pairs = probes("needs.csv")

    fields = Counter(pair["field"] for pair in pairs)

    assert len({pair["need"] for pair in pairs}) == len({pair["offer"] for pair in pairs}) >= 220
    assert set(fields) == {"photonics", "automotive", "logistics", "production", "it", "education"}
    assert min(fields.values()) >= 35


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Schweißnaht", "Schweissnaht"),
        ("Prüfgeräte für Gehäuse", "PRUEFGERAETE FUER GEHAEUSE"),
        ("Café", "cafe"),
        ("Laser-Schneiden", "laser schneiden"),
        ("Pru\u0308fung", "Prüfung"),
    ],
)
def test_spelling_does_not_matter(one: str, other: str) -> None:
    left, right = encode([one, other])

    assert np.array_equal(left, right)


def test_compounds_lie_near_their_parts() -> None:
    assert cosine("Unterwasserkameragehäuse", "underwater camera housing") > 0.5
    assert cosine("Unterwasserkameragehäuse", "tax return") < 0.3


def test_typos_do_little_harm() -> None:
    assert cosine("Oberflächenbeschichtung", "Oberflächenbeschichtng") > 0.5


def test_misspelt_labels_find_their_translation() -> None:
    pairs = probes("labels.csv")

    found = ranks([misspelt(pair["de"]) for pair in pairs], [pair["en"] for pair in pairs])

    assert (found == 1).mean() >= 0.86  # measured: 0.89


def misspelt(text: str) -> str:
    """Swap two letters in the middle of the longest word."""
    word = max(text.split(), key=len)
    middle = len(word) // 2
    swapped = word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]
    return text.replace(word, swapped)


def test_abbreviations_are_known() -> None:
    with shipped("abbreviations.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    found = ranks([row["short"].split(" | ")[0] for row in rows], [row["en"] for row in rows])

    assert (found == 1).mean() >= 0.92  # measured: 0.95; it was told them


def test_rows_have_unit_length_and_empty_texts_are_zero() -> None:
    vectors = encode(["Laser", "", "We need a camera.", "–!?", "12 €"])

    lengths = np.linalg.norm(vectors, axis=1)

    assert vectors.shape == (5, table().dimensions)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(lengths, [1, 0, 1, 0, 1], atol=1e-5)


def test_no_texts_give_no_rows() -> None:
    assert encode([]).shape == (0, table().dimensions)


def test_a_text_is_encoded_alike_alone_and_among_others() -> None:
    texts = [pair["need"] for pair in probes("needs.csv")] * 3

    together = encode(texts)
    alone = np.concatenate([encode([text]) for text in texts])

    assert np.array_equal(together, alone)


def test_long_words_and_texts_are_read() -> None:
    vectors = encode(["x" * 10_000, "laser " * 5_000])

    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


def test_pieces_are_split_the_likeliest_way() -> None:
    pieces = Pieces({**LETTERS, "druckluft": -9.0, "anlage": -8.0, "druck": -7.0, "luft": -7.0})

    assert pieces.split("druckluftanlage") == ["druckluft", "anlage"]
    assert pieces.split("luftx7") == ["luft", "x", "7"]
    assert pieces.split("") == []


def test_pieces_need_every_letter() -> None:
    with pytest.raises(ValueError, match="every letter"):
        Pieces({"a": -1.0})


def test_known_words_add_half_their_pieces() -> None:
    made = tiny_table(laser=-1.0)

    (vector,) = made.encode(["Laser"])

    expected = np.zeros(made.dimensions)
    expected[[0, 1 + len(LETTERS)]] = np.array([1.0, 0.5]) / np.sqrt(1.25)
    np.testing.assert_allclose(vector, expected, atol=1e-6)


def test_unknown_words_are_the_sum_of_their_pieces() -> None:
    made = tiny_table()

    (vector,) = made.encode(["ab"])

    assert np.flatnonzero(vector).tolist() == [1, 2]
    np.testing.assert_allclose(vector[[1, 2]], np.sqrt(0.5), atol=1e-6)


def test_a_table_needs_a_row_for_each_name() -> None:
    with pytest.raises(ValueError, match="one row"):
        Table(
            np.zeros((3, 2), dtype=np.int8),
            np.ones(3, dtype=np.float16),
            words=["laser"],
            pieces=LETTERS,
        )


def test_a_table_is_read_from_any_path(tmp_path: Path) -> None:
    path = tmp_path / "tiny.npz"
    names = "\n".join(LETTERS).encode()
    np.savez_compressed(
        path,
        rows=np.eye(37, dtype=np.int8),
        scales=np.ones(37, dtype=np.float16),
        words=np.frombuffer(b"laser", dtype=np.uint8),
        pieces=np.frombuffer(names, dtype=np.uint8),
        piece_scores=np.full(36, -10.0, dtype=np.float32),
    )

    loaded = Table.load(path)

    assert np.array_equal(loaded.encode(["Laser ab"]), tiny_table().encode(["Laser ab"]))


def test_the_table_is_small_enough_to_ship() -> None:
    assert shipped("table.npz").stat().st_size <= 21_000_000


def test_running_needs_only_numpy() -> None:
    code = (
        "import sys; from verbund.language.table import encode; encode(['Laser']);"
        "print(*sorted({'torch', 'tokenizers', 'scipy', 'Stemmer'} & sys.modules.keys()))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)  # noqa: S603  # our own code

    assert done.stdout.split() == []
