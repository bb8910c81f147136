"""The directory as a member list: what somebody may see, as a file that can be read in again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from verbund.web.agreements.sharing import visible
from verbund.web.core.exports import Row
from verbund.web.directory.map import state_names
from verbund.web.directory.models import ContactPerson, Entry, Figures, Profile
from verbund.web.directory.queries import Sight
from verbund.web.networks.identifiers import pics_of
from verbund.web.networks.models import Membership, Organisation, Visibility, holds

# Every heading, in both languages, is one that the reader of member lists knows.
HEADINGS = [
    _("Member number"),
    _("Organisation"),
    _("Type"),
    _("Employees"),
    _("Turnover (EUR)"),
    _("Town"),
    _("Postal code"),
    _("Country"),
    _("Federal state"),
    _("Latitude"),
    _("Longitude"),
    _("Website"),
    _("Language"),
    _("Profile"),
    _("Offers"),
    _("Requests"),
    _("Topics"),
    _("Segment"),
    _("PIC"),
    _("Contact person"),
    _("Mail address"),
    _("Visibility"),
]
_STRICTEST = [Visibility.OWN, Visibility.PARTNERS, Visibility.PUBLIC]


def member_rows(sight: Sight, found: QuerySet[Organisation]) -> Iterator[Row]:
    """Yield one row a member; the number and the visibility only to the office that keeps them."""
    inside = found.order_by().values("pk")
    offers, requests = (
        _by_organisation(entries.filter(organisation__in=inside))
        for entries in (sight.offers, sight.requests)
    )
    profiles = {p.organisation_id: p for p in Profile.objects.filter(organisation__in=inside)}
    figures = _by_organisation(_shown(Figures.objects.filter(organisation__in=inside), sight))
    contacts = _by_organisation(
        _shown(ContactPerson.objects.filter(organisation__in=inside), sight)
    )
    kept = Membership.objects.filter(
        holds(sight.on), network__in=sight.viewer.managed, organisation__in=inside
    )
    numbers = dict(kept.values_list("organisation", "number"))
    states, pics = state_names(), pics_of(found.order_by())
    for one in found:
        profile = profiles.get(one.pk) or Profile()
        language = _language(one, profile)
        size = next(iter(figures[one.pk]), Figures())
        person = next(iter(contacts[one.pk]), ContactPerson())
        entries = [*offers[one.pk], *requests[one.pk]]
        yield [
            numbers.get(one.pk, ""),
            one.name,
            one.get_kind_display(),
            size.employees,
            None if size.turnover_eur is None else float(size.turnover_eur),
            one.city,
            one.postal_code,
            one.country,
            states.get(one.state, one.state),
            one.lat,
            one.lon,
            one.website,
            language,
            _text(profile, language),
            "\n".join(_text(entry, language) for entry in offers[one.pk]),
            "\n".join(_text(entry, language) for entry in requests[one.pk]),
            profile.topics,
            profile.segment,
            pics.get(one.pk, ""),
            person.name,
            person.email,
            _visibility(one, entries) if one.pk in numbers else "",
        ]


def _shown(queryset: QuerySet[Any], sight: Sight) -> QuerySet[Any]:
    return visible(queryset, to=sight.viewer, on=sight.on)


def _by_organisation(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.organisation_id].append(row)
    return found


def _language(organisation: Organisation, profile: Profile) -> str:
    """Return the language the profile is written in; reading the list again puts it back there."""
    if organisation.language not in ("de", "en") or getattr(
        profile, f"text_{organisation.language}"
    ):
        return organisation.language
    written = [language for language in ("de", "en") if getattr(profile, f"text_{language}")]
    return written[0] if written else organisation.language


def _text(thing: Profile | Entry, language: str) -> str:
    if language == "en":
        return thing.text_en or thing.text_de
    return thing.text_de or thing.text_en


def _visibility(organisation: Organisation, entries: Iterable[Entry]) -> str:
    """Return the strictest of the row, so that reading it elsewhere widens nothing."""
    strictest = min((organisation.visibility, *(e.visibility for e in entries)), key=_rank)
    return str(Visibility(strictest).label)


def _rank(visibility: str) -> int:
    return _STRICTEST.index(Visibility(visibility))
