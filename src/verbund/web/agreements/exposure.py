"""What a party gives another, and how many members that means, counted by the sharing rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Model, Q, QuerySet

from verbund.web.agreements.models import Agreement, Clause, SharingRule
from verbund.web.agreements.queries import ENDED, day_in_term, standing
from verbund.web.agreements.rules import can_see_numbers
from verbund.web.agreements.sharing import in_force, visible
from verbund.web.networks.models import DataClass, Membership, Network, Organisation, holds
from verbund.web.networks.rules import Viewer


@dataclass(frozen=True)
class Seen:
    """How many members a partner sees something of, out of how many, and how many objected."""

    members: int
    of: int
    entries: int
    objected: int


@dataclass(frozen=True)
class Given:
    """A class of data that one party gives another, and the clauses by which it does."""

    giver: Network
    receiver: Network
    data_class: DataClass
    audience: SharingRule.Audience
    clauses: tuple[Clause, ...]
    since: dt.date | None
    seen: Seen | None


@dataclass(frozen=True)
class Change:
    """What a change would do to one of the things given."""

    given: Given
    before: Seen | None


def given_by(agreement: Agreement, *, viewer: Viewer, on: dt.date) -> list[Given]:
    """List what the parties give each other; with numbers for managers of the giving party.

    Before its first day an agreement is shown as it will be, without numbers; after its last day
    it gives nothing.
    """
    if standing(agreement, on) == ENDED:
        return []
    day = day_in_term(agreement, on)
    rules = (
        SharingRule.objects.filter(
            holds(day), holds(day, prefix="clause__"), clause__agreement=agreement
        )
        .select_related("clause")
        .order_by("clause__number", "pk")
    )
    parties = [party.network for party in agreement.signing.all()]
    found: dict[tuple[Network, Network, str, str], list[SharingRule]] = {}
    for rule in rules:
        for giver, receiver in _pairs(rule, parties):
            key = (giver, receiver, rule.data_class, rule.audience)
            found.setdefault(key, []).append(rule)
    order = list(DataClass)
    keys = sorted(
        found,
        key=lambda k: (parties.index(k[0]), parties.index(k[1]), order.index(DataClass(k[2]))),
    )
    return [_given(key, found[key], agreement, viewer=viewer, on=on) for key in keys]


def _pairs(rule: SharingRule, parties: list[Network]) -> Iterator[tuple[Network, Network]]:
    for giver, receiver in product(parties, parties):
        if (
            giver != receiver
            and rule.giver_id in (None, giver.pk)
            and rule.receiver_id in (None, receiver.pk)
        ):
            yield giver, receiver


def _given(
    key: tuple[Network, Network, str, str],
    rules: list[SharingRule],
    agreement: Agreement,
    *,
    viewer: Viewer,
    on: dt.date,
) -> Given:
    giver, receiver, data_class, audience = key
    begins = [rule.valid_from or agreement.valid_from for rule in rules]
    started = agreement.valid_from is None or agreement.valid_from <= on
    line = Given(
        giver=giver,
        receiver=receiver,
        data_class=DataClass(data_class),
        audience=SharingRule.Audience(audience),
        clauses=tuple(rule.clause for rule in rules),
        since=None if None in begins else min(begin for begin in begins if begin),
        seen=None,
    )
    if not started or not can_see_numbers(viewer, giver):
        return line
    return Given(**{**vars(line), "seen": seen(line, on)})


def seen(line: Given, on: dt.date) -> Seen | None:
    """Count what of the giver's members the receiver sees on a day; None for what has no rows."""
    models = _models_of(line.data_class)
    if not models:
        return None
    to_office = line.audience == SharingRule.Audience.MANAGERS
    receiving = frozenset((line.receiver.pk,))
    viewer = Viewer(networks=receiving, offices=receiving if to_office else frozenset())
    members = Membership.objects.filter(holds(on), network=line.giver).values("organisation")
    entries, shown = 0, Q(pk__in=[])
    for model in models:
        way = model.way_to_organisation or "pk"
        rows: QuerySet[Model] = visible(
            model._default_manager.filter(**{f"{way}__in": members}), to=viewer, on=on
        )
        entries += rows.count()
        shown |= Q(pk__in=rows.values(way))
    objections = in_force(on).filter(
        organisation__in=members,
        to_network=line.receiver,
        data_class=DataClass.PROFILE,
        allows=False,
    )
    return Seen(
        members=Organisation.objects.filter(shown).count(),
        of=members.count(),
        entries=entries,
        objected=objections.values("organisation").distinct().count(),
    )


def _models_of(data_class: DataClass) -> list[Any]:
    """List the models that take part in the sharing rule with this class of data."""
    if data_class is DataClass.PROFILE:
        return [Organisation]
    return [
        model
        for model in apps.get_models()
        if hasattr(model, "way_to_organisation") and getattr(model, "data_class", 0) == data_class
    ]


def preview(write: Callable[[], Agreement], *, viewer: Viewer, on: dt.date) -> list[Change]:
    """Tell what a change would make visible: do it, look by the one rule, take it back."""
    with transaction.atomic():
        agreement = write()
        day = max(on, agreement.valid_from or on)
        after = given_by(
            Agreement.objects.prefetch_related("signing__network").get(pk=agreement.pk),
            viewer=viewer,
            on=day,
        )
        transaction.set_rollback(True)
    return [Change(line, seen(line, day) if line.seen else None) for line in after]
