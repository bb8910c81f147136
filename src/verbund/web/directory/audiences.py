"""Who sees what of an organisation: asked of the sharing rule for every audience, never by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from verbund.web.agreements.sharing import Why, visible, why
from verbund.web.directory.models import ContactPerson, Figures, Offer, Request
from verbund.web.directory.queries import goes_on, home_networks, partners_of
from verbund.web.networks.models import DataClass, Network, Organisation
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


@dataclass(frozen=True)
class Cell:
    """How much of a class an audience sees; `chain` tells by what partners see the first of it."""

    audience: Audience
    total: int
    seen: int
    seen_by_office: int
    chain: Why | None

    @property
    def extent(self) -> str:
        if not self.total:
            return "nothing"
        if self.seen == self.total:
            return "all"
        if self.seen:
            return "some"
        return "office" if self.seen_by_office else "none"


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
        return [cell for cell in self.cells if cell.audience.network and not cell.audience.is_home]

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


def audiences_of(organisation: Organisation, on: dt.date) -> list[Audience]:
    """Return the organisation's networks, those with an agreement with them, and everyone."""
    homes = home_networks(organisation, on)
    networks = [(network, True) for network in homes]
    networks += [(network, False) for network in partners_of(homes, on)]
    return [
        *(_audience(network, is_home=is_home) for network, is_home in networks),
        Audience(EVERYONE, None, is_home=False, members=STRANGER),
    ]


def _audience(network: Network, *, is_home: bool) -> Audience:
    members = viewer_for_network(network)
    office = Viewer(networks=members.networks, offices=members.networks)
    return Audience(network.slug, network, is_home, members, office)


def who_sees(organisation: Organisation, on: dt.date) -> list[Line]:
    audiences = audiences_of(organisation, on)
    return [
        Line(data_class, _cells(things, audiences, on))
        for data_class, things in _things(organisation, on).items()
    ]


def _things(organisation: Organisation, on: dt.date) -> dict[DataClass, QuerySet[Model]]:
    own = {"organisation": organisation}
    return {
        DataClass.PROFILE: Organisation.objects.filter(pk=organisation.pk),
        DataClass.OFFERS: Offer.objects.filter(goes_on(on), **own),
        DataClass.REQUESTS: Request.objects.filter(goes_on(on), **own),
        DataClass.CONTACT: ContactPerson.objects.filter(**own),
        DataClass.FIGURES: Figures.objects.filter(**own),
    }


def _cells(things: QuerySet[Model], audiences: list[Audience], on: dt.date) -> list[Cell]:
    total = things.count()
    if not total:
        return [Cell(audience, 0, 0, 0, None) for audience in audiences]
    return [_cell(things, total, audience, on) for audience in audiences]


def _cell(things: QuerySet[Model], total: int, audience: Audience, on: dt.date) -> Cell:
    seen = list(visible(things, to=audience.members, on=on))
    by_office = 0
    if audience.office and len(seen) < total:
        by_office = visible(things, to=audience.office, on=on).count()
    is_partner = audience.network and not audience.is_home
    chain = why(seen[0], to=audience.members, on=on) if seen and is_partner else None
    return Cell(audience, total, len(seen), by_office, chain)
