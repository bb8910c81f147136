"""Random worlds of networks, agreements, members and people, and a plain reading of the design.

The reading shares no line with the code under test: it takes one object and one person at a time
and follows the page "Who sees what" in plain Python.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import prefetch_related_objects
from hypothesis import strategies as st

from tests.web import factories
from tests.web.factories import TODAY
from verbund.web.agreements.models import Agreement, Clause, Consent, Field, Party, SharingRule
from verbund.web.directory import models as directory
from verbund.web.networks import models as networks
from verbund.web.networks.models import DataClass, Organisation, Role, Visibility
from verbund.web.networks.rules import STRANGER, Viewer, viewer_for_network, viewer_of

DAY = dt.timedelta(days=1)
_DAYS = st.sampled_from((None, None, None, None, TODAY - DAY, TODAY, TODAY + DAY))
_LEVELS = st.sampled_from(Visibility.values)
_PURPOSES = (None, None, Field.PROJECTS, Field.EVENTS)
_CLASSES = list(DataClass)
_N = 3  # networks, and as many firms
_numbers = count(1)

# One row of each model that declares a data class; a model missing here fails a test.
MAKERS: dict[str, Callable[[Organisation, dict[str, Any]], Any]] = {
    "networks.Organisation": lambda firm, _: firm,
    "networks.Alias": lambda firm, _: networks.Alias.objects.create(organisation=firm, name="A"),
    "networks.Identifier": lambda firm, _: networks.Identifier.objects.create(
        organisation=firm, scheme="vat", value="DE1"
    ),
    "networks.Site": lambda firm, _: networks.Site.objects.create(organisation=firm, city="Jena"),
    "directory.Profile": lambda firm, _: directory.Profile.objects.create(organisation=firm),
    "directory.Competence": lambda firm, _: directory.Competence.objects.create(
        organisation=firm, concept="lidar"
    ),
    "directory.Offer": lambda firm, drawn: factories.offer(firm, visibility=drawn["offer"]),
    "directory.Request": lambda firm, drawn: factories.request(
        firm, visibility=drawn["request"], is_anonymous=drawn["is_anonymous"]
    ),
    "directory.ContactPerson": lambda firm, _: factories.contact(firm),
    "directory.Figures": lambda firm, _: factories.figures(firm),
    "directory.PastFigures": lambda firm, _: directory.PastFigures.objects.create(
        organisation=firm, as_of=TODAY
    ),
    "directory.EnterpriseLink": lambda firm, _: directory.EnterpriseLink.objects.create(
        organisation=firm, name="Mutter AG", direction="owner", share_percent=50
    ),
}
DOCUMENTS = {"agreements.Document"}  # belong to agreements, and not to organisations


def declaring() -> dict[str, Any]:
    """Return every model that declares a class of data."""
    ours = apps.get_models()
    return {m._meta.label: m for m in ours if isinstance(getattr(m, "data_class", 0), DataClass)}


class Membership(NamedTuple):
    network: int
    start: dt.date | None
    end: dt.date | None


@dataclass(frozen=True)
class Firm:
    visibility: str
    memberships: list[Membership]
    entries: dict[str, Any]


@dataclass(frozen=True)
class Rule:
    data_class: DataClass
    giver: int | None
    receiver: int | None
    audience: str
    start: dt.date | None
    end: dt.date | None


@dataclass(frozen=True)
class Treaty:
    parties: list[int]
    unconfirmed: int | None
    stage: str
    start: dt.date | None
    end: dt.date | None
    field: Field
    clause_end: dt.date | None
    rules: list[Rule]


@dataclass(frozen=True)
class Word:
    """A consent or an objection of a firm, towards a network or another firm."""

    firm: int
    data_class: DataClass
    allows: bool
    network: int | None
    other: int
    given: dt.date
    withdrawn: dt.date | None


@dataclass(frozen=True)
class Plan:
    """A world as it is drawn, before it is written into the database."""

    firms: list[Firm]
    treaties: list[Treaty]
    words: list[Word]
    approaches: list[tuple[int, int, str]]  # whose request, who asks, how far it came
    roles: list[tuple[str, int, dt.date | None]]  # office role or firm, of which, until when
    purpose: Field | None


@dataclass
class World:
    """What a plan became, and everybody who may look at it."""

    things: list[Any] = field(default_factory=list)
    viewers: list[Viewer] = field(default_factory=list)
    rules: list[SharingRule] = field(default_factory=list)


_network = st.integers(0, _N - 1)
_memberships = st.lists(
    st.builds(Membership, _network, _DAYS, _DAYS), max_size=2, unique_by=lambda m: m.network
)
_firms = st.builds(
    Firm,
    _LEVELS,
    _memberships,
    st.fixed_dictionaries({"offer": _LEVELS, "request": _LEVELS, "is_anonymous": st.booleans()}),
)
_maybe = st.sampled_from((None, None, None, *range(_N)))
_rules = st.builds(
    Rule,
    st.sampled_from(_CLASSES),
    _maybe,
    _maybe,
    st.sampled_from(SharingRule.Audience.values),
    _DAYS,
    _DAYS,
)
_treaties = st.builds(
    Treaty,
    st.lists(_network, min_size=2, max_size=3, unique=True),
    _maybe,
    st.sampled_from(["signed"] * 8 + Agreement.Stage.values),
    _DAYS,
    _DAYS,
    st.sampled_from((Field.PROJECTS, Field.PROJECTS, Field.EVENTS)),
    _DAYS,
    st.lists(_rules, min_size=3, max_size=8),
)
_words = st.builds(
    Word,
    _network,
    st.sampled_from((DataClass.CONTACT, DataClass.CONTACT, DataClass.FIGURES, *_CLASSES)),
    st.sampled_from((True, True, False)),
    st.sampled_from((None, None, *range(_N))),
    _network,
    st.sampled_from((TODAY - DAY, TODAY - DAY, TODAY, TODAY + DAY)),
    st.sampled_from((None, None, None, TODAY, TODAY + DAY)),
)
plans = st.builds(
    Plan,
    st.lists(_firms, min_size=_N, max_size=_N),
    st.lists(_treaties, min_size=1, max_size=3),
    st.lists(_words, min_size=2, max_size=9),
    st.lists(
        st.tuples(
            _network,
            _network,
            st.sampled_from([*directory.Approach.State.values, *["revealed"] * 3]),
        ),
        max_size=4,
        unique_by=lambda drawn: drawn[:2],
    ),
    st.lists(
        st.tuples(
            st.sampled_from(Role.Kind.values), _network, st.sampled_from((None, TODAY - DAY))
        ),
        min_size=2,
        max_size=4,
    ),
    st.sampled_from(_PURPOSES),
)


def build(plan: Plan) -> World:
    """Write a plan into the database."""
    world = World()
    made = [factories.network() for _ in range(_N)]
    firms = [_build_firm(firm, made, world) for firm in plan.firms]
    for treaty in plan.treaties:
        _build_treaty(treaty, made)
    for word in plan.words:
        Consent.objects.create(
            organisation=firms[word.firm],
            data_class=word.data_class,
            allows=word.allows,
            to_network=None if word.network is None else made[word.network],
            to_organisation=firms[word.other] if word.network is None else None,
            given_on=word.given,
            withdrawn_on=word.withdrawn,
        )
    for owner, asking, state in plan.approaches:
        directory.Approach.objects.create(
            request=firms[owner].requests.get(),
            organisation=firms[asking],
            network=made[0],
            text="-",
            state=state,
        )
    people = [_build_person(kind, place, end, made, firms) for kind, place, end in plan.roles]
    world.viewers = [STRANGER, *(viewer_for_network(one) for one in made)]
    world.viewers += [viewer_of(person, TODAY) for person in people]
    world.viewers += [Viewer(organisations=frozenset((firms[1].pk, firms[2].pk)))]
    prefetch_related_objects(firms, "memberships", "consents")
    rules = SharingRule.objects.select_related("clause__agreement")
    world.rules = list(rules.prefetch_related("clause__agreement__signing"))
    return world


def _build_firm(firm: Firm, made: list[Any], world: World) -> Organisation:
    row = Organisation.objects.create(name="Firma", visibility=firm.visibility)
    for one in firm.memberships:
        networks.Membership.objects.create(
            network=made[one.network], organisation=row, valid_from=one.start, valid_until=one.end
        )
    world.things += [make(row, firm.entries) for make in MAKERS.values()]
    return row


def _build_treaty(treaty: Treaty, made: list[Any]) -> None:
    start, end = treaty.start, treaty.end
    row = Agreement.objects.create(
        slug=f"world-{next(_numbers)}",
        stage=treaty.stage,
        signed_on=TODAY,
        valid_from=None if start and end and start > end else start,
        valid_until=end,
    )
    for party in treaty.parties:
        Party.objects.create(
            agreement=row, network=made[party], is_confirmed=party != treaty.unconfirmed
        )
    clause = Clause.objects.create(
        agreement=row, number=1, field=treaty.field, valid_until=treaty.clause_end
    )
    SharingRule.objects.bulk_create(
        SharingRule(
            clause=clause,
            data_class=rule.data_class,
            giver=None if rule.giver is None else made[rule.giver],
            receiver=None if rule.receiver is None else made[rule.receiver],
            audience=rule.audience,
            valid_from=rule.start,
            valid_until=rule.end,
        )
        for rule in treaty.rules
    )


def _build_person(
    kind: str, place: int, end: dt.date | None, made: list[Any], firms: list[Organisation]
) -> Any:
    person = factories.user()
    where = {"organisation": firms[place]} if kind == "representative" else {"network": made[place]}
    Role.objects.create(user=person, kind=kind, valid_until=end, **where)
    return person


# ---------------------------------------------------------------- the design, read once more


class Reading:
    """What the design says of one person and one object; `text` without the owner's name."""

    def __init__(
        self, world: World, viewer: Viewer, thing: Any, purpose: Field | None = None
    ) -> None:
        self.world, self.viewer, self.thing, self.purpose = world, viewer, thing, purpose
        way = thing.way_to_organisation
        self.owner: Organisation = getattr(thing, way) if way else thing
        self.homes = {m.network_id for m in self.owner.memberships.all() if _holds(m)}

    @property
    def is_seen(self) -> bool:
        return self._at_home() or (self._beyond() and self._is_named())

    @property
    def is_read_without_name(self) -> bool:
        return self._beyond() and not self._at_home() and not self._is_named()

    def _at_home(self) -> bool:
        figures = self.thing.data_class == "figures"
        mine = self.viewer.offices if figures else self.viewer.networks
        return self.owner.pk in self.viewer.organisations or bool(self.homes & mine)

    def _is_named(self) -> bool:
        if not getattr(self.thing, "is_anonymous", False):
            return True
        return any(
            approach.state == "revealed" and approach.organisation_id in self.viewer.organisations
            for approach in self.thing.approaches.all()
        )

    def _beyond(self) -> bool:
        kind = self.thing.data_class
        levels = {self.owner.visibility, getattr(self.thing, "visibility", self.owner.visibility)}
        if kind == "contact" and any(
            self._says(word, {"contact"}, allows=True)
            and word.to_organisation_id in self.viewer.organisations
            for word in self.owner.consents.all()
        ):
            return True
        if kind not in ("contact", "figures") and self.homes and levels == {"public"}:
            return True
        return "own" not in levels and any(self._lets(network) for network in self._receivers())

    def _receivers(self) -> set[int]:
        """Return the person's networks to which an agreement gives this from one of the homes."""
        found = set()
        for rule in self.world.rules:
            clause, agreement = rule.clause, rule.clause.agreement
            dated = (rule, clause, agreement)
            if rule.data_class != self.thing.data_class or agreement.stage != "signed":
                continue
            if not all(_holds(row) for row in dated):
                continue
            if self.purpose not in (None, clause.field):
                continue
            parties = {party.network_id: party.is_confirmed for party in agreement.signing.all()}
            to_office = rule.audience == "managers"
            looking = self.viewer.offices if to_office else self.viewer.networks
            for receiver in looking & parties.keys():
                givers = {
                    giver
                    for giver, is_confirmed in parties.items()
                    if is_confirmed and giver != receiver and rule.giver_id in (None, giver)
                }
                if rule.receiver_id in (None, receiver) and givers & self.homes:
                    found.add(receiver)
        return found

    def _lets(self, network: int) -> bool:
        kind = self.thing.data_class
        words = [word for word in self.owner.consents.all() if word.to_network_id == network]
        if any(self._says(word, {"profile", kind}, allows=False) for word in words):
            return False
        if kind not in ("contact", "figures"):
            return True
        return any(self._says(word, {kind}, allows=True) for word in words)

    @staticmethod
    def _says(word: Consent, kinds: set[str], *, allows: bool) -> bool:
        ended = word.withdrawn_on is not None and word.withdrawn_on <= TODAY
        is_meant = word.data_class in kinds and word.allows is allows
        return is_meant and word.given_on <= TODAY and not ended


def _holds(row: Any) -> bool:
    started = row.valid_from is None or row.valid_from <= TODAY
    return started and (row.valid_until is None or row.valid_until >= TODAY)
