"""The sharing rule: who may see what. Every page, export, search and count asks here.

A person sees of members' data

1. what their own network holds (figures: the office only), and all of an organisation they
   represent;
2. what is public, as long as the organisation is a member of any network;
3. what a clause of an agreement in force on the day gives to one of their networks, as far as the
   organisation allows it.

| data class | 1 own network | 3 partner network, once a clause names the class |
|---|---|---|
| profile | yes | unless kept to the own network, or the organisation objects |
| offers, requests | yes | as `profile`, and the entry says `partners` or `public` |
| contact | yes | only with consent |
| figures | office | only with consent |

A model takes part by two class attributes: `data_class`, and `way_to_organisation`, the lookup path
to its organisation ("" for the organisation itself).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Protocol, TypeVar, cast

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from verbund.web.agreements.models import Consent, Field, SharingRule, is_in_force
from verbund.web.networks.models import DataClass, Membership, Organisation, Visibility, holds
from verbund.web.networks.rules import Viewer

M = TypeVar("M", bound=Model)
_ENTRIES = (DataClass.OFFERS, DataClass.REQUESTS)
_BY_CONSENT = (DataClass.CONTACT, DataClass.FIGURES)
_SHARED = (Visibility.PARTNERS, Visibility.PUBLIC)


class Shared(Protocol):
    """What a model of members' data declares."""

    data_class: DataClass
    way_to_organisation: str


@dataclass(frozen=True, slots=True)
class Grant:
    """One giver, one receiver and the rule by which the receiver sees a class of data."""

    giver: int
    receiver: int
    rule: SharingRule


def grants(
    viewer: Viewer, data_class: DataClass | None, *, on: dt.date, purpose: Field | None = None
) -> list[Grant]:
    """List what agreements in force give this viewer, of one class of data or of all.

    Takes at most two queries, once for a viewer and a day.
    """
    if not viewer.networks:
        return []
    key = ("grants", on)
    if key not in viewer.known:
        viewer.known[key] = _all_grants(viewer, on)
    return [
        grant
        for grant in viewer.known[key]
        if data_class in (None, grant.rule.data_class)
        and purpose in (None, grant.rule.clause.field)
    ]


def _all_grants(viewer: Viewer, on: dt.date) -> list[Grant]:
    rules = (
        SharingRule.objects.filter(
            holds(on),
            holds(on, prefix="clause__"),
            is_in_force(on, prefix="clause__agreement__"),
            clause__agreement__parties__in=viewer.networks,
        )
        .select_related("clause__agreement")
        .prefetch_related("clause__agreement__signing")
        .distinct()
        .order_by("clause__agreement__signed_on", "clause__number", "pk")
    )
    return [grant for rule in rules for grant in _grants_of(rule, viewer)]


def _grants_of(rule: SharingRule, viewer: Viewer) -> Iterable[Grant]:
    parties = [party.network_id for party in rule.clause.agreement.signing.all()]
    for receiver in parties:
        if receiver not in viewer.networks or rule.receiver_id not in (None, receiver):
            continue
        if rule.audience == SharingRule.Audience.MANAGERS and receiver not in viewer.offices:
            continue
        for giver in parties:
            if giver != receiver and rule.giver_id in (None, giver):
                yield Grant(giver, receiver, rule)


def visible(
    queryset: QuerySet[M], *, to: Viewer, on: dt.date, purpose: Field | None = None
) -> QuerySet[M]:
    """Keep the rows that a viewer may see on a day.

    Parameters
    ----------
    queryset
        Of a model that declares `data_class` and `way_to_organisation`.
    purpose
        The field of cooperation asked for; None stands for any clause (directory pages).
    """
    return queryset.filter(_condition(cast("type[Shared]", queryset.model), to, on, purpose))


def is_visible(thing: Model, *, to: Viewer, on: dt.date, purpose: Field | None = None) -> bool:
    """Tell the same of a single object."""
    return visible(
        type(thing)._default_manager.filter(pk=thing.pk), to=to, on=on, purpose=purpose
    ).exists()


def _condition(model: type[Shared], viewer: Viewer, on: dt.date, purpose: Field | None) -> Q:
    data_class = model.data_class
    homes = viewer.offices if data_class is DataClass.FIGURES else viewer.networks
    given = _by_giver(grants(viewer, data_class, on=on, purpose=purpose))
    return _condition_for(model, frozenset(viewer.organisations), frozenset(homes), given, on)


@lru_cache(maxsize=256)  # a page asks the same of several lists, and to build it is the dear part
def _condition_for(
    model: type[Shared],
    organisations: frozenset[int],
    homes: frozenset[int],
    given: frozenset[tuple[int, frozenset[int]]],
    on: dt.date,
) -> Q:
    """Write the rule down; what is `given` names each giver with the networks that receive."""
    data_class = model.data_class
    way = f"{model.way_to_organisation}__" if model.way_to_organisation else ""
    condition = _public(model, way, on) | Q(**{f"{way}pk__in": organisations})
    if homes:
        condition |= _member_of(way, homes, on)
    for giver, receivers in sorted(given, key=itemgetter(0)):
        condition |= _member_of(way, [giver], on) & _allowed(model, way, receivers, on)
    if data_class is DataClass.CONTACT and organisations:
        condition |= _consented(way, data_class, on, Q(to_organisation__in=organisations))
    return condition


def _by_giver(found: Iterable[Grant]) -> frozenset[tuple[int, frozenset[int]]]:
    receivers: dict[int, set[int]] = {}
    for grant in found:
        receivers.setdefault(grant.giver, set()).add(grant.receiver)
    return frozenset((giver, frozenset(theirs)) for giver, theirs in receivers.items())


def _public(model: type[Shared], way: str, on: dt.date) -> Q:
    """Return what everyone may see; who has left every network is no longer shown."""
    if model.data_class in _BY_CONSENT:
        return Q(pk__in=[])
    condition = Q(**{f"{way}visibility": Visibility.PUBLIC})
    if model.data_class in _ENTRIES:
        condition &= Q(visibility=Visibility.PUBLIC)
    return condition & _member_of(way, None, on)


def _member_of(way: str, networks: Iterable[int] | None, on: dt.date) -> Q:
    members = Membership.objects.filter(holds(on), organisation=OuterRef(f"{way}pk"))
    if networks is not None:
        members = members.filter(network__in=list(networks))
    return Q(Exists(members))


def _allowed(model: type[Shared], way: str, receivers: Iterable[int], on: dt.date) -> Q:
    """Return what the owner lets at least one of the receiving networks see."""
    condition = Q(**{f"{way}visibility__in": _SHARED})
    if model.data_class in _ENTRIES:
        condition &= Q(visibility__in=_SHARED)
    to_one = Q(pk__in=[])
    for receiver in sorted(receivers):
        one = ~_objected(model, way, on, receiver)
        if model.data_class in _BY_CONSENT:
            one &= _consented(way, model.data_class, on, Q(to_network=receiver))
        to_one |= one
    return condition & to_one


def _objected(model: type[Shared], way: str, on: dt.date, receiver: int) -> Q:
    """Return that the owner objects to this class, or to its profile, which takes all along."""
    return Q(
        Exists(
            in_force(on).filter(
                organisation=OuterRef(f"{way}pk"),
                data_class__in={DataClass.PROFILE, model.data_class},
                allows=False,
                to_network=receiver,
            )
        )
    )


def _consented(way: str, data_class: DataClass, on: dt.date, receiver: Q) -> Q:
    return Q(
        Exists(
            in_force(on).filter(
                receiver, organisation=OuterRef(f"{way}pk"), data_class=data_class, allows=True
            )
        )
    )


def in_force(on: dt.date) -> QuerySet[Consent]:
    """Return consents and objections that hold on a day; a withdrawal counts from its day."""
    return Consent.objects.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=on), given_on__lte=on)


@dataclass(frozen=True, slots=True)
class Why:
    """The answer to "Why can they see this?".

    `code` is one of own, home, agreement, consent, public.
    """

    code: str
    rule: SharingRule | None = None
    consent: Consent | None = None


def why(thing: Model, *, to: Viewer, on: dt.date) -> Why | None:
    """Tell by which way a viewer sees an object; None if not at all."""
    if not is_visible(thing, to=to, on=on):
        return None
    model = cast("type[Shared]", type(thing))
    way = model.way_to_organisation
    organisation = cast("Organisation", getattr(thing, way) if way else thing)
    if organisation.pk in to.organisations:
        return Why("own")
    memberships = Membership.objects.filter(holds(on), organisation=organisation)
    member_in = set(memberships.values_list("network_id", flat=True))
    if member_in & (to.offices if model.data_class is DataClass.FIGURES else to.networks):
        return Why("home")
    consents = in_force(on).filter(
        organisation=organisation, data_class=model.data_class, allows=True
    )
    this = type(thing)._default_manager.filter(pk=thing.pk)
    prefix = f"{way}__" if way else ""
    for grant in grants(to, model.data_class, on=on):
        allowed = _allowed(model, prefix, [grant.receiver], on)
        if grant.giver in member_in and this.filter(allowed).exists():
            return Why("agreement", grant.rule, consents.filter(to_network=grant.receiver).first())
    personal = consents.filter(to_organisation__in=to.organisations).first()
    return Why("consent", consent=personal) if personal else Why("public")


def partner_networks(viewer: Viewer, *, on: dt.date) -> set[int]:
    """Return the networks that give this viewer's networks anything today, for filters."""
    return {grant.giver for grant in grants(viewer, None, on=on)} - viewer.networks
