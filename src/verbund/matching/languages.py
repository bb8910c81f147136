"""Which language a member writes in; texts in a third one are not compared."""

from __future__ import annotations

from functools import lru_cache

from verbund.language.guess import Guess, guess
from verbund.records.organisation import Organisation
from verbund.wording import LANGUAGES, Language

_KEPT = 20_000  # texts whose language is remembered
_SURE = 2  # different words of one language, none of which another one has
_PLAIN: tuple[frozenset[str], ...] = (
    frozenset("und für wir mit zur von der auf ist auch über".split()),
    frozenset("the and with our from which their".split()),
)


@lru_cache(maxsize=_KEPT)
def _guessed(text: str) -> Guess:
    return guess(text)


def language_of(member: Organisation, text: str) -> Language | None:
    """Tell the language of an entry: as the list states it, as the text reads, as the member's."""
    stated = next((d.language for d in member.details if d.text == text and d.language), "")
    for known in (stated, _guessed(text), member.language):
        for language in LANGUAGES:
            if known == language:
                return language
    return None


def third_language(member: Organisation) -> Guess | None:
    """Return the language of a member that writes neither German nor English, if one is sure."""
    texts = (member.whole_profile, *member.offers, *member.requests, *member.topics)
    text = "\n".join(filter(None, texts))
    if _is_plainly_ours(text):
        return None
    found = _guessed(text)
    return None if found in (*LANGUAGES, "unknown") else found


def _is_plainly_ours(text: str) -> bool:
    """Spare most texts the guess, which takes a hundred times as long."""
    words = set(text.lower().split())
    return any(len(plain & words) >= _SURE for plain in _PLAIN)
