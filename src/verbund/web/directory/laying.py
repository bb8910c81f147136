"""What a row of a member list changes in what is kept.

A row is laid over a holding without writing anything: a preview shows the changes and forgets them,
taking over writes them. Both say the same, because both come from `lay`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import MISSING, fields, replace
from decimal import Decimal
from typing import Any

from verbund.language.spelling import fold
from verbund.records.entries import split_items, write_entry
from verbund.records.names import parse_name
from verbund.records.organisation import Detail
from verbund.records.organisation import Organisation as Record
from verbund.records.places import position_of
from verbund.web.directory.holdings import Change, Holding, plain
from verbund.web.directory.models import ContactPerson, Entry, Offer, Request
from verbund.web.directory.stating import as_read, base_language, detail_of
from verbund.web.networks.models import Alias, Identifier, Membership, Visibility
from verbund.wording import Language

_PLACE = ("postal_code", "city", "state", "country")
_IDENTITY = ("legal_form", "street", *_PLACE)
_CONTACT = ("contact_name", "contact_function", "contact_email", "contact_phone")
_TOGETHER = (("lat", "lon"), _CONTACT)  # one of them alone says nothing
_ALWAYS = ("id", "name", "origins", "visibility", "details")
_CENT = Decimal("0.01")
_SAME_SPOT = 1e-5  # degrees, about a metre
_OPENNESS = [Visibility.OWN, Visibility.PARTNERS, Visibility.PUBLIC]


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
    language = _language(holding, member)
    news = _news(holding, member) if holding.organisation.pk else member
    _lay_membership(holding, news, on)
    _lay_name(holding, news)
    _lay_identity(holding, news, member)
    _lay_profile(holding, news, language)
    _lay_figures(holding, news, on)
    _lay_contact(holding, news)
    visibility = Visibility(member.visibility.value) if member.visibility else entries_default
    made = {"visibility": visibility, "made_on": on}
    for model, held in ((Offer, holding.offers), (Request, holding.requests)):
        _lay_entries(holding, model, held, news, language, made)
    return holding.changes[before:]


def _language(holding: Holding, member: Record) -> Language:
    if member.language in ("de", "en"):
        return "en" if member.language == "en" else "de"
    return base_language(holding)


def _news(holding: Holding, member: Record) -> Record:
    """Leave out of a row what a list of ours would say of the member as well."""
    said = as_read(holding)
    changes: dict[str, Any] = {}
    for one in fields(Record):
        mine, kept = getattr(member, one.name), getattr(said, one.name)
        if one.name in _ALWAYS:
            continue
        if isinstance(mine, tuple):
            changes[one.name] = tuple(item for item in mine if item not in kept)
        elif mine == kept and one.default is not MISSING:
            changes[one.name] = one.default
    for group in _TOGETHER:
        if any(getattr(member, name) != getattr(said, name) for name in group):
            changes |= {name: getattr(member, name) for name in group}
    if member.name == said.name:
        changes["name"] = holding.organisation.name
    return replace(member, **changes)


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
    if member.member_status:
        status = Membership.Status(member.member_status)
        holding.set(membership, "status", status.value, said_as="member_status")
    if member.member_since:
        since = dt.date.fromisoformat(member.member_since)
        holding.set(membership, "valid_from", since, said_as="member_since")


def _lay_name(holding: Holding, member: Record) -> None:
    """Rename, unless the list only spells it otherwise: then that is noted as an alias."""
    organisation = holding.organisation
    known = {plain(alias.name) for alias in holding.aliases}
    spellings = [*member.aliases, member.name]
    if not organisation.name:
        organisation.name = member.name
        holding.touch(organisation)
    elif plain(member.name) not in known | {plain(organisation.name)} and not (
        parse_name(organisation.name).legal_form and not parse_name(member.name).legal_form
    ):
        spellings.append(organisation.name)
        holding.set(organisation, "name", member.name)
    known.add(plain(organisation.name))
    for spelling in dict.fromkeys(spellings):
        if plain(spelling) not in known:
            known.add(plain(spelling))
            alias = Alias(organisation=organisation, name=spelling)
            holding.aliases.append(alias)
            holding.touch(alias)
            if organisation.pk:
                holding.changes.append(Change("alias", "", spelling))
    _date_names(holding, member)


def _date_names(holding: Holding, member: Record) -> None:
    """Note since when and until when a name was used, where the list says so."""
    for detail in member.details:
        if detail.field != "aliases":
            continue
        alias = next((a for a in holding.aliases if plain(a.name) == plain(detail.text)), None)
        for attribute, day in (("valid_from", detail.since), ("valid_until", detail.until)):
            if alias and day:
                holding.set(alias, attribute, dt.date.fromisoformat(day), said_as="aliases")


def _lay_identity(holding: Holding, news: Record, member: Record) -> None:
    organisation = holding.organisation
    is_new = organisation.pk is None
    old_place = [getattr(organisation, name) for name in _PLACE]
    if news.type:
        holding.set(organisation, "kind", news.type.value, said_as="type")
    for name in _IDENTITY:
        if value := getattr(news, name):
            holding.set(organisation, name, value)
    for scheme in Identifier.Scheme:
        if value := getattr(news, scheme.value):
            _lay_identifier(holding, scheme, value)
    if news.language and not organisation.language:  # a list states that of its texts
        holding.set(organisation, "language", news.language)
    if news.website and _site(news.website) != _site(organisation.website):
        holding.set(organisation, "website", news.website)
    if is_new and member.visibility:
        organisation.visibility = member.visibility.value
    has_moved = old_place != [getattr(organisation, name) for name in _PLACE]
    is_stated = news.lat is not None
    if is_stated or has_moved or organisation.lat is None:
        _lay_position(holding, member, is_stated=is_stated)


def _lay_identifier(holding: Holding, scheme: Identifier.Scheme, value: str) -> None:
    """Take a number the list states; another one takes the place of the one that is kept."""
    kept = next((one for one in holding.identifiers if one.scheme == scheme), None)
    if kept is None:
        kept = Identifier(organisation=holding.organisation, scheme=scheme)
        holding.identifiers.append(kept)
    holding.set(kept, "value", value, said_as=scheme.value)


def _lay_position(holding: Holding, member: Record, *, is_stated: bool) -> None:
    """Take a position the list states; one worked out from the town only where it is needed."""
    organisation = holding.organisation
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


def _lay_profile(holding: Holding, member: Record, language: Language) -> None:
    profile = holding.profile
    if profile.pk is None:
        holding.touch(profile)
    known = {plain(profile.text_de), plain(profile.text_en)}
    if member.profile and plain(member.profile) not in known:
        holding.set(profile, f"text_{language}", member.profile, said_as="profile")
    for name, text in (("text_de", member.profile_de), ("text_en", member.profile_en)):
        if text:
            holding.set(profile, name, text, said_as=name.replace("text", "profile"))
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
    for name in ("turnover_eur", "balance_eur"):
        if (value := getattr(member, name)) is not None:
            holding.set(holding.figures, name, Decimal(str(value)).quantize(_CENT))
    if len(holding.changes) > before:
        holding.figures.as_of = on


def _lay_contact(holding: Holding, member: Record) -> None:
    name = member.contact_name or member.contact_email
    if not name:
        return
    person = next((one for one in holding.contacts if plain(one.name) == plain(name)), None)
    if person is None and not member.contact_name:  # an address alone names who has it
        person = next((one for one in holding.contacts if one.email == name), None)
    if person is None:
        person = ContactPerson(organisation=holding.organisation, name=name)
        holding.contacts.append(person)
        holding.touch(person)
        holding.changes.append(Change("contact_name", "", name))
    for field in _CONTACT[1:]:
        if value := getattr(member, field):
            holding.set(person, field.removeprefix("contact_"), value, said_as=field)


# ---------------------------------------------------------------- offers and requests


def _lay_entries(
    holding: Holding,
    model: type[Offer] | type[Request],
    held: list[Any],
    member: Record,
    language: Language,
    made: dict[str, Any],
) -> None:
    """Add the offers or requests that are not there, and what the list says about those that are.

    Of two with one text, the one that is as the list says stays as it is.
    """
    said_as = "offers" if model is Offer else "requests"
    details = [detail for detail in member.details if detail.field == said_as]
    known = [text for entry in held for text in _texts(entry)]
    for text in _unknown(getattr(member, said_as), known):
        detail = next((one for one in details if one.text == text), None)
        written = detail.language if detail and detail.language else language
        entry = model(organisation=holding.organisation, **made, **{f"text_{written}": text})
        held.append(entry)
        holding.touch(entry)
        if detail:
            _set_detail(entry, detail, written)
        holding.changes.append(Change(said_as, "", text))
    for detail in details:
        entries = [e for e in held if _folded(detail.text) in map(_folded, _texts(e))]
        if any(_is_as_said(entry, detail) for entry in entries):
            continue
        free = [e for e in entries if not any(_is_as_said(e, other) for other in details)]
        for entry in free[:1]:
            _change_entry(holding, entry, detail, said_as)


def _change_entry(holding: Holding, entry: Entry, detail: Detail, said_as: str) -> None:
    organisation, language = holding.organisation, base_language(holding)

    def line() -> str:
        return write_entry(detail_of(entry, language, organisation, is_home=True), language)

    old, was_open = line(), _OPENNESS.index(Visibility(entry.visibility))
    written = "en" if _folded(entry.text_en) == _folded(detail.text) else "de"
    _set_detail(entry, detail, written)
    holding.touch(entry)
    opens = _OPENNESS.index(Visibility(entry.visibility)) > was_open
    holding.changes.append(Change(said_as, old, line(), opens))


def _set_detail(entry: Entry, detail: Detail, written: str) -> None:
    for attribute, value in _said(entry, detail, written).items():
        if plain(getattr(entry, attribute)) != plain(value):
            setattr(entry, attribute, value)


def _is_as_said(entry: Entry, detail: Detail) -> bool:
    texts = (("de", entry.text_de), ("en", entry.text_en))
    return any(
        _folded(text) == _folded(detail.text)
        and all(
            plain(getattr(entry, attribute)) == plain(value)
            for attribute, value in _said(entry, detail, written).items()
        )
        for written, text in texts
    )


def _said(entry: Entry, detail: Detail, written: str) -> dict[str, Any]:
    """Return the attributes that a list says something about; what it leaves out stays."""
    other = "en" if written == "de" else "de"
    said = {
        f"text_{other}": detail.translation,
        "ends_on": dt.date.fromisoformat(detail.until) if detail.until else None,
        "capacity": detail.capacity,
        "trl": detail.trl,
        "visibility": detail.visibility.value if detail.visibility else None,
        "is_anonymous": detail.anonymous if isinstance(entry, Request) else None,
    }
    return {name: value for name, value in said.items() if value not in ("", None)}


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
    return fold(plain(text))


def _site(address: str) -> str:
    return address.lower().split("://", 1)[-1].removeprefix("www.").rstrip("/")
