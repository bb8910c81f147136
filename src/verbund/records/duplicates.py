"""The same organisation twice, spelt differently: in one list or in two."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from itertools import product
from operator import attrgetter
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from rapidfuzz import fuzz, process

from verbund.language.spelling import fold
from verbund.records.names import (
    ALMOST_SAME,
    Name,
    almost_same,
    founded_apart,
    initials,
    is_short_for,
    legal_forms_differ,
    parse_name,
)
from verbund.records.organisation import Organisation
from verbund.wording import Phrase

# How near names must come to be compared: in a town but for spelling, with the same beginning
# also if one contains the other.
_SPELT: tuple[Callable[[Name], str], Any] = (attrgetter("squeezed"), fuzz.ratio)
_NEAR = {"town": (_SPELT,), "name": (_SPELT, (attrgetter("core"), fuzz.token_set_ratio))}
_ROWS_AT_ONCE = 500  # names compared with all others of a block in one step
_MAIL_PROVIDERS = frozenset(
    (
        "gmail.com gmx.de gmx.net web.de t-online.de outlook.com outlook.de hotmail.com "
        "yahoo.de freenet.de"
    ).split()
)


class Likeness(Enum):
    SAME = "same"  # one organisation
    SIMILAR = "similar"  # perhaps one: a person should look


@dataclass(frozen=True, slots=True)
class _Traits:
    """What of a record tells who it is, read once although it is compared many times."""

    name: Name
    words: frozenset[str]
    numbers: tuple[str, ...]
    town: str
    domains: frozenset[str]
    identifiers: frozenset[str]


def _traits(organisation: Organisation) -> _Traits:
    identifiers = {f"pic:{organisation.pic}"} if organisation.pic else set()
    return _traits_of(
        organisation.name, organisation.city, domains_of(organisation), frozenset(identifiers)
    )


def _traits_of(
    name: str, city: str, domains: frozenset[str], identifiers: frozenset[str]
) -> _Traits:
    parsed = parse_name(name)
    words = parsed.core.split()
    return _Traits(
        name=parsed,
        words=frozenset(words),
        numbers=tuple(word for word in words if word.isdigit()),
        town=fold(city),
        domains=domains,
        identifiers=identifiers,
    )


def compare(one: Organisation, other: Organisation) -> Likeness | None:
    """Tell whether two records are one organisation.

    A number in the same register decides. Else the names must agree but for spelling, the legal
    forms must not contradict, and neither may the towns; almost equal names count if the domain
    agrees, or the town and no domains contradict. An association and a firm are always two.
    """
    return _compare(_traits(one), _traits(other))


def _compare(one: _Traits, other: _Traits) -> Likeness | None:
    if not one.identifiers.isdisjoint(other.identifiers):
        return Likeness.SAME
    if founded_apart(one.name, other.name):
        return None
    same_name = one.name.squeezed == other.name.squeezed
    same_domain = not one.domains.isdisjoint(other.domains)
    same_town = bool(one.town) and one.town == other.town
    if not same_name and not almost_same(one.name, other.name):
        place = (same_domain or same_town) and is_short_for(one.name, other.name)
        return Likeness.SIMILAR if place or (same_domain and same_town) else None
    towns_contradict = bool(one.town and other.town) and not same_town
    forms_differ = legal_forms_differ(one.name, other.name)
    if same_name:
        contradiction = forms_differ or (towns_contradict and not same_domain)
        return Likeness.SIMILAR if contradiction else Likeness.SAME
    if forms_differ or one.numbers != other.numbers:
        return Likeness.SIMILAR if same_domain else None
    contained = one.words <= other.words or other.words <= one.words
    domains_contradict = bool(one.domains and other.domains) and not same_domain
    if same_domain or (same_town and not contained and not domains_contradict):
        return Likeness.SAME
    return Likeness.SIMILAR if not towns_contradict else None


def likenesses(organisations: Sequence[Organisation]) -> Iterator[tuple[int, int, Likeness]]:
    """Find pairs (i < j) of records that are, or may be, one organisation.

    Only records that share a domain or a number, or whose names come near (with the same beginning,
    in a town, as an abbreviation), are compared; the work grows less than with the list's square.
    """
    traits = [_traits(organisation) for organisation in organisations]
    for i, j in _pairs_to_compare(traits, first_of_second_list=None):
        if likeness := _compare(traits[i], traits[j]):
            yield i, j, likeness


def likenesses_across(
    left: Sequence[Organisation], right: Sequence[Organisation]
) -> Iterator[tuple[int, int, Likeness]]:
    """Find pairs of positions (left, right) of records that are, or may be, one organisation."""
    traits = [_traits(organisation) for organisation in (*left, *right)]
    for i, j in _pairs_to_compare(traits, first_of_second_list=len(left)):
        if likeness := _compare(traits[i], traits[j]):
            yield i, j - len(left), likeness


def same_in_both(
    left: Sequence[Organisation], right: Sequence[Organisation]
) -> list[tuple[int, int]]:
    """List the pairs of positions (left, right) that are one organisation."""
    return sorted(
        (i, j) for i, j, likeness in likenesses_across(left, right) if likeness is Likeness.SAME
    )


class Register:
    """One list whose members are found again, however they are spelt; it changes by member."""

    def __init__(self, organisations: Iterable[Organisation] = ()) -> None:
        self._traits: dict[str, _Traits] = {}
        self._blocks: dict[str, dict[str, None]] = defaultdict(dict)  # ordered sets of ids
        for organisation in organisations:
            self.put(organisation)

    def put(self, organisation: Organisation) -> None:
        """Take in or replace an organisation."""
        self.remove(organisation.id)
        traits = self._traits[organisation.id] = _traits(organisation)
        for key in _block_keys(traits):
            self._blocks[key][organisation.id] = None

    def remove(self, id_: str) -> None:
        """Forget an organisation; one that is not there is forgotten already."""
        if traits := self._traits.pop(id_, None):
            for key in _block_keys(traits):
                self._blocks[key].pop(id_, None)
                if not self._blocks[key]:
                    del self._blocks[key]

    def same_as(self, organisation: Organisation) -> list[str]:
        """List the ids of those that are the same organisation, in the order they came."""
        own = _traits(organisation)
        near: dict[str, None] = {}
        for key in _block_keys(own):
            block = self._blocks.get(key)
            if block:
                ids = list(block)
                traits = [own, *(self._traits[id_] for id_ in ids)]
                everyone = range(1, len(traits))
                for _, position in _alike(traits, [0], everyone, key.partition(":")[0]):
                    near[ids[position - 1]] = None
        return [id_ for id_ in near if _compare(own, self._traits[id_]) is Likeness.SAME]


def _pairs_to_compare(
    traits: Sequence[_Traits], *, first_of_second_list: int | None
) -> Iterator[tuple[int, int]]:
    """List the pairs i < j of a block once each; of two lists only those across."""
    blocks: dict[str, list[int]] = defaultdict(list)
    for index, one in enumerate(traits):
        for key in _block_keys(one):
            blocks[key].append(index)
    seen: set[tuple[int, int]] = set()
    for key, members in blocks.items():
        border = 0
        if first_of_second_list is not None:
            border = bisect_left(members, first_of_second_list)
        ours, theirs = (members[:border], members[border:]) if border else (members, members)
        if first_of_second_list is not None and not border:
            continue  # nobody of the first list
        for i, j in _alike(traits, ours, theirs, key.partition(":")[0]):
            if i < j and (i, j) not in seen:
                seen.add((i, j))
                yield i, j


def _alike(
    traits: Sequence[_Traits], ours: Sequence[int], theirs: Sequence[int], block: str
) -> Iterator[tuple[int, int]]:
    """Choose the pairs of a block whose names are near enough to look at: it may be thousands."""
    if block not in _NEAR:
        yield from product(ours, theirs)
        return
    for spelling, scorer in _NEAR[block]:
        names = [spelling(traits[j].name) for j in theirs]
        for start in range(0, len(ours), _ROWS_AT_ONCE):
            rows = ours[start : start + _ROWS_AT_ONCE]
            ratios = process.cdist(
                [spelling(traits[i].name) for i in rows],
                names,
                scorer=scorer,
                score_cutoff=ALMOST_SAME,
                dtype=np.uint8,
            )
            for row, column in np.argwhere(ratios > 0):
                yield rows[int(row)], theirs[int(column)]


def domains_of(organisation: Organisation) -> frozenset[str]:
    """Collect the web and mail domains that belong to the organisation itself."""
    return domains_among([organisation.website, organisation.contact_email])


def domains_among(addresses: Iterable[str]) -> frozenset[str]:
    """Collect the domains of web and mail addresses, without those of mail providers."""
    domains = set()
    for address in addresses:
        if "@" in address and "/" not in address:
            domains.add(address.rpartition("@")[2].lower())
        else:
            with suppress(ValueError):  # an address from open data need not be one
                host = urlsplit(address).hostname or ""
                domains.add(host.removeprefix("www."))
    return frozenset(domains - _MAIL_PROVIDERS - {""})


def _block_keys(one: _Traits) -> Iterator[str]:
    yield "name:" + one.name.squeezed[:4]
    words = one.name.core.split()
    yield "begins:" + " ".join(word[:3] for word in words)
    if len(words) != 2:  # two initials say nothing
        yield "short:" + (one.name.core if len(words) == 1 else initials(words))
    if one.town:
        yield "town:" + one.town
    for identifier in sorted(one.identifiers):
        yield "number:" + identifier
    for domain in sorted(one.domains):
        yield "domain:" + domain


# ---------------------------------------------------------------- with reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What of an organisation tells who it is.

    The first name is its own, the others are aliases; the first town is its seat. `identifiers` are
    pairs of register and number.
    """

    names: tuple[str, ...]
    towns: tuple[str, ...] = ()
    domains: frozenset[str] = frozenset()
    identifiers: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Twin:
    """Two of a list (by position) that are, or may be, one; what speaks for it and against."""

    left: int
    right: int
    likeness: Likeness
    reasons: tuple[Phrase, ...]
    doubts: tuple[Phrase, ...]

    @property
    def strength(self) -> tuple[bool, int]:
        """Order the surest last."""
        return self.likeness is Likeness.SAME, len(self.reasons) - len(self.doubts)


def twins(identities: Sequence[Identity]) -> list[Twin]:
    """Find those that are, or may be, one organisation, under any of their names; surest first.

    Different numbers in one register make sure ones doubtful.
    """
    owners = [index for index, one in enumerate(identities) for _ in one.names]
    traits = [
        traits for index in range(len(identities)) for traits in _spellings(identities[index])
    ]
    found: dict[tuple[int, int], Likeness] = {}
    for i, j in _pairs_to_compare(traits, first_of_second_list=None):
        pair = owners[i], owners[j]
        if pair[0] == pair[1] or found.get(pair) is Likeness.SAME:
            continue
        if likeness := _compare(traits[i], traits[j]):
            found[pair] = likeness
    pairs = [_with_reasons(identities, pair, likeness) for pair, likeness in sorted(found.items())]
    return sorted(pairs, key=lambda twin: twin.strength, reverse=True)


def _spellings(one: Identity) -> Iterator[_Traits]:
    identifiers = frozenset(f"{scheme}:{_plain(number)}" for scheme, number in one.identifiers)
    for name in one.names:
        yield _traits_of(name, one.towns[0] if one.towns else "", one.domains, identifiers)


def _plain(number: str) -> str:
    return "".join(letter for letter in number.upper() if letter.isalnum())


def _with_reasons(
    identities: Sequence[Identity], pair: tuple[int, int], likeness: Likeness
) -> Twin:
    one, other = (identities[index] for index in pair)
    reasons, doubts = [], []
    shared, differing = _registers(one, other)
    if shared:
        reasons.append(Phrase("twin.number", {"numbers": shared}))
    reasons += _said_of_names(one, other)
    if domains := sorted(one.domains & other.domains):
        reasons.append(Phrase("twin.domain", {"domain": domains[0]}))
    towns = [{fold(town): town for town in side.towns if town} for side in (one, other)]
    if both := sorted(towns[0].keys() & towns[1].keys()):
        reasons.append(Phrase("twin.town", {"town": towns[0][both[0]]}))
    elif towns[0] and towns[1]:
        doubts.append(Phrase("twin.towns", {"one": one.towns[0], "other": other.towns[0]}))
    if legal_forms_differ(parse_name(one.names[0]), parse_name(other.names[0])):
        doubts.append(Phrase("twin.forms"))
    if differing and not shared:
        doubts.append(Phrase("twin.numbers", {"numbers": differing}))
        likeness = Likeness.SIMILAR
    return Twin(*pair, likeness, tuple(reasons), tuple(doubts))


def _registers(one: Identity, other: Identity) -> tuple[list[str], list[str]]:
    """Return the numbers that agree, and those that differ although the register is the same."""
    sides: list[dict[str, dict[str, str]]] = [{}, {}]
    for side, identity in zip(sides, (one, other), strict=True):
        for scheme, number in sorted(identity.identifiers):
            side.setdefault(scheme, {})[_plain(number)] = number
    agree, differ = [], []
    for scheme in sorted(sides[0].keys() & sides[1].keys()):
        left, right = sides[0][scheme], sides[1][scheme]
        if same := sorted(left.keys() & right.keys()):
            agree += [left[number] for number in same]
        else:
            differ += [*left.values(), *right.values()]
    return agree, differ


def _said_of_names(one: Identity, other: Identity) -> Iterator[Phrase]:
    """Say how the names agree, by the nearest pair; nothing if they do not."""
    parsed = [
        (parse_name(a), parse_name(b), a == one.names[0] and b == other.names[0])
        for a in one.names
        for b in other.names
    ]
    for same, code in (
        (lambda a, b: a.squeezed == b.squeezed, "same"),
        (almost_same, "almost"),
        (is_short_for, "short"),
    ):
        for a, b, are_own in parsed:
            if same(a, b):
                yield Phrase(f"twin.name_{code}" if are_own else "twin.alias")
                return
