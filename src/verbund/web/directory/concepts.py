"""The vocabulary in use here: a version of this installation, or what the product brings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from django.core.cache import caches

from verbund.language.assignment import assign
from verbund.language.lexicon import lexicon
from verbund.language.vocabulary import Concept, ConceptKind, Vocabulary, vocabulary
from verbund.web.directory.models import VocabularyVersion

_NAMED = 0.6  # confidence from which a concept counts as named
_SECONDS = 5  # until other processes notice a change
_KEY, _OWN = "vocabulary-version", "own"


def vocabulary_in_use() -> Vocabulary:
    """Return the vocabulary all pages, searches and suggestions go by."""
    version: tuple[int, dt.datetime] | str | None = caches["process"].get(_KEY)
    if version is None:
        used = VocabularyVersion.objects.exclude(used_from=None).order_by("-used_from", "-pk")
        version = used.values_list("pk", "made_at").first() or _OWN
        caches["process"].set(_KEY, version, _SECONDS)
    return vocabulary() if isinstance(version, str) else _built(*version)


def forget_version() -> None:
    """Have this process look again which version is in use."""
    caches["process"].delete(_KEY)


@lru_cache(maxsize=2)
def _built(version: int, made_at: dt.datetime) -> Vocabulary:
    """Build a version once a process; keys come back after a restored backup, its time does not."""
    found = VocabularyVersion.objects.filter(pk=version, made_at=made_at).first()
    if found is None or not found.concepts:  # going back to the product's own
        return vocabulary()
    return Vocabulary([concept_of(row) for row in found.concepts], lexicon())


def row_of(concept: Concept) -> dict[str, Any]:
    """Return a concept as `VocabularyVersion` keeps it."""
    return asdict(concept)


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
        row.get("about_de", ""),  # versions read before descriptions were kept have none
        row.get("about_en", ""),
    )


def concepts_in(text: str) -> set[str]:
    """Return the concepts whose names stand in a text: for what somebody types."""
    return {id_ for id_, sure in vocabulary_in_use().find(text).items() if sure >= _NAMED}


def subjects_of(texts: Iterable[str]) -> set[str]:
    """Return the concepts texts are surely about, named or not: for what members say."""
    said = [text for text in texts if text]
    return {id_ for found in assign(said, vocabulary_in_use()) for id_ in found.sure}
