"""The same organisation twice, spelt differently: in one list or in two."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from itertools import product
from urllib.parse import urlsplit

import numpy as np
from rapidfuzz import fuzz, process

from verbund.language.spelling import fold
from verbund.records.names import (
    ALMOST_SAME,
    Name,
    almost_same,
    legal_forms_differ,
    parse_name,
)
from verbund.records.organisation import Organisation

_TOWN = "town:"
_ROWS_AT_ONCE = 500  # names compared with all others of a town in one step
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
    pic: str


def _traits(organisation: Organisation) -> _Traits:
    name = parse_name(organisation.name)
    words = name.core.split()
    return _Traits(
        name=name,
        words=frozenset(words),
        numbers=tuple(word for word in words if word.isdigit()),
        town=fold(organisation.city),
        domains=domains_of(organisation),
        pic=organisation.pic,
    )


def compare(one: Organisation, other: Organisation) -> Likeness | None:
    """Tell whether two records are one organisation.

    The same participant code decides. Else the names must agree but for spelling, the legal forms
    must not contradict, and neither may the towns; almost equal names count if the domain agrees,
    or the town and no domains contradict.
    """
    return _compare(_traits(one), _traits(other))


def _compare(one: _Traits, other: _Traits) -> Likeness | None:
    if one.pic and one.pic == other.pic:
        return Likeness.SAME
    same_name = one.name.squeezed == other.name.squeezed
    same_domain = not one.domains.isdisjoint(other.domains)
    same_town = bool(one.town) and one.town == other.town
    if not same_name and not almost_same(one.name, other.name):
        return Likeness.SIMILAR if same_domain and same_town else None
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

    Only records that share a domain, a participant code or the start of the name are compared, and
    in a town those with almost the same name; the work does not grow with the square of the list.
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
        pairs = _alike(traits, ours, theirs) if key.startswith(_TOWN) else product(ours, theirs)
        for i, j in pairs:
            if i < j and (i, j) not in seen:
                seen.add((i, j))
                yield i, j


def _alike(
    traits: Sequence[_Traits], ours: Sequence[int], theirs: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Choose the pairs of a town with almost the same name: a town may have thousands of firms."""
    names = [traits[j].name.squeezed for j in theirs]
    for start in range(0, len(ours), _ROWS_AT_ONCE):
        rows = ours[start : start + _ROWS_AT_ONCE]
        ratios = process.cdist(
            [traits[i].name.squeezed for i in rows],
            names,
            scorer=fuzz.ratio,
            score_cutoff=ALMOST_SAME,
            dtype=np.uint8,
        )
        for row, column in np.argwhere(ratios > 0):
            yield rows[int(row)], theirs[int(column)]


def domains_of(organisation: Organisation) -> frozenset[str]:
    """Collect the web and mail domains that belong to the organisation itself."""
    domains = set()
    if organisation.website:
        with suppress(ValueError):  # an address from open data need not be one
            host = urlsplit(organisation.website).hostname or ""
            domains.add(host.removeprefix("www."))
    if "@" in organisation.contact_email:
        domains.add(organisation.contact_email.rpartition("@")[2].lower())
    return frozenset(domains - _MAIL_PROVIDERS - {""})


def _block_keys(one: _Traits) -> Iterator[str]:
    yield "name:" + one.name.squeezed[:4]
    if one.town:
        yield _TOWN + one.town
    if one.pic:
        yield "pic:" + one.pic
    for domain in sorted(one.domains):
        yield "domain:" + domain
