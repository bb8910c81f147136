"""Imports of member lists: read, decided row by row, then taken over as one step or discarded."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from verbund.records.organisation import Organisation as Record
from verbund.web.core.services import record
from verbund.web.directory.member_lists.choosing import remembered, terms_of
from verbund.web.directory.member_lists.content import rows_of
from verbund.web.directory.member_lists.matches import Match, as_stored, find_matches
from verbund.web.directory.member_lists.queries import (
    ADDED,
    ASKED,
    CHANGED,
    DECIDE,
    OUT,
    SAME,
    Plan,
    PlannedRow,
    latest_entry,
    own_number,
    plan_of,
)
from verbund.web.directory.member_lists.reading import Chosen, read_again
from verbund.web.directory.models import ColumnMapping, ImportRun
from verbund.web.directory.services import claim_member, prepare_members, write_members
from verbund.web.directory.services.lists import Prepared
from verbund.web.networks.models import Network, Organisation, Visibility
from verbund.web.networks.rules import Viewer

if TYPE_CHECKING:
    from verbund.web.accounts.models import User


@dataclass(frozen=True, slots=True)
class Choice:
    """What a manager chose for a row: `as_` is one of its choices, `leave` names cells."""

    as_: str
    leave: tuple[str, ...] = ()


def start_import(
    content: dict[str, Any],
    network: Network,
    *,
    file_name: str,
    entries_visibility: Visibility,
    by: User,
    viewer: Viewer,
    on: dt.date,
) -> ImportRun:
    """Keep what was read from a file for checking; the same file once more is the same import."""
    matches = as_stored(find_matches(rows_of(content), network, to=viewer, on=on))
    with transaction.atomic():
        Network.objects.select_for_update().get(pk=network.pk)
        same = ImportRun.objects.filter(
            network=network,
            state=ImportRun.State.READ,
            entries_visibility=entries_visibility,
            content__digest=content["digest"],
        ).first()
        if same:
            return same
        run = ImportRun(
            network=network,
            file_name=file_name,
            made_by=by,
            entries_visibility=entries_visibility,
            content=content | {"matches": matches},
        )
        run.to_decide = plan_of(run, to=viewer, on=on).counts[DECIDE]
        run.save()
        record(by, "read", run, {"network": network.slug, "rows": len(content["rows"])})
    return run


@transaction.atomic
def choose_columns(
    run: ImportRun,
    mappings: Mapping[str, Mapping[int, str]],
    *,
    by: User,
    viewer: Viewer,
    on: dt.date,
) -> ImportRun:
    """Read a list again with columns as somebody chose them, and remember that for its headings.

    Raises
    ------
    ValidationError
        If no member is found that way; nothing is changed or remembered then.
    """
    run = _locked(run)
    if run.state != ImportRun.State.READ:
        return run
    _read_again(run, Chosen(mappings, terms_of(run.content)), viewer, on)
    for headings, columns in mappings.items():
        ColumnMapping.objects.update_or_create(
            network=run.network, headings=headings, defaults={"columns": columns}
        )
    record(by, "columns", run, {"network": run.network.slug})
    return run


@transaction.atomic
def choose_terms(
    run: ImportRun, terms: Mapping[tuple[str, str], str], *, viewer: Viewer, on: dt.date
) -> ImportRun:
    """Read a list again with the meanings that somebody gave to terms, each for all its rows."""
    run = _locked(run)
    if run.state == ImportRun.State.READ:
        known = terms_of(run.content) | dict(terms)
        mappings = remembered(run.network).mappings
        _read_again(run, Chosen(mappings, known), viewer, on)
    return run


def _read_again(run: ImportRun, chosen: Chosen, viewer: Viewer, on: dt.date) -> None:
    """Read the file once more; decisions stay with the rows they were made for."""
    places = {_place(row): str(i) for i, row in enumerate(rows_of(run.content))}
    content = read_again(run.content, chosen)
    rows = rows_of(content)
    decisions = {
        str(i): run.decisions[places[_place(row)]]
        for i, row in enumerate(rows)
        if places.get(_place(row)) in run.decisions
    }
    matches = as_stored(find_matches(rows, run.network, to=viewer, on=on))
    run.content, run.decisions = content | {"matches": matches}, decisions
    run.to_decide = plan_of(run, to=viewer, on=on).counts[DECIDE]
    run.save(update_fields=["content", "decisions", "to_decide"])


def _place(row: Record) -> tuple[str, int]:
    return row.origins[0].sheet, row.origins[0].row


@transaction.atomic
def decide(
    run: ImportRun, choices: Mapping[int, Choice], *, viewer: Viewer, on: dt.date
) -> Counter[str] | None:
    """Keep what was chosen for rows; what no row offers is left aside.

    Returns how the rows stand now, or None if the import has ended meanwhile.
    """
    run = _locked(run)
    if run.state != ImportRun.State.READ:
        return None
    plan = plan_of(run, to=viewer, on=on)
    for index, choice in choices.items():
        row = plan.rows[index] if 0 <= index < len(plan.rows) else None
        if row and choice.as_ in map(str, row.choices):
            known = {cell.field for cell in row.cells}
            leave = [name for name in choice.leave if name in known]
            run.decisions[str(index)] = row.stored(choice.as_, leave)
    return _keep(run, viewer, on)


@transaction.atomic
def accept_proposals(run: ImportRun, *, viewer: Viewer, on: dt.date) -> Counter[str] | None:
    """Decide every open row as it is proposed; None if the import has ended meanwhile."""
    run = _locked(run)
    if run.state != ImportRun.State.READ:
        return None
    for row in plan_of(run, to=viewer, on=on).having(DECIDE):
        run.decisions[str(row.index)] = row.stored(str(row.decision))
    return _keep(run, viewer, on)


def _keep(run: ImportRun, viewer: Viewer, on: dt.date) -> Counter[str]:
    counts = plan_of(run, to=viewer, on=on).counts
    run.to_decide = counts[DECIDE]
    run.save(update_fields=["decisions", "to_decide"])
    return counts


class ChangedMeanwhileError(Exception):
    """What was looked at is no longer what would be written; `plan` is how it stands now."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan


def take_over(
    run: ImportRun,
    *,
    by: User,
    viewer: Viewer,
    on: dt.date,
    seen: str = "",
    note: Callable[[float], None] = lambda share: None,
) -> ImportRun:
    """Write all rows that are decided, as one step; a second time changes nothing.

    The long part, working out what is written, keeps nobody from writing: `note` is told how far
    it is, and what it raises ends it. If somebody changed anything meanwhile, it is done anew. If
    a row has to be decided because of that, nothing is written and the import stays to be checked.

    Raises
    ------
    ChangedMeanwhileError
        If the rows would now do something else than in the plan whose fingerprint was `seen`.
    """
    entry = latest_entry()
    step = _prepared(run, viewer, on, note)
    with transaction.atomic():
        fresh = _locked(run)
        if fresh.state != ImportRun.State.READ:
            return fresh
        as_read = (run.content, run.decisions) == (fresh.content, fresh.decisions)
        if not as_read or latest_entry() != entry:
            step = _prepared(fresh, viewer, on)
        fresh.to_decide = step.plan.counts[DECIDE]
        if step.members is None:
            fresh.content["matches"] = as_stored(step.matches)
            fresh.save(update_fields=["content", "to_decide"])
            return fresh
        if seen and seen != step.fingerprint:
            raise ChangedMeanwhileError(step.plan)
        fresh.result, fresh.before = _write(step.plan, step.members, fresh, by, on)
        numbers = {name: n for name, n in fresh.result.items() if isinstance(n, int)}
        record(by, "import", fresh, {"network": fresh.network.slug, **numbers})
        _end(fresh, ImportRun.State.TAKEN, by)
    return fresh


@dataclass(frozen=True)
class _Step:
    """What would be written; nothing as long as rows are to be decided (`members` is None)."""

    plan: Plan
    matches: dict[int, list[Match]]
    fingerprint: str
    members: Prepared | None


def _prepared(
    run: ImportRun, viewer: Viewer, on: dt.date, note: Callable[[float], None] = lambda share: None
) -> _Step:
    """Look for the members once more, since others work at the same time, and lay the rows."""
    matches = find_matches(rows_of(run.content), run.network, to=viewer, on=on)
    plan = plan_of(run, to=viewer, on=on, matches=matches)
    if plan.counts[DECIDE]:
        return _Step(plan, matches, plan.fingerprint, None)
    wanted = [row for row in plan.rows if row.status in (ADDED, CHANGED)]
    # The plan laid its rows over copies of its own: writing starts from what the database has.
    existing = Organisation.objects.in_bulk(
        [row.decision.organisation for row in wanted if row.decision.organisation]
    )
    members = prepare_members(
        [(row.effective, existing.get(row.decision.organisation or 0)) for row in wanted],
        run.network,
        on=on,
        entries_default=Visibility(run.entries_visibility),
        note=note,
    )
    return _Step(plan, matches, plan.fingerprint, members)


@transaction.atomic
def discard(run: ImportRun, *, by: User) -> ImportRun:
    """End an import without taking anything over; what was read is forgotten."""
    run = _locked(run)
    if run.state == ImportRun.State.READ:
        run.content = {}
        record(by, "discard", run, {"network": run.network.slug})
        _end(run, ImportRun.State.DISCARDED, by)
    return run


def _locked(run: ImportRun) -> ImportRun:
    return ImportRun.objects.select_for_update().get(pk=run.pk)


def _write(
    plan: Plan, members: Prepared, run: ImportRun, by: User, on: dt.date
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Write what is decided; return what it changed, and what it takes to undo it."""
    taken = write_members(members, by=by, on=on)
    claims = _claim(plan.having(ASKED), run.network, by)
    result = {
        **{status: plan.counts[status] for status in (ADDED, CHANGED, SAME, OUT)},
        ASKED: len(claims),
        "members": [one.organisation.pk for one in taken if one.created],
        "claims": claims,
    }
    traces = {id(one.trace): one.trace for one in taken if one.trace}
    return result, {"rows": [asdict(trace) for trace in traces.values()]}


def _claim(rows: Iterable[PlannedRow], network: Network, by: User) -> list[int]:
    """Ask for the members of others; of their rows only the number is kept."""
    numbers: dict[int, str] = {}
    for row in rows:
        if row.decision.organisation:
            numbers.setdefault(row.decision.organisation, own_number(row.row))
    there = Organisation.objects.in_bulk(list(numbers))
    return [claim_member(there[pk], network, number=numbers[pk], by=by).pk for pk in there]


def _end(run: ImportRun, state: ImportRun.State, by: User) -> None:
    """Note how the import ended; of what was read only the findings are kept."""
    run.state = state
    run.ended_at = timezone.now()
    run.ended_by = by
    run.to_decide = 0
    run.decisions = {}
    run.content = {
        name: run.content[name] for name in ("columns", "problems") if name in run.content
    }
    run.save()
