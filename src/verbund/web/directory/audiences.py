"""Who sees what of an organisation: asked of the sharing rule for every audience, never by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Count, Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from verbund.web.agreements.sharing import Owner, Why, owner_of, whys, whys_without_name
from verbund.web.directory.models import ContactPerson, Entry, Figures, Offer, Request
from verbund.web.directory.queries import goes_on
from verbund.web.networks.models import (
    DataClass,
    Membership,
    Network,
    Organisation,
    Visibility,
    holds,
)
from verbund.web.networks.rules import STRANGER, Viewer, viewer_for_network

EVERYONE = "everyone"
LABELS: dict[DataClass, Promise] = {
    DataClass.PROFILE: _("Profile"),
    DataClass.OFFERS: _("Offers"),
    DataClass.REQUESTS: _("Requests"),
    DataClass.CONTACT: _("Contact persons"),
    DataClass.FIGURES: _("Figures"),
}


@dataclass(frozen=True)
class Audience:
    """Some who look alike: the members of a network, or everyone (without network)."""

    key: str
    network: Network | None
    is_home: bool
    members: Viewer
    office: Viewer | None = None

    @property
    def is_partner(self) -> bool:
        return self.network is not None and not self.is_home


@dataclass(frozen=True)
class Cell:
    """How much of a class an audience sees, and by which ways the first of it.

    What it only reads without the owner's name is `unnamed`.
    """

    audience: Audience
    total: int
    seen: int
    seen_by_office: int
    unnamed: int
    ways: list[Why]

    @property
    def extent(self) -> str:
        if not self.total:
            return "nothing"
        if self.seen == self.total:
            return "all"
        if self.seen:
            return "some"
        if self.seen_by_office:
            return "office"
        return "unnamed" if self.unnamed else "none"


@dataclass(frozen=True)
class Line:
    """One class of data, and what each audience sees of it."""

    data_class: DataClass
    cells: list[Cell]

    @property
    def label(self) -> Promise:
        return LABELS[self.data_class]

    @property
    def partners(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.audience.is_partner]

    @property
    def reach(self) -> str:
        """Return how far the class goes: everyone, partners, some partners, or home."""
        everyone = self.cells[-1].extent
        if everyone == "all":
            return "everyone"
        extents = {cell.extent for cell in self.partners} | {everyone}
        if extents & {"all", "some"}:
            return "some" if "some" in extents else "partners"
        return "home"


def audiences_of(homes: Iterable[Network], partners: Iterable[Network]) -> list[Audience]:
    """Return an organisation's networks, those with an agreement with them, and everyone."""
    networks = [(network, True) for network in homes]
    networks += [(network, False) for network in partners]
    return [
        *(_audience(network, is_home=is_home) for network, is_home in networks),
        Audience(EVERYONE, None, is_home=False, members=STRANGER),
    ]


def _audience(network: Network, *, is_home: bool) -> Audience:
    members = viewer_for_network(network)
    office = replace(members, offices=members.networks)  # agreements are read for both at once
    return Audience(network.slug, network, is_home, members, office)


def who_sees(organisation: Organisation, audiences: list[Audience], on: dt.date) -> list[Line]:
    """Return each class of data with how much of it each audience sees."""
    owner = owner_of(organisation, on)
    return [
        Line(data_class, [_cell(list(things), audience, owner) for audience in audiences])
        for data_class, things in _things(organisation, on).items()
    ]


def _things(organisation: Organisation, on: dt.date) -> dict[DataClass, Iterable[Model]]:
    own = {"organisation": organisation}
    return {
        DataClass.PROFILE: [organisation],
        DataClass.OFFERS: Offer.objects.filter(goes_on(on), **own),
        DataClass.REQUESTS: Request.objects.filter(goes_on(on), **own),
        DataClass.CONTACT: ContactPerson.objects.filter(holds(on), **own),
        DataClass.FIGURES: Figures.objects.filter(**own),
    }


def _cell(things: list[Model], audience: Audience, owner: Owner) -> Cell:
    ways = [_ways(thing, audience.members, owner) for thing in things]
    seen = [found for found in ways if found]
    others = [thing for thing, found in zip(things, ways, strict=True) if not found]
    office = audience.office
    return Cell(
        audience,
        total=len(things),
        seen=len(seen),
        seen_by_office=sum(bool(_ways(one, office, owner)) for one in others) if office else 0,
        unnamed=sum(_is_unnamed(one, audience.members, owner) for one in others),
        ways=seen[0] if seen and audience.is_partner else [],
    )


def _ways(thing: Model, viewer: Viewer, owner: Owner) -> list[Why]:
    return whys(thing, to=viewer, on=owner.on, owner=owner)


def _is_unnamed(thing: Model, viewer: Viewer, owner: Owner) -> bool:
    return bool(whys_without_name(thing, to=viewer, on=owner.on, owner=owner))


# ---------------------------------------------------------------- of one entry, to be exact


@dataclass(frozen=True)
class Reader:
    """How far an entry reaches one audience, how many members that is, and by which ways."""

    audience: Audience
    extent: str
    members: int
    ways: list[Why]


def readers_of(entry: Offer | Request, audiences: list[Audience], on: dt.date) -> list[Reader]:
    """Tell exactly who may read an offer or a request, which need not be saved yet."""
    owner = owner_of(entry.organisation, on)
    members = _members(audiences, on)
    return [_reader(entry, audience, members, owner) for audience in audiences]


def readers_by_visibility(
    entry: Offer | Request, audiences: list[Audience], on: dt.date
) -> list[tuple[Audience, list[Reader]]]:
    """Put beside each audience what each choice of visibility would let it read."""
    chosen, columns = entry.visibility, []
    for visibility in Visibility:
        entry.visibility = visibility
        columns.append(readers_of(entry, audiences, on))
    entry.visibility = chosen
    return list(zip(audiences, map(list, zip(*columns, strict=True)), strict=True))


def _reader(entry: Entry, audience: Audience, members: dict[int, int], owner: Owner) -> Reader:
    number = members.get(audience.network.pk, 0) if audience.network else 0
    for extent, viewer in (("all", audience.members), ("office", audience.office)):
        if viewer and (found := _ways(entry, viewer, owner)):
            return Reader(audience, extent, number, found)
    found = whys_without_name(entry, to=audience.members, on=owner.on, owner=owner)
    return Reader(audience, "unnamed" if found else "none", number, found)


def _members(audiences: list[Audience], on: dt.date) -> dict[int, int]:
    networks = [audience.network for audience in audiences if audience.network]
    joined = Membership.objects.filter(holds(on), network__in=networks).order_by()
    return dict(joined.values_list("network").annotate(Count("pk")))
