"""Members as a list states them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Model

from verbund.records.organisation import Organisation as Record
from verbund.web.agreements.signals import sharing_changed
from verbund.web.core.services import record
from verbund.web.directory.holdings import Holding, holdings_of, new_holding
from verbund.web.directory.laying import lay
from verbund.web.directory.models import (
    Competence,
    ContactPerson,
    Entry,
    Figures,
    Offer,
    Profile,
    Request,
)
from verbund.web.directory.services.index import (
    announce_change,
    concepts_of,
    index_entry,
    searched_names,
    searched_profile,
)
from verbund.web.directory.traces import Trace, Values, snapshot, trace_of
from verbund.web.networks.models import (
    Alias,
    Identifier,
    Membership,
    Network,
    Organisation,
    Visibility,
)

if TYPE_CHECKING:
    from verbund.web.accounts.models import User

_NOTED = 50  # rows between two notes of how far the work is
_ORDER: tuple[type[Model], ...] = (
    Organisation,
    Membership,
    Profile,
    Figures,
    Alias,
    Identifier,
    ContactPerson,
    Offer,
    Request,
)


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What became of a row: `created` or `changed`, or neither if it said nothing new.

    `trace` is what it takes to undo it.
    """

    organisation: Organisation
    created: bool
    changed: bool
    trace: Trace | None = None


@transaction.atomic
def take_over_member(
    member: Record,
    network: Network,
    *,
    existing: Organisation | None,
    by: User | None,
    on: dt.date,
    entries_default: Visibility = Visibility.OWN,
) -> Organisation:
    """Write one row of a member list: a new organisation, or what it adds to an existing one.

    Empty cells never erase, and offers or requests the row does not repeat stay. Where the row
    says nothing about visibility, new entries get `entries_default`.
    """
    (taken,) = take_over_members(
        [(member, existing)], network, by=by, on=on, entries_default=entries_default
    )
    return taken.organisation


@transaction.atomic
def take_over_members(
    rows: Sequence[tuple[Record, Organisation | None]],
    network: Network,
    *,
    by: User | None,
    on: dt.date,
    entries_default: Visibility = Visibility.OWN,
) -> list[TakenOver]:
    """Write rows of a member list, each onto its organisation or as a new one.

    The work is done in a few steps for all, so that a list of thousands does not keep others from
    writing; each organisation that changes gets its audit entry, the other apps are told once.
    """
    prepared = prepare_members(rows, network, on=on, entries_default=entries_default)
    return write_members(prepared, by=by, on=on)


@dataclass
class Prepared:
    """Rows laid over what is kept, with all that is worked out for them; nothing is written yet."""

    network: Network
    holdings: list[Holding]
    before: dict[int, Values]
    concepts: dict[int, set[str]]  # of touched profiles, by their identity in memory

    @property
    def touched(self) -> dict[int, Holding]:
        return {id(one): one for one in self.holdings if one.touched}


def prepare_members(
    rows: Sequence[tuple[Record, Organisation | None]],
    network: Network,
    *,
    on: dt.date,
    entries_default: Visibility = Visibility.OWN,
    note: Callable[[float], None] = lambda share: None,
) -> Prepared:
    """Work out what rows would write: the long part, which keeps nobody from writing.

    `note` is told the share done now and then; what it raises ends the work.
    """
    held = holdings_of((one for _, one in rows if one), network, on=on)
    before = snapshot(thing for holding in held.values() for thing in holding.things())
    prepared = Prepared(network, [], before, {})
    for number, (member, existing) in enumerate(rows):
        holding = held[existing.pk] if existing else new_holding(network)
        lay(holding, member, on=on, entries_default=entries_default)
        if holding.touched:
            _prepare(holding)
        if id(holding.profile) in holding.touched:
            prepared.concepts[id(holding.profile)] = concepts_of(holding.profile)
        prepared.holdings.append(holding)
        if number % _NOTED == 0:
            note(number / len(rows))
    return prepared


@transaction.atomic
def write_members(prepared: Prepared, *, by: User | None, on: dt.date) -> list[TakenOver]:
    """Write what was prepared; nobody may have changed these members meanwhile."""
    network, touched = prepared.network, prepared.touched
    new = {key for key, one in touched.items() if one.organisation.pk is None}
    joined = [one.organisation for one in touched.values() if one.membership.pk is None]
    _write(touched.values())
    _index(touched.values(), prepared.concepts)
    for key, one in touched.items():
        fields = [] if key in new else sorted({change.field for change in one.changes})
        _record(by, one.organisation, network, is_new=key in new, fields=fields)
    if touched:
        announce_change([one.organisation for one in touched.values()], on)
    if joined:
        announce_members(network)
    traces = {
        key: trace_of(one.organisation, one.touched.values(), prepared.before, is_new=key in new)
        for key, one in touched.items()
    }
    return [
        TakenOver(
            one.organisation,
            id(one) in new,
            id(one) in touched and id(one) not in new,
            traces.get(id(one)),
        )
        for one in prepared.holdings
    ]


def _record(
    by: User | None,
    organisation: Organisation,
    network: Network,
    *,
    is_new: bool,
    fields: list[str],
) -> None:
    about: dict[str, Any] = {"network": network.slug} | ({"fields": fields} if fields else {})
    record(by, "create" if is_new else "update", organisation, about)


def announce_members(network: Network) -> None:
    """Tell the other apps, once the change is committed, that a network's members are others."""
    concerned = frozenset((network.pk,))
    transaction.on_commit(lambda: sharing_changed.send(sender=Organisation, networks=concerned))


def _write(holdings: Iterable[Holding]) -> None:
    """Write what rows touched, model by model: the new ones at once, the changed ones each."""
    things: dict[type[Model], list[Any]] = defaultdict(list)
    for holding in holdings:
        for thing in holding.touched.values():
            things[type(thing)].append(thing)
    for model in _ORDER:
        for thing in things[model]:
            if thing.pk:
                thing.save()
        model._default_manager.bulk_create(
            [thing for thing in things[model] if not thing.pk], batch_size=500
        )


def _prepare(holding: Holding) -> None:
    """Fill what searches and filters need, before it is written."""
    names = [alias.name for alias in holding.aliases]
    searched = searched_names(holding.organisation, names)
    if searched != holding.organisation.search:
        holding.organisation.search = searched
        holding.touch(holding.organisation)
    if id(holding.profile) in holding.touched:
        holding.profile.search = searched_profile(holding.profile)
    for thing in holding.touched.values():
        if isinstance(thing, Entry):
            index_entry(thing)


def _index(holdings: Iterable[Holding], concepts: Mapping[int, set[str]]) -> None:
    """Bring the competences of touched profiles in line with their texts."""
    profiles = {
        holding.organisation.pk: holding.profile
        for holding in holdings
        if id(holding.profile) in holding.touched
    }
    wanted = {pk: concepts[id(one)] for pk, one in profiles.items()}
    known: dict[int, set[str]] = defaultdict(set)
    outdated = []
    for competence in Competence.objects.filter(organisation__in=wanted):
        is_said = competence.concept in wanted[competence.organisation_id]
        if is_said or competence.evidence != Competence.Evidence.TEXT:
            known[competence.organisation_id].add(competence.concept)
        else:
            outdated.append(competence.pk)
    Competence.objects.filter(pk__in=outdated).delete()
    Competence.objects.bulk_create(
        (
            Competence(organisation_id=pk, concept=concept)
            for pk, concepts in wanted.items()
            for concept in sorted(concepts - known[pk])
        ),
        batch_size=1000,
    )
