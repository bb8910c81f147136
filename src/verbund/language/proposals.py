"""Concepts for what somebody has typed so far: by the beginning of a name, a part of it, a slip."""

from __future__ import annotations

from rapidfuzz import fuzz

from verbund.language.spelling import fold
from verbund.language.vocabulary import Concept, Vocabulary

_ALIKE = 80.0  # ratio of the best part from which a slip of the pen is likely
_SHORTEST = 4  # letters from which names are compared at all


def propose(known: Vocabulary, typed: str, limit: int) -> list[Concept]:
    """Return the concepts a few typed letters may mean, the likeliest first, in either language.

    Examples
    --------
    >>> from verbund.language.vocabulary import vocabulary
    >>> [concept.id for concept in propose(vocabulary(), "Scheinwrefer", 1)]
    ['headlamps']
    """
    wanted = fold(typed).strip()
    if not wanted:
        return []
    rated = ((_likeness(wanted, concept), concept) for concept in known.concepts.values())
    found = sorted(
        ((likeness, concept) for likeness, concept in rated if likeness),
        key=lambda pair: (-pair[0], len(pair[1].label_de), pair[1].id),
    )
    return [concept for _, concept in found[:limit]]


def _likeness(wanted: str, concept: Concept) -> float:
    """Rate the best name: whole, beginning, word inside, part, or alike; labels before synonyms."""
    labels = (concept.label_de, concept.label_en)
    synonyms = (*concept.synonyms_de, *concept.synonyms_en)
    return max(
        max(_rated(wanted, fold(name)) for name in labels),
        max((_rated(wanted, fold(name)) - 0.5 for name in synonyms), default=0.0),
        0.0,
    )


def _rated(wanted: str, name: str) -> float:
    if name == wanted:
        return 5.0
    if name.startswith(wanted):
        return 4.0
    if f" {wanted}" in name:
        return 3.0
    if wanted in name:
        return 2.0
    if len(wanted) < _SHORTEST:
        return 0.0
    alike = fuzz.ratio(wanted, name, score_cutoff=_ALIKE)
    return 0.6 + alike / 1000 if alike else 0.0
