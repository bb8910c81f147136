"""Size of an organisation as a viewer may see it, and what follows for its status as an SME."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from verbund.records.sme import Holder, Link, Status, YearFigures, sme_status
from verbund.records.sme_definitions import definitions_on
from verbund.web.agreements.sharing import visible
from verbund.web.directory.member_lists.content import engine_language
from verbund.web.directory.models import EnterpriseLink, Figures, PastFigures
from verbund.web.networks.models import Organisation
from verbund.web.networks.rules import Viewer


@dataclass(frozen=True)
class Verdict:
    """The status by one definition, in words; `is_sme` is None where it cannot be told."""

    is_sme: bool | None
    text: str
    reasons: list[str]
    source: str
    valid_from: dt.date | None
    valid_until: dt.date | None


@dataclass(frozen=True)
class Size:
    figures: Figures | None
    past: list[PastFigures]
    links: list[EnterpriseLink]
    verdicts: list[Verdict]

    @property
    def shared(self) -> list[str]:
        """What all answers rest on: the figures that count, and most ties."""
        first, *others = [one.reasons for one in self.verdicts] or [[]]
        return [reason for reason in first if all(reason in other for other in others)][:-1]


def size_of(organisation: Organisation, viewer: Viewer, on: dt.date) -> Size | None:
    """Return size and status, each part by the sharing rule; None where nothing may be seen."""
    figures = visible(Figures.objects.filter(organisation=organisation), to=viewer, on=on).first()
    past = list(visible(organisation.past_figures.all(), to=viewer, on=on))
    links = list(visible(organisation.links.all(), to=viewer, on=on))
    if figures is None and not past and not links:
        return None
    is_company = organisation.kind == Organisation.Kind.COMPANY
    years: list[Figures | PastFigures] = [*past, *([figures] if figures else [])]
    return Size(figures, past, links, verdicts(years, links, on) if is_company else [])


def verdicts(
    years: Iterable[Figures | PastFigures], links: Iterable[EnterpriseLink], on: dt.date
) -> list[Verdict]:
    """Compute the status by each definition that holds on a day."""
    given = [_year(one) for one in years if one.as_of]
    tied = [_link(one) for one in links]
    return [_worded(sme_status(given, tied, one.id, on)) for one in definitions_on(on)]


def _year(figures: Figures | PastFigures) -> YearFigures:
    if figures.as_of is None:
        raise ValueError(figures)
    return YearFigures(
        closing_day=figures.as_of,
        employees=figures.employees,
        turnover_eur=_number(figures.turnover_eur),
        balance_eur=_number(figures.balance_eur),
    )


def _link(link: EnterpriseLink) -> Link:
    return Link(
        name=link.name,
        share_percent=float(link.share_percent),
        is_owner=link.direction == EnterpriseLink.Direction.OWNER,
        is_dominant=link.is_dominant,
        holder=Holder(link.holder),
        employees=link.employees,
        turnover_eur=_number(link.turnover_eur),
        balance_eur=_number(link.balance_eur),
        valid_from=link.valid_from,
        valid_until=link.valid_until,
    )


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))


def _worded(status: Status) -> Verdict:
    language = engine_language()
    return Verdict(
        status.is_sme,
        status.say(language),
        [reason.say(language) for reason in status.reasons],
        status.definition.source,
        status.definition.valid_from,
        status.definition.valid_until,
    )
