"""Words and what they share: German and English words of one meaning, parts of compounds.

The word groups (`data/words.csv`) and the words that say nothing about a subject
(`data/common.csv`) are the project's own.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

import Stemmer

from verbund.language.spelling import fold

_LINKS = ("", "s", "n", "en", "es", "er", "e")  # what German puts between the parts of a compound
_INFLECTIONS = ("s", "es", "d", "ed", "ing", "ly", "en", "n", "e", "er", "em")
_SHORTEST_PART = 4
_SHORTEST_STRANGER = 5  # letters before a known part, else "Lasern" would be "las" and "ern"
_SHORT_PARTS = frozenset(
    ("oel", "led", "gas", "rad", "bad", "tor", "uv", "lkw", "pkw", "bau", "ofen")
)
_AGENT = re.compile(r"(.+?)er[sn]?$")
# Of words without an ending that tells, those that may take -er in a sentence: "flacher Spiegel".
_ADJECTIVE = re.compile(
    r"...+(isch|ig|lich|iv|al|ell|ar|aer|bar|los|haft|end|iert|phil|phob|trop)$"
)
_ADJECTIVES = frozenset(
    (
        "agil analog autark autonom blau braun dick duenn edel flach frei gelb genau grau gruen "
        "hart heiss hohl homolog klein konform krumm lang mobil monochrom nass neuromorph opak "
        "parallel rau rein schwarz schwer stabil starr steif steril synchron tief trueb urban "
        "vegan viskos weich weiss zaeh "
    ).split()
)
_PLURALS = frozenset(("bild", "feld", "kind", "kleid", "licht", "rind", "schild"))  # with -er
_LONGEST_WORD = 60
_MOST_WORDS = 400_000

_STEM_GERMAN = Stemmer.Stemmer("german", 0).stemWord
_STEM_ENGLISH = Stemmer.Stemmer("english", 0).stemWord


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text, taken apart.

    Attributes
    ----------
    atoms
        What it says about a subject: word groups, or stems of words in no group; the parts of a
        compound in order. Empty for a word that says nothing about a subject.
    all_atoms
        The same with the words that say nothing by themselves ("~system"): names of concepts need
        them, comparisons of texts do not.
    whole
        A feature for a compound as a whole, else empty.
    """

    atoms: tuple[str, ...] = ()
    all_atoms: tuple[str, ...] = ()
    whole: str = ""


_NOTHING = Word()


class Lexicon:
    """Looks words up; one instance serves all texts (see `lexicon()`)."""

    def __init__(self, groups: list[tuple[list[str], list[str]]], common: frozenset[str]) -> None:
        self.common = common
        self._groups: dict[str, str] = {}
        self._german = {word for german, _ in groups for word in german}
        self._things = {word for word in self._german if _is_a_thing(word, self._german)}
        self._things |= {word for _, english in groups for word in english if len(word) <= 3}
        stems: dict[str, str] = {}
        for german, english in groups:
            key = (german or english)[0]
            for word in (*german, *english):
                self._groups.setdefault(word, key)
            for word in german:
                stems.setdefault(_STEM_GERMAN(word), key)
            for word in english:
                stems.setdefault(_STEM_ENGLISH(word), key)
        for stem, key in stems.items():
            self._groups.setdefault(stem, key)
        self._parts = {w for german, _ in groups for w in german if _can_be_part(w)}
        self._parts |= {w for w in common if len(w) >= 5}
        self._words: dict[str, Word] = {}

    def word(self, folded: str) -> Word:
        """Analyse a folded word (see `spelling.words`)."""
        known = self._words.get(folded)
        if known is None:
            if len(self._words) > _MOST_WORDS:
                self._words.clear()
            known = self._words[folded] = self._analyse(folded)
        return known

    def _analyse(self, word: str) -> Word:
        if word in self._groups and word not in self.common:
            return _simple(self._groups[word])
        if self._is_common(word):
            return Word((), ("~" + _STEM_GERMAN(word),)) if len(word) >= 5 else _NOTHING
        if not _says_something(word):
            return _NOTHING
        name = self._is_a_name(word)
        for stem in () if name else (_STEM_GERMAN(word), _STEM_ENGLISH(word)):
            if stem in self._groups and len(stem) > 2:
                return _simple(self._groups[stem])
        parts = self.split(word)
        if parts:
            analysed = [self.word(part) for part in parts]
            return Word(
                tuple(atom for part in analysed for atom in part.atoms),
                tuple(atom for part in analysed for atom in part.all_atoms),
                "=" + _STEM_GERMAN(word),
            )
        return _simple(word if name else _stem_of_unknown(word))

    def _is_a_name(self, word: str) -> bool:
        """Tell whether only -er ties a word to a thing: "Müller" is no "Müll", "Bremer" no brake.

        Who does something ("Dreher", "drehen") has to do with it, and adjectives take -er.
        """
        found = _AGENT.match(word)
        if not found or word in self._groups or found[1] in _ADJECTIVES:
            return False
        stem = found[1]
        return not self._things.isdisjoint((stem, stem + "e")) or stem + "s" in self._german

    def _is_common(self, word: str) -> bool:
        """Tell whether a word says nothing about a subject, in a regular inflection too."""
        if word in self.common:
            return True
        endings = (e for e in _INFLECTIONS if len(word) - len(e) >= 4 and word.endswith(e))
        return any(word.removesuffix(ending) in self.common for ending in endings)

    def split(self, word: str) -> tuple[str, ...]:
        """Split a German compound into known parts, as few as possible; () if it is none.

        Examples
        --------
        >>> lexicon().split("schweissnahtpruefung")
        ('schweiss', 'naht', 'pruefung')
        """
        if not 7 <= len(word) <= _LONGEST_WORD or not word.isalpha():
            return ()
        best: dict[int, tuple[str, ...]] = {0: ()}
        for end in range(3, len(word) + 1):
            for start in range(max(0, end - 24), end - 1):
                if start not in best:
                    continue
                part = self._known_part(word[start:end], last=end == len(word))
                if part and (end not in best or len(best[start]) + 1 < len(best[end])):
                    best[end] = (*best[start], part)
        parts = best.get(len(word), ())
        return parts if len(parts) > 1 else self._unknown_and_known(word)

    def _unknown_and_known(self, word: str) -> tuple[str, ...]:
        """Split off a known last part: "nitinolrohre" is about "nitinol" and "rohr"."""
        for start in range(_SHORTEST_STRANGER, len(word) - _SHORTEST_PART):
            part = self._known_part(word[start:], last=True)
            if part in self._groups and len(part) > _SHORTEST_PART:
                return word[:start], part
        return ()

    def _known_part(self, text: str, *, last: bool) -> str:
        """Return the known word that a piece of a compound stands for, if there is one."""
        if text in self._parts:
            return text
        if last:
            if text.removesuffix("s") in self._parts:  # "Kameras", "Akkus": the stemmer keeps them
                return text.removesuffix("s")
            stem = _STEM_GERMAN(text)
            return stem if stem in self._parts and not self._is_a_name(text) else ""
        for link in _LINKS[1:]:
            if text.endswith(link) and text.removesuffix(link) in self._parts:
                return text.removesuffix(link)
        if text + "e" in self._parts:  # "Pruef|stand" of "pruefe", "Farb|messung" of "farbe"
            return text + "e"
        return ""


def _simple(atom: str) -> Word:
    return Word((atom,), (atom,))


def _is_a_thing(word: str, listed: set[str]) -> bool:
    """Tell whether a listed German word is a noun to which -er makes another word."""
    if word + "en" in listed or word + "n" in listed:
        return False
    return word not in _ADJECTIVES | _PLURALS and not _ADJECTIVE.match(word)


def _can_be_part(word: str) -> bool:
    return len(word) >= _SHORTEST_PART or word in _SHORT_PARTS


def _says_something(word: str) -> bool:
    """Single letters and plain numbers say nothing; standards and wavelengths do."""
    if word.isdigit():
        return len(word) >= 4 and not 1900 <= int(word) <= 2099 and len(word) <= 6
    return len(word) > 1


def _stem_of_unknown(word: str) -> str:
    """Stem a word of unknown language so that German and English inflection both fall off."""
    return _STEM_ENGLISH(_STEM_GERMAN(word)) if word.isalpha() else word


@cache
def lexicon() -> Lexicon:
    """Return the shipped lexicon, read on first use."""
    folder = resources.files("verbund.language").joinpath("data")
    with folder.joinpath("words.csv").open(encoding="utf-8") as file:
        groups = [
            (
                [fold(w) for w in row["de"].split(" | ") if w],
                [fold(w) for w in row["en"].split(" | ") if w],
            )
            for row in csv.DictReader(file)
        ]
    with folder.joinpath("common.csv").open(encoding="utf-8") as file:
        common = frozenset(fold(row["word"]) for row in csv.DictReader(file))
    return Lexicon(groups, common)
