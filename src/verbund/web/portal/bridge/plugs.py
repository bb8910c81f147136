"""What the bridge announces: its menu entry, and technologies and applications to search for."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from verbund.language.spelling import fold
from verbund.language.vocabulary import Concept, ConceptKind, Vocabulary
from verbund.web.core.registries import Hit, NavEntry, SearchKind, navigation, searches
from verbund.web.directory.concepts import vocabulary_in_use
from verbund.web.networks.rules import Viewer
from verbund.web.portal.bridge.page import label


def announce_bridge() -> None:
    navigation.add(
        "bridge",
        NavEntry("cooperation", gettext_lazy("Bridge"), "bridge", covers=("bridge_cell",)),
        place=20,
    )
    searches.add(
        "concepts",
        SearchKind("concepts", gettext_lazy("Technologies and applications"), find_concepts),
        place=60,
    )


@lru_cache(maxsize=1)
def _names(known: Vocabulary) -> list[tuple[Concept, tuple[str, ...]]]:
    """Pair every concept with its folded names in both languages."""
    return [
        (concept, tuple(fold(name) for name in concept.names))
        for concept in known.concepts.values()
    ]


def find_concepts(viewer: Viewer, text: str, on: dt.date, limit: int) -> tuple[int, list[Hit]]:
    """Find concepts by label or synonym; the vocabulary is public, so everyone finds the same."""
    wanted = fold(text).strip()
    if not wanted:
        return 0, []
    named = _names(vocabulary_in_use())
    found = [(concept, names) for concept, names in named if any(wanted in n for n in names)]
    found.sort(key=lambda pair: (wanted not in pair[1], label(pair[0])))
    return len(found), [_hit(concept) for concept, _names in found[:limit]]


def _hit(concept: Concept) -> Hit:
    kinds = {
        ConceptKind.TECHNOLOGY: _("Technology"),
        ConceptKind.PROCESS: _("Process"),
        ConceptKind.APPLICATION: _("Application"),
    }
    top = vocabulary_in_use().top(concept.id)
    about = kinds[concept.kind]
    if top is not concept:
        about = f"{about} · {label(top)}"
    return Hit(label(concept), f"{reverse('bridge')}?concept={top.id}", about)
