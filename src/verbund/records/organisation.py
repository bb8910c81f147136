"""An organisation as a member list states it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from verbund.wording import refuse


class OrganisationType(StrEnum):
    COMPANY = "company"
    RESEARCH = "research"
    EDUCATION = "education"
    PUBLIC = "public"
    NETWORK = "network"
    OTHER = "other"


class Visibility(StrEnum):
    """Who may see an entry: the own network, partner networks or everyone."""

    OWN = "own"
    PARTNERS = "partners"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record was read: file, sheet and row (counted from 1, as Excel counts)."""

    file: str
    row: int
    sheet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """What a list says of an offer, a request or another name beside its text.

    `language` is that of the text where it is not the row's, `translation` the same in the other
    one of German and English. Days are written as ISO 8601.
    """

    field: str  # offers, requests, topics, aliases
    text: str
    language: str = ""
    translation: str = ""
    since: str = ""
    until: str = ""
    capacity: str = ""
    trl: int | None = None
    visibility: Visibility | None = None
    anonymous: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A member of a network: who it is, what it offers and what it requests.

    Only `id` and `name` are required. An empty text, tuple or None means "not stated".
    `key` is the id that the platform gave it, `id` the office's number. `employees` counts heads,
    `turnover_eur` is in EUR a year, `balance_eur` at its end; `lat` and `lon` are degrees (WGS 84).
    `visibility` None means that the list says nothing, which the platform treats as `own`.
    `aliases` are other names under which the list holds it; `details` tells more about single
    offers, requests and aliases. `sme` is what the list states; whether a firm counts as one
    depends on a programme's definition.

    Raises
    ------
    InvalidInput
        Without id or name, for negative numbers, or a position that is not on the globe.
    """

    id: str
    name: str
    key: str = ""
    legal_form: str = ""
    type: OrganisationType | None = None
    sme: bool | None = None
    employees: int | None = None
    turnover_eur: float | None = None
    balance_eur: float | None = None
    street: str = ""
    city: str = ""
    postal_code: str = ""
    country: str = ""
    state: str = ""
    lat: float | None = None
    lon: float | None = None
    website: str = ""
    language: str = ""
    profile: str = ""
    profile_de: str = ""
    profile_en: str = ""
    offers: tuple[str, ...] = ()
    requests: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    segment: str = ""
    vat: str = ""
    register: str = ""
    ror: str = ""
    pic: str = ""
    lei: str = ""
    contact_name: str = ""
    contact_function: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    member_status: str = ""
    member_since: str = ""
    visibility: Visibility | None = None
    aliases: tuple[str, ...] = ()
    details: tuple[Detail, ...] = ()
    origins: tuple[Origin, ...] = ()

    def __post_init__(self) -> None:
        if not self.id or not self.name:
            raise refuse("organisation.unnamed", id=self.id)
        for field in ("offers", "requests", "topics"):
            if isinstance(getattr(self, field), str):
                raise refuse("organisation.text_for_list", name=self.name, field=field)
        for field in ("employees", "turnover_eur", "balance_eur"):
            value = getattr(self, field)
            if value is not None and not value >= 0:
                raise refuse("organisation.negative", name=self.name, field=field, found=value)
        position = (self.lat, self.lon)
        if None in position and position != (None, None):
            raise refuse("organisation.half_position", name=self.name)
        if (
            self.lat is not None
            and self.lon is not None
            and not (-90 <= self.lat <= 90 and -180 <= self.lon <= 180)
        ):
            raise refuse("organisation.off_globe", name=self.name, lat=self.lat, lon=self.lon)

    @property
    def whole_profile(self) -> str:
        """What it says of itself, in whatever language."""
        return "\n".join(filter(None, (self.profile, self.profile_de, self.profile_en)))

    def with_id(self, new_id: str) -> Organisation:
        return replace(self, id=new_id)
