"""Requests without a name, and what came of them: only what each side may know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from verbund.web.agreements.sharing import grants, readable_without_name, visible
from verbund.web.directory.approaches.rules import ASKING, OWNER, SIDE_OF, can_act, steps_open_to
from verbund.web.directory.concepts import vocabulary_in_use
from verbund.web.directory.models import Approach, ApproachStep, ContactPerson, Request
from verbund.web.directory.queries import goes_on, home_networks, label_of
from verbund.web.networks.models import DataClass, Membership, Network, Organisation, holds
from verbund.web.networks.rules import Viewer, viewer_for_network

_CROWD = 5  # fewer members in a network, and its name would nearly be theirs


def unnamed_requests(viewer: Viewer, on: dt.date) -> QuerySet[Request]:
    """Return the requests whose text a person may read, but not whose they are; newest first."""
    going = Request.objects.filter(goes_on(on))
    return readable_without_name(going, to=viewer, on=on).order_by("-made_on", "-pk")


@dataclass(frozen=True)
class Unnamed:
    """A request with all that may be told of it: no kind, place or size would hide one of few."""

    request: Request
    network: Network | None
    topics: list[str]
    approach: Approach | None


def told_of(requests: Sequence[Request], viewer: Viewer, on: dt.date) -> list[Unnamed]:
    """Put beside each request its network, its topics, and how far one's own approach is."""
    networks = _networks_of(requests, viewer, on)
    known = vocabulary_in_use().concepts
    mine = Approach.objects.filter(request__in=requests, organisation__in=viewer.organisations)
    approaches = {approach.request_id: approach for approach in mine.order_by("-pk")}
    return [
        Unnamed(
            request,
            networks.get(request.organisation_id),
            [label_of(known[id_]) for id_ in request.concept_ids if id_ in known],
            approaches.get(request.pk),
        )
        for request in requests
    ]


def _networks_of(requests: Iterable[Request], viewer: Viewer, on: dt.date) -> dict[int, Network]:
    """Return one network of each owner, if it has members enough to hide among.

    Of two networks only one is told: few belong to both. It is one whose agreement gives the
    request, if there is one.
    """
    owners = {request.organisation_id for request in requests}
    joined = Membership.objects.filter(holds(on)).order_by()
    rows = joined.filter(organisation__in=owners).values_list("organisation_id", "network_id")
    sizes = dict(
        joined.filter(network__in={network for _, network in rows})
        .values_list("network")
        .annotate(Count("pk"))
    )
    giving = {grant.giver for grant in grants(viewer, DataClass.REQUESTS, on=on)}
    chosen: dict[int, int] = {}
    for owner, network in sorted(rows, key=lambda row: (row[1] not in giving, row[1])):
        if sizes[network] >= _CROWD:
            chosen.setdefault(owner, network)
    networks = Network.objects.in_bulk(set(chosen.values()))
    return {owner: networks[network] for owner, network in chosen.items()}


def organisations_to_ask(viewer: Viewer, request: Request) -> QuerySet[Organisation]:
    """Return for whom a person may still approach a request."""
    asked = Approach.objects.filter(request=request, organisation=OuterRef("pk")).exclude(
        state=Approach.State.WITHDRAWN
    )
    return Organisation.objects.filter(~Exists(asked), pk__in=viewer.organisations)


def network_reading(request: Request, organisation: Organisation, on: dt.date) -> Network | None:
    """Return a network of an organisation by which it reads a request without its owner's name."""
    joined = Network.objects.filter(
        holds(on, prefix="memberships__"), memberships__organisation=organisation
    )
    for network in joined.distinct().order_by("pk"):
        there = viewer_for_network(network)
        if unnamed_requests(there, on).filter(pk=request.pk).exists():
            return network
    return None


# ---------------------------------------------------------------- approaches


def approaches_for(viewer: Viewer, on: dt.date) -> QuerySet[Approach]:
    """Return the approaches of one's organisations and of one's office's members, either side.

    Those who ask keep sight of one as long as they may read the request, or once both know each
    other.
    """
    readable = Request.objects.order_by()
    reads = Q(request__in=readable_without_name(readable, to=viewer, on=on))
    reads |= Q(request__in=visible(readable, to=viewer, on=on))
    asking = Q(organisation__in=viewer.organisations) | Q(network__in=viewer.offices)
    known = asking & (reads | Q(state=Approach.State.REVEALED))
    known |= Q(request__in=_owned(viewer, on))
    return Approach.objects.filter(known).select_related(
        "request__organisation", "organisation", "network"
    )


def _owned(viewer: Viewer, on: dt.date) -> QuerySet[Request]:
    members = Membership.objects.filter(
        holds(on), network__in=viewer.offices, organisation=OuterRef("organisation")
    )
    mine = Q(organisation__in=viewer.organisations) | Q(Exists(members))
    return Request.objects.filter(mine).order_by()


@dataclass(frozen=True)
class Seat:
    """An approach as one side sees it: `other` is None until that side gave its name."""

    approach: Approach
    side: str
    may_act: bool
    other: Organisation | None

    @property
    def is_owner(self) -> bool:
        return self.side == OWNER

    @property
    def own(self) -> Organisation:
        return self.approach.request.organisation if self.is_owner else self.approach.organisation

    @property
    def steps(self) -> list[str]:
        return steps_open_to(self.side, self.approach.state) if self.may_act else []

    @property
    def needs_me(self) -> bool:
        """Tell whether it is this side's turn."""
        return bool({"want", "name", "reveal"} & set(self.steps))


def seat_of(approach: Approach, side: str, *, may_act: bool) -> Seat:
    """Return what one side knows of an approach; the names only as far as they were given."""
    state = Approach.State
    if side == OWNER:
        is_named = approach.state in (state.NAMED, state.REVEALED)
        other = approach.organisation
    else:
        is_named = approach.state == state.REVEALED
        other = approach.request.organisation
    return Seat(approach, side, may_act, other if is_named else None)


def seats(approaches: Iterable[Approach], viewer: Viewer, on: dt.date) -> list[Seat]:
    """Return approaches as this person sees them; who could act for a side sits on that one."""
    listed = list(approaches)
    owned = set(
        _owned(viewer, on)
        .filter(pk__in=[approach.request_id for approach in listed])
        .values_list("pk", flat=True)
    )
    found = []
    for approach in listed:
        acts = next((side for side in (OWNER, ASKING) if can_act(viewer, approach, side)), "")
        side = acts or (OWNER if approach.request_id in owned else ASKING)
        found.append(seat_of(approach, side, may_act=bool(acts)))
    return found


@dataclass(frozen=True)
class Taken:
    """A step that was taken; who did it is for their own side to read."""

    step: ApproachStep
    is_own: bool

    @property
    def by(self) -> str:
        return (str(self.step.by) if self.step.by else self.step.note) if self.is_own else ""


def steps_taken(seat: Seat) -> list[Taken]:
    rows = seat.approach.steps.select_related("by")
    return [Taken(row, SIDE_OF[Approach.State(row.state)] == seat.side) for row in rows]


def approach_of(pk: int, side: str, on: dt.date) -> Approach | None:
    """Return an approach as the side a mail was sent to may see it today; a link shows no more."""
    found = Approach.objects.filter(pk=pk).select_related("request").first()
    if found is None:
        return None
    if side == OWNER:
        viewer = Viewer(organisations=frozenset((found.request.organisation_id,)))
    else:
        own = frozenset((found.organisation_id,))
        viewer = Viewer(networks=frozenset((found.network_id,)), organisations=own)
    return approaches_for(viewer, on).filter(pk=pk).first()


def shows_contact(seat: Seat, on: dt.date) -> bool:
    """Tell whether the other side may see the contact persons of this one already."""
    if seat.other is None:
        return False
    homes = home_networks(seat.other, on)
    other = Viewer(
        networks=frozenset(home.pk for home in homes), organisations=frozenset((seat.other.pk,))
    )
    persons = ContactPerson.objects.filter(holds(on), organisation=seat.own)
    return visible(persons, to=other, on=on).exists()
