"""Entries of a cell, and what brackets behind them say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbund.records.entries import read_entries, write_entries
from verbund.records.organisation import Detail, Visibility
from verbund.wording import LANGUAGES, Language

TEXTS = st.text(
    alphabet=st.sampled_from("aÄß01 []\\|;•-–\"'=+@,:\n\t/…") | st.characters(codec="utf-8"),
    min_size=1,
    max_size=40,
) | st.sampled_from(["k. A.", "#REF!", "[TRL 7]", 'A "B"', '"A"', "A | B", "- A", "A; B; C"])
DAYS = st.dates().map(lambda day: day.isoformat()) | st.just("")


@st.composite
def details(draw: st.DrawFn, field: str) -> Detail:
    if field == "topics":
        return Detail(field=field, text=draw(TEXTS))
    translation = draw(st.just("") | TEXTS)
    return Detail(
        field=field,
        text=draw(TEXTS),
        language=draw(st.sampled_from(("de", "en") if translation else ("", "de", "en"))),
        translation=translation,
        since=draw(DAYS),
        until=draw(DAYS),
        capacity=draw(st.just("") | TEXTS),
        trl=draw(st.none() | st.integers(1, 9)),
        visibility=draw(st.none() | st.sampled_from(Visibility)),
        anonymous=draw(st.none() | st.booleans()),
    )


@given(
    st.sampled_from(["offers", "topics", "aliases"]).flatmap(
        lambda field: st.lists(details(field), min_size=1, max_size=4)
    ),
    st.sampled_from(LANGUAGES),
)
def test_what_is_written_into_a_cell_is_read_again(
    stated: list[Detail], language: Language
) -> None:
    field = stated[0].field
    first = list(read_entries(write_entries(stated, language), field))

    again = list(read_entries(write_entries(first, language), field))

    assert first == again
    assert [one.trl for one in first] == [
        one.trl for one in stated if write_entries([one], language)
    ]


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        (
            "Spiegel bis 350 mm [TRL 7] [bis 31.12.2027] [Partner]",
            [
                Detail(
                    field="offers",
                    text="Spiegel bis 350 mm",
                    trl=7,
                    until="2027-12-31",
                    visibility=Visibility.PARTNERS,
                )
            ],
        ),
        (
            '"Prüfen; Messen | Sortieren" [en: Testing, measuring]\nFräsen',
            [
                Detail(
                    field="offers",
                    text="Prüfen; Messen | Sortieren",
                    language="de",
                    translation="Testing, measuring",
                ),
                Detail(field="offers", text="Fräsen"),
            ],
        ),
        (
            "Normteile [DIN 912] [Kapazität: 500 im Monat]",
            [Detail(field="offers", text="Normteile [DIN 912]", capacity="500 im Monat")],
        ),
        ("[TRL 7]", [Detail(field="offers", text="[TRL 7]")]),
        ("Lichtleiter [anonym]", [Detail(field="offers", text="Lichtleiter", anonymous=True)]),
        ("A [bis 31.02.2027]", [Detail(field="offers", text="A [bis 31.02.2027]")]),
        ("A; B", [Detail(field="offers", text="A"), Detail(field="offers", text="B")]),
    ],
)
def test_brackets_say_what_is_known_of_an_entry(cell: str, read: list[Detail]) -> None:
    assert list(read_entries(cell, "offers")) == read
