"""What the bridge reads: only what the viewer may see, counts included."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from verbund.web.agreements.models import Clause, Field, is_in_force
from verbund.web.agreements.queries import clause_for, known_agreements
from verbund.web.agreements.sharing import visible
from verbund.web.directory.models import Competence, Offer, Request
from verbund.web.directory.queries import sight_of
from verbund.web.networks.models import Network, Organisation
from verbund.web.networks.rules import Viewer
from verbund.web.partnering.models import Quote, Suggestion
from verbund.web.partnering.queries import suggestions_known_to
from verbund.web.portal.bridge.matrix import (
    HOW,
    WHERE,
    Bridge,
    Cell,
    Cells,
    Pair,
    Statement,
    arrange,
    count,
    tops,
)

_KINDS_OF_WORKSHOP = (Field.EVENTS, Field.PROJECTS)


@dataclass(frozen=True)
class Reading:
    """What a viewer may see of some networks, ready to be counted either way round."""

    members: dict[int, set[int]]  # network -> organisations
    research: frozenset[int]
    offers: list[Statement]
    requests: list[Statement]
    pairs: list[Pair]
    spoken: dict[int, set[str]]  # organisation -> all concepts it names

    def cells(self, able: Network, using: Network) -> Cells:
        doing, wanting = self.members[able.pk], self.members[using.pk]
        return count(
            [offer for offer in self.offers if offer.organisation in doing],
            [request for request in self.requests if request.organisation in wanting],
            self.pairs,
            self.spoken,
        )

    def shares(self, network: Network) -> dict[str, float]:
        """Return which share of a network's organisations names each of the widest concepts."""
        members = self.members[network.pk]
        naming: dict[str, float] = defaultdict(float)
        for id_ in members:
            for concept in tops(self.spoken.get(id_, ()), (*HOW, *WHERE)):
                naming[concept] += 1 / len(members)
        return naming

    def bridge(
        self, cells: Cells, able: Network, using: Network, *, is_whole: bool = False
    ) -> Bridge:
        return arrange(cells, able=self.shares(able), using=self.shares(using), is_whole=is_whole)


def read(viewer: Viewer, on: dt.date, networks: Iterable[Network]) -> Reading:
    """Read what this viewer may see of these networks."""
    wanted = {network.pk for network in networks}
    sight = sight_of(viewer, on)
    members: dict[int, set[int]] = {pk: set() for pk in wanted}
    research = set()
    held = sight.memberships.filter(network__in=wanted, organisation__in=sight.organisations)
    for network, organisation, kind in held.values_list(
        "network_id", "organisation_id", "organisation__kind"
    ):
        members[network].add(organisation)
        if kind == Organisation.Kind.RESEARCH:
            research.add(organisation)
    theirs = Q(organisation__in=held.values("organisation"))
    offers, requests = (
        _statements(entries.filter(theirs)) for entries in (sight.offers, sight.requests)
    )
    spoken: dict[int, set[str]] = defaultdict(set)
    for statement in (*offers, *requests):
        spoken[statement.organisation].update(statement.concepts)
    competences = visible(Competence.objects.filter(theirs), to=viewer, on=on)
    for organisation, concept in competences.values_list("organisation_id", "concept"):
        spoken[organisation].add(concept)
    pairs = _pairs(suggestions_known_to(viewer, on), wanted)
    return Reading(members, frozenset(research), offers, requests, pairs, dict(spoken))


def _statements(entries: QuerySet[Any]) -> list[Statement]:
    return [
        Statement(pk, organisation, tuple(id_ for id_ in concepts.split("|") if id_), made_on)
        for pk, organisation, concepts, made_on in entries.order_by("pk").values_list(
            "pk", "organisation_id", "concepts", "made_on"
        )
    ]


def _pairs(suggestions: QuerySet[Suggestion], networks: set[int]) -> list[Pair]:
    """Read the pairs across two networks, or within one, that nobody has rejected."""
    low, high = min(networks), max(networks)
    found = suggestions.filter(left_network=low, right_network=high, is_current=True).exclude(
        state=Suggestion.State.REJECTED
    )
    offers: dict[int, list[int]] = defaultdict(list)
    requests: dict[int, list[int]] = defaultdict(list)
    quotes = Quote.objects.filter(suggestion__in=found).order_by("pk")
    for suggestion, offer, request in quotes.values_list("suggestion", "offer", "request"):
        if offer:
            offers[suggestion].append(offer)
        if request:
            requests[suggestion].append(request)
    return [
        Pair(pk, (left, right), tuple(offers[pk]), tuple(requests[pk]))
        for pk, left, right in found.values_list("pk", "left_id", "right_id")
    ]


@dataclass(frozen=True)
class Behind:
    """The rows behind a cell, for its panel."""

    offers: list[Offer]
    requests: list[Request]
    pairs: list[Suggestion]


def behind(cell: Cell) -> Behind:
    """Fetch what a cell counts; the cell holds only what its viewer may see."""
    offers = Offer.objects.filter(pk__in=[offer.id for offer in cell.offers])
    requests = Request.objects.filter(pk__in=[request.id for request in cell.requests])
    pairs = Suggestion.objects.filter(pk__in=[pair.id for pair in cell.pairs])
    return Behind(
        list(offers.select_related("organisation").order_by("organisation__name", "pk")),
        list(requests.select_related("organisation").order_by("organisation__name", "pk")),
        list(pairs.select_related("left", "right", "left_network", "right_network")),
    )


@dataclass(frozen=True)
class Nearby:
    """An organisation that might answer a gap, and the concepts that make it likely."""

    organisation: Organisation
    concepts: list[str]


def who_could_offer(
    reading: Reading, able: Network, row: str, column: str, cell: Cell, *, most: int = 5
) -> list[Nearby]:
    """Find the organisations nearest to the requests of a gap by what they name.

    Naming just what a request names counts most, then the same technology, then the application.
    """
    wanted = {id_ for request in cell.requests for id_ in request.concepts}
    asking = {request.organisation for request in cell.requests}
    found: list[tuple[int, int, list[str]]] = []
    for id_ in sorted(reading.members[able.pk] - asking):
        named = reading.spoken.get(id_, set())
        related = {concept for concept in named if tops([concept], (*HOW, *WHERE)) & {row, column}}
        nearness = sum(
            4 if concept in wanted else 2 if tops([concept], HOW) == {row} else 1
            for concept in related
        )
        if nearness:
            found.append((-nearness, id_, sorted(related)))
    chosen = sorted(found)[:most]
    organisations = Organisation.objects.in_bulk([id_ for _, id_, _ in chosen])
    return [Nearby(organisations[id_], concepts) for _, id_, concepts in chosen]


def default_networks(viewer: Viewer, on: dt.date) -> list[Network]:
    """Return the viewer's network and its partner by the newest agreement in force, if it has one.

    A stranger gets the parties of the newest agreement in force that everyone may know of.
    """
    own = Network.objects.filter(pk__in=viewer.networks).order_by("name").first()
    agreements = known_agreements(viewer).filter(is_in_force(on)).order_by("-signed_on", "pk")
    newest = (agreements.filter(parties=own) if own else agreements).first()
    parties = [party.network for party in newest.signing.all()] if newest else []
    if own:
        return [own, *(party for party in parties if party != own)][:2]
    return parties[:2] or list(Network.objects.order_by("name")[:1])


def clause_for_workshop(one: Network, other: Network, on: dt.date) -> Clause | None:
    """Return the clause under which both networks would hold a workshop today."""
    clauses = (clause_for(one, other, field=field, on=on) for field in _KINDS_OF_WORKSHOP)
    return next((clause for clause in clauses if clause), None)
