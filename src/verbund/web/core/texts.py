"""Content in two languages: the wanted one, or the other one and the word that it is so."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language

LANGUAGES = ("de", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """A text and its language; `is_other` tells that the reader's language is missing."""

    text: str
    language: str
    is_other: bool

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)


def current_language() -> str:
    """Return the reader's language, German unless it is English."""
    return "en" if (get_language() or "").startswith("en") else "de"


def text_of(thing: object, field: str, language: str | None = None) -> Text:
    """Return `thing.field_de` or `thing.field_en`, whichever suits the reader and is filled."""
    wanted = language or current_language()
    other = "en" if wanted == "de" else "de"
    text = getattr(thing, f"{field}_{wanted}")
    if text:
        return Text(text, wanted, is_other=False)
    text = getattr(thing, f"{field}_{other}")
    return Text(text, other, is_other=bool(text))
