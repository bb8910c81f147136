from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbund.language.searching import asked, excerpt, kept, marked, words_said


@pytest.mark.parametrize(
    ("text", "query", "number"),
    [
        ("Schweißnahtprüfung mit Kamera", "naht", 1),
        ("Schweißnahtprüfung mit Kamera", "Prüfung einer Schweißnaht", 2),
        ("Optische Beschichtung", "coating", 1),
        ("Optische Beschichtung", "coating laser", 1),
        ("Größe AG", "GROESSE", 1),
        ("Licht im UV", "uv", 1),
        ("Louvre", "UV", 0),
        ("Optische Beschichtung", "Motor", 0),
    ],
)
def test_a_text_says_words_in_either_language_and_in_compounds(
    text: str, query: str, number: int
) -> None:
    said = words_said(text, query)

    assert (said, said == len(asked(query))) == (number, number == len(asked(query)))


def test_words_between_others_are_left_out_and_count_when_alone() -> None:
    assert [one.word for one in asked("Linsen für Laser")] == ["linsen", "laser"]
    assert [one.word for one in asked("für")] == ["fuer"]
    assert asked("% _ !") == []


def test_marks_what_answers_the_query() -> None:
    assert marked("Beschichtung von Linsen", "coating") == [
        ("Beschichtung", True),
        (" von Linsen", False),
    ]


def test_an_excerpt_starts_near_the_first_mark() -> None:
    text = (
        "Viele Worte vorher und noch viel mehr davon. " * 5 + "Dann die Kryopumpe. " + "Mehr " * 90
    )
    pieces = excerpt(text, "Kryopumpe", length=90)

    assert ("Kryopumpe", True) in pieces
    assert pieces[0][0].startswith("… ")
    assert pieces[-1][0].endswith(" …")
    assert sum(len(piece) for piece, _ in pieces) < 140


@given(st.text(max_size=80))
def test_every_text_says_its_own_words_and_marking_loses_nothing(text: str) -> None:
    assert words_said(text, text) == len(asked(text))
    assert "".join(piece for piece, _ in marked(text, text)) == text
    assert not set("%_") & {
        letter for one in asked(text) for a in one.alternatives for letter in "".join(a)
    }
    assert kept([text]).endswith(" ")
