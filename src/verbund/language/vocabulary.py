"""The two-sector vocabulary: technologies, applications and processes in German and English.

`find` finds the concepts a text names by the atoms of their labels and synonyms (see `lexicon`),
so inflection, spelling variants and compounds need no entries of their own. What a text is about,
named or not, tells `assignment.assign`.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import NamedTuple

from verbund.language.lexicon import Lexicon, lexicon
from verbund.language.spelling import fold, words
from verbund.wording import Language

_BREAKS = re.compile(r"[,;:()|\n]|[.!?](?:\s|$)")
_READ = 100_000  # letters; what comes after names nothing new
_LONGEST_SEGMENT = 100  # atoms, for what was written without punctuation
_STRAY_ATOMS = 2  # how many other atoms may stand between those of a term: "Prüfung von Nähten"


class ConceptKind(StrEnum):
    TECHNOLOGY = "technology"
    APPLICATION = "application"
    PROCESS = "process"


@dataclass(frozen=True, slots=True)
class Concept:
    """A term of the field with its names.

    Attributes
    ----------
    broader
        Id of a wider concept or empty.
    about_de, about_en
        What members say who mean it, in phrases separated by "; ".
    """

    id: str
    kind: ConceptKind
    label_de: str
    label_en: str
    synonyms_de: tuple[str, ...] = ()
    synonyms_en: tuple[str, ...] = ()
    broader: str = ""
    about_de: str = ""
    about_en: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return (self.label_de, self.label_en, *self.synonyms_de, *self.synonyms_en)

    def say(self, language: Language) -> str:
        return self.label_de if language == "de" else self.label_en


class Mention(NamedTuple):
    """How a text names a concept: 1 for adjacent words, and of how many words the name is made."""

    confidence: float
    words: int


class Vocabulary:
    """Concepts by id, and finding them in text."""

    def __init__(self, concepts: Iterable[Concept], lexicon: Lexicon) -> None:
        self.concepts = {concept.id: concept for concept in concepts}
        self._lexicon = lexicon
        self._terms: dict[str, list[tuple[frozenset[str], int, str]]] = defaultdict(list)
        self._literal: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        for concept in self.concepts.values():
            for name in concept.names:
                self._add(name, concept.id)

    def _add(self, name: str, concept_id: str) -> None:
        atoms = atoms_of(name, self._lexicon)
        spelt = tuple(words(name))
        if _is_abbreviation(name) or (len(spelt) > 1 and len(atoms) < 2):
            # "HUD", "Car-to-X", "Big Data": taken apart, too little would be left of them.
            self._literal[spelt[0]].append((spelt, concept_id))
            return
        if not atoms:
            return
        wanted = frozenset(atoms)
        entry = (wanted, len(atoms), concept_id)
        anchor = min(wanted, key=lambda atom: (len(self._terms[atom]), atom))
        if entry not in self._terms[anchor]:
            self._terms[anchor].append(entry)

    def top(self, concept_id: str) -> Concept:
        """Return the widest concept above this one."""
        concept = self.concepts[concept_id]
        return self.top(concept.broader) if concept.broader else concept

    def atoms(self, concept_id: str) -> set[str]:
        """Return all atoms of the names of a concept."""
        names = self.concepts[concept_id].names
        return {atom for name in names for atom in atoms_of(name, self._lexicon)}

    def find(self, text: str) -> dict[str, float]:
        """Find the concepts whose names stand in a text; for what it is about see `assign`.

        Use it where the words themselves count: marking them, searching, quoting.

        Returns
        -------
        Concept id -> confidence in (0, 1]: 1 for adjacent words, less if others stand between. A
        concept whose words all belong to a longer term found in the same place is left out
        ("laser" in "laser cleaning"). Terms do not reach over punctuation.
        """
        return {id_: mention.confidence for id_, mention in self.mentions(text).items()}

    def mentions(self, text: str) -> dict[str, Mention]:
        """Find the same, with how much of a name stands there."""
        found: dict[str, Mention] = {}
        for segment in _BREAKS.split(text[:_READ]):
            atoms = atoms_of(segment, self._lexicon)
            for start in range(0, len(atoms), _LONGEST_SEGMENT):
                for id_, mention in self._find_in(atoms[start : start + _LONGEST_SEGMENT]):
                    found[id_] = max(mention, found.get(id_, mention))
            found |= {id_: Mention(1.0, words) for id_, words in self._find_literally(segment)}
        return found

    def _find_literally(self, segment: str) -> Iterator[tuple[str, int]]:
        """Find names spelt word by word; abbreviations need their capitals ("LED", not "led")."""
        written = re.findall(r"\w+", segment)
        spelt = [fold(word) for word in written]
        for start, first in enumerate(spelt):
            for name, concept_id in self._literal.get(first, ()):
                end = start + len(name)
                if tuple(spelt[start:end]) != name:
                    continue
                if len(name) > 1 or sum(letter.isupper() for letter in written[start]) > 1:
                    yield concept_id, max(len(name), 2)  # capitals tell as much as a second word

    def _find_in(self, atoms: Sequence[str]) -> Iterator[tuple[str, Mention]]:
        places: dict[str, list[int]] = defaultdict(list)
        for position, atom in enumerate(atoms):
            places[atom].append(position)
        hits: list[tuple[frozenset[int], float, str]] = []
        for atom in places:
            for wanted, length, concept_id in self._terms.get(atom, ()):
                if wanted <= places.keys() and (span := _closest(wanted, atom, places)):
                    spread = max(span) - min(span) + 1
                    if spread <= length + _STRAY_ATOMS:
                        confidence = 1.0 if spread <= length else 0.8 ** (spread - length)
                        hits.append((span, confidence, concept_id))
        hits.sort(key=lambda hit: (-len(hit[0]), -hit[1], hit[2]))
        covered: list[frozenset[int]] = []
        for span, confidence, concept_id in hits:
            if not any(span < longer for longer in covered):
                covered.append(span)
                yield concept_id, Mention(confidence, len(span))


def _is_abbreviation(name: str) -> bool:
    return len(name) <= 5 and name.isalpha() and sum(letter.isupper() for letter in name) > 1


def _closest(wanted: frozenset[str], anchor: str, places: dict[str, list[int]]) -> frozenset[int]:
    """Choose for each wanted atom the occurrence nearest to an occurrence of the anchor."""
    best: frozenset[int] = frozenset()
    for start in places[anchor]:
        span = frozenset(
            min(places[atom], key=lambda p: abs(p - start)) for atom in wanted
        )  # used at once
        if not best or max(span) - min(span) < max(best) - min(best):
            best = span
    return best


def atoms_of(text: str, lexicon: Lexicon) -> list[str]:
    """List the atoms of a text in order, those that say nothing by themselves included."""
    return [atom for word in words(text) for atom in lexicon.word(word).all_atoms]


@cache
def vocabulary() -> Vocabulary:
    """Return the shipped vocabulary, read on first use."""
    path = resources.files("verbund.language").joinpath("data/vocabulary.csv")
    with path.open(encoding="utf-8") as file:
        concepts = [
            Concept(
                row["id"],
                ConceptKind(row["kind"]),
                row["label_de"],
                row["label_en"],
                _synonyms(row["synonyms_de"]),
                _synonyms(row["synonyms_en"]),
                row["broader"],
                row["about_de"],
                row["about_en"],
            )
            for row in csv.DictReader(file)
        ]
    return Vocabulary(concepts, lexicon())


def _synonyms(cell: str) -> tuple[str, ...]:
    return tuple(name for name in cell.split(" | ") if name)
