"""What is kept of organisations, held in memory, and what a row of a member list changes in it.

A row is laid over a holding without writing anything: a preview shows the changes and forgets them,
taking over writes them. Both say the same, because both come from `lay`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from verbund.language.spelling import fold
from verbund.records.names import parse_name
from verbund.records.organisation import Organisation as Record
from verbund.records.places import position_of
from verbund.records.rows import split_items
from verbund.web.agreements.sharing import visible
from verbund.web.directory.models import (
    ContactPerson,
    Entry,
    Figures,
    Offer,
    Profile,
    Request,
)
from verbund.web.networks.models import Alias, Membership, Network, Organisation, Visibility
from verbund.web.networks.rules import Viewer

M = TypeVar("M", bound=Model)
_PLACE = frozenset(("city", "postal_code", "state", "country"))
_CENT = Decimal("0.01")
_SAME_SPOT = 1e-5  # degrees, about a metre


@dataclass(frozen=True, slots=True)
class Change:
    """A field of the member list, or `membership`, and what it becomes."""

    field: str
    old: Any
    new: Any


@dataclass
class Holding:
    """An organisation with everything that a row can touch; `touched` waits to be written."""

    organisation: Organisation
    profile: Profile
    figures: Figures
    membership: Membership
    aliases: list[Alias] = field(default_factory=list)
    contacts: list[ContactPerson] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    touched: dict[int, Model] = field(default_factory=dict)

    def touch(self, thing: Model) -> None:
        self.touched[id(thing)] = thing

    def set(self, thing: Model, attribute: str, value: Any, *, said_as: str = "") -> None:
        old = getattr(thing, attribute)
        if _plain(old) != _plain(value):
            setattr(thing, attribute, value)
            self.changes.append(Change(said_as or attribute, old, value))
            self.touch(thing)


def new_holding(network: Network) -> Holding:
    return _holding(Organisation(), network)


def _holding(organisation: Organisation, network: Network) -> Holding:
    return Holding(
        organisation,
        Profile(organisation=organisation),
        Figures(organisation=organisation),
        Membership(organisation=organisation, network=network),
    )


def holdings_of(
    organisations: Iterable[Organisation],
    network: Network,
    *,
    on: dt.date,
    to: Viewer | None = None,
) -> dict[int, Holding]:
    """Read what is kept of organisations, in a fixed number of queries.

    `to` leaves out what that viewer may not see; without it everything is there, for writing.
    """
    held = {one.pk: _holding(one, network) for one in organisations}

    def rows(queryset: QuerySet[M]) -> QuerySet[M]:
        mine = queryset.filter(organisation__in=held)
        return visible(mine, to=to, on=on) if to else mine

    for profile in rows(Profile.objects.all()):
        held[profile.organisation_id].profile = profile
    for figures in rows(Figures.objects.all()):
        held[figures.organisation_id].figures = figures
    for membership in Membership.objects.filter(network=network, organisation__in=held):
        membership.network = network
        held[membership.organisation_id].membership = membership
    for alias in rows(Alias.objects.all()):
        held[alias.organisation_id].aliases.append(alias)
    for person in rows(ContactPerson.objects.all()):
        held[person.organisation_id].contacts.append(person)
    for offer in rows(Offer.objects.all()):
        held[offer.organisation_id].offers.append(offer)
    for request in rows(Request.objects.all()):
        held[request.organisation_id].requests.append(request)
    return held


# ---------------------------------------------------------------- a row over a holding


def lay(
    holding: Holding,
    member: Record,
    *,
    on: dt.date,
    entries_default: Visibility = Visibility.OWN,
) -> list[Change]:
    """Lay a row over what is kept; return what changes.

    Empty cells never erase, and offers, requests or topics the row does not repeat stay. Where the
    row says nothing about visibility, new entries get `entries_default`.
    """
    before = len(holding.changes)
    network = holding.membership.network
    language = member.language if member.language in ("de", "en") else network.language
    _lay_membership(holding, member, on)
    _lay_name(holding, member)
    _lay_identity(holding, member)
    _lay_profile(holding, member, language)
    _lay_figures(holding, member, on)
    _lay_contact(holding, member)
    visibility = Visibility(member.visibility.value) if member.visibility else entries_default
    made = {"visibility": visibility, "made_on": on}
    _lay_entries(holding, Offer, holding.offers, member.offers, language, made)
    _lay_entries(holding, Request, holding.requests, member.requests, language, made)
    return holding.changes[before:]


def _lay_membership(holding: Holding, member: Record, on: dt.date) -> None:
    membership = holding.membership
    has_left = membership.valid_until is not None and membership.valid_until < on
    if membership.pk is None or has_left:
        membership.valid_until = None
        holding.touch(membership)
        if holding.organisation.pk:
            holding.changes.append(Change("membership", "", membership.network.name))
    if member.id and not member.id.startswith("#"):  # that would be the row, not a number
        holding.set(membership, "number", member.id[:80], said_as="id")


def _lay_name(holding: Holding, member: Record) -> None:
    """Rename, unless the list only spells it otherwise: then that is noted as an alias."""
    organisation = holding.organisation
    known = {_plain(alias.name) for alias in holding.aliases}
    spellings = [*member.aliases, member.name]
    if not organisation.name:
        organisation.name = member.name
        holding.touch(organisation)
    elif _plain(member.name) not in known | {_plain(organisation.name)} and not (
        parse_name(organisation.name).legal_form and not parse_name(member.name).legal_form
    ):
        spellings.append(organisation.name)
        holding.set(organisation, "name", member.name)
    known.add(_plain(organisation.name))
    for spelling in dict.fromkeys(spellings):
        if _plain(spelling) not in known:
            known.add(_plain(spelling))
            alias = Alias(organisation=organisation, name=spelling)
            holding.aliases.append(alias)
            holding.touch(alias)
            if organisation.pk and spelling == member.name:
                holding.changes.append(Change("alias", "", spelling))


def _lay_identity(holding: Holding, member: Record) -> None:
    organisation = holding.organisation
    is_new = organisation.pk is None
    old_place = [getattr(organisation, name) for name in _PLACE]
    if member.type:
        holding.set(organisation, "kind", member.type.value, said_as="type")
    for name in ("postal_code", "city", "state", "country", "pic"):
        if value := getattr(member, name):
            holding.set(organisation, name, value)
    if member.language and not organisation.language:  # a list states that of its texts
        holding.set(organisation, "language", member.language)
    if member.website and _site(member.website) != _site(organisation.website):
        holding.set(organisation, "website", member.website)
    if is_new and member.visibility:
        organisation.visibility = member.visibility.value
    has_moved = old_place != [getattr(organisation, name) for name in _PLACE]
    _lay_position(holding, member, has_moved=has_moved)


def _lay_position(holding: Holding, member: Record, *, has_moved: bool) -> None:
    """Take a position the list states; one worked out from the town only where it is needed."""
    organisation = holding.organisation
    is_stated = member.lat is not None and member.lon is not None
    if not is_stated and not has_moved and organisation.lat is not None:
        return
    place = position_of(member)
    old = (organisation.lat, organisation.lon)
    if place is None or place == old:
        return
    if None not in old and all(
        abs(new - (was or 0)) < _SAME_SPOT for new, was in zip(place, old, strict=True)
    ):
        return
    organisation.lat, organisation.lon = place
    holding.touch(organisation)
    if is_stated:
        holding.changes.append(Change("position", _spot(old), _spot(place)))


def _spot(place: tuple[float | None, float | None]) -> str:
    return "" if None in place else f"{place[0]:.5f}, {place[1]:.5f}"


def _lay_profile(holding: Holding, member: Record, language: str) -> None:
    profile = holding.profile
    if profile.pk is None:
        holding.touch(profile)
    known = {_plain(profile.text_de), _plain(profile.text_en)}
    if member.profile and _plain(member.profile) not in known:
        holding.set(profile, f"text_{language}", member.profile, said_as="profile")
    topics = [topic for topic in profile.topics.split("\n") if topic]
    if added := _unknown(member.topics, topics, keywords=True):
        profile.topics = "\n".join((*topics, *added))
        holding.touch(profile)
        holding.changes += [Change("topics", "", topic) for topic in added]
    if member.segment:
        holding.set(profile, "segment", member.segment)


def _lay_figures(holding: Holding, member: Record, on: dt.date) -> None:
    before = len(holding.changes)
    if member.employees is not None:
        holding.set(holding.figures, "employees", member.employees)
    if member.turnover_eur is not None:
        turnover = Decimal(str(member.turnover_eur)).quantize(_CENT)
        holding.set(holding.figures, "turnover_eur", turnover)
    if len(holding.changes) > before:
        holding.figures.as_of = on


def _lay_contact(holding: Holding, member: Record) -> None:
    name = member.contact_name or member.contact_email
    if not name:
        return
    person = next((one for one in holding.contacts if _plain(one.name) == _plain(name)), None)
    if person is None:
        person = ContactPerson(organisation=holding.organisation, name=name)
        holding.contacts.append(person)
        holding.touch(person)
        holding.changes.append(Change("contact_name", "", name))
    if member.contact_email:
        holding.set(person, "email", member.contact_email, said_as="contact_email")


def _lay_entries(
    holding: Holding,
    model: type[Offer] | type[Request],
    held: list[Any],
    texts: Sequence[str],
    language: str,
    made: dict[str, Any],
) -> None:
    known = [text for entry in held for text in _texts(entry)]
    for text in _unknown(texts, known):
        entry = model(organisation=holding.organisation, **made, **{f"text_{language}": text})
        held.append(entry)
        holding.touch(entry)
        said_as = "offers" if model is Offer else "requests"
        holding.changes.append(Change(said_as, "", text))


def _texts(entry: Entry) -> list[str]:
    return [text for text in (entry.text_de, entry.text_en) if text]


def _unknown(texts: Sequence[str], known: Sequence[str], *, keywords: bool = False) -> list[str]:
    """Return the texts not yet there; what a list would cut in pieces counts piece by piece."""
    there = set(known)
    texts = [text for text in texts if text not in there]
    if not texts:
        return []
    seen = {
        _folded(piece) for text in known for piece in (text, *split_items(text, keywords=keywords))
    }
    added = []
    for text in texts:
        if _folded(text) not in seen:
            seen.add(_folded(text))
            added.append(text)
    return added


def _folded(text: str) -> str:
    return fold(_plain(text).removeprefix("'"))  # as spreadsheets keep a text from being a formula


def _plain(value: Any) -> Any:
    """Compare texts but for blanks and line breaks, numbers by value."""
    return " ".join(value.split()) if isinstance(value, str) else value


def _site(address: str) -> str:
    return address.lower().split("://", 1)[-1].removeprefix("www.").rstrip("/")
