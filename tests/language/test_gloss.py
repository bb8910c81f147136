"""Words of the other language: right where they are said, left out where they are not sure."""

import pytest

from verbund.language.gloss import MOST, gloss
from verbund.language.vocabulary import vocabulary
from verbund.wording import Language


def said(text: str, to: Language, **values: frozenset[str]) -> dict[str, str]:
    return {one.written: one.said for one in gloss(text, to, vocabulary(), **values)}


@pytest.mark.parametrize(
    ("text", "to", "words"),
    [
        (
            "Spiegelträger aus Kunststoff",
            "en",
            {"Spiegelträger": "mirror carrier", "Kunststoff": "plastic"},
        ),
        (
            "Kontrolle der Türen, Fehler < 0,1 mm",
            "en",
            {"Kontrolle": "check", "Türen": "door", "Fehler": "error"},
        ),
        (
            "brightness of the dashboard",
            "de",
            {"brightness": "Helligkeit", "dashboard": "Armaturenbrett"},
        ),
        ("artificial fog and rain", "de", {"artificial": "künstlich", "rain": "Regen"}),
    ],
)
def test_gloss_says_single_words(text: str, to: Language, words: dict[str, str]) -> None:
    found = said(text, to)

    assert {written: found.get(written) for written in words} == words


@pytest.mark.parametrize(
    "text", ["Laser, Sensor, Kamera", "Wir sind", "", "🙂 1550 nm", "xyz " * 50]
)
def test_gloss_is_silent_where_there_is_nothing_to_say(text: str) -> None:
    assert said(text, "en") == {}


def test_gloss_needs_the_meaning_of_a_compound_not_of_its_parts() -> None:
    assert "Spitzenlast" not in said("Externe Messkapazität, Spitzenlast vor Freigaben", "en")


def test_gloss_takes_few_words_those_that_matter_first() -> None:
    text = "rain, snow, fuel, steel, copper, glass and brightness"

    assert len(said(text, "de")) == MOST
    assert "Helligkeit" in said(text, "de", first=frozenset(("helligkeit",))).values()


def test_gloss_says_a_word_once() -> None:
    assert list(said("every cell and all cells", "de").values()).count("Zelle") == 1
