"""Which request of a pair is answered by what, and what both name."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from verbund.language.lexicon import lexicon
from verbund.language.spelling import words
from verbund.language.terms import CONCEPT
from verbund.language.vocabulary import Concept
from verbund.matching.evidence import Evidence
from verbund.matching.languages import language_of
from verbund.matching.quotes import Quote, quoted
from verbund.matching.side import Side
from verbund.matching.statements import Spoken, Statement, likeness
from verbund.records.organisation import Organisation

_EXCLUDED = re.compile(r"\b(?:ohne|without|statt|instead of|kein\w*|no)\b[^,;.]*", re.IGNORECASE)
_MOST_CONCEPTS = 2
_SURE = 0.95  # likeness from which a met request needs no doubt about words
_FAR = 0.5  # likeness below which hardly anything but the field is the same


@dataclass(frozen=True, slots=True)
class Answer:
    """A request and what comes nearest to meeting it; `side` 0 means that the left one answers."""

    request: Statement
    answer: Statement
    similarity: float
    side: int

    @property
    def is_alike(self) -> bool:
        return self.similarity >= _SURE

    @property
    def is_far(self) -> bool:
        return self.similarity < _FAR


Picker = Callable[[Side], tuple[Spoken, Spoken]]


def requests_and_offers(side: Side) -> tuple[Spoken, Spoken]:
    return side.requests, side.offers


def requests_and_profile(side: Side) -> tuple[Spoken, Spoken]:
    return side.requests, side.about


class Answers:
    """Looks up what pairs say to each other; positions are those of the two lists."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence

    def find(self, i: int, j: int, pick: Picker) -> list[Answer]:
        """Find for each direction the request that is answered best; the better direction first."""
        ours, our_answers = pick(self.evidence.left)
        theirs, their_answers = pick(self.evidence.right)
        there = closest(ours, i, their_answers, j)
        back = closest(theirs, j, our_answers, i)
        found = ([Answer(*there, side=1)] if there else []) + (
            [Answer(*back, side=0)] if back else []
        )
        return sorted(found, key=lambda answer: -answer.similarity)

    def best(self, i: int, j: int, pick: Picker = requests_and_offers) -> Answer | None:
        return next(iter(self.find(i, j, pick)), None)

    def people(self, answer: Answer) -> tuple[Organisation, Organisation]:
        """Return who requests and who answers."""
        problem = self.evidence.problem
        if answer.side == 0:
            return problem.right[answer.request.owner], problem.left[answer.answer.owner]
        return problem.left[answer.request.owner], problem.right[answer.answer.owner]

    def quotes(self, answer: Answer) -> tuple[Quote, Quote]:
        """Quote the request and its answer."""
        seeker, answerer = self.people(answer)
        matters = frozenset(answer.request.terms.keys() & answer.answer.terms.keys())
        return (
            self.quote(seeker, answer.request.text, matters),
            self.quote(answerer, answer.answer.text, matters),
        )

    def quote(
        self, member: Organisation, text: str, matters: frozenset[str] = frozenset()
    ) -> Quote:
        language = language_of(member, text)
        return Quote(quoted(text), language, self.evidence.vocabulary, matters)

    def shared(self, answer: Answer) -> list[str]:
        """List concepts that request and answer both name, the rarer first."""
        both = answer.request.terms.keys() & answer.answer.terms.keys()
        concepts = [term.removeprefix(CONCEPT) for term in both if term.startswith(CONCEPT)]
        known = self.evidence.vocabulary.concepts
        wider = {known[concept].broader for concept in concepts}
        return self.rarest([concept for concept in concepts if concept not in wider])

    def open_points(self, answer: Answer) -> list[str]:
        """Find concepts the request wants and its answerer never touches, by concept or by word."""
        vocabulary = self.evidence.vocabulary
        abilities = self.evidence.abilities[answer.side][answer.answer.owner]
        said = {vocabulary.top(concept).id for concept in abilities}
        words_said = self.evidence.words_of(answer.side, answer.answer.owner)
        wanted = self.evidence.named_in(_EXCLUDED.sub("", answer.request.text))
        named = sorted(wanted.items(), key=lambda found: (-found[1], found[0]))
        return [
            concept
            for concept, confidence in named
            if confidence == 1.0
            and vocabulary.top(concept).id not in said
            and words_said.isdisjoint(vocabulary.atoms(concept) & answer.request.terms.keys())
        ][:_MOST_CONCEPTS]

    def rarest(self, concepts: Sequence[str]) -> list[str]:
        """Return the few concepts that say most, because few texts name them."""
        return sorted(concepts, key=lambda c: (-self._rarity(c), c))[:_MOST_CONCEPTS]

    def named(self, ids: Sequence[str]) -> list[Concept]:
        return [self.evidence.vocabulary.concepts[id_] for id_ in ids]

    def _rarity(self, concept: str) -> float:
        position = self.evidence.space.index.get(CONCEPT + concept)
        return float(self.evidence.space.rarity[position]) if position is not None else 0.0


def closest(
    ours: Spoken, i: int, theirs: Spoken, j: int
) -> tuple[Statement, Statement, float] | None:
    """Find the two statements, one of each organisation, that are most alike."""
    rows, columns = ours.rows_of(i), theirs.rows_of(j)
    if rows.start == rows.stop or columns.start == columns.stop:
        return None
    found = likeness(ours, rows, theirs, columns)
    a, b = np.unravel_index(int(found.argmax()), found.shape)
    if not found[a, b]:
        return None
    pair = ours.statements[rows.start + int(a)], theirs.statements[columns.start + int(b)]
    return *pair, float(found[a, b])


def common_words(one: Statement, other: Statement) -> list[str]:
    """List the words of one statement whose meaning the other shares, as they are written."""
    shared = one.terms.keys() & other.terms.keys()
    known = lexicon()
    found = [
        written
        for written in re.findall(r"\w[\w-]*", one.text)
        if len(written) > 2 and any(shared & set(known.word(word).atoms) for word in words(written))
    ]
    return list(dict.fromkeys(found))[:3]
