"""The same organisation twice, spelt differently: in one list or in two."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from itertools import combinations, product
from urllib.parse import urlsplit

from verbund.language.spelling import fold
from verbund.records.names import Name, almost_same, legal_forms_differ, parse_name
from verbund.records.organisation import Organisation

_LARGEST_BLOCK = 2_000  # organisations of one town compared with each other
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

    Only records that share a town, a domain, a participant code or the start of the name are
    compared, so the work grows with the size of these blocks and not with the square of the list.
    """
    traits = [_traits(organisation) for organisation in organisations]
    for i, j in _pairs_to_compare(traits, first_of_second_list=None):
        if likeness := _compare(traits[i], traits[j]):
            yield i, j, likeness


def same_in_both(
    left: Sequence[Organisation], right: Sequence[Organisation]
) -> list[tuple[int, int]]:
    """List the pairs of positions (left, right) that are one organisation."""
    traits = [_traits(organisation) for organisation in (*left, *right)]
    return sorted(
        (i, j - len(left))
        for i, j in _pairs_to_compare(traits, first_of_second_list=len(left))
        if _compare(traits[i], traits[j]) is Likeness.SAME
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
    for members in blocks.values():
        if first_of_second_list is None:
            pairs: Iterable[tuple[int, int]] = combinations(members[:_LARGEST_BLOCK], 2)
        else:
            border = bisect_left(members, first_of_second_list)
            pairs = product(members[:border], members[border:][:_LARGEST_BLOCK])
        for pair in pairs:
            if pair not in seen:
                seen.add(pair)
                yield pair


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
        yield "town:" + one.town
    if one.pic:
        yield "pic:" + one.pic
    for domain in sorted(one.domains):
        yield "domain:" + domain
