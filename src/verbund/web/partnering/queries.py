"""Named reads: between whom suggestions are made, and which of them somebody may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    Model,
    OuterRef,
    Q,
    QuerySet,
)
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from verbund.language.spelling import fold
from verbund.web.agreements.models import Clause, Field, SharingRule, is_in_force
from verbund.web.agreements.sharing import visible
from verbund.web.core.models import BackgroundRun
from verbund.web.core.registries import Text
from verbund.web.directory.models import Figures, Offer, Profile, Request
from verbund.web.directory.queries import unconfirmed_among
from verbund.web.networks.models import (
    DataClass,
    Membership,
    Network,
    Organisation,
    holds,
)
from verbund.web.networks.rules import Viewer, viewer_for_network
from verbund.web.partnering.models import Hindsight, Introduction, Quote, Suggestion
from verbund.web.partnering.monthly import new_left

RUN_KIND = "suggestions"
AT_MOST_FOR_A_MEMBER = 5  # shown at a time
DIGITS = 19  # a number of more is none of ours, and too large for a database
_ANSWER_DUE = dt.timedelta(days=10)
_OUTCOME_DUE = dt.timedelta(days=30)
_PREFERRED = (Field.PROJECTS, Field.EXCHANGE)  # further fields follow in the order of the agreement


@dataclass(frozen=True, slots=True)
class Bond:
    """Two networks whose members may be suggested to each other, and the clause that allows it.

    `left` has the smaller key. A network stands on both sides for its own members, without clause.
    """

    left: Network
    right: Network
    clause: Clause | None = None

    def __str__(self) -> str:
        if self.is_within:
            return gettext("within %(network)s") % {"network": self.left}
        return gettext("between %(left)s and %(right)s") % {"left": self.left, "right": self.right}

    @property
    def key(self) -> str:
        return f"{self.left.pk}-{self.right.pk}"

    @property
    def is_within(self) -> bool:
        return self.left == self.right

    @property
    def purpose(self) -> Field | None:
        return Field(self.clause.field) if self.clause else None


def bonds(on: dt.date, *, of: Collection[int] | None = None) -> list[Bond]:
    """List who is matched with whom on a day; `of` keeps what concerns some networks.

    Across networks: where an agreement in force lets the members of one see offers or requests of
    the other. Three queries.
    """
    rules = SharingRule.objects.filter(
        holds(on),
        holds(on, prefix="clause__"),
        is_in_force(on, prefix="clause__agreement__"),
        data_class__in=(DataClass.OFFERS, DataClass.REQUESTS),
        audience=SharingRule.Audience.MEMBERS,
    )
    rules = rules.select_related("clause__agreement").prefetch_related("clause__agreement__signing")
    networks = {network.pk: network for network in Network.objects.order_by("pk")}
    clauses: dict[tuple[int, int], Clause] = {}
    for rule in sorted(rules, key=_preference):
        parties = sorted(party.network_id for party in rule.clause.agreement.signing.all())
        for pair in combinations(parties, 2):
            if rule.giver_id in (None, *pair) and rule.receiver_id in (None, *pair):
                clauses.setdefault(pair, rule.clause)
    found = [Bond(networks[a], networks[b], clause) for (a, b), clause in sorted(clauses.items())]
    found += [Bond(network, network) for network in networks.values()]
    return [bond for bond in found if of is None or {bond.left.pk, bond.right.pk} & set(of)]


def _preference(rule: SharingRule) -> tuple[int, dt.date, int]:
    field = rule.clause.field
    place = _PREFERRED.index(Field(field)) if field in _PREFERRED else len(_PREFERRED)
    return place, rule.clause.agreement.day, rule.clause.number


def bond_between(left: Network, right: Network, on: dt.date) -> Bond | None:
    first, second = sorted((left, right), key=lambda network: network.pk)
    return next((b for b in bonds(on, of=[first.pk]) if (b.left, b.right) == (first, second)), None)


# ---------------------------------------------------------------- suggestions


def shared_suggestions(networks: Collection[int], on: dt.date) -> QuerySet[Suggestion]:
    """Return the suggestions of these networks whose two sides may know all they say.

    Each side's network may see the other organisation and every quoted entry, which still stands
    there word for word. So an entry taken back takes the suggestion from all screens, before any
    recomputation, and no one is written to because of it.
    """
    condition = Q(pk__in=[])
    for bond in bonds(on, of=networks) if networks else ():
        condition |= _may_know(bond, on)
    # Asked once: the rule for all sides makes a long statement, and pages ask several things.
    shared = list(Suggestion.objects.filter(condition).order_by().values_list("pk", flat=True))
    return Suggestion.objects.filter(pk__in=shared).select_related(
        "left", "right", "left_network", "right_network", "decided_by", "introduction"
    )


def is_shared(suggestion: Suggestion, on: dt.date) -> bool:
    """Tell the same of one suggestion."""
    bond = bond_between(suggestion.left_network, suggestion.right_network, on)
    own = Suggestion.objects.filter(pk=suggestion.pk)
    return bond is not None and own.filter(_may_know(bond, on)).exists()


def _may_know(bond: Bond, on: dt.date) -> Q:
    """Return the condition that both sides of a suggestion under this bond may know all of it."""
    both = Q(left_network=bond.left, right_network=bond.right)
    valid = Q(pk__in=[])
    for side, home, receiver in (
        ("left", bond.left, bond.right),
        ("right", bond.right, bond.left),
    ):
        both &= Q(Exists(_members(home, on).filter(organisation=OuterRef(side))))
        viewer = viewer_for_network(receiver)
        if not bond.is_within:
            shown = _shown_to(viewer, Organisation, bond, on)
            both &= Q(Exists(shown.filter(pk=OuterRef(side))))
        for model in (Offer, Request, Profile):
            valid |= Q(Exists(_standing(_shown_to(viewer, model, bond, on), side, on)))
    return both & ~Q(Exists(Quote.objects.filter(~valid, suggestion=OuterRef("pk"))))


def _shown_to(viewer: Viewer, model: type[Model], bond: Bond, on: dt.date) -> QuerySet[Any]:
    """Keep what a network may see; of its own members (the caller asks for membership) all."""
    everything = model._default_manager.order_by()
    return (
        everything
        if bond.is_within
        else visible(everything, to=viewer, on=on, purpose=bond.purpose)
    )


def _members(network: Network, on: dt.date) -> QuerySet[Membership]:
    return Membership.objects.filter(holds(on), network=network)


def _standing(shown: QuerySet[Any], side: str, on: dt.date) -> QuerySet[Any]:
    """Keep the entry a quote (the outer row) was taken from, if it still says so."""
    quoted = OuterRef("text")
    own = Q(organisation=OuterRef(f"suggestion__{side}"), pk=OuterRef(shown.model._meta.model_name))
    if shown.model is Profile:
        fields = ("text_de", "text_en", "topics", "segment")
        says = Q(*((f"{field}__contains", quoted) for field in fields), _connector=Q.OR)
    else:
        says = Q(text_de=quoted) | Q(text_en=quoted)
        own &= Q(ends_on=None) | Q(ends_on__gte=on)
    return shown.filter(own, says)


def suggestions_of_office(viewer: Viewer, on: dt.date) -> QuerySet[Suggestion]:
    """Return what a network's office decides about; the rule is asked once for a viewer."""
    key = ("suggestions of the office", on)
    if key not in viewer.known:
        viewer.known[key] = shared_suggestions(viewer.offices, on)
    shared: QuerySet[Suggestion] = viewer.known[key]
    return shared.all()


def suggestions_known_to(viewer: Viewer, on: dt.date) -> QuerySet[Suggestion]:
    """Return what somebody may know of: as an office, or because it concerns their organisation."""
    mine = Q(left_network__in=viewer.offices) | Q(right_network__in=viewer.offices)
    mine |= Q(left__in=viewer.organisations) | Q(right__in=viewer.organisations)
    return shared_suggestions(viewer.networks, on).filter(mine)


def suggestions_of_organisation(
    organisation: Organisation, viewer: Viewer, on: dt.date
) -> list[Suggestion]:
    """Return the at most five that a member is shown: open ones it has not refused.

    What it has seen before stays; of others no more come than are left for the month.
    """
    networks = viewer.networks if organisation.pk in viewer.organisations else viewer.offices
    own = Q(left=organisation) & ~Q(left_wish=Suggestion.Wish.REFUSED)
    own |= Q(right=organisation) & ~Q(right_wish=Suggestion.Wish.REFUSED)
    found = with_standing(shared_suggestions(networks, on), "check").filter(own)
    seen = Q(left=organisation, left_shown_on__isnull=False)
    seen |= Q(right=organisation, right_shown_on__isnull=False)
    best = found.order_by("-score", "id")
    known = list(best.filter(seen)[:AT_MOST_FOR_A_MEMBER])
    room = min(new_left(organisation, on), AT_MOST_FOR_A_MEMBER - len(known))
    return sorted([*known, *best.exclude(seen)[:room]], key=lambda row: (-row.score, row.pk))


def requests_quoted(suggestions: Iterable[Suggestion]) -> QuerySet[Request]:
    quotes = Quote.objects.filter(suggestion__in=list(suggestions))
    return Request.objects.filter(pk__in=quotes.exclude(request=None).values("request"))


_S, _I = Suggestion.State, Introduction.State
_AGREED = (_I.ACCEPTED, _I.MET, _I.CLOSED)
STANDINGS: dict[str, tuple[Text, Q]] = {
    "check": (_("To check"), Q(state=_S.OPEN, is_current=True)),
    "postponed": (_("Postponed"), Q(state=_S.POSTPONED, is_current=True)),
    "waiting": (
        _("Waiting for an answer"),
        Q(state=_S.INTRODUCED, introduction__state=_I.ASKED),
    ),
    "accepted": (_("Accepted"), Q(state=_S.INTRODUCED, introduction__state__in=_AGREED)),
    "rejected": (_("Rejected"), Q(state=_S.REJECTED) | Q(introduction__state=_I.DECLINED)),
}
STRENGTHS: dict[str, Text] = {"strong": _("strong"), "good": _("good"), "possible": _("possible")}


def with_standing(suggestions: QuerySet[Suggestion], standing: str) -> QuerySet[Suggestion]:
    return suggestions.filter(STANDINGS[standing][1])


def counted_by_standing(suggestions: QuerySet[Suggestion]) -> dict[str, int]:
    counts = {key: Count("pk", filter=condition) for key, (_label, condition) in STANDINGS.items()}
    return suggestions.order_by().aggregate(**counts)


def counted_by_pair(suggestions: QuerySet[Suggestion]) -> dict[str, int]:
    """Count by pair of networks; the keys are those of their bonds."""
    rows = suggestions.order_by().values_list("left_network", "right_network")
    return {f"{left}-{right}": count for left, right, count in rows.annotate(n=Count("pk"))}


def filtered(
    suggestions: QuerySet[Suggestion], *, pair: str = "", strength: str = "", words: str = ""
) -> QuerySet[Suggestion]:
    """Narrow by pair of networks (`1-2`), strength, and words in names, topics and reasons."""
    ends = pair.split("-")
    if len(ends) == 2 and all(end.isdecimal() and len(end) < DIGITS for end in ends):
        suggestions = suggestions.filter(left_network=int(ends[0]), right_network=int(ends[1]))
    if strength in STRENGTHS:
        suggestions = suggestions.filter(strength=strength)
    for word in fold(words).split():
        suggestions = suggestions.filter(search__contains=word)
    return suggestions


def in_order(suggestions: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    """Put what a member asked for first, then the better fit."""
    wish = Suggestion.Wish.INTERESTED
    wished = ExpressionWrapper(Q(left_wish=wish) | Q(right_wish=wish), output_field=BooleanField())
    return suggestions.alias(wished=wished).order_by("-wished", "-score", "id")


def runs_of(found: Iterable[Bond]) -> list[tuple[Bond, BackgroundRun | None]]:
    """Return each bond with the state of its computation."""
    listed = list(found)
    runs = BackgroundRun.objects.filter(kind=RUN_KIND, key__in=[bond.key for bond in listed])
    by_key = {run.key: run for run in runs}
    return [(bond, by_key.get(bond.key)) for bond in listed]


# ---------------------------------------------------------------- introductions


def introductions_for(viewer: Viewer, on: dt.date) -> QuerySet[Introduction]:
    """Return what the offices of both networks and representatives of both sides may see.

    Both organisations must be visible to them today; a representative also keeps what the other
    side agreed to.
    """
    known = visible(Organisation.objects.order_by(), to=viewer, on=on).values("pk")
    both_known = Q(left__in=known, right__in=known)
    office = Q(left_network__in=viewer.offices) | Q(right_network__in=viewer.offices)
    own = Q(left__in=viewer.organisations) | Q(right__in=viewer.organisations)
    return Introduction.objects.filter(
        (office & both_known) | (own & (both_known | Q(state__in=_AGREED)))
    ).select_related("left", "right", "left_network", "right_network", "clause__agreement")


def unanswered(introductions: QuerySet[Introduction], on: dt.date) -> QuerySet[Introduction]:
    """Keep what members were asked too long ago."""
    asked = introductions.filter(state=Introduction.State.ASKED)
    return asked.filter(asked_at__date__lt=on - _ANSWER_DUE)


def without_outcome(introductions: QuerySet[Introduction], on: dt.date) -> QuerySet[Introduction]:
    """Keep talks agreed or held so long ago that something should have come of them."""
    agreed = Q(state=Introduction.State.MET, met_on__lt=on - _OUTCOME_DUE)
    agreed |= Q(state=Introduction.State.ACCEPTED, changed_at__date__lt=on - _OUTCOME_DUE)
    return introductions.filter(agreed)


def waiting_for_answer_of(viewer: Viewer, on: dt.date) -> QuerySet[Introduction]:
    """Return the introductions that wait for an answer of organisations this person represents."""
    unanswered = Introduction.Answer.OPEN
    mine = Q(left__in=viewer.organisations, left_answer=unanswered)
    mine |= Q(right__in=viewer.organisations, right_answer=unanswered)
    return introductions_for(viewer, on).filter(mine, state=Introduction.State.ASKED)


def hindsights_for(viewer: Viewer) -> QuerySet[Hindsight]:
    """Return the looks back that concern the networks of this person."""
    either = Q(left_network__in=viewer.networks) | Q(right_network__in=viewer.networks)
    return Hindsight.objects.filter(either).select_related("left_network", "right_network")


# ---------------------------------------------------------------- what a page shows of a pair


@dataclass(frozen=True, slots=True)
class Side:
    """One of two: who it is as the viewer may know it, and what is quoted of it."""

    key: str
    network: Network
    organisation: Organisation
    employees: int | None
    confirmed_on: dt.date | None
    is_unconfirmed: bool
    quotes: list[Quote]


def sides_of_suggestion(suggestion: Suggestion, viewer: Viewer, on: dt.date) -> list[Side]:
    """Return both sides; the suggestion must be one that the viewer may see."""
    both = (suggestion.left_id, suggestion.right_id)
    figures = visible(Figures.objects.filter(organisation__in=both), to=viewer, on=on)
    employees = dict(figures.values_list("organisation_id", "employees"))
    profiles = visible(Profile.objects.filter(organisation__in=both), to=viewer, on=on)
    confirmed = dict(profiles.values_list("organisation_id", "confirmed_on"))
    unconfirmed = unconfirmed_among((suggestion.left, suggestion.right), on)
    quotes = list(suggestion.quotes.select_related("offer", "request", "profile").order_by("pk"))
    return [
        Side(
            key,
            getattr(suggestion, f"{key}_network"),
            organisation := getattr(suggestion, key),
            employees.get(organisation.pk),
            confirmed.get(organisation.pk),
            organisation.pk in unconfirmed,
            [quote for quote in quotes if quote.organisation_id == organisation.pk],
        )
        for key in ("left", "right")
    ]
