from __future__ import annotations

import datetime as dt
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verbund.language.spelling import fold
from verbund.records import values
from verbund.records.organisation import OrganisationType, Visibility
from verbund.records.tables import Cell

same_every_time = settings(derandomize=True, max_examples=80, deadline=None)


def code(reading: values.Reading[object]) -> str:
    return reading.finding.code if reading.finding else ""


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1250", 1250),
        ("1.250", 1250),
        ("1,250", 1250),
        ("1 250", 1250),
        ("1'250", 1250),
        ("1’250", 1250),
        ("1\u202f250", 1250),
        ("1.234.567", 1234567),
        ("1.234.567,89", 1234567.89),
        ("1,234,567.89", 1234567.89),
        ("12,5", 12.5),
        ("12.5", 12.5),
        ("0,250", 0.25),
        ("0.500", 0.5),
        ("-3", -3),
        ("1.250,-", 1250),
        ("1.250,– €", 1250),
        ("€ 1.250", 1250),
        ("1250 EUR", 1250),
        ("2,5 Mio. €", 2_500_000),
        ("1,250 Mio. €", 1_250_000),
        ("€ 12.5m", 12_500_000),
        ("12.500 TEUR", 12_500_000),
        ("12,500 T€", 12_500_000),
        ("3 Mrd. Euro", 3_000_000_000),
        ("120 Mitarbeiter", 120),
        (37, 37),
        (12.5, 12.5),
    ],
)
def test_number_is_read_as_people_write_it(cell: Cell, number: float) -> None:
    assert values.read_number(cell) == values.Reading(number)


@pytest.mark.parametrize(
    ("cell", "number", "finding"),
    [
        ("ca. 50", 50, "approximate"),
        ("~50", 50, "approximate"),
        ("50+", 50, "approximate"),
        (">= 250", 250, "approximate"),
        ("über 1.000", 1000, "approximate"),
        ("50-100", 50, "range"),
        ("50 bis 100", 50, "range"),
        ("10 – 20 Mio. €", 10_000_000, "range"),
    ],
)
def test_vague_number_is_read_and_reported(cell: str, number: float, finding: str) -> None:
    reading = values.read_number(cell)

    assert (reading.value, code(reading)) == (number, finding)


@pytest.mark.parametrize(
    ("cell", "finding"),
    [
        ("zwölf", "not_a_number"),
        ("01. Okt", "not_a_number"),
        ("10.01.2024", "not_a_number"),
        ("1.2.3,4,5", "not_a_number"),
        ("5 Mio. CHF", "not_a_number"),
        ("9" * 400, "not_a_number"),
        (math.inf, "not_a_number"),
        (math.nan, "not_a_number"),
        (10**400, "not_a_number"),
        (True, "not_a_number"),
        (dt.date(2024, 10, 1), "date_for_number"),
        (dt.timedelta(hours=3), "date_for_number"),
    ],
)
def test_unreadable_number_stays_empty_with_a_finding(cell: Cell, finding: str) -> None:
    reading = values.read_number(cell)

    assert (reading.value, code(reading)) == (None, finding)


@same_every_time
@given(st.integers(0, 10**11))
def test_number_means_the_same_in_german_and_english(cents: int) -> None:
    english = f"{cents / 100:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))

    readings = {values.read_number(text).value for text in (english, german, f"{german} €")}

    assert readings == {cents / 100}


@same_every_time
@given(st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.booleans(), st.dates()))
def test_any_cell_is_read_or_reported(cell: Cell) -> None:
    readings: list[values.Reading[object]] = [
        values.read_count(cell),
        values.read_amount(cell),
        values.read_degrees(cell, largest=90),
        values.read_position(cell),
        values.read_type(cell),
        values.read_visibility(cell),
        values.read_country(cell),
        values.read_state(cell),
        values.read_language(cell),
        values.read_postal_code(cell, country=""),
        values.read_city_line(cell),
        values.read_email(cell),
        values.read_website(cell),
    ]

    assert [r for r in readings if r.value is None and r.finding is None] == []


@pytest.mark.parametrize(
    ("cell", "count", "finding"),
    [("12", 12, ""), ("12,6", 13, "rounded"), ("-5", None, "negative"), (8.0, 8, "")],
)
def test_count_is_whole_and_not_negative(cell: Cell, count: int | None, finding: str) -> None:
    reading = values.read_count(cell)

    assert (reading.value, code(reading)) == (count, finding)


def test_unit_of_the_heading_multiplies_plain_numbers_only() -> None:
    cells = ("12,5", "0,500", "1,250", "3 Mio. €", 7)

    amounts = [values.read_amount(cell, factor=1e6).value for cell in cells]

    assert amounts == [12_500_000, 500_000, 1_250_000, 3_000_000, 7_000_000]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("  A \u00a0 GmbH ", "A GmbH"),
        ("Laser\r\n Optik ", "Laser\nOptik"),
        ("Laser\vOptik", "Laser\nOptik"),
        ("Fein\u00admechanik\u200b", "Feinmechanik"),
        ("MÃ¼ller", "Müller"),
        ("MÃ¼ller und Söhne", "Müller und Söhne"),
        (999984059.0, "999984059"),
        (50.93, "50.93"),
        (True, "ja"),
        (dt.date(2024, 10, 1), "2024-10-01"),
    ],
)
def test_text_of_a_cell_is_clean(cell: Cell, text: str) -> None:
    assert values.text_of(cell) == text


@same_every_time
@given(st.text(max_size=40))
def test_text_of_a_cell_is_already_clean_the_second_time(text: str) -> None:
    once = values.text_of(text)

    # Mojibake may be wrapped twice; each reading undoes one layer.
    assert values.text_of(once) in (once, values.text_of(values.repaired(once)))


@same_every_time
@given(st.text(max_size=40))
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize("text", ["", "-", "k. A.", "K.A.", "n/a", "keine Angabe", "?", "NaN"])
def test_nothing_has_many_words(text: str) -> None:
    assert values.is_nothing(text)


@pytest.mark.parametrize("text", ["0", "A", "nein", "keine Laser"])
def test_something_is_not_nothing(text: str) -> None:
    assert not values.is_nothing(text)


@pytest.mark.parametrize(
    "text", ["#DIV/0!", "#BEZUG!", "#NV", "#N/A", "#NAME?", "#ÜBERLAUF!", "Err:502", "#####"]
)
def test_formula_error_is_recognised(text: str) -> None:
    assert values.is_excel_error(text)


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("Unternehmen", OrganisationType.COMPANY),
        ("KMU", OrganisationType.COMPANY),
        ("Research institute", OrganisationType.RESEARCH),
        ("Universität", OrganisationType.RESEARCH),
        ("Bildungsträger", OrganisationType.EDUCATION),
        ("öffentliche Hand", OrganisationType.PUBLIC),
        ("Cluster", OrganisationType.NETWORK),
        ("Sonstige", OrganisationType.OTHER),
    ],
)
def test_type_is_read_in_both_languages(cell: str, kind: OrganisationType) -> None:
    assert values.read_type(cell) == values.Reading(kind)


def test_misspelt_type_is_guessed_and_reported() -> None:
    reading = values.read_type("Forschungseinrichtng")

    assert (reading.value, code(reading)) == (OrganisationType.RESEARCH, "guessed")


@pytest.mark.parametrize(
    ("cell", "answer"),
    [("ja", True), ("Yes", True), ("x", True), (True, True), ("Nein", False), ("no", False)],
)
def test_yes_and_no_are_read(cell: Cell, answer: bool) -> None:
    assert values.read_yes_no(cell) == values.Reading(answer)


@pytest.mark.parametrize(
    ("cell", "visibility"),
    [
        ("own", Visibility.OWN),
        ("nur intern", Visibility.OWN),
        ("nein", Visibility.OWN),
        ("nicht öffentlich", Visibility.OWN),
        ("Partner-Netzwerke", Visibility.PARTNERS),
        ("ja", Visibility.PARTNERS),
        (True, Visibility.PARTNERS),
        ("öffentlich", Visibility.PUBLIC),
    ],
)
def test_visibility_is_read(cell: Cell, visibility: Visibility) -> None:
    assert values.read_visibility(cell) == values.Reading(visibility)


def test_unknown_visibility_is_never_opened() -> None:
    reading = values.read_visibility("öffentlch vielleicht")

    assert (reading.value, code(reading)) == (Visibility.OWN, "unknown_visibility")


@pytest.mark.parametrize(
    ("cell", "country", "postal_code", "finding"),
    [
        ("07743", "", "07743", ""),
        (7743.0, "DE", "07743", "zero_lost"),
        ("D-07743", "", "07743", ""),
        ("1010", "AT", "1010", ""),
        ("SW1A 1AA", "GB", "SW1A 1AA", ""),
        ("ABC", "", None, "not_a_postal_code"),
        (dt.date(2024, 1, 3), "DE", None, "not_a_postal_code"),
    ],
)
def test_postal_code_depends_on_the_country(
    cell: Cell, country: str, postal_code: str | None, finding: str
) -> None:
    reading = values.read_postal_code(cell, country=country)

    assert (reading.value, code(reading)) == (postal_code, finding)


@pytest.mark.parametrize(
    ("cell", "line"),
    [
        ("07743 Jena", ("07743", "Jena")),
        ("D-07743 Jena", ("07743", "Jena")),
        ("Carl-Zeiss-Str. 1, 07745 Jena, Deutschland", ("07745", "Jena")),
        ("Am Ring 3\n89073 Ulm", ("89073", "Ulm")),
        ("Postfach 1234, 07701 Jena", ("07701", "Jena")),
        ("Halle (Saale)", ("", "Halle (Saale)")),
    ],
)
def test_town_is_found_in_an_address(cell: str, line: tuple[str, str]) -> None:
    assert values.read_city_line(cell) == values.Reading(line)


@pytest.mark.parametrize(
    ("cell", "address", "finding"),
    [
        ("a@firma.de", "a@firma.de", ""),
        ("mailto:a@firma.de", "a@firma.de", ""),
        ("Max Muster <a@firma.de>", "a@firma.de", ""),
        ("a@firma.de; b@firma.de", "a@firma.de", "first_of_several"),
        ("a(at)firma.de", None, "not_an_email"),
        (",", None, "not_an_email"),
    ],
)
def test_email_is_read_as_mail_programs_copy_it(
    cell: str, address: str | None, finding: str
) -> None:
    reading = values.read_email(cell)

    assert (reading.value, code(reading)) == (address, finding)


@pytest.mark.parametrize(
    ("cell", "address", "finding"),
    [
        ("www.firma.de", "https://www.firma.de", ""),
        ("HTTP://firma.de/weg?x=1", "HTTP://firma.de/weg?x=1", ""),
        ("[www.firma.de]", "https://www.firma.de", ""),
        ("[Firma](https://firma.de)", None, "not_a_website"),
        ("https://firma.de/Ort_(Stadt)", "https://firma.de/Ort_(Stadt)", ""),
        ("www.a.de\nwww.b.de", "https://www.a.de", "first_of_several"),
        ("https://[firma.de", None, "not_a_website"),
        ("siehe Prospekt", None, "not_a_website"),
    ],
)
def test_website_is_read_as_people_write_it(cell: str, address: str | None, finding: str) -> None:
    reading = values.read_website(cell)

    assert (reading.value, code(reading)) == (address, finding)


@pytest.mark.parametrize(
    ("cell", "position"),
    [
        ("50.93, 11.58", (50.93, 11.58)),
        ("(50.93,11.58)", (50.93, 11.58)),
        ("50,93; 11,58", (50.93, 11.58)),
        ("50.93° N, 11.58° E", (50.93, 11.58)),
        ("Jena", None),
        ("509300, 115800", None),
    ],
)
def test_position_is_read_from_one_cell(cell: str, position: tuple[float, float] | None) -> None:
    assert values.read_position(cell).value == position


@pytest.mark.parametrize(
    ("cell", "degrees", "finding"),
    [
        ("11,58", 11.58, ""),
        ("11.58° E", 11.58, ""),
        ("11,58° O", 11.58, ""),
        (-3, -3, ""),
        (115800, None, "off_globe"),
        ("Osten", None, "not_a_number"),
    ],
)
def test_degrees_stay_on_the_globe(cell: Cell, degrees: float | None, finding: str) -> None:
    reading = values.read_degrees(cell, largest=180)

    assert (reading.value, code(reading)) == (degrees, finding)


@pytest.mark.parametrize(
    ("cell", "country"),
    [("Deutschland", "DE"), ("D", "DE"), ("Österreich", "AT"), ("uk", "GB"), ("JP", "JP")],
)
def test_country_is_read_in_both_languages(cell: str, country: str) -> None:
    assert values.read_country(cell) == values.Reading(country)


@pytest.mark.parametrize(
    ("cell", "language", "finding"),
    [
        ("Deutsch", "de", ""),
        ("EN", "en", ""),
        ("Deutsch, Englisch", "de", "first_of_several"),
        ("Klingonisch", None, "unknown_language"),
        ("/", None, "unknown_language"),
    ],
)
def test_language_is_the_first_of_several(cell: str, language: str | None, finding: str) -> None:
    reading = values.read_language(cell)

    assert (reading.value, code(reading)) == (language, finding)
