import datetime as dt
import string

import pytest

from verbund.errors import InvalidInput
from verbund.wording import Language, Phrase, language_of_environment, message, refuse, sentence
from verbund.wording.english import ENGLISH
from verbund.wording.german import GERMAN
from verbund.wording.sentences import _FORMATTERS, number


def fields_of(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_catalogues_hold_the_same_codes() -> None:
    assert GERMAN.keys() == ENGLISH.keys()


def test_catalogues_fill_the_same_values() -> None:
    differing = {code for code in GERMAN if fields_of(GERMAN[code]) != fields_of(ENGLISH[code])}

    assert differing == set()


def test_catalogues_leave_nothing_empty_or_untrimmed() -> None:
    faulty = [
        code
        for c in (GERMAN, ENGLISH)
        for code, text in c.items()
        if text != text.strip() or not text
    ]

    assert faulty == []


def test_catalogue_in_german_addresses_formally() -> None:
    informal = [code for code, text in GERMAN.items() if " du " in text or " dein" in text.lower()]

    assert informal == []


@pytest.mark.parametrize(
    ("template", "values", "german", "english"),
    [
        ("{n:Firma|Firmen}", {"n": 1}, "1\xa0Firma", "1\xa0Firma"),
        ("{n:Firma|Firmen}", {"n": 1250}, "1.250\xa0Firmen", "1,250\xa0Firmen"),
        ("{x:n1}", {"x": 1234.56}, "1.234,6", "1,234.6"),
        ("{d:km}", {"d": 67}, "67\xa0km", "67\xa0km"),
        ("{t:quote}", {"t": "Laser"}, "„Laser“", "“Laser”"),
        ("{l:and}", {"l": ["a", "b", "c"]}, "a, b und c", "a, b and c"),
        ("{l:and}", {"l": []}, "", ""),
        ("{l:quotes}", {"l": ["a", "b"]}, "„a“ und „b“", "“a” and “b”"),
        ("{day:date}", {"day": dt.date(2022, 3, 4)}, "4. März 2022", "4 March 2022"),
    ],
)
def test_formatter_follows_the_language(
    template: str, values: dict[str, object], german: str, english: str
) -> None:
    said = {language: f.vformat(template, (), values) for language, f in _FORMATTERS.items()}

    assert said == {"de": german, "en": english}


def test_number_groups_thousands_by_language() -> None:
    assert (number(-1234567.5, "de", 1), number(-1234567.5, "en", 1)) == (
        "-1.234.567,5",
        "-1,234,567.5",
    )


def test_phrase_within_a_phrase_is_said_in_the_same_language() -> None:
    town = Phrase("distance.same_town", {"city": "Jena"})
    both = Phrase("lead.plain", {"lead": town})

    assert both.say("de") == "Beide sitzen in Jena."
    assert both.say("en") == "Both are based in Jena."


def test_sentence_without_its_value_is_a_programming_error() -> None:
    with pytest.raises(KeyError):
        sentence("distance.same_town", "de")


def test_refuse_builds_an_error_that_speaks_both_languages() -> None:
    error = refuse("file.missing", file="a.xlsx")

    assert isinstance(error, InvalidInput)
    assert str(error) == message(error, "en")
    assert message(error, "de").startswith("Die Datei „a.xlsx“ gibt es nicht.")


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_US", "LC_ALL": "de_DE"}, "de"),
        ({"LANG": "C.UTF-8"}, "de"),
        ({}, "de"),
    ],
)
def test_language_of_environment_defaults_to_german(
    environment: dict[str, str], expected: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert language_of_environment() == expected
