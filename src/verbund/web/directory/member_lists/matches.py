"""Which rows may be organisations that are already there."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from verbund.records.duplicates import Likeness, domains_of, likenesses_across
from verbund.records.names import almost_same_name
from verbund.records.organisation import Organisation as Record
from verbund.web.agreements.sharing import visible
from verbund.web.networks.identifiers import pics_of
from verbund.web.networks.models import Alias, Membership, Network, Organisation, holds
from verbund.web.networks.rules import Viewer

Stored = dict[str, list[tuple[int, bool, bool]]]


@dataclass(frozen=True, slots=True)
class Match:
    """An organisation that a row may be.

    `is_sure` stands for one of the network's own members about which there is no doubt; `is_likely`
    for one that is proposed, but asked about.
    """

    organisation: int
    is_sure: bool
    is_likely: bool


@dataclass(frozen=True, slots=True)
class _Known:
    """A spelling of an organisation that is there; `number` is the office's own for it."""

    organisation: int
    uid: str
    record: Record
    is_own: bool
    number: str


@dataclass(slots=True)
class _Pair:
    row: int
    known: _Known
    is_same: bool
    is_likely: bool
    strength: tuple[bool, ...]  # same id, same number, same name to the letter, same town


def find_matches(
    rows: Sequence[Record], network: Network, *, to: Viewer, on: dt.date
) -> dict[int, list[Match]]:
    """Find for each row (by position) the organisations it may be, of those the viewer may see.

    A row is surely a member of the network if no other member and no other row comes as near.
    Members of other networks are never sure: taking them over makes them members of both.
    """
    known = _known(network, to, on)
    pairs: dict[tuple[int, int], _Pair] = {}
    for i, j, likeness in likenesses_across(rows, [one.record for one in known]):
        pair = _pair(i, rows[i], known[j], is_same=likeness is Likeness.SAME)
        _keep(pairs, pair)
    numbers = {one.number: one for one in known if one.number}
    keys = {one.uid: one for one in known}
    for i, row in enumerate(rows):
        if one := keys.get(row.key):
            _keep(pairs, _pair(i, row, one, is_same=True))
        if one := numbers.get(row.id):
            is_same = almost_same_name(row.name, one.record.name)
            _keep(pairs, _pair(i, row, one, is_same=is_same))
    sure = _sure(list(pairs.values()))
    taken = {organisation for _, organisation in sure}
    found: dict[int, list[Match]] = defaultdict(list)
    for (row_index, organisation), pair in sorted(pairs.items(), key=lambda item: _rank(item[1])):
        is_sure = (row_index, organisation) in sure
        is_likely = pair.is_likely and organisation not in taken
        found[row_index].append(Match(organisation, is_sure, is_likely))
    return found


def _known(network: Network, to: Viewer, on: dt.date) -> list[_Known]:
    members = Membership.objects.filter(holds(on), network=network)
    numbers = dict(members.values_list("organisation_id", "number"))
    fields = ("name", "city", "website")
    seen = visible(Organisation.objects.all(), to=to, on=on)
    known, pics = {}, pics_of(seen)
    for pk, uid, *values in seen.order_by("pk").values_list("pk", "uid", *fields):
        stated = dict(zip(fields, values, strict=True))
        record = Record(id=str(pk), pic=pics.get(pk, ""), **stated)
        known[pk] = _Known(pk, str(uid), record, pk in numbers, numbers.get(pk, ""))
    spellings = list(known.values())
    aliases = visible(Alias.objects.order_by("pk"), to=to, on=on)
    for pk, name in aliases.values_list("organisation_id", "name"):
        if one := known.get(pk):
            record = Record(
                id=str(pk),
                name=name,
                city=one.record.city,
                website=one.record.website,
                pic=one.record.pic,
            )
            spellings.append(_Known(pk, one.uid, record, one.is_own, one.number))
    return spellings


def _pair(index: int, row: Record, known: _Known, *, is_same: bool) -> _Pair:
    has_key = known.uid == row.key
    has_number = bool(known.number) and known.number == row.id
    same_domain = not domains_of(row).isdisjoint(domains_of(known.record))
    is_named_so = almost_same_name(row.name, known.record.name)
    return _Pair(
        index,
        known,
        is_same,
        is_likely=is_same or has_number or (same_domain and is_named_so),
        strength=(
            has_key,
            has_number,
            row.name == known.record.name,
            row.city == known.record.city,
        ),
    )


def _keep(pairs: dict[tuple[int, int], _Pair], pair: _Pair) -> None:
    key = (pair.row, pair.known.organisation)
    other = pairs.get(key)
    if other is None or _rank(pair) < _rank(other):
        pairs[key] = pair


def _rank(pair: _Pair) -> tuple[bool, bool, bool, tuple[bool, ...], int]:
    """Order the nearest first."""
    worse = tuple(not good for good in pair.strength)
    return (not pair.is_same, not pair.is_likely, not pair.known.is_own, worse, pair.row)


def _sure(pairs: list[_Pair]) -> set[tuple[int, int]]:
    """Choose the pairs in which neither side has another that fits as well."""
    same = [pair for pair in pairs if pair.is_same and pair.known.is_own]
    of_row: dict[int, list[_Pair]] = defaultdict(list)
    of_organisation: dict[int, list[_Pair]] = defaultdict(list)
    for pair in same:
        of_row[pair.row].append(pair)
        of_organisation[pair.known.organisation].append(pair)

    def is_best(pair: _Pair, others: list[_Pair]) -> bool:
        return all(other is pair or other.strength < pair.strength for other in others)

    return {
        (pair.row, pair.known.organisation)
        for pair in same
        if is_best(pair, of_row[pair.row])
        and is_best(pair, of_organisation[pair.known.organisation])
    }


def as_stored(found: dict[int, list[Match]]) -> Stored:
    return {
        str(row): [(one.organisation, one.is_sure, one.is_likely) for one in matches]
        for row, matches in found.items()
    }


def from_stored(stored: Stored) -> dict[int, list[Match]]:
    return {int(row): [Match(*one) for one in matches] for row, matches in stored.items()}
