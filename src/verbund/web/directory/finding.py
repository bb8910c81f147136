"""Narrowing the members down: words in either language, filters with their counts, order."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import reduce
from operator import and_, or_
from typing import TypeVar
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Lower, Replace
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from verbund.language.searching import Asked, asked
from verbund.language.spelling import fold
from verbund.language.vocabulary import ConceptKind
from verbund.web.core.searching import NONE, says, says_word
from verbund.web.directory.concepts import concepts_in, vocabulary_in_use
from verbund.web.directory.map import state_names
from verbund.web.directory.models import Competence, Entry, Profile
from verbund.web.directory.queries import (
    Sight,
    label_of,
    place_unknown,
    unconfirmed,
    unconfirmed_members,
)
from verbund.web.networks.models import Network, Organisation

_COUNTED = 4_000  # organisations up to which topics are counted; beyond, it takes seconds
_TOPICS = 10  # a kind
_UMLAUTS = {"ä": "a", "ö": "o", "ü": "u", "Ä": "a", "Ö": "o", "Ü": "u", "ß": "ss", "é": "e"}
E = TypeVar("E", bound=Entry)
SORTS = ("name", "-name", "town", "-town")


_READINESS = {
    "1-3": _("TRL 1 to 3: research"),
    "4-6": _("TRL 4 to 6: laboratory and demonstrator"),
    "7-9": _("TRL 7 to 9: prototype and product"),
}


@dataclass(frozen=True)
class Wanted:
    """What the address asks for; what makes no sense there is left out."""

    q: str = ""
    network: str = ""
    kind: str = ""
    has: str = ""
    state: str = ""
    topic: str = ""
    town: str = ""
    place: str = ""
    confirmed: str = ""
    trl: str = ""
    sort: str = ""

    @classmethod
    def read(cls, address: Mapping[str, str]) -> Wanted:
        given = {
            name: " ".join(str(address.get(name, "")).replace("\0", "").split())[:200]
            for name in cls.__dataclass_fields__
        }
        for name, allowed in _ALLOWED.items():
            if given[name] not in allowed:
                given[name] = ""
        if given["topic"] not in vocabulary_in_use().concepts:
            given["topic"] = ""
        return cls(**given)

    def address(self, **changes: str) -> str:
        """Return the query of an address with some of the wishes changed."""
        wishes = asdict(replace(self, **changes))
        return "?" + urlencode({name: wish for name, wish in wishes.items() if wish})

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Return what a new search keeps of the filters."""
        return [(name, wish) for name, wish in asdict(self).items() if wish and name != "q"]

    @property
    def sort_by_name(self) -> str:
        return self.address(sort="-name" if self.sort == "name" else "name")

    @property
    def sort_by_town(self) -> str:
        return self.address(sort="-town" if self.sort == "town" else "town")

    @property
    def narrows(self) -> bool:
        return bool(self.address(sort="") != "?")


_ALLOWED = {
    "kind": Organisation.Kind.values,
    "has": ("offers", "requests"),
    "place": ("unknown",),
    "confirmed": ("old",),
    "trl": tuple(_READINESS),
    "sort": SORTS,
}


@dataclass(frozen=True)
class Choice:
    """One link of a filter; `count` is None where counting would take too long."""

    label: str | Promise
    address: str
    count: int | None
    is_current: bool = False
    network: Network | None = None


@dataclass(frozen=True)
class ChoiceGroup:
    label: str | Promise
    choices: list[Choice]

    @property
    def is_used(self) -> bool:
        return any(choice.is_current for choice in self.choices[1:])


def narrowed(sight: Sight, wanted: Wanted, *, without: str = "") -> QuerySet[Organisation]:
    """Keep the organisations that fit; `without` leaves one wish out, to count its choices."""
    found = sight.organisations
    for name, condition in _conditions(sight, wanted):
        if name != without:
            found = found.filter(condition)
    return found


def _conditions(sight: Sight, wanted: Wanted) -> Iterator[tuple[str, Q]]:
    if wanted.q:
        yield "q", _says(sight, wanted.q)
    if wanted.network:
        inside = sight.memberships.filter(network__slug=wanted.network)
        yield "network", Q(pk__in=inside.values("organisation"))
    if wanted.has:
        entries = sight.offers if wanted.has == "offers" else sight.requests
        yield "has", Q(pk__in=entries.values("organisation"))
    if wanted.topic:
        yield "topic", _names(sight, _narrower(wanted.topic))
    for name, field in (("kind", "kind"), ("state", "state"), ("town", "city")):
        if wish := getattr(wanted, name):
            yield name, Q(**{field: wish})
    if wanted.place:
        yield "place", place_unknown()
    if wanted.trl:
        yield "trl", _at_level(sight, wanted.trl)
    if wanted.confirmed:
        yield "confirmed", Q(pk__in=unconfirmed_members(sight.viewer, sight.on).values("pk"))


def _at_level(sight: Sight, levels: str) -> Q:
    """An offer or a request that goes on states one of these levels."""
    between = Q(trl__range=levels.split("-"))
    return Q(pk__in=sight.offers.filter(between).values("organisation")) | Q(
        pk__in=sight.requests.filter(between).values("organisation")
    )


def entries_saying(entries: QuerySet[E], text: str) -> QuerySet[E]:
    """Keep the offers or requests that have all the words, or name a concept the words name."""
    return entries.filter(says(entries.model, text) | _any_concept(concepts_in(text)))


def _says(sight: Sight, text: str) -> Q:
    """Every word stands somewhere in what the viewer sees, or it names a concept the words name."""
    words = [_say_word(sight, one) for one in asked(text)]
    found = reduce(and_, words) if words else NONE
    named = concepts_in(text)
    return found | _names(sight, named) if named else found


def _say_word(sight: Sight, one: Asked) -> Q:
    found = says_word(Organisation, one.alternatives)
    found |= says_word(Profile, one.alternatives, way="profile")
    for entries in (sight.offers, sight.requests):
        saying = entries.filter(says_word(entries.model, one.alternatives))
        found |= Q(pk__in=saying.values("organisation"))
    return found


def _names(sight: Sight, concepts: set[str]) -> Q:
    competent = Competence.objects.filter(concept__in=concepts)
    in_text = _any_concept(concepts)
    return (
        Q(pk__in=competent.values("organisation"))
        | Q(pk__in=sight.offers.filter(in_text).values("organisation"))
        | Q(pk__in=sight.requests.filter(in_text).values("organisation"))
    )


def _any_concept(concepts: set[str]) -> Q:
    none = Q(pk__in=[])
    return reduce(or_, (Q(concepts__contains=f"|{id_}|") for id_ in sorted(concepts)), none)


def _narrower(topic: str) -> set[str]:
    """Return a concept with all below it."""
    known = vocabulary_in_use().concepts

    def is_below(id_: str) -> bool:
        return id_ == topic or bool(known[id_].broader and is_below(known[id_].broader))

    return {id_ for id_ in known if is_below(id_)}


def ordered(
    found: QuerySet[Organisation], sort: str, on: dt.date | None = None
) -> QuerySet[Organisation]:
    """Order by name or town as a dictionary does: ä as a, ß as ss, without regard to case.

    Unless somebody chose an order, who confirmed the profile in the year before a day comes first.
    """
    if not sort and on:
        found = found.annotate(is_stale=unconfirmed(on, prefix="profile__"))
        return found.order_by("is_stale", _sort_key("name"), "pk")
    name, town = _sort_key("name"), _sort_key("city")
    if sort.endswith("town"):
        without_town_last = F("without_town").asc()
        found = found.annotate(without_town=Q(city=""))
        town_order = town.desc() if sort.startswith("-") else town.asc()
        return found.order_by(without_town_last, town_order, name.asc(), "pk")
    return found.order_by(name.desc() if sort.startswith("-") else name.asc(), "pk")


def _sort_key(field: str) -> Lower:
    key: Combinable = F(field)
    for letter, sorted_as in _UMLAUTS.items():
        key = Replace(key, Value(letter), Value(sorted_as))
    return Lower(key)


def choices(sight: Sight, wanted: Wanted) -> list[ChoiceGroup]:
    """Return the filters that matter here: network, kind, what they look for or offer, state."""
    groups = [
        _networks(sight, wanted),
        _group(_("Kind"), "kind", _kinds(sight, wanted), wanted),
        _group(_("Has"), "has", _entries(sight, wanted), wanted),
    ]
    return [group for group in groups if len(group.choices) > 2 or group.is_used]


def further_choices(sight: Sight, wanted: Wanted) -> list[ChoiceGroup]:
    """Return the filters with many choices: federal state and the topics of the vocabulary."""
    groups = [
        _group(_("Federal state"), "state", _states(sight, wanted), wanted),
        _group(_("Readiness"), "trl", _levels(sight, wanted), wanted),
    ]
    topics = _topics(sight, wanted)
    labels = {
        ConceptKind.TECHNOLOGY: _("Technology"),
        ConceptKind.APPLICATION: _("Application"),
        ConceptKind.PROCESS: _("Process"),
    }
    groups += [_group(labels[kind], "topic", topics[kind], wanted) for kind in ConceptKind]
    return [group for group in groups if len(group.choices) > 2 or group.is_used]


def removable(wanted: Wanted) -> list[Choice]:
    """Return the wishes that no row of filters shows, each with the address without it."""
    said = {
        "q": gettext("Search: “%s”") % wanted.q,
        "town": gettext("Town: %s") % wanted.town,
        "place": gettext("Place unknown"),
        "confirmed": gettext("Not confirmed for over 12 months"),
    }
    return [
        Choice(text, wanted.address(**{name: ""}), None, is_current=True)
        for name, text in said.items()
        if getattr(wanted, name)
    ]


_Counted = list[tuple[str, str | Promise, int | None]]


def _group(label: str | Promise, field: str, counted: _Counted, wanted: Wanted) -> ChoiceGroup:
    current = getattr(wanted, field)
    every = Choice(_("all"), wanted.address(**{field: ""}), None, is_current=not current)
    links = [
        Choice(name, wanted.address(**{field: key}), count, is_current=key == current)
        for key, name, count in counted
    ]
    return ChoiceGroup(label, [every, *links])


def _networks(sight: Sight, wanted: Wanted) -> ChoiceGroup:
    inside = sight.memberships.filter(organisation__in=narrowed(sight, wanted, without="network"))
    counted = dict(inside.order_by().values_list("network").annotate(Count("pk")))
    networks = Network.objects.filter(Q(pk__in=counted) | Q(slug=wanted.network))
    links = [
        Choice(
            network.name,
            wanted.address(network=network.slug),
            counted.get(network.pk, 0),
            is_current=network.slug == wanted.network,
            network=network,
        )
        for network in networks
    ]
    every = Choice(_("all"), wanted.address(network=""), None, is_current=not wanted.network)
    return ChoiceGroup(_("Network"), [every, *links])


def _kinds(sight: Sight, wanted: Wanted) -> _Counted:
    found = narrowed(sight, wanted, without="kind").order_by()
    counted = dict(found.values_list("kind").annotate(Count("pk")))
    return [
        (kind.value, kind.label, counted.get(kind.value, 0))
        for kind in Organisation.Kind
        if kind in counted or kind == wanted.kind
    ]


def _entries(sight: Sight, wanted: Wanted) -> _Counted:
    found = narrowed(sight, wanted, without="has").aggregate(
        offers=Count("pk", filter=Q(pk__in=sight.offers.values("organisation"))),
        requests=Count("pk", filter=Q(pk__in=sight.requests.values("organisation"))),
    )
    return [
        ("offers", _("offers something"), found["offers"]),
        ("requests", _("looks for something"), found["requests"]),
    ]


def _states(sight: Sight, wanted: Wanted) -> _Counted:
    found = narrowed(sight, wanted, without="state").order_by()
    counted = dict(found.exclude(state="").values_list("state").annotate(Count("pk")))
    counted.setdefault(wanted.state, 0)
    names = state_names()
    found_states: _Counted = [
        (state, names.get(state, state) or "", n) for state, n in counted.items() if state
    ]
    return sorted(
        found_states,
        key=lambda choice: fold(str(choice[1])),
    )


def _levels(sight: Sight, wanted: Wanted) -> _Counted:
    found = narrowed(sight, wanted, without="trl").order_by()
    counted = {levels: found.filter(_at_level(sight, levels)).count() for levels in _READINESS}
    return [
        (levels, label, counted[levels])
        for levels, label in _READINESS.items()
        if counted[levels] or levels == wanted.trl
    ]


def _topics(sight: Sight, wanted: Wanted) -> dict[ConceptKind, _Counted]:
    """Return the topics named most, with numbers unless they would take too long to count."""
    found = narrowed(sight, wanted, without="topic")
    is_counted = found.count() <= _COUNTED
    counts = _exact_numbers(sight, found) if is_counted else _rough_numbers(found)
    shown: dict[ConceptKind, _Counted] = {}
    for kind in ConceptKind:
        of_kind = [c for c in vocabulary_in_use().concepts.values() if c.kind is kind]
        tops = [concept for concept in of_kind if counts[concept.id]]
        tops = sorted(tops, key=lambda c: (-counts[c.id], label_of(c)))[:_TOPICS]
        tops += [c for c in of_kind if c.id == wanted.topic and c not in tops]
        shown[kind] = [
            (c.id, label_of(c), counts[c.id] if is_counted and not c.broader else None)
            for c in tops
        ]
    return shown


def _exact_numbers(sight: Sight, found: QuerySet[Organisation]) -> Counter[str]:
    known, members = vocabulary_in_use(), defaultdict[str, set[int]](set)
    for organisation, concept in _named_concepts(sight, found):
        if concept in known.concepts:
            members[known.top(concept).id].add(organisation)
    return Counter({top: len(organisations) for top, organisations in members.items()})


def _rough_numbers(found: QuerySet[Organisation]) -> Counter[str]:
    """Count what profiles name; enough to tell the topics that matter."""
    known, counts = vocabulary_in_use(), Counter[str]()
    competent = Competence.objects.filter(organisation__in=found.order_by().values("pk"))
    for concept, number in competent.order_by().values_list("concept").annotate(Count("pk")):
        if concept in known.concepts:
            counts[known.top(concept).id] += number
    return counts


def _named_concepts(sight: Sight, found: QuerySet[Organisation]) -> Iterator[tuple[int, str]]:
    inside = found.order_by().values("pk")
    competent = Competence.objects.filter(organisation__in=inside)
    yield from competent.values_list("organisation", "concept")
    for entries in (sight.offers, sight.requests):
        rows = entries.filter(organisation__in=inside).exclude(concepts="").order_by()
        for organisation, concepts in rows.values_list("organisation", "concepts"):
            yield from ((organisation, id_) for id_ in concepts.split("|") if id_)
