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
| documents | - | of an agreement: offices and signatories of its parties, no clause needed |

By 2 and 3 an anonymous request is read without its owner's name (`readable_without_name`), until
that is revealed to an organisation; nothing that names the owner shows or counts it before.

A model takes part by two class attributes: `data_class`, and `way_to_organisation`, the lookup path
to its organisation ("" for the organisation itself); a document names the way to its parties.

The rule stands here twice: as a condition for the database (`visible`), and for one object with all
the reasons (`whys`). Tests hold both against a third reading of this page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from operator import itemgetter
from typing import Any, Protocol, TypeVar, cast

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from verbund.web.agreements.models import Consent, Field, SharingRule, is_in_force
from verbund.web.networks.models import DataClass, Membership, Organisation, Visibility, holds
from verbund.web.networks.rules import Viewer

M = TypeVar("M", bound=Model)
_ENTRIES = (DataClass.OFFERS, DataClass.REQUESTS)
_BY_CONSENT = (DataClass.CONTACT, DataClass.FIGURES)
_SHARED = (Visibility.PARTNERS, Visibility.PUBLIC)
_NOTHING = Q(pk__in=[])


class Shared(Protocol):
    """What a model of members' data declares.

    One whose owner may stay unnamed adds three: `nameless`, the field that says so, `way_to_told`,
    the path to the organisations the name was revealed to, and `is_told`, where that holds.
    """

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
    key = ("grants", on, viewer.offices)
    if key not in viewer.known:
        rules = viewer.known.setdefault(("rules", on), _rules(viewer, on))
        viewer.known[key] = [grant for rule in rules for grant in _grants_of(rule, viewer)]
    return [
        grant
        for grant in viewer.known[key]
        if data_class in (None, grant.rule.data_class)
        and purpose in (None, grant.rule.clause.field)
    ]


def _rules(viewer: Viewer, on: dt.date) -> QuerySet[SharingRule]:
    return (
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


def _grants_of(rule: SharingRule, viewer: Viewer) -> Iterator[Grant]:
    """Yield who gives to whom by a rule; nobody gives before its own office has confirmed."""
    parties = list(rule.clause.agreement.signing.all())
    for receiver in (party.network_id for party in parties):
        if receiver not in viewer.networks or rule.receiver_id not in (None, receiver):
            continue
        if rule.audience == SharingRule.Audience.MANAGERS and receiver not in viewer.offices:
            continue
        for giver in parties:
            is_meant = rule.giver_id in (None, giver.network_id) and giver.is_confirmed
            if giver.network_id != receiver and is_meant:
                yield Grant(giver.network_id, receiver, rule)


def partner_networks(viewer: Viewer, *, on: dt.date) -> set[int]:
    """Return the networks that give this viewer's networks anything today, for filters."""
    return {grant.giver for grant in grants(viewer, None, on=on)} - viewer.networks


# ---------------------------------------------------------------- as a condition


def visible(
    queryset: QuerySet[M], *, to: Viewer, on: dt.date, purpose: Field | None = None
) -> QuerySet[M]:
    """Keep the rows that a viewer may see on a day, and whose they are.

    Parameters
    ----------
    queryset
        Of a model that declares `data_class` and `way_to_organisation`.
    purpose
        The field of cooperation asked for; None stands for any clause (directory pages).
    """
    model: Any = queryset.model
    if model.data_class is DataClass.DOCUMENTS:
        return queryset.filter(pk__in=_opened_by(model, to))
    at_home, beyond = _ways(model, to, on, purpose)
    return queryset.filter(at_home | (beyond & _named(model, to)))


def readable_without_name(queryset: QuerySet[M], *, to: Viewer, on: dt.date) -> QuerySet[M]:
    """Keep the rows whose text a viewer may read on a day, but not whose it is."""
    model: Any = queryset.model
    at_home, beyond = _ways(model, to, on, None)
    return queryset.filter(beyond & ~at_home & ~_named(model, to))


def opens_documents(viewer: Viewer, parties: Iterable[int]) -> bool:
    """Tell whether a viewer opens what belongs to these networks together."""
    return not viewer.offices.isdisjoint(parties)


def _opened_by(model: Any, viewer: Viewer) -> QuerySet[Any]:
    """Return the documents of agreements whose parties' offices this viewer works in."""
    parties = {f"{model.way_to_parties}__in": viewer.offices}
    return model._default_manager.filter(**parties).order_by().values("pk")  # type: ignore[no-any-return]


def _ways(model: type[Shared], viewer: Viewer, on: dt.date, purpose: Field | None) -> tuple[Q, Q]:
    given: dict[int, set[int]] = {}
    for grant in grants(viewer, model.data_class, on=on, purpose=purpose):
        given.setdefault(grant.giver, set()).add(grant.receiver)
    frozen = frozenset((giver, frozenset(receivers)) for giver, receivers in given.items())
    return _conditions(model, viewer.organisations, _homes(model.data_class, viewer), frozen, on)


def _homes(data_class: DataClass, viewer: Viewer) -> frozenset[int]:
    """Return the networks that show a viewer this class of their own members."""
    return viewer.offices if data_class is DataClass.FIGURES else viewer.networks


@lru_cache(maxsize=256)  # a page asks the same of several lists, and to build it is the dear part
def _conditions(
    model: type[Shared],
    organisations: frozenset[int],
    homes: frozenset[int],
    given: frozenset[tuple[int, frozenset[int]]],
    on: dt.date,
) -> tuple[Q, Q]:
    """Write the rule down: what one sees at home (1), and beyond (2 and 3).

    What is `given` names each giver with the networks that receive.
    """
    data_class = model.data_class
    way = f"{model.way_to_organisation}__" if model.way_to_organisation else ""
    at_home = Q(**{f"{way}pk__in": organisations})
    if homes:
        at_home |= _member_of(way, homes, on)
    beyond = _public(model, way, on)
    for giver, receivers in sorted(given, key=itemgetter(0)):
        beyond |= _member_of(way, [giver], on) & _allowed(model, way, receivers, on)
    if data_class is DataClass.CONTACT and organisations:
        beyond |= _consented(way, data_class, on, Q(to_organisation__in=organisations))
    return at_home, beyond


def _public(model: type[Shared], way: str, on: dt.date) -> Q:
    """Return what everyone may see; who has left every network is no longer shown."""
    if model.data_class in _BY_CONSENT:
        return _NOTHING
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
    return condition & reduce(
        Q.__or__, (_allowed_to(model, way, receiver, on) for receiver in sorted(receivers))
    )


def _allowed_to(model: type[Shared], way: str, receiver: int, on: dt.date) -> Q:
    """Return that no objection stands against one network, and a consent if it takes one."""
    condition = ~_said(way, _refusals(model), on, Q(to_network=receiver), allows=False)
    if model.data_class in _BY_CONSENT:
        condition &= _consented(way, model.data_class, on, Q(to_network=receiver))
    return condition


def _refusals(model: type[Shared]) -> set[DataClass]:
    """An objection is to this class, or to the profile, which takes all along."""
    return {DataClass.PROFILE, model.data_class}


def _consented(way: str, data_class: DataClass, on: dt.date, receiver: Q) -> Q:
    return _said(way, {data_class}, on, receiver, allows=True)


def _said(way: str, classes: set[DataClass], on: dt.date, receiver: Q, *, allows: bool) -> Q:
    said = in_force(on).filter(receiver, data_class__in=classes, allows=allows)
    return Q(Exists(said.filter(organisation=OuterRef(f"{way}pk"))))


def _named(model: type[Shared], viewer: Viewer) -> Q:
    """Return that the owner lets itself be named: to all, or to who asks."""
    if not hasattr(model, "nameless"):
        return Q()
    return Q(**{model.nameless: False}) | Q(pk__in=_told(model, viewer))


def _told(model: Any, viewer: Viewer) -> QuerySet[Any]:
    receivers = {f"{model.way_to_told}__in": viewer.organisations}
    return model._default_manager.filter(model.is_told, **receivers).order_by().values("pk")  # type: ignore[no-any-return]


def in_force(on: dt.date) -> QuerySet[Consent]:
    """Return consents and objections that hold on a day; a withdrawal counts from its day."""
    return Consent.objects.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=on), given_on__lte=on)


# ---------------------------------------------------------------- of one object, with the reasons


@dataclass(frozen=True, slots=True)
class Why:
    """One answer to "Why can they see this?".

    `code` is one of own, home, agreement, consent, public, document.
    """

    code: str
    rule: SharingRule | None = None
    consent: Consent | None = None


@dataclass(frozen=True)
class Owner:
    """What the rule asks of an organisation on a day: its networks, its consents and objections."""

    organisation: Organisation
    on: dt.date
    networks: frozenset[int]
    said: list[Consent] = field(default_factory=list)

    def consent(self, data_class: DataClass, **receiver: int) -> Consent | None:
        return next(self._found({data_class}, allows=True, **receiver), None)

    def objects(self, classes: set[DataClass], receiver: int) -> bool:
        return any(self._found(classes, allows=False, to_network_id=receiver))

    def _found(
        self, classes: set[DataClass], *, allows: bool, **receiver: int
    ) -> Iterator[Consent]:
        for one in self.said:
            is_meant = all(getattr(one, name) == value for name, value in receiver.items())
            if is_meant and one.allows is allows and one.data_class in classes:
                yield one


def owner_of(organisation: Organisation, on: dt.date) -> Owner:
    """Read what the rule asks of an organisation, in two queries for all its rows and viewers."""
    joined = Membership.objects.filter(holds(on), organisation=organisation)
    said = in_force(on).filter(organisation=organisation)
    return Owner(organisation, on, frozenset(joined.values_list("network_id", flat=True)), [*said])


def whys(
    thing: Model,
    *,
    to: Viewer,
    on: dt.date,
    purpose: Field | None = None,
    owner: Owner | None = None,
) -> list[Why]:
    """List every way by which a viewer sees an object and whose it is; none if not at all.

    Where agreements overlap, each that opens it is named. `owner` saves asking again.
    """
    model: Any = type(thing)
    if model.data_class is DataClass.DOCUMENTS:
        is_open = model._default_manager.filter(pk=thing.pk, pk__in=_opened_by(model, to)).exists()
        return [Why("document")] if is_open else []
    owner = owner or owner_of(_organisation(thing), on)
    found = list(_whys_at_home(model, owner, to))
    if _is_named(thing, to):
        found += _whys_beyond(thing, owner, to, purpose)
    return found


def whys_without_name(thing: Model, *, to: Viewer, on: dt.date, owner: Owner) -> list[Why]:
    """List every way by which a viewer reads an object without learning whose it is."""
    if not hasattr(thing, "nameless") or whys(thing, to=to, on=on, owner=owner):
        return []
    return list(_whys_beyond(thing, owner, to, None))


def why(thing: Model, *, to: Viewer, on: dt.date) -> Why | None:
    """Tell by which way first of all a viewer sees an object; None if not at all."""
    return next(iter(whys(thing, to=to, on=on)), None)


def is_visible(thing: Model, *, to: Viewer, on: dt.date, purpose: Field | None = None) -> bool:
    """Tell of a single object what `visible` tells of many."""
    return bool(whys(thing, to=to, on=on, purpose=purpose))


def _organisation(thing: Model) -> Organisation:
    way = cast("Shared", thing).way_to_organisation
    return cast("Organisation", reduce(getattr, way.split("__") if way else [], thing))


def _whys_at_home(model: type[Shared], owner: Owner, viewer: Viewer) -> Iterator[Why]:
    if owner.organisation.pk in viewer.organisations:
        yield Why("own")
    if owner.networks & _homes(model.data_class, viewer):
        yield Why("home")


def _whys_beyond(
    thing: Model, owner: Owner, viewer: Viewer, purpose: Field | None
) -> Iterator[Why]:
    model = cast("type[Shared]", type(thing))
    data_class, by_consent = model.data_class, model.data_class in _BY_CONSENT
    levels = {owner.organisation.visibility}
    if data_class in _ENTRIES:
        levels.add(cast("Any", thing).visibility)
    for grant in grants(viewer, data_class, on=owner.on, purpose=purpose):
        consent = owner.consent(data_class, to_network_id=grant.receiver)
        is_allowed = not owner.objects(_refusals(model), grant.receiver)
        is_allowed = is_allowed and levels <= set(_SHARED) and bool(consent or not by_consent)
        if grant.giver in owner.networks and is_allowed:
            yield Why("agreement", grant.rule, consent)
    if data_class is DataClass.CONTACT:
        told = (owner.consent(data_class, to_organisation_id=o) for o in viewer.organisations)
        yield from (Why("consent", consent=consent) for consent in told if consent)
    if owner.networks and levels == {Visibility.PUBLIC} and not by_consent:
        yield Why("public")


def _is_named(thing: Model, viewer: Viewer) -> bool:
    model: Any = type(thing)
    if not (hasattr(model, "nameless") and getattr(thing, model.nameless)):
        return True
    return bool(thing.pk) and _told(model, viewer).filter(pk=thing.pk).exists()
