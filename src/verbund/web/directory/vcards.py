"""Members as vCard 4.0 (RFC 6350): a card for the organisation and one for each contact person."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from verbund.web.directory.holdings import Holding
from verbund.web.directory.models import ContactPerson
from verbund.web.networks.models import Identifier, Organisation

_LONGEST_LINE = 75  # octets


def cards_of(holding: Holding) -> str:
    """Return the cards of a member, with the contact persons that stand in the holding."""
    one = holding.organisation
    cards = [_organisation(holding), *(_person(person, one) for person in holding.contacts)]
    return "".join(_card(card) for card in cards)


def _organisation(holding: Holding) -> Iterator[tuple[str, str]]:
    one = holding.organisation
    yield "UID", f"urn:uuid:{one.uid}"
    yield "KIND", "org"
    yield "FN", _text(one.name)
    yield "ORG", _text(one.name)
    yield from _address(one)
    if one.lat is not None and one.lon is not None:
        yield "GEO", f"geo:{one.lat},{one.lon}"
    if one.website:
        yield "URL", one.website.replace("\n", "")
    if one.language:
        yield "LANG", one.language
    topics = [topic for topic in holding.profile.topics.split("\n") if topic.strip()]
    if topics:
        yield "CATEGORIES", ",".join(_text(topic) for topic in topics)
    for language, text in (("de", holding.profile.text_de), ("en", holding.profile.text_en)):
        if text:
            yield f"NOTE;LANGUAGE={language}", _text(text)
    for number in holding.identifiers:
        scheme = Identifier.Scheme(number.scheme).value.upper()
        yield f"X-{scheme}", _text(number.value)


def _person(person: ContactPerson, one: Organisation) -> Iterator[tuple[str, str]]:
    yield "UID", f"urn:uuid:{uuid.uuid5(one.uid, f'contact person {person.pk}')}"
    yield "KIND", "individual"
    yield "FN", _text(person.name)
    yield "ORG", _text(one.name)
    if person.function:
        yield "TITLE", _text(person.function)
    if person.email:
        yield "EMAIL;TYPE=work", _text(person.email)
    if person.phone:
        yield "TEL;TYPE=work", _text(person.phone)
    yield from _address(one)


def _address(one: Organisation) -> Iterator[tuple[str, str]]:
    parts = ("", "", one.street, one.city, one.state, one.postal_code, one.country)
    if any(parts):
        yield "ADR;TYPE=work", ";".join(_text(part) for part in parts)


def _text(value: str) -> str:
    r"""Write a text as RFC 6350 wants it: backslashes before `\ , ;` and for line breaks."""
    for sign in ("\\", ",", ";"):
        value = value.replace(sign, f"\\{sign}")
    return "\\n".join(value.splitlines())


def _card(properties: Iterator[tuple[str, str]]) -> str:
    lines = ["BEGIN:VCARD", "VERSION:4.0", *(f"{name}:{value}" for name, value in properties)]
    return "".join(_folded(line) for line in (*lines, "END:VCARD"))


def _folded(line: str) -> str:
    """Break a line after 75 octets, never inside a letter; what follows begins with a blank."""
    parts, size = [""], 0
    for letter in line:
        width = len(letter.encode())
        if size + width > _LONGEST_LINE:
            parts.append(" ")
            size = 1
        parts[-1] += letter
        size += width
    return "\r\n".join(parts) + "\r\n"
