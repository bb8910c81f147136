"""What a party gives another, and how many members that means, counted by the sharing rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Model, Q, QuerySet

from verbund.web.agreements.models import Agreement, Clause, SharingRule, is_in_force
from verbund.web.agreements.queries import ENDED, day_in_term, standing
from verbund.web.agreements.rules import can_see_numbers
from verbund.web.agreements.sharing import in_force, visible
from verbund.web.networks.models import DataClass, Membership, Network, Organisation, holds
from verbund.web.networks.rules import STRANGER, Viewer

NEW, GONE, SAME = "new", "gone", "same"
_SAMPLE, _LOOKED_AT = 3, 30  # names that are said, and those among which they are looked for


@dataclass(frozen=True)
class Seen:
    """How many members a partner sees something of, out of how many, and how many objected.

    `names` are the first few of them.
    """

    members: int
    of: int
    entries: int
    objected: int
    names: tuple[str, ...] = field(default=(), compare=False)


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
    """What a change does to one of the things given; `state` is new, gone or as before."""

    given: Given
    before: Seen | None
    state: str

    @property
    def is_known_already(self) -> bool:
        """Tell whether the new share shows nothing that the receiver does not see already."""
        return self.state == NEW and self.before is not None and self.before == self.given.seen

    @property
    def names(self) -> tuple[str, ...]:
        """Return a few members that it concerns; of what ends, those that do disappear."""
        then = self.given.seen.names if self.given.seen else ()
        if self.state != GONE:
            return then[:_SAMPLE]
        before = self.before.names if self.before else ()
        return tuple(name for name in before if name not in then)[:_SAMPLE]


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
    return replace(line, seen=seen(line, on))


def seen(line: Given, on: dt.date, *, sample: int = 0) -> Seen | None:
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
    organisations = Organisation.objects.filter(shown)
    return Seen(
        members=organisations.count(),
        of=members.count(),
        entries=entries,
        objected=objections.values("organisation").distinct().count(),
        names=tuple(organisations.values_list("name", flat=True)[:sample]) if sample else (),
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


def preview(
    agreement: Agreement, write: Callable[[], object], *, viewer: Viewer, on: dt.date
) -> list[Change]:
    """Tell what a change does to what is visible on a day: do it, look by the one rule, undo it.

    Counts and names are of the viewer's own members only, and so are those before the change.
    """
    before = _lines(agreement, viewer, on)
    with transaction.atomic():
        write()
        after = _lines(agreement, viewer, on)
        seen_after = {key: _sampled(line, viewer, on) for key, line in (before | after).items()}
        transaction.set_rollback(True)
    seen_before = {key: _sampled(line, viewer, on) for key, line in (before | after).items()}
    return [
        Change(
            replace(line, seen=seen_after[key]),
            seen_before[key],
            NEW if key not in before else GONE if key not in after else SAME,
        )
        for key, line in (before | after).items()
    ]


def loss(agreement: Agreement, *, viewer: Viewer, on: dt.date) -> list[Change]:
    """Tell what would be gone from whose screens, were there no such agreement on a day."""

    def write() -> None:
        Agreement.objects.filter(pk=agreement.pk).update(stage=Agreement.Stage.WITHDRAWN)

    return preview(agreement, write, viewer=viewer, on=on)


_Key = tuple[int, int, str, str]


def _lines(agreement: Agreement, viewer: Viewer, on: dt.date) -> dict[_Key, Given]:
    if not Agreement.objects.filter(is_in_force(on), pk=agreement.pk).exists():
        return {}
    fresh = Agreement.objects.prefetch_related("signing__network").get(pk=agreement.pk)
    return {
        (line.giver.pk, line.receiver.pk, line.data_class, line.audience): line
        for line in given_by(fresh, viewer=STRANGER, on=on)
    }


def _sampled(line: Given, viewer: Viewer, on: dt.date) -> Seen | None:
    if not can_see_numbers(viewer, line.giver):
        return None
    return seen(line, on, sample=_LOOKED_AT)
