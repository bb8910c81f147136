"""What an office may choose about a list before its rows: meanings of columns and of terms."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from verbund.language.spelling import fold
from verbund.records.headings import FIELDS
from verbund.records.members import AS_IT_IS
from verbund.records.values import (
    COUNTRIES,
    LANGUAGES,
    STATES,
    known_values,
    nearest_values,
)
from verbund.web.core.texts import current_language
from verbund.web.directory.concepts import concepts_in, vocabulary_in_use
from verbund.web.directory.export import HEADINGS
from verbund.web.directory.member_lists.content import engine_language, problems_of, rows_of
from verbund.web.directory.member_lists.queries import field_of
from verbund.web.directory.member_lists.reading import Chosen
from verbund.web.directory.models import ColumnMapping
from verbund.web.networks.models import Membership, Network, Organisation, Visibility
from verbund.wording import sentence

_UNREAD = frozenset(
    (
        "unknown_type",
        "unknown_country",
        "unknown_state",
        "unknown_language",
        "unknown_visibility",
        "unknown_member_status",
        "not_yes_no",
        "guessed",
    )
)
_FREE = frozenset(("state", "topics"))  # whose text may be taken as it is
_NEAR = 74  # similarity from which a topic of the vocabulary is offered for another
_OFFERED = 3
LEAVE = "leave"  # a term whose cells are left empty


@dataclass(frozen=True)
class ColumnChoice:
    """A column of the file, and what it is taken for."""

    key: str  # its name in the form
    headings: str
    index: int
    name: str
    field: str
    count: int
    sample: str
    is_guessed: bool
    is_chosen: bool


@dataclass
class Sheet:
    name: str
    columns: list[ColumnChoice] = dataclasses.field(default_factory=list)

    @property
    def unused(self) -> int:
        return sum(1 for column in self.columns if not column.field)


@dataclass(frozen=True)
class Term:
    """A word that a list uses for something, how often, and what it may stand for."""

    key: str
    field: str
    text: str
    count: int
    value: str  # what was chosen
    nearest: list[tuple[str, str]]
    others: list[tuple[str, str]] = dataclasses.field(default_factory=list)

    @property
    def may_stay(self) -> bool:
        return self.field in _FREE

    @property
    def label(self) -> str:
        return sentence(f"field.{self.field}", engine_language())


def remembered(network: Network) -> Chosen:
    """Return what a network's office chose for lists before."""
    kept = ColumnMapping.objects.filter(network=network).values_list("headings", "columns")
    return Chosen({key: {int(i): name for i, name in of.items()} for key, of in kept})


def terms_of(content: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    return {(field, term): value for field, term, value in content.get("terms", ())}


# ---------------------------------------------------------------- columns


def sheets_of(content: Mapping[str, Any]) -> list[Sheet]:
    """Return the columns of a list sheet by sheet."""
    sheets: dict[str, Sheet] = {}
    numbers: dict[tuple[str, str], int] = {}
    for column in content.get("columns", ()):
        number = numbers.setdefault((column["sheet"], column["headings"]), len(numbers))
        sheet = sheets.setdefault(column["sheet"], Sheet(column["sheet"]))
        key = f"column-{number}-{column['index']}"
        values = {name: value for name, value in column.items() if name != "sheet"}
        sheet.columns.append(ColumnChoice(key, **values))
    return list(sheets.values())


def field_choices() -> list[tuple[str, str]]:
    """Return what a column may be taken for: the fields of our own list first."""
    language = engine_language()
    labels = {name: str(heading) for name, heading in HEADINGS.items()}
    labels |= {name: sentence(f"field.{name}", language) for name in FIELDS if name not in labels}
    return [(name, label) for name, label in labels.items() if name != "short_name"]


def chosen_columns(
    content: Mapping[str, Any], data: Mapping[str, str]
) -> dict[str, dict[int, str]]:
    """Read what a form says of the columns; a field that does not exist counts as left out."""
    chosen: dict[str, dict[int, str]] = {}
    for sheet in sheets_of(content):
        for column in sheet.columns:
            name = data.get(column.key, column.field)
            known = name if name in FIELDS else ""
            chosen.setdefault(column.headings, {})[column.index] = known
    return chosen


# ---------------------------------------------------------------- terms


def terms_to_choose(content: Mapping[str, Any]) -> list[Term]:
    """Return the words of a list that are not known, or only guessed, each once."""
    counts: dict[tuple[str, str], int] = {}
    spelt: dict[tuple[str, str], str] = {}
    for problem in problems_of(content):
        name = field_of(problem)
        if problem.code in _UNREAD and known_values(name):
            key = (name, fold(problem.found))
            counts[key] = counts.get(key, 0) + 1
            spelt.setdefault(key, problem.found)
    chosen = terms_of(content)
    for key in chosen:
        counts.setdefault(key, 0)
    found = [_term(key, spelt, counts, chosen) for key in counts if key[0] != "topics"]
    found += _topics(content, chosen)
    return sorted(found, key=lambda term: (term.field == "topics", term.field, -term.count))


def _term(
    key: tuple[str, str],
    spelt: Mapping[tuple[str, str], str],
    counts: Mapping[tuple[str, str], int],
    chosen: Mapping[tuple[str, str], str],
) -> Term:
    name, folded = key
    text = spelt.get(key, folded)
    nearest = nearest_values(name, text)
    others = [value for value in known_values(name) if value not in nearest]
    return Term(
        f"term-{name}-{folded}",
        name,
        text,
        counts[key],
        chosen.get(key, "") or (LEAVE if key in chosen else ""),
        [(value, said_value(name, value)) for value in nearest],
        sorted(((value, said_value(name, value)) for value in others), key=lambda pair: pair[1]),
    )


def _topics(content: Mapping[str, Any], chosen: Mapping[tuple[str, str], str]) -> list[Term]:
    """Return topics that name nothing of the vocabulary but come near something in it."""
    counts: dict[str, int] = {}
    for row in rows_of(content):
        for topic in row.topics:
            counts[topic] = counts.get(topic, 0) + 1
    replaced = {value for (name, _term), value in chosen.items() if name == "topics"}
    labels = _labels()
    found = []
    for topic in counts.keys() - replaced:
        if concepts_in(topic):
            continue
        near = process.extract(
            fold(topic), labels.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR, limit=8
        )
        names = list(dict.fromkeys(labels[label] for label, *_rest in near))[:_OFFERED]
        if names:
            offered = [(name, name) for name in names]
            key = f"term-topics-{fold(topic)}"
            value = chosen.get(("topics", fold(topic)), AS_IT_IS)
            found.append(Term(key, "topics", topic, counts[topic], value, offered))
    return found


def _labels() -> dict[str, str]:
    """Return the vocabulary's names in both languages, folded, with the reader's own name."""
    is_english = current_language() == "en"
    labels: dict[str, str] = {}
    for concept in vocabulary_in_use().concepts.values():
        own = concept.label_en if is_english else concept.label_de
        for name in concept.names:
            labels.setdefault(fold(name), own)
    return labels


def said_value(name: str, value: str) -> str:
    """Name a value of a field with fixed words as readers know it."""
    spoken = 1 if current_language() == "en" else 0
    if name in ("country", "state", "language"):
        words = {"country": COUNTRIES, "state": STATES, "language": LANGUAGES}[name][value]
        both = words.split("|")
        return both[spoken] if len(both) > spoken else both[0]
    labels: dict[str, Any] = {
        "type": dict(Organisation.Kind.choices),
        "member_status": dict(Membership.Status.choices),
        "visibility": dict(Visibility.choices),
        "public": dict(Visibility.choices),
        "sme": {"ja": _("yes"), "nein": _("no")},
    }
    return str(labels.get(name, {}).get(value, value))


def chosen_terms(terms: Iterable[Term], data: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """Read what a form says of the terms; only what is offered counts."""
    chosen = {}
    for term in terms:
        value = data.get(term.key, "")
        offered = {offer for offer, _label in (*term.nearest, *term.others)}
        if term.may_stay:
            offered.add(AS_IT_IS)
        if value in offered | {LEAVE}:
            chosen[term.field, fold(term.text)] = "" if value == LEAVE else value
    return chosen
