"""The vocabulary as SKOS, and SKOS as a vocabulary.

Concepts carry labels and synonyms in German and English. A concept's kind is the collection it is
a member of: `technology`, `application` or `process`, at the end of the collection's address.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from verbund.language.rdf import (
    TYPE,
    Literal,
    Object,
    Statement,
    read_rdf,
    write_turtle,
    write_xml,
)
from verbund.language.spelling import fold
from verbund.language.vocabulary import Concept, ConceptKind
from verbund.wording import Phrase, refuse

SKOS = "http://www.w3.org/2004/02/skos/core#"
_TERMS = "http://purl.org/dc/terms/"
_PREFIXES = {"skos": SKOS, "dcterms": _TERMS}
_LONGEST_ID, _LONGEST_NAME, _LONGEST_ABOUT, _MOST_CONCEPTS = 80, 200, 1_000, 20_000
_KIND_LABELS = {
    ConceptKind.TECHNOLOGY: ("Technologien", "Technologies"),
    ConceptKind.APPLICATION: ("Anwendungen", "Applications"),
    ConceptKind.PROCESS: ("Prozesse", "Processes"),
}
FORMATS: dict[str, tuple[str, Callable[[Iterable[Statement], dict[str, str]], str]]] = {
    "rdf": ("application/rdf+xml", write_xml),
    "ttl": ("text/turtle", write_turtle),
}


def write_skos(
    concepts: Iterable[Concept], *, base: str, title: str, source: str = "", kind: str = "rdf"
) -> str:
    """Write a vocabulary; `base` begins the address of each concept, `kind` is rdf or ttl."""
    _, write = FORMATS[kind]
    return write(_statements(list(concepts), base, title, source), _PREFIXES)


def _statements(concepts: list[Concept], base: str, title: str, source: str) -> Iterator[Statement]:
    scheme = f"{base}scheme"
    yield scheme, TYPE, f"{SKOS}ConceptScheme"
    yield scheme, f"{_TERMS}title", Literal(title)
    if source:
        yield scheme, f"{_TERMS}source", Literal(source)
    for kind, labels in _KIND_LABELS.items():
        collection = f"{base}kind-{kind.value}"
        yield collection, TYPE, f"{SKOS}Collection"
        for language, label in zip(("de", "en"), labels, strict=True):
            yield collection, f"{SKOS}prefLabel", Literal(label, language)
        members = (concept for concept in concepts if concept.kind is kind)
        yield from ((collection, f"{SKOS}member", base + concept.id) for concept in members)
    for concept in concepts:
        yield from _about(concept, base, scheme)


def _about(concept: Concept, base: str, scheme: str) -> Iterator[Statement]:
    me = base + concept.id
    yield me, TYPE, f"{SKOS}Concept"
    yield me, f"{SKOS}inScheme", scheme
    yield me, f"{SKOS}prefLabel", Literal(concept.label_de, "de")
    yield me, f"{SKOS}prefLabel", Literal(concept.label_en, "en")
    for language, names in (("de", concept.synonyms_de), ("en", concept.synonyms_en)):
        yield from ((me, f"{SKOS}altLabel", Literal(name, language)) for name in names)
    for language, about in (("de", concept.about_de), ("en", concept.about_en)):
        if about:
            yield me, f"{SKOS}definition", Literal(about, language)
    if concept.broader:
        yield me, f"{SKOS}broader", base + concept.broader


# ---------------------------------------------------------------- reading


@dataclass(frozen=True, slots=True)
class SkosFile:
    """What a file says: title and source of the scheme, its concepts, and what to look at."""

    title: str
    source: str
    concepts: tuple[Concept, ...]
    findings: tuple[Phrase, ...] = ()


@dataclass
class _Thing:
    """What statements say about one address."""

    types: set[str] = field(default_factory=set)
    names: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    links: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def read_skos(content: bytes, *, name: str) -> SkosFile:
    """Read a vocabulary from RDF/XML or Turtle; `name` is the file's, for the error.

    What it lacks is mended where there is one way to do so, and found fault with otherwise: a label
    in one language stands for both, an unknown wider concept is left out.

    Raises
    ------
    InvalidInput
        If the file cannot be read, holds no concepts, or more than can be searched.
    """
    things: dict[str, _Thing] = defaultdict(_Thing)
    for subject, predicate, thing in read_rdf(content, name=name):
        _note(things[subject], predicate, thing)
    kept = {
        address: one
        for address, one in things.items()
        if f"{SKOS}Concept" in one.types and _label(one, "de", "en")
    }
    if not kept:
        raise refuse("skos.no_concepts", file=name)
    if len(kept) > _MOST_CONCEPTS:
        raise refuse("skos.too_many", file=name, count=len(kept), most=_MOST_CONCEPTS)
    findings: list[Phrase] = []
    ids = _ids(kept, findings)
    kinds = _kinds(things)
    concepts = [
        _concept(kept[address], id_, ids, kinds.get(address)) for address, id_ in ids.items()
    ]
    concepts = _without_circles(concepts, findings)
    concepts = _with_kinds(concepts, {ids[a] for a in ids if a in kinds}, findings)
    findings += _half_named(kept.values())
    scheme = next((o for o in things.values() if f"{SKOS}ConceptScheme" in o.types), _Thing())
    return SkosFile(
        _first(scheme, f"{_TERMS}title") or _label(scheme, "de", "en"),
        _first(scheme, f"{_TERMS}source"),
        tuple(concepts),
        tuple(findings),
    )


def _note(about: _Thing, predicate: str, thing: Object) -> None:
    if isinstance(thing, Literal):
        if thing.text:
            longest = _LONGEST_ABOUT if predicate == f"{SKOS}definition" else _LONGEST_NAME
            about.names[predicate, thing.language.lower()[:2]].append(thing.text[:longest])
    elif predicate == TYPE:
        about.types.add(thing)
    else:
        about.links[predicate].append(thing)


def _first(about: _Thing, predicate: str) -> str:
    found = (names[0] for (said, _), names in about.names.items() if said == predicate)
    return next(found, "")


def _label(about: _Thing, *languages: str) -> str:
    """Return the label in the first language it has; one without a language stands for all."""
    for language in (*languages, ""):
        if names := about.names.get((f"{SKOS}prefLabel", language)):
            return names[0]
    return ""


def _ids(kept: Iterable[str], findings: list[Phrase]) -> dict[str, str]:
    """Give each address an id: its last part, in small letters, digits and hyphens."""
    ids: dict[str, str] = {}
    for address in kept:
        last = re.split(r"[#/:]", address.rstrip("#/"))[-1]
        id_ = re.sub(r"[^a-z0-9]+", "-", fold(last)).strip("-")[:_LONGEST_ID]
        if not id_ or id_ in ids.values():
            findings.append(Phrase("skos.same_id", {"address": address}))
        else:
            ids[address] = id_
    return ids


def _kinds(things: dict[str, _Thing]) -> dict[str, ConceptKind]:
    kinds: dict[str, ConceptKind] = {}
    for address, one in things.items():
        kind = next((kind for kind in ConceptKind if address.lower().endswith(kind.value)), None)
        if kind and f"{SKOS}Collection" in one.types:
            kinds |= dict.fromkeys(one.links[f"{SKOS}member"], kind)
    return kinds


def _concept(about: _Thing, id_: str, ids: dict[str, str], kind: ConceptKind | None) -> Concept:
    broader = (ids.get(address) for address in about.links[f"{SKOS}broader"])
    return Concept(
        id_,
        kind or ConceptKind.TECHNOLOGY,
        _label(about, "de", "en"),
        _label(about, "en", "de"),
        tuple(dict.fromkeys(about.names.get((f"{SKOS}altLabel", "de"), ()))),
        tuple(dict.fromkeys(about.names.get((f"{SKOS}altLabel", "en"), ()))),
        next((wider for wider in broader if wider), ""),
        *(_about_in(about, said) for said in ("de", "en")),
    )


def _about_in(about: _Thing, language: str) -> str:
    definitions = about.names.get((f"{SKOS}definition", language), ())
    return "; ".join(" ".join(text.split()) for text in definitions)


def _without_circles(concepts: list[Concept], findings: list[Phrase]) -> list[Concept]:
    """Cut what is wider than itself, where the circle is closed."""
    wider = {concept.id: concept.broader for concept in concepts}
    for id_ in wider:
        seen, at = {id_}, id_
        while wider[at]:
            if wider[at] in seen:
                wider[at] = ""
                findings.append(Phrase("skos.circle", {"id": at}))
                break
            at = wider[at]
            seen.add(at)
    return [replace(concept, broader=wider[concept.id]) for concept in concepts]


def _with_kinds(concepts: list[Concept], stated: set[str], findings: list[Phrase]) -> list[Concept]:
    """Let concepts in no collection be of the kind of the nearest wider one that is in one."""
    known = {concept.id: concept for concept in concepts}
    unknown = []

    def kind_of(concept: Concept) -> ConceptKind:
        at = concept
        while at.id not in stated and at.broader:
            at = known[at.broader]
        if at.id not in stated:
            unknown.append(concept.id)
        return at.kind

    found = [replace(concept, kind=kind_of(concept)) for concept in concepts]
    if unknown:
        findings.append(Phrase("skos.no_kind", {"count": len(unknown), "ids": unknown[:5]}))
    return found


def _half_named(kept: Iterable[_Thing]) -> Iterator[Phrase]:
    half = [
        _label(one, "de", "en")
        for one in kept
        if not all((f"{SKOS}prefLabel", language) in one.names for language in ("de", "en"))
    ]
    if half:
        yield Phrase("skos.half_named", {"count": len(half), "names": half[:5]})


# ---------------------------------------------------------------- comparing


@dataclass(frozen=True, slots=True)
class Differences:
    """What becomes of a vocabulary: concepts that are new, changed (before, after), removed."""

    new: tuple[Concept, ...]
    changed: tuple[tuple[Concept, Concept], ...]
    removed: tuple[Concept, ...]

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.removed)


def compare(before: Iterable[Concept], after: Iterable[Concept]) -> Differences:
    """Compare two vocabularies concept by concept; the order of concepts says nothing."""
    old, new = ({concept.id: concept for concept in side} for side in (before, after))
    return Differences(
        tuple(concept for id_, concept in new.items() if id_ not in old),
        tuple((old[id_], one) for id_, one in new.items() if id_ in old and old[id_] != one),
        tuple(concept for id_, concept in old.items() if id_ not in new),
    )
