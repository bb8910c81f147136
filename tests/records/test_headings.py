from __future__ import annotations

import pytest

from verbund.records.headings import count_headings, is_unused, nearest_heading, recognise, tidy


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Firma", "name"),
        ("Company name", "name"),
        ("Name", "short_name"),
        (" Mitarbeiter-\nzahl ", "employees"),
        ("Anzahl Mitarbeiter (Stand 2023)", "employees"),
        ("Mitarbeiter:innen", "employees"),
        ("PLZ / Ort", "city_line"),
        ("Standort", "city"),
        ("E-Mail", "contact_email"),
        ("Ansprechpartner/in", "contact_name"),
        ("Bietet", "offers"),
        ("Bietet 2", "offers"),
        ("We offer", "offers"),
        ("SUCHT", "requests"),
        ("Looking for", "requests"),
        ("Bundesland", "state"),
        ("Freigabe für Partner", "visibility"),
    ],
)
def test_heading_names_its_field(text: str, field: str) -> None:
    heading = recognise(text)

    assert heading is not None
    assert heading.field == field


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        ("Umsatz", 1),
        ("Umsatz 2023 (EUR)", 1),
        ("Umsatz (TEUR)", 1e3),
        ("Umsatz [T€]", 1e3),
        ("Umsatz (k EUR)", 1e3),
        ("Umsatz in Tsd. Euro", 1e3),
        ("Umsatz (in 1.000 €)", 1e3),
        ("Turnover (EUR thousands)", 1e3),
        ("Umsatz in Mio. €", 1e6),
        ("Turnover (m EUR)", 1e6),
        ("Umsatz (Mrd. €)", 1e9),
    ],
)
def test_heading_tells_the_unit(text: str, factor: float) -> None:
    heading = recognise(text)

    assert heading is not None
    assert (heading.field, heading.guessed, heading.factor) == ("turnover_eur", False, factor)


@pytest.mark.parametrize("text", ["Turnover (CHF)", "Umsatz in USD", "Revenue [$]", "Umsatz (GBP)"])
def test_amount_in_another_currency_is_no_turnover_in_euro(text: str) -> None:
    assert (recognise(text), nearest_heading(text)) == (None, "Umsatz in EUR")


def test_misspelt_heading_is_guessed() -> None:
    heading = recognise("Ansprechpatner")

    assert heading is not None
    assert (heading.field, heading.guessed) == ("contact_name", True)


@pytest.mark.parametrize("text", ["", "  ", "2024", "Lieblingsfarbe", "Fax", "A" * 80])
def test_other_text_names_no_field(text: str) -> None:
    assert recognise(text) is None


def test_column_without_a_use_is_known_as_such() -> None:
    assert [is_unused(text) for text in ("Fax", "Handy 2", "Bietet", "Farbe")] == [
        True,
        True,
        False,
        False,
    ]


def test_nearest_heading_is_a_proposal_for_an_unknown_one() -> None:
    assert nearest_heading("Ansprechperson Technik") == "Ansprechperson"


def test_tidy_leaves_words_only() -> None:
    assert tidy(" Größe-\nn_klasse (KMU) Stand 2023") == "groessen klasse"


def test_headings_of_a_row_count_once_per_field() -> None:
    assert count_headings(["Firma", "Unternehmen", "Ort", "Farbe", 7]) == 2
