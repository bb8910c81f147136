"""What parties agree on, as a value: drafted, signed, compared, put in force."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from verbund.web.agreements.models import Agreement, Clause, Field, SharingRule
from verbund.web.networks.models import DataClass

EVERY_OTHER = ""  # the receiver of a share that goes to all other parties
_DAYS = ("valid_from", "valid_until", "review_on", "takes_effect_on")


@dataclass(frozen=True, order=True)
class Share:
    """A party lets one other party, or every other one, see a class of data; parties by slug."""

    data_class: DataClass
    giver: str
    receiver: str
    audience: SharingRule.Audience

    def goes_to(self, receiver: str) -> bool:
        return self.receiver in (EVERY_OTHER, receiver) and receiver != self.giver


@dataclass(frozen=True)
class PartyTerms:
    slug: str
    name: str
    full_name: str = ""
    signatory: str = ""
    signatory_role: str = ""


@dataclass(frozen=True)
class ClauseTerms:
    """A clause; its number is what it keeps through all versions."""

    number: int
    field: Field
    title_de: str = ""
    title_en: str = ""
    aim_de: str = ""
    aim_en: str = ""
    measures_de: str = ""
    measures_en: str = ""
    planned_a_year: int = 1
    responsible: tuple[tuple[str, str], ...] = ()  # party, person
    shares: tuple[Share, ...] = ()

    def get_field_display(self) -> str:
        return str(Field(self.field).label)


@dataclass(frozen=True)
class Terms:
    """Everything that is agreed; equal terms have the same digest."""

    parties: tuple[PartyTerms, ...]
    kind: Agreement.Kind = Agreement.Kind.COOPERATION
    title_de: str = ""
    title_en: str = ""
    aim_de: str = ""
    aim_en: str = ""
    signed_at: str = ""
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    review_on: dt.date | None = None
    takes_effect_on: dt.date | None = None  # of an amendment
    renewal: Agreement.Renewal = Agreement.Renewal.AGREED
    renewal_months: int = 12
    notice_months: int = 3
    source: str = ""
    clauses: tuple[ClauseTerms, ...] = ()

    def get_kind_display(self) -> str:
        return str(Agreement.Kind(self.kind).label)

    def get_renewal_display(self) -> str:
        return str(Agreement.Renewal(self.renewal).label)

    @property
    def content(self) -> dict[str, Any]:
        """Return it as plain values, to be kept in a `Version`."""
        plain = asdict(self)
        for name in _DAYS:
            plain[name] = plain[name] and plain[name].isoformat()
        for clause in plain["clauses"]:
            clause["shares"] = sorted(list(share.values()) for share in clause["shares"])
            clause["responsible"] = sorted(map(list, clause["responsible"]))
        content: dict[str, Any] = json.loads(json.dumps(plain))
        return content

    @property
    def digest(self) -> str:
        return digest_of(self.content)

    def party(self, slug: str) -> PartyTerms:
        return next(party for party in self.parties if party.slug == slug)

    def others_than(self, slug: str) -> list[PartyTerms]:
        return [party for party in self.parties if party.slug != slug]


def digest_of(content: dict[str, Any]) -> str:
    """Return the SHA-256 of the canonical form: sorted keys, no spaces, UTF-8."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def terms_of(content: dict[str, Any]) -> Terms:
    """Return the terms that were kept as plain values."""
    values = {f.name: content[f.name] for f in fields(Terms) if f.name in content}
    for name in _DAYS:
        values[name] = dt.date.fromisoformat(values[name]) if values.get(name) else None
    values["kind"], values["renewal"] = (
        Agreement.Kind(values["kind"]),
        Agreement.Renewal(values["renewal"]),
    )
    values["parties"] = tuple(PartyTerms(**party) for party in content["parties"])
    values["clauses"] = tuple(_clause_of(clause) for clause in content["clauses"])
    return Terms(**values)


def _clause_of(content: dict[str, Any]) -> ClauseTerms:
    return ClauseTerms(
        **content
        | {
            "field": Field(content["field"]),
            "responsible": tuple((party, name) for party, name in content["responsible"]),
            "shares": tuple(_share_of(*values) for values in content["shares"]),
        }
    )


def _share_of(data_class: str, giver: str, receiver: str, audience: str) -> Share:
    return Share(DataClass(data_class), giver, receiver, SharingRule.Audience(audience))


def live_terms(agreement: Agreement, on: dt.date) -> Terms:
    """Return what stands in force on a day, as the rows say it; before the first day, what will."""
    on = max(on, agreement.valid_from or on)
    parties = list(agreement.signing.select_related("network"))
    slugs = {party.network_id: party.network.slug for party in parties}
    same = {f.name for f in fields(Terms)} - {"parties", "clauses", "takes_effect_on"}
    values = {name: getattr(agreement, name) for name in same}
    values["kind"], values["renewal"] = (
        Agreement.Kind(agreement.kind),
        Agreement.Renewal(agreement.renewal),
    )
    clauses = agreement.clauses.prefetch_related("rules", "responsible").order_by("number")
    return Terms(
        **values,
        parties=tuple(
            PartyTerms(
                party.network.slug,
                party.network.name,
                party.network.full_name,
                party.signatory,
                party.signatory_role,
            )
            for party in parties
        ),
        clauses=tuple(_live_clause(clause, slugs, on) for clause in clauses if _holds(clause, on)),
    )


def _holds(row: Clause | SharingRule, on: dt.date) -> bool:
    return (row.valid_from or on) <= on <= (row.valid_until or on)


def _live_clause(clause: Clause, slugs: dict[int, str], on: dt.date) -> ClauseTerms:
    names = [
        f.name for f in fields(ClauseTerms) if f.name not in ("field", "responsible", "shares")
    ]
    rules = [rule for rule in clause.rules.all() if _holds(rule, on)]
    return ClauseTerms(
        **{name: getattr(clause, name) for name in names},
        field=Field(clause.field),
        responsible=tuple(
            sorted((slugs[one.network_id], one.name) for one in clause.responsible.all())
        ),
        shares=tuple(sorted({share for rule in rules for share in shares_of(rule, slugs)})),
    )


def shares_of(rule: SharingRule, slugs: dict[int, str]) -> Iterator[Share]:
    """Return what a rule means, giver by giver; `slugs` are those of the parties."""
    receiver = slugs[rule.receiver_id] if rule.receiver_id else EVERY_OTHER
    for pk, giver in slugs.items():
        if rule.giver_id in (None, pk) and giver != receiver:
            yield _share_of(rule.data_class, giver, receiver, rule.audience)


def flows(shares: Iterable[Share], parties: Iterable[str]) -> set[Share]:
    """Name for each share every receiver by itself, so that two texts can be compared."""
    every = list(parties)
    return {
        replace(share, receiver=receiver)
        for share in shares
        for receiver in every
        if share.goes_to(receiver)
    }
