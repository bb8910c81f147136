"""An import as it stands: what each row would do, and what still has to be decided."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import QuerySet

from verbund.records.headings import recognise
from verbund.records.organisation import Organisation as Record
from verbund.records.problems import Problem, Severity
from verbund.web.agreements.sharing import visible
from verbund.web.core.models import AuditEntry
from verbund.web.directory.claims.queries import latest_claims, to_be_asked
from verbund.web.directory.holdings import Change, Holding, holdings_of
from verbund.web.directory.laying import lay
from verbund.web.directory.member_lists.content import problems_of, rows_of
from verbund.web.directory.member_lists.matches import Match, from_stored
from verbund.web.directory.models import ImportRun
from verbund.web.directory.queries import networks_by_organisation, sight_of
from verbund.web.networks.models import MembershipClaim, Network, Organisation, Visibility
from verbund.web.networks.rules import Viewer

NEW, SKIP, MERGE, CLAIM = "new", "skip", "merge", "claim"
DECIDE, ADDED, CHANGED, SAME, OUT = "decide", "new", "changed", "same", "out"
ASKED = "asked"
_PARTS_OF = {
    "address": ("city", "postal_code"),
    "city_line": ("city", "postal_code"),
    "position": ("lat", "lon"),
    "lat": ("lat", "lon"),
    "lon": ("lat", "lon"),
    "public": ("visibility",),
}
# A value was read, but perhaps not as it was meant; other findings left the cell empty.
_READ_IN_DOUBT = frozenset(
    (
        "guessed",
        "range",
        "approximate",
        "rounded",
        "zero_lost",
        "first_of_several",
        "swapped_position",
        "field_twice",
        "unknown_visibility",
    )
)
_LETTER = re.compile(r"[A-Z]+ \((.*)\)", re.DOTALL)
_FIELDS: dict[str, Any] = {
    name: Record.__dataclass_fields__[name].default for name in Record.__dataclass_fields__
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell read in doubt: it may be taken as read, or left out."""

    field: str
    value: Any
    found: str
    is_left_out: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to a row: a new organisation, one that is there, or nothing.

    Of one that is there, but not a member of the network, it is asked whether it is (`CLAIM`).
    """

    kind: str
    organisation: int | None = None

    def __str__(self) -> str:
        return f"{self.kind}:{self.organisation}" if self.organisation else self.kind


@dataclass(frozen=True)
class Foreign:
    """The organisations that are not simply the network's own, and what was asked of them."""

    organisations: set[int]
    claims: Mapping[int, MembershipClaim]

    def is_waiting(self, organisation: int | None) -> bool:
        claim = self.claims.get(organisation or 0)
        return claim is not None and claim.is_open

    def has_declined(self, organisation: int) -> bool:
        claim = self.claims.get(organisation)
        return claim is not None and claim.is_granted is False


@dataclass
class PlannedRow:
    """A row, what was decided or is proposed for it, and what that would change."""

    index: int
    row: Record
    problems: list[Problem]
    matches: list[Match]
    foreign: Foreign
    decision: Decision
    is_decided: bool
    left_out: frozenset[str]
    changes: list[Change] = field(default_factory=list)

    @property
    def effective(self) -> Record:
        """The row without the cells that are left out."""
        parts = (part for name in self.left_out for part in _PARTS_OF.get(name, (name,)))
        return replace(self.row, **{part: _FIELDS[part] for part in parts})

    @property
    def is_sure(self) -> bool:
        return bool(self.matches) and self.matches[0].is_sure

    @property
    def asks_about_match(self) -> bool:
        return bool(self.matches) and not self.is_sure

    @property
    def is_open(self) -> bool:
        """A row is asked about if it may be somebody else, or was perhaps not read as meant.

        Not if it is surely a member about whom it says nothing new, or one that is asked already.
        """
        if self.is_decided or (self.is_sure and not self.changes) or self.is_waiting:
            return False
        return self.asks_about_match or any(self._matters(one) for one in self.problems)

    @property
    def is_waiting(self) -> bool:
        is_claim = self.decision.kind == CLAIM
        return is_claim and self.foreign.is_waiting(self.decision.organisation)

    def _matters(self, problem: Problem) -> bool:
        if problem.code == "similar" and self.is_sure:
            return False  # similar rows, but two members of the network
        return problem.severity is not Severity.NOTE

    @property
    def status(self) -> str:
        if self.is_open:
            return DECIDE
        if self.decision.kind == SKIP:
            return OUT
        if self.decision.kind == NEW:
            return ADDED
        if self.decision.kind == CLAIM:
            return ASKED
        return CHANGED if self.changes else SAME

    def stored(self, choice: str, leave: Iterable[str] = ()) -> dict[str, Any]:
        """Return a choice as it is kept, with the organisations there were to choose from."""
        seen = [match.organisation for match in self.matches]
        return {"as": choice, "leave": list(leave), "seen": seen}

    @property
    def cells(self) -> list[Cell]:
        found = {}
        first = self.row.origins[0]
        for problem in self.problems:
            name = field_of(problem)
            is_here = (problem.sheet, problem.row) == (first.sheet, first.row)
            is_read = is_here and problem.code in _READ_IN_DOUBT
            if is_read and name and _value(self.row, name) is not None:
                found[name] = Cell(
                    name, _value(self.row, name), problem.found, name in self.left_out
                )
        return list(found.values())

    @property
    def choices(self) -> list[Decision]:
        """What may be chosen for this row; the proposal is `decision` until something is."""
        there = [_decision(match, self.foreign) for match in self.matches]
        return [*there, Decision(NEW), Decision(SKIP)]


@dataclass(frozen=True)
class Plan:
    """All rows of an import, and the organisations they may be, as far as the viewer sees them."""

    rows: list[PlannedRow]
    problems: list[Problem]
    holdings: Mapping[int, Holding]
    networks: Mapping[int, list[Network]]

    @property
    def counts(self) -> Counter[str]:
        return Counter(row.status for row in self.rows)

    @property
    def has_sheets(self) -> bool:
        return len({origin.sheet for row in self.rows for origin in row.row.origins}) > 1

    @property
    def claimed(self) -> set[int]:
        """The organisations that taking over asks; those that are asked already not again."""
        asked = {row.decision.organisation for row in self.having(ASKED) if not row.is_waiting}
        return {one for one in asked if one}

    @property
    def fingerprint(self) -> str:
        """Return what tells this plan from another: what each row does, from what to what."""
        said = [
            (
                row.status,
                str(row.decision),
                [(c.field, str(c.old), str(c.new)) for c in row.changes],
            )
            for row in self.rows
        ]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]

    def having(self, status: str) -> list[PlannedRow]:
        return [row for row in self.rows if row.status == status]


def imports_of(viewer: Viewer) -> QuerySet[ImportRun]:
    """Return the imports of the networks somebody edits, without what was read."""
    runs = ImportRun.objects.filter(network__in=viewer.edited)
    return runs.select_related("network", "made_by", "ended_by").defer("content", "decisions")


def changed_since(plan: Plan, entry: int) -> list[tuple[str, str]]:
    """Return the organisations of a plan that others changed after an audit entry, and who did."""
    log = AuditEntry.objects.filter(
        pk__gt=entry, kind="organisation", key__in=list(map(str, plan.holdings))
    )
    found = log.order_by("pk").values_list("key", "actor__name")
    return [(plan.holdings[int(key)].organisation.name, actor or "") for key, actor in found]


def latest_entry() -> int:
    return AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def waiting_imports(viewer: Viewer) -> QuerySet[ImportRun]:
    return imports_of(viewer).filter(state=ImportRun.State.READ)


def plan_of(
    run: ImportRun,
    *,
    to: Viewer,
    on: dt.date,
    matches: Mapping[int, list[Match]] | None = None,
) -> Plan:
    """Work out what an import would do, without writing anything.

    Organisations are compared as far as the viewer may see them; `matches` replaces those found
    when the file was read.
    """
    rows, problems = rows_of(run.content), problems_of(run.content)
    found = from_stored(run.content.get("matches", {})) if matches is None else matches
    wanted = {match.organisation for some in found.values() for match in some}
    seen = visible(Organisation.objects.filter(pk__in=wanted), to=to, on=on)
    held = holdings_of(seen, run.network, on=on, to=to)
    foreign = Foreign(to_be_asked(run.network, held, on), latest_claims(run.network, held))
    of_row = _problems_by_row(rows, problems)
    planned = []
    for index, row in enumerate(rows):
        known = [match for match in found.get(index, ()) if match.organisation in held]
        planned.append(
            _planned(index, row, of_row[index], known, foreign, run.decisions.get(str(index), {}))
        )
    for one in planned:
        if one.decision.kind == MERGE and one.decision.organisation:
            default = Visibility(run.entries_visibility)
            holding = held[one.decision.organisation]
            one.changes = lay(holding, one.effective, on=on, entries_default=default)
    there = [holding.organisation for holding in held.values()]
    return Plan(planned, problems, held, networks_by_organisation(sight_of(to, on), there))


def differences_of(
    rows: Iterable[PlannedRow], run: ImportRun, *, to: Viewer, on: dt.date
) -> dict[tuple[int, int], list[Change]]:
    """Return what rows would change in each own member they may be, to put them side by side."""
    asked = [
        (row, match.organisation)
        for row in rows
        if row.asks_about_match
        for match in row.matches
        if match.organisation not in row.foreign.organisations
    ]
    wanted = Organisation.objects.filter(pk__in={pk for _, pk in asked})
    held = holdings_of(visible(wanted, to=to, on=on), run.network, on=on, to=to)
    default = Visibility(run.entries_visibility)
    return {
        (row.index, pk): lay(deepcopy(held[pk]), row.effective, on=on, entries_default=default)
        for row, pk in asked
        if pk in held
    }


def _planned(
    index: int,
    row: Record,
    problems: list[Problem],
    matches: list[Match],
    foreign: Foreign,
    stored: Mapping[str, Any],
) -> PlannedRow:
    proposal = _proposal(matches, foreign)
    made = PlannedRow(
        index, row, problems, matches, foreign, proposal, is_decided=False, left_out=frozenset()
    )
    chosen = next((one for one in made.choices if str(one) == stored.get("as")), None)
    # Ask again if the organisation chosen is gone or out of sight, or one came up since then.
    nothing_new = {match.organisation for match in matches} <= set(stored.get("seen", ()))
    if chosen and (nothing_new or chosen.kind == SKIP):
        made.decision, made.is_decided = chosen, True
        made.left_out = frozenset(stored.get("leave", ())) & {cell.field for cell in made.cells}
    return made


def _proposal(matches: list[Match], foreign: Foreign) -> Decision:
    """Propose the organisation that is surely meant or asked already, or the only likely one.

    Who has said no is not asked again unless somebody chooses so.
    """
    likely = [match for match in matches if match.is_likely]
    asked = [match for match in matches if foreign.is_waiting(match.organisation)]
    if matches and matches[0].is_sure:
        return _decision(matches[0], foreign)
    for found in (asked, likely):
        if len(found) == 1:
            has_declined = foreign.has_declined(found[0].organisation)
            return Decision(SKIP) if has_declined else _decision(found[0], foreign)
    return Decision(NEW)


def _decision(match: Match, foreign: Foreign) -> Decision:
    is_foreign = match.organisation in foreign.organisations
    return Decision(CLAIM if is_foreign else MERGE, match.organisation)


def _problems_by_row(rows: list[Record], problems: list[Problem]) -> dict[int, list[Problem]]:
    index_of = {
        (origin.sheet, origin.row): index
        for index, row in enumerate(rows)
        for origin in row.origins
    }
    found: dict[int, list[Problem]] = defaultdict(list)
    for problem in problems:
        row = problem.row or -1
        if problem.code == "continued":  # its entries went to the member above
            above = (one for sheet, one in index_of if sheet == problem.sheet and one < row)
            row = max(above, default=-1)
        index = index_of.get((problem.sheet, row))
        if index is not None:
            found[index].append(problem)
    return found


def own_number(row: Record) -> str:
    """Return how the office's list numbers the organisation; `#7` is only its place there."""
    return "" if row.id.startswith("#") else row.id


def field_of(problem: Problem) -> str:
    """Return the field that a finding about a cell is about."""
    if problem.code == "swapped_position":
        return "position"
    match = _LETTER.fullmatch(problem.column)
    heading = recognise(match[1] if match else problem.column)
    return heading.field if heading and heading.field in (*_FIELDS, *_PARTS_OF) else ""


def _value(row: Record, name: str) -> Any:
    values = [getattr(row, part) for part in _PARTS_OF.get(name, (name,))]
    filled = [value for value in values if value not in (None, "")]
    if not filled or isinstance(filled[0], tuple) or name == "name":
        return None
    return filled[0] if len(filled) == 1 else ", ".join(map(str, filled))
