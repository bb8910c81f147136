"""Planned rows and findings in the words of the reader."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from verbund.records.organisation import Organisation as Record
from verbund.records.problems import Problem, Severity
from verbund.web.directory.holdings import Change, Holding
from verbund.web.directory.member_lists.content import engine_language
from verbund.web.directory.member_lists.queries import (
    CLAIM,
    MERGE,
    NEW,
    SAME,
    Decision,
    Plan,
    PlannedRow,
    own_number,
)
from verbund.web.networks.models import (
    Membership,
    MembershipClaim,
    Network,
    Organisation,
)
from verbund.wording import sentence

_DAYS = frozenset(("member_since", "as_of", "ends_on"))


@dataclass(frozen=True)
class Finding:
    """One finding with everything a person needs to mend it."""

    sheet: str
    row: int | None
    column: str
    found: str
    reason: str
    proposal: str
    severity: Severity

    @property
    def quotes_itself(self) -> bool:
        return self.found in self.reason


@dataclass(frozen=True)
class ShownChange:
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class ShownChoice:
    value: str
    label: str
    is_chosen: bool
    explanation: str = ""


@dataclass(frozen=True)
class ShownCell:
    name: str
    label: str
    is_kept: bool


@dataclass(frozen=True)
class Candidate:
    """An organisation that a row may be, with the facts that tell, and what the row says else.

    `differences` is None for members of others: what they hold is not shown.
    """

    organisation: Organisation
    networks: Sequence[Network]
    facts: str
    differences: list[ShownChange] | None


@dataclass(frozen=True)
class ShownRow:
    index: int
    places: str
    name: str
    facts: str
    findings: list[Finding]
    candidates: list[Candidate]
    choices: list[ShownChoice]
    cells: list[ShownCell]
    changes: list[ShownChange]


Differences = Mapping[tuple[int, int], list[Change]]


def shown_row(row: PlannedRow, plan: Plan, differences: Differences) -> ShownRow:
    candidates = [
        _candidate(plan, match.organisation, differences.get((row.index, match.organisation)))
        for match in row.matches
        if row.asks_about_match
    ]
    is_beside = row.decision.organisation in {one.organisation.pk for one in candidates}
    return ShownRow(
        index=row.index,
        places=_places(row.row, name_sheet=plan.has_sheets),
        name=row.row.name,
        facts=_facts_of_row(row.row),
        findings=[finding(problem) for problem in row.problems],
        candidates=candidates,
        choices=[] if row.status == SAME else _choices(row, plan),
        cells=[_cell(cell) for cell in row.cells],
        changes=[] if is_beside else [_change(change) for change in row.changes],
    )


def finding(problem: Problem) -> Finding:
    language = engine_language()
    return Finding(
        problem.sheet,
        problem.row,
        problem.column,
        problem.found,
        problem.reason(language),
        problem.proposal(language),
        problem.severity,
    )


def said_severity(severity: Severity) -> str:
    return {
        Severity.ERROR: _("not taken over"),
        Severity.WARNING: _("please check"),
        Severity.NOTE: _("note"),
    }[severity]


def label_of(field: str) -> str:
    """Name a field as the reader's findings do."""
    own = {"membership": _("member of"), "alias": _("also known as")}
    known = {"text_de": "profile_de", "text_en": "profile_en", "email": "contact_email"}
    if field in own:
        return own[field]
    return sentence(f"field.{known.get(field, field)}", engine_language())


def said_result(result: dict[str, Any]) -> str:
    """Say what an import changed."""
    new, changed = result.get("new", 0), result.get("changed", 0)
    same, out, asked = (result.get(name, 0) for name in ("same", "out", "asked"))
    claims = ngettext("%(n)s asked for consent", "%(n)s asked for consent", asked)
    return ", ".join(
        (
            ngettext("%(n)s new", "%(n)s new", new) % {"n": _number(new)},
            ngettext("%(n)s changed", "%(n)s changed", changed) % {"n": _number(changed)},
            ngettext("%(n)s unchanged", "%(n)s unchanged", same) % {"n": _number(same)},
            ngettext("%(n)s left out", "%(n)s left out", out) % {"n": _number(out)},
            *([claims % {"n": _number(asked)}] if asked else ()),
        )
    )


def _places(row: Record, *, name_sheet: bool) -> str:
    """Name the rows of the file that became this one."""
    rows: dict[str, list[str]] = {}
    for origin in row.origins:
        rows.setdefault(origin.sheet, []).append(str(origin.row))
    parts = (
        f"{', '.join(numbers)} ({sheet})" if name_sheet else ", ".join(numbers)
        for sheet, numbers in rows.items()
    )
    return "; ".join(parts)


def _facts_of_row(row: Record) -> str:
    employees = _employees(row.employees)
    return ", ".join(filter(None, (row.city, employees, _bare(row.website), own_number(row))))


def _facts_of_holding(held: Holding) -> str:
    one = held.organisation
    figures = held.figures.employees if held.figures.pk else None
    number = held.membership.number if held.membership.pk else ""
    return ", ".join(filter(None, (one.city, _employees(figures), _bare(one.website), number)))


def _employees(count: int | None) -> str:
    if count is None:
        return ""
    return ngettext("%(n)s employee", "%(n)s employees", count) % {"n": _number(count)}


def _bare(website: str) -> str:
    return website.split("://", 1)[-1].removeprefix("www.").rstrip("/")


def _number(value: float | Decimal, decimals: int = 0) -> str:
    return number_format(value, decimal_pos=decimals, use_l10n=True, force_grouping=True)


def _candidate(plan: Plan, pk: int, differences: list[Change] | None) -> Candidate:
    held = plan.holdings[pk]
    return Candidate(
        held.organisation,
        plan.networks.get(pk, []),
        _facts_of_holding(held),
        None if differences is None else [_change(change) for change in differences],
    )


def _choices(row: PlannedRow, plan: Plan) -> list[ShownChoice]:
    return [
        ShownChoice(
            str(choice),
            _said_choice(choice, row, plan),
            choice == row.decision,
            _explained_claim(choice.organisation, row, plan) if choice.kind == CLAIM else "",
        )
        for choice in row.choices
    ]


def _said_choice(choice: Decision, row: PlannedRow, plan: Plan) -> str:
    if choice.kind == MERGE and choice.organisation:
        name = _name_of(choice.organisation, plan)
        if row.asks_about_match or len(row.matches) > 1:
            return _("It is “%(name)s”: take over what is new") % name
        return _("Take over the changes")
    if choice.kind == CLAIM and choice.organisation:
        name = _name_of(choice.organisation, plan)
        if row.foreign.is_waiting(choice.organisation):
            return _("It is “%(name)s”: wait for its answer") % name
        return _("It is “%(name)s”: ask whether it is yours, too") % name
    if choice.kind == NEW:
        return _("A new organisation") if row.matches else _("Take over as a new member")
    return _("Leave the row out")


def _name_of(organisation: int, plan: Plan) -> dict[str, str]:
    return {"name": plan.holdings[organisation].organisation.name}


def _explained_claim(organisation: int | None, row: PlannedRow, plan: Plan) -> str:
    """Say why it has to be asked, and what was asked before."""
    if organisation is None:
        return ""
    networks = ", ".join(network.name for network in plan.networks.get(organisation, ()))
    parts = [
        _("It is a member of %(networks)s already.") % {"networks": networks} if networks else "",
        _("Until its office or the organisation itself says yes, nothing of it becomes yours."),
        _said_before(row.foreign.claims.get(organisation)),
    ]
    return " ".join(filter(None, parts))


def _said_before(claim: MembershipClaim | None) -> str:
    if claim is None:
        return ""
    if claim.is_open:
        return _("Asked on %(date)s.") % {"date": date_format(localtime(claim.asked_at))}
    if claim.is_granted is False and claim.answered_at:
        date = {"date": date_format(localtime(claim.answered_at))}
        return _("It was asked before; the answer of %(date)s was no.") % date
    return ""


def _cell(cell: Any) -> ShownCell:
    values = {
        "field": label_of(cell.field),
        "value": value_of(cell.field, cell.value),
        "found": cell.found,
    }
    label = _("%(field)s: %(value)s (“%(found)s”)") % values
    return ShownCell(cell.field, label, not cell.is_left_out)


def _change(change: Change) -> ShownChange:
    return ShownChange(
        label_of(change.field),
        value_of(change.field, change.old),
        value_of(change.field, change.new),
    )


def value_of(field: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if field in _DAYS:
        day = value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))
        return date_format(day)
    if field == "type":
        return str(dict(Organisation.Kind.choices).get(str(value), value))
    if field == "member_status":
        return str(dict(Membership.Status.choices).get(str(value), value))
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return _number(value, decimals=0 if value == int(value) else 2)
    return str(value)


def findings_table(problems: Iterable[Problem]) -> list[tuple[object, ...]]:
    """Lay findings out as rows of a file."""
    found = [finding(problem) for problem in problems]
    return [
        (
            one.sheet,
            one.row,
            one.column,
            one.found,
            said_severity(one.severity),
            one.reason,
            one.proposal,
        )
        for one in found
    ]
