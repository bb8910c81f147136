"""What a member list of ours says of a member: the one way out, which the way in reads back.

Exports write it; an import compares its rows with it, so that a list which says what ours would say
changes nothing, however its cells are read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from verbund.records.entries import LISTS, write_entries
from verbund.records.members import read_fields
from verbund.records.organisation import Detail
from verbund.records.organisation import Organisation as Record
from verbund.records.organisation import Visibility as Stated
from verbund.records.tables import Cell
from verbund.web.directory.holdings import Holding
from verbund.web.directory.models import ContactPerson, Entry, Figures, Request
from verbund.web.networks.models import Alias, Identifier, Organisation
from verbund.wording import Language


def statement_of(holding: Holding, *, is_home: bool) -> dict[str, Any]:
    """Return a value for each field of the list, several as details; empty means not stated.

    What is between a member and its office (number, status, who may see it) goes to that office
    alone (`is_home`).
    """
    one, profile = holding.organisation, holding.profile
    membership = holding.membership if is_home else None
    figures = holding.figures if holding.figures.pk else Figures()
    person = holding.contacts[0] if holding.contacts else ContactPerson()
    language = base_language(holding)
    return {
        "key": str(one.uid),
        "id": membership.number if membership else "",
        "name": one.name,
        "aliases": [_alias(alias) for alias in holding.aliases],
        "legal_form": one.legal_form,
        "type": one.kind,
        "employees": figures.employees,
        "turnover_eur": _amount(figures.turnover_eur),
        "balance_eur": _amount(figures.balance_eur),
        "street": one.street,
        "postal_code": one.postal_code,
        "city": one.city,
        "country": one.country,
        "state": one.state,
        "lat": one.lat,
        "lon": one.lon,
        "website": one.website,
        "language": one.language,
        "profile_de": profile.text_de,
        "profile_en": profile.text_en,
        "offers": [detail_of(e, language, one, is_home=is_home) for e in holding.offers],
        "requests": [detail_of(e, language, one, is_home=is_home) for e in holding.requests],
        "topics": [Detail(field="topics", text=t) for t in profile.topics.split("\n") if t.strip()],
        "segment": profile.segment,
        **{str(scheme): _number(holding.identifiers, scheme) for scheme in Identifier.Scheme},
        "contact_name": person.name,
        "contact_function": person.function,
        "contact_email": person.email,
        "contact_phone": person.phone,
        "member_status": membership.status if membership else "",
        "member_since": membership.valid_from if membership else None,
        "visibility": one.visibility if is_home else "",
    }


def base_language(holding: Holding) -> Language:
    """Return the language of texts that a list says nothing about."""
    known = (holding.organisation.language, holding.membership.network.language)
    first = next((language for language in known if language in ("de", "en")), "de")
    return "en" if first == "en" else "de"


def detail_of(
    entry: Entry, language: Language, organisation: Organisation, *, is_home: bool
) -> Detail:
    """Return what a list says of an offer or a request, in the row's language if it has it."""
    other = "de" if language == "en" else "en"
    texts = {"de": entry.text_de, "en": entry.text_en}
    written = language if texts[language] else other
    translation = texts[other] if written == language else ""
    is_anonymous = isinstance(entry, Request) and entry.is_anonymous
    differs = is_home and entry.visibility != organisation.visibility
    return Detail(
        field="requests" if isinstance(entry, Request) else "offers",
        text=texts[written],
        language=written if translation or written != language else "",
        translation=translation,
        until=_day(entry.ends_on),
        capacity=entry.capacity,
        trl=entry.trl,
        visibility=Stated(entry.visibility) if differs else None,
        anonymous=True if is_anonymous else None,
    )


def _alias(alias: Alias) -> Detail:
    return Detail(
        field="aliases",
        text=alias.name,
        since=_day(alias.valid_from),
        until=_day(alias.valid_until),
    )


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""


def _amount(value: Any) -> float | None:
    return None if value is None else float(value)


def _number(identifiers: Iterable[Identifier], scheme: str) -> str:
    return next((one.value for one in identifiers if one.scheme == scheme), "")


def as_read(holding: Holding) -> Record:
    """Return the row that our own list of a member would be read as."""
    return read_fields(cells_of(statement_of(holding, is_home=True), "en"))


def cells_of(statement: Mapping[str, Any], language: Language) -> dict[str, Cell]:
    """Return the filled cells of a statement, several entries written into one."""
    cells = {
        field: write_entries(value, language) if field in LISTS else value
        for field, value in statement.items()
    }
    return {field: cell for field, cell in cells.items() if cell not in ("", None)}
