"""The same organisation twice, spelt differently: in one list or in two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from enum import Enum
from urllib.parse import urlsplit

from verbund.language.spelling import fold
from verbund.records.names import almost_same_name, legal_forms_differ, parse_name
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


def compare(one: Organisation, other: Organisation) -> Likeness | None:
    """Tell whether two records are one organisation.

    The same participant code decides. Else the names must agree but for spelling, the legal forms
    must not contradict, and neither may the towns; almost equal names count if town or domain
    agree.
    """
    if one.pic and one.pic == other.pic:
        return Likeness.SAME
    first, second = parse_name(one.name), parse_name(other.name)
    same_domain = bool(domains_of(one) & domains_of(other))
    same_town = bool(one.city) and fold(one.city) == fold(other.city)
    towns_contradict = bool(one.city and other.city) and not same_town
    if first.squeezed == second.squeezed:
        if legal_forms_differ(first, second) or (towns_contradict and not same_domain):
            return Likeness.SIMILAR
        return Likeness.SAME
    if not almost_same_name(one.name, other.name):
        return None
    if legal_forms_differ(first, second) or _numbers(first.core) != _numbers(second.core):
        return Likeness.SIMILAR if same_domain else None
    contained = set(first.core.split()) <= set(second.core.split()) or set(
        second.core.split()
    ) <= set(first.core.split())
    if same_domain or (same_town and not contained):
        return Likeness.SAME
    return Likeness.SIMILAR if not towns_contradict else None


def likenesses(organisations: Sequence[Organisation]) -> Iterator[tuple[int, int, Likeness]]:
    """Find pairs (i < j) of records that are, or may be, one organisation.

    Only records that share a town, a domain, a participant code or the start of the name are
    compared, so the work grows with the size of these blocks and not with the square of the list.
    """
    blocks: dict[str, list[int]] = defaultdict(list)
    for index, organisation in enumerate(organisations):
        for key in _block_keys(organisation):
            blocks[key].append(index)
    seen: set[tuple[int, int]] = set()
    for members in blocks.values():
        for position, i in enumerate(members[:_LARGEST_BLOCK]):
            for j in members[position + 1 : _LARGEST_BLOCK]:
                if (i, j) in seen:
                    continue
                seen.add((i, j))
                if likeness := compare(organisations[i], organisations[j]):
                    yield i, j, likeness


def same_in_both(left: Sequence[Organisation], right: Sequence[Organisation]) -> dict[int, int]:
    """Map positions in the left list to the position of the same organisation in the right one."""
    both = [*left, *right]
    found: dict[int, int] = {}
    for i, j, likeness in likenesses(both):
        if likeness is Likeness.SAME and i < len(left) <= j:
            found.setdefault(i, j - len(left))
    return found


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


def _block_keys(organisation: Organisation) -> Iterator[str]:
    yield "name:" + parse_name(organisation.name).squeezed[:4]
    if organisation.city:
        yield "town:" + fold(organisation.city)
    if organisation.pic:
        yield "pic:" + organisation.pic
    for domain in domains_of(organisation):
        yield "domain:" + domain


def _numbers(text: str) -> list[str]:
    return [word for word in text.split() if word.isdigit()]
