"""The directory as a member list: what somebody may see, as a file that can be read in again."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from verbund.records.entries import LISTS, as_object, write_entries
from verbund.web.core.exports import Row, as_download, as_file
from verbund.web.core.texts import current_language
from verbund.web.directory.holdings import Holding, holdings_of
from verbund.web.directory.map import state_names
from verbund.web.directory.models import Sighting
from verbund.web.directory.queries import Sight
from verbund.web.directory.sightings.services import note_sightings
from verbund.web.directory.stating import statement_of
from verbund.web.directory.vcards import cards_of
from verbund.web.networks.models import Membership, Organisation, Visibility, holds
from verbund.wording import Language

KINDS = ("xlsx", "csv", "jsonl", "vcf")
# Every heading, in both languages, is one that the reader of member lists knows.
HEADINGS = {
    "id": _("Member number"),
    "name": _("Organisation"),
    "legal_form": _("Legal form"),
    "type": _("Type"),
    "employees": _("Employees"),
    "turnover_eur": _("Turnover (EUR)"),
    "balance_eur": _("Balance-sheet total (EUR)"),
    "street": _("Street"),
    "postal_code": _("Postal code"),
    "city": _("Town"),
    "state": _("Federal state"),
    "country": _("Country (code)"),
    "lat": _("Latitude"),
    "lon": _("Longitude"),
    "website": _("Website"),
    "language": _("Language"),
    "profile_de": _("Profile German"),
    "profile_en": _("Profile English"),
    "offers": _("Offers"),
    "requests": _("Requests"),
    "topics": _("Topics"),
    "segment": _("Segment"),
    "contact_name": _("Contact person"),
    "contact_function": _("Function"),
    "contact_email": _("Mail address"),
    "contact_phone": _("Phone"),
    "member_status": _("Membership status"),
    "member_since": _("Member since"),
    "visibility": _("Visibility"),
    "aliases": _("Also known as"),
    "vat": _("VAT number"),
    "register": _("Commercial register"),
    "ror": _("ROR"),
    "pic": _("PIC"),
    "lei": _("LEI"),
    "key": _("Verbund id"),
}


@dataclass(frozen=True)
class Exported:
    """A member as somebody sees it; `is_home` to the office that keeps it."""

    holding: Holding
    is_home: bool


def member_file(sight: Sight, found: QuerySet[Organisation], *, kind: str) -> HttpResponse:
    """Write what a viewer sees of organisations as xlsx, csv, jsonl or vcf."""
    members = _exported(sight, found)
    requests = [request for one in members for request in one.holding.requests]
    note_sightings(requests, viewer=sight.viewer, place=Sighting.Place.EXPORT, on=sight.on)
    if kind == "vcf":
        body = "".join(cards_of(one.holding) for one in members)
        return as_download("members.vcf", body.encode(), content_type="text/vcard; charset=utf-8")
    if kind == "jsonl":
        lines = (json.dumps(_object(one), ensure_ascii=False) + "\n" for one in members)
        body = "".join(lines)
        return as_download("members.jsonl", body.encode(), content_type="application/jsonl")
    return as_file("members", list(HEADINGS.values()), _rows(members), kind=kind)


def _exported(sight: Sight, found: QuerySet[Organisation]) -> list[Exported]:
    held = holdings_of(found, None, on=sight.on, to=sight.viewer)
    kept = Membership.objects.filter(
        holds(sight.on), network__in=sight.viewer.offices, organisation__in=held
    )
    for membership in kept.select_related("network"):
        held[membership.organisation_id].membership = membership
    for holding in held.values():
        holding.offers = [one for one in holding.offers if _goes_on(one.ends_on, sight.on)]
        holding.requests = [one for one in holding.requests if _goes_on(one.ends_on, sight.on)]
    return [Exported(one, is_home=one.membership.pk is not None) for one in held.values()]


def _goes_on(last_day: dt.date | None, on: dt.date) -> bool:
    return last_day is None or last_day >= on


def _rows(members: Iterable[Exported]) -> Iterator[Row]:
    language: Language = "en" if current_language() == "en" else "de"
    labels: dict[str, Mapping[str, Any]] = {
        "type": dict(Organisation.Kind.choices),
        "state": state_names(),
        "member_status": dict(Membership.Status.choices),
        "visibility": dict(Visibility.choices),
    }
    for one in members:
        said = statement_of(one.holding, is_home=one.is_home)
        for field, names in labels.items():
            said[field] = str(names.get(said[field], said[field]))
        for field in LISTS:
            said[field] = write_entries(said[field], language)
        yield [said[field] for field in HEADINGS]


def _object(one: Exported) -> dict[str, Any]:
    """Return what is stated, under the names of the fields; days as ISO 8601."""
    said = statement_of(one.holding, is_home=one.is_home)
    for field in LISTS:
        said[field] = [as_object(detail) for detail in said[field]]
    if since := said["member_since"]:
        said["member_since"] = since.isoformat()
    return {field: value for field, value in said.items() if value not in ("", None, [])}
