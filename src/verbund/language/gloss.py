"""Single words of a German text in English and the other way round: help, no translation.

A term is said by the name of its concept, a word by the project's own word groups, a compound by
its parts. What they do not know is left out, where the text table doubts that both mean the same
too, and so is what a reader understands anyway ("Laser", "laser").
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from importlib import resources

from verbund.language.lexicon import lexicon
from verbund.language.spelling import fold
from verbund.language.table import encode
from verbund.language.vocabulary import Vocabulary, atoms_of
from verbund.wording import Language

MOST = 4  # words of a text: a gloss helps to get the gist
_UMLAUT = re.compile(r"([aou])e")
_WRITTEN = re.compile(r"\w+(?:-\w+)*")
_LONGEST_TERM = 3  # words
_MOST_PARTS = 2  # of a compound; what more parts mean together is anybody's guess
_SHORTEST = 4  # letters
_ALIKE = 0.7  # of the letters: the reader sees it himself
_SAME_MEANING = 0.45  # cosine in the text table of a word and what it is called
_SAME_COMPOUND = 0.65  # the same of a compound taken apart: "Bahn" is many things
_ENDINGS = {"de": ("", "n", "e", "en", "s", "es", "er", "ern"), "en": ("", "s", "es")}
_NEVER = frozenset(("ober", "surface"))  # half a word
_ADJECTIVE = re.compile(r"(?:isch|ig|lich|bar|los|ent|är|iv|ell|chrom|spektral|fest|phob|phil)$")
_ADJECTIVES = frozenset(
    "opak schwarz weiß rot grün blau gelb grau bunt dunkel konfokal digital analog autonom kalt"
    " flach oval krumm dünn schmal schwer feucht nass flexibel weich zäh spröde stabil robust"
    " kompakt modular linear neuronal diskret vertikal horizontal parallel dezentral reversibel"
    " agil sozial homogen fern glatt heiß vegan eingebettet abbaubar kryogen matt smart".split()
)
_NO_ADJECTIVES = frozenset("additiv archiv management patient agent investment element".split())


@dataclass(frozen=True, slots=True)
class Gloss:
    """A word or term as it is written, and what it is called in the other language."""

    written: str
    said: str


def gloss(
    text: str, to: Language, vocabulary: Vocabulary, *, first: Set[str] = frozenset()
) -> list[Gloss]:
    """Say the telling words of a text in the other language, in the order of the text.

    Parameters
    ----------
    to
        The language of the reader; the text is in the other one of German and English.
    first
        Atoms (see `lexicon`) whose words matter most, where there are more than four.
    """
    found = list({one.said: one for one in _found(text, to, vocabulary)}.values())
    ours, theirs = (encode([getattr(one, side) for one in found]) for side in ("written", "said"))
    alike = (ours * theirs).sum(axis=1)
    sure = [one for one, cos in zip(found, alike, strict=True) if cos >= _least(one)]
    order = sorted(
        range(len(sure)),
        key=lambda n: first.isdisjoint(atoms_of(sure[n].written, lexicon())),
    )
    return [sure[n] for n in sorted(order[:MOST])]


def _least(one: Gloss) -> float:
    is_compound = " " in one.said and " " not in one.written
    return _SAME_COMPOUND if is_compound else _SAME_MEANING


def _found(text: str, to: Language, vocabulary: Vocabulary) -> Iterator[Gloss]:
    places = list(_WRITTEN.finditer(text))
    start = 0
    while start < len(places):
        longest = min(_LONGEST_TERM, len(places) - start)
        for length in range(longest, 0, -1):
            written = text[places[start].start() : places[start + length - 1].end()]
            said = _known(written, _names(vocabulary, to), to)
            if not said and length == 1:
                said = _by_parts(written, to)
            if said:
                if not _is_understood(written, said):
                    yield Gloss(written, said)
                break
        start += length  # 1 if nothing was found


def _known(written: str, names: Mapping[str, str], to: Language) -> str:
    """Look a term up as it is written, else without the ending of a plural."""
    folded = fold(written)
    if len(folded) < _SHORTEST:
        return ""
    stems = [
        folded.removesuffix(ending)
        for ending in _ENDINGS["en" if to == "de" else "de"]
        if folded.endswith(ending)
    ]
    plain = [_UMLAUT.sub(r"\1", stem) for stem in stems[1:]]  # "Nähte" of "Naht"
    return next((names[stem] for stem in (*stems, *plain) if stem in names), "")


def _by_parts(written: str, to: Language) -> str:
    known = _words(to)
    if whole := _known(written, known, to):
        return whole
    parts = lexicon().split(fold(written)) if to == "en" else ()
    said = [_known(part, known, to) for part in parts]
    return " ".join(said) if len(parts) == _MOST_PARTS and all(said) else ""


def _is_understood(written: str, said: str) -> bool:
    one, other = fold(written), fold(said)
    return one[:5] == other[:5] or SequenceMatcher(None, one, other).ratio() >= _ALIKE


@cache
def _names(vocabulary: Vocabulary, to: Language) -> dict[str, str]:
    """Labels of concepts in the language of the text -> what the reader calls them."""
    labels = {c.say("en" if to == "de" else "de"): c.say(to) for c in vocabulary.concepts.values()}
    return {fold(label): said for label, said in labels.items()}


@cache
def _words(to: Language) -> dict[str, str]:
    """First word of a group in the language of the text -> first word in the reader's.

    The others of a group are related but not the same ("sicher" in the group of "Sicherheit").
    """
    path = resources.files("verbund.language").joinpath("data/words.csv")
    found: dict[str, str] = {}
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            german, english = (row[language].split(" | ")[0] for language in ("de", "en"))
            written, said = (english, german) if to == "de" else (german, english)
            if written and said and written not in _NEVER:
                found.setdefault(fold(written), _capital(said) if to == "de" else said)
    return found


def _capital(german: str) -> str:
    is_adjective = german in _ADJECTIVES or (
        _ADJECTIVE.search(german) is not None and german not in _NO_ADJECTIVES
    )
    return german if is_adjective else german[0].upper() + german[1:]
