"""What the first page shows of the cooperation: lens, funnel, agenda.

Every number counts only what its reader could also open as a list.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from verbund.web.agreements.models import Activity, Agreement, Party, is_in_force
from verbund.web.agreements.queries import known_activities, known_agreements
from verbund.web.directory.queries import Sight, sight_of
from verbund.web.networks.models import Network
from verbund.web.networks.rules import Viewer
from verbund.web.partnering.models import Introduction, Suggestion
from verbund.web.partnering.queries import introductions_for, suggestions_of_office

_OUTCOMES = Introduction.Outcome


@dataclass(frozen=True)
class Side:
    """A network in the lens, and how many of its members the reader sees."""

    network: Network
    members: int


@dataclass(frozen=True)
class Lens:
    """Two networks that agree; `talks` is None where the reader may not know."""

    agreement: Agreement
    left: Side
    right: Side
    talks: int | None


@dataclass(frozen=True)
class Step:
    """A step of the funnel; `share` refers to the step before, `width` to the first."""

    label: str | Promise
    count: int
    share: int | None
    width: str
    url_name: str


def agreements_in_force(viewer: Viewer, on: dt.date) -> QuerySet[Agreement]:
    return known_agreements(viewer).filter(is_in_force(on)).order_by("-signed_on", "pk")


def lens(viewer: Viewer, on: dt.date) -> Lens | None:
    """Return the picture of the newest agreement in force, the reader's own if they have one."""
    found = agreements_in_force(viewer, on)
    if viewer.networks:
        own = Party.objects.filter(agreement=OuterRef("pk"), network__in=viewer.networks)
        found = found.filter(Exists(own))
    agreement = found.first()
    if agreement is None:
        return None
    parties = [party.network for party in agreement.signing.all()]
    parties.sort(key=lambda network: network.pk not in viewer.networks)
    if len(parties) < 2:
        return None
    sight = sight_of(viewer, on)
    left, right = (Side(one, members_seen(sight, one)) for one in parties[:2])
    talks = _talks(viewer, on, left.network, right.network) if viewer.offices else None
    return Lens(agreement, left, right, talks)


def members_seen(sight: Sight, network: Network) -> int:
    """Count the members of a network that a viewer sees, as the list of members shows them."""
    return (
        sight.memberships.filter(network=network, organisation__in=sight.organisations)
        .values("organisation")
        .distinct()
        .count()
    )


def _talks(viewer: Viewer, on: dt.date, one: Network, other: Network) -> int:
    between = Q(left_network=one, right_network=other) | Q(left_network=other, right_network=one)
    talking = (Introduction.State.ACCEPTED, Introduction.State.MET)
    return introductions_of_office(viewer, on).filter(between, state__in=talking).count()


def introductions_of_office(viewer: Viewer, on: dt.date) -> QuerySet[Introduction]:
    """Return the introductions of the networks somebody works for, as the list shows them."""
    own = Q(left_network__in=viewer.offices) | Q(right_network__in=viewer.offices)
    return introductions_for(viewer, on).filter(own)


def _introduced_this_year(viewer: Viewer, on: dt.date) -> QuerySet[Introduction]:
    asked = introductions_of_office(viewer, on).filter(asked_at__year=on.year)
    return asked.exclude(state=Introduction.State.WITHDRAWN)


def funnel(viewer: Viewer, on: dt.date) -> list[Step]:
    """Return the way of this year's suggestions and introductions to projects."""
    decided = suggestions_of_office(viewer, on).filter(decided_at__year=on.year)
    decided = decided.exclude(state=Suggestion.State.OPEN)
    asked = _introduced_this_year(viewer, on)
    ideas = (_OUTCOMES.IDEA, _OUTCOMES.PROJECT)
    counts = [
        (_("Suggestions checked"), decided.count(), "suggestions"),
        (_("Introductions"), asked.count(), "introductions"),
        (_("Talks held"), asked.exclude(met_on=None).count(), "introductions"),
        (_("Project ideas"), asked.filter(outcome__in=ideas).count(), "introductions"),
        (_("Joint projects"), asked.filter(outcome=_OUTCOMES.PROJECT).count(), "introductions"),
    ]
    longest = max(count for _label, count, _url in counts)
    steps: list[Step] = []
    before = 0
    for label, count, url_name in counts:
        share = round(100 * count / before) if before and steps else None
        steps.append(Step(label, count, share, f"{_share(count, longest):.1f}%", url_name))
        before = count
    return steps if longest else []


def _share(count: int, longest: int) -> float:
    return 100 * count / longest if longest else 0


def orders(viewer: Viewer, on: dt.date) -> int:
    """Count this year's introductions that led to an order, which no step of the funnel holds."""
    return _introduced_this_year(viewer, on).filter(outcome=_OUTCOMES.ORDER).count()


def agenda(viewer: Viewer, on: dt.date, *, network: Network | None = None) -> list[Activity]:
    """Return the next planned activities: of a network, of the viewer's own, or of all."""
    planned = known_activities(viewer).filter(state=Activity.State.PLANNED, date__gte=on)
    planned = planned.exclude(kind=Activity.Kind.INTRODUCTION)
    concerned = [network.pk] if network else list(viewer.networks)
    if concerned:
        parties = Party.objects.filter(
            agreement=OuterRef("clause__agreement"), network__in=concerned
        )
        partners = Activity.partners.through.objects.filter(
            activity=OuterRef("pk"), network__in=concerned
        )
        planned = planned.filter(Exists(parties) | Exists(partners))
    return list(planned.order_by("date", "pk")[:5])
