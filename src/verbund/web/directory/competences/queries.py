"""What an organisation can do in the words of the vocabulary, and what speaks for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from verbund.language.proposals import propose
from verbund.language.vocabulary import Concept, ConceptKind
from verbund.web.agreements.sharing import visible
from verbund.web.directory.concepts import vocabulary_in_use
from verbund.web.directory.models import Competence
from verbund.web.directory.queries import label_of
from verbund.web.networks.models import Organisation
from verbund.web.networks.rules import Viewer

_PROPOSED = 12
_KINDS = list(ConceptKind)
_EVIDENCE = ("product", "project", "declared", "text")  # the strongest first


@dataclass(frozen=True)
class Shown:
    """A competence with its concept; found in a text only, it is a proposal nobody confirmed."""

    competence: Competence
    concept: Concept
    label: str

    @property
    def is_declared(self) -> bool:
        return self.competence.evidence != Competence.Evidence.TEXT


def competences_of(organisation: Organisation, viewer: Viewer, on: dt.date) -> list[Shown]:
    """Return what a viewer may see: the best proven first; concepts out of use are passed over."""
    known = vocabulary_in_use().concepts
    rows = visible(Competence.objects.filter(organisation=organisation), to=viewer, on=on)
    shown = [
        Shown(r, known[r.concept], label_of(known[r.concept])) for r in rows if r.concept in known
    ]
    return sorted(shown, key=_place)


def _place(shown: Shown) -> tuple[int, int, str]:
    evidence = _EVIDENCE.index(shown.competence.evidence)
    return evidence, _KINDS.index(shown.concept.kind), shown.label.casefold()


@dataclass(frozen=True)
class Proposal:
    concept: Concept
    label: str
    other: str
    is_there: bool


def proposals(organisation: Organisation, typed: str) -> list[Proposal]:
    """Return the concepts that a few letters may mean, with the name in the other language."""
    there = set(
        Competence.objects.filter(organisation=organisation)
        .exclude(evidence=Competence.Evidence.TEXT)
        .values_list("concept", flat=True)
    )
    return [
        Proposal(
            concept,
            label_of(concept),
            concept.label_de if label_of(concept) == concept.label_en else concept.label_en,
            concept.id in there,
        )
        for concept in propose(vocabulary_in_use(), typed[:100], _PROPOSED)
    ]
