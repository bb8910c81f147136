"""The vocabulary in use here: the newest version of the installation, or what the product brings."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.core.cache import caches

from verbund.language.lexicon import lexicon
from verbund.language.vocabulary import Concept, ConceptKind, Vocabulary, vocabulary
from verbund.web.directory.models import VocabularyVersion

_SURE = 0.6  # confidence from which a concept counts as named
_SECONDS = 5  # until other processes notice a change
_KEY = "vocabulary-version"


def vocabulary_in_use() -> Vocabulary:
    """Return the vocabulary all pages, searches and suggestions go by."""
    version = caches["process"].get(_KEY)
    if version is None:
        newest = VocabularyVersion.objects.values_list("pk", flat=True).first()
        version = newest or 0
        caches["process"].set(_KEY, version, _SECONDS)
    return _built(version) if version else vocabulary()


def forget_version() -> None:
    """Have this process look for the newest version again."""
    caches["process"].delete(_KEY)


@lru_cache(maxsize=2)
def _built(version: int) -> Vocabulary:
    found = VocabularyVersion.objects.filter(pk=version).first()
    if found is None or not found.concepts:  # going back to the product's own
        return vocabulary()
    return Vocabulary([concept_of(row) for row in found.concepts], lexicon())


def concept_of(row: dict[str, Any]) -> Concept:
    """Read a concept as `VocabularyVersion` keeps it."""
    return Concept(
        row["id"],
        ConceptKind(row["kind"]),
        row["label_de"],
        row["label_en"],
        tuple(row["synonyms_de"]),
        tuple(row["synonyms_en"]),
        row["broader"],
    )


def concepts_in(text: str) -> set[str]:
    """Return the concepts a text surely names."""
    return {id_ for id_, sure in vocabulary_in_use().find(text).items() if sure >= _SURE}
