"""Taking an import back: one action, also after other edits, once."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from verbund.web.core.services import record
from verbund.web.directory.member_lists.undoing import Step, UndoneRow, undo_plan
from verbund.web.directory.models import Entry, ImportRun
from verbund.web.directory.services import (
    announce_change,
    announce_members,
    index_entry,
    index_organisation,
    leave_network,
    withdraw_claim,
)
from verbund.web.directory.traces import restored
from verbund.web.networks.models import MembershipClaim, Organisation

if TYPE_CHECKING:
    from verbund.web.accounts.models import User


@transaction.atomic
def undo_import(
    run: ImportRun, *, overrides: Collection[int] = (), by: User, on: dt.date
) -> Counter[str] | None:
    """Put back what stood there before an import; what was edited since stays as it is.

    New organisations disappear, or, where others rest on them, leave the network; of those in
    `overrides` later edits are undone as well. Claims nobody answered are withdrawn.

    Returns how many organisations ended up how, or None if the import was undone already.
    """
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.state != ImportRun.State.TAKEN or not run.before:
        return None
    counts: Counter[str] = Counter()
    kept: list[Step] = []
    changed: list[Organisation] = []
    gone: list[Organisation] = []
    for row in undo_plan(run):
        is_chosen = row.trace.organisation in overrides
        outcome = row.outcome(overrides=is_chosen)
        counts[outcome] += 1
        if outcome != "gone" and not is_chosen:
            kept += row.edited
        if row.organisation and outcome in ("restored", "partly", "gone"):
            (gone if outcome == "gone" else changed).append(row.organisation)
        _undo_row(row, run, outcome, overrides=is_chosen, by=by, on=on)
    announce_change([*changed, *gone], on)
    announce_members(run.network)
    Organisation.objects.filter(pk__in=[one.pk for one in gone]).delete()
    _hand_down(kept, run)
    for claim in MembershipClaim.objects.filter(pk__in=run.result.get("claims", ())):
        counts["withdrawn"] += withdraw_claim(claim, by=by)
    run.state, run.before = ImportRun.State.UNDONE, {}
    run.result |= {
        "undone": dict(counts),
        "undone_at": timezone.now().isoformat(),
        "undone_by": by.pk,
    }
    run.save(update_fields=["state", "before", "result"])
    record(by, "undo", run, {"network": run.network.slug, **counts})
    return counts


def _undo_row(
    row: UndoneRow, run: ImportRun, outcome: str, *, overrides: bool, by: User, on: dt.date
) -> None:
    """Undo one row but for what goes; that is done for all at once."""
    about: dict[str, Any] = {"network": run.network.slug}
    if row.organisation is None:
        return
    if outcome == "gone":
        record(by, "undo", row.organisation, about)
    elif outcome == "ended":
        leave_network(row.organisation, run.network, by=by, on=on)
    elif outcome in ("restored", "partly"):
        steps = [step for step in row.steps if overrides or not step.is_edited]
        _put_back(steps)
        index_organisation(Organisation.objects.get(pk=row.organisation.pk))
        fields = sorted({step.field or step.label.partition(".")[2] for step in steps})
        record(by, "update", row.organisation, about | {"fields": fields})


def _put_back(steps: Iterable[Step]) -> None:
    """Delete what was written new, then give changed fields their former values."""
    changed: dict[tuple[str, int], list[Step]] = defaultdict(list)
    for step in steps:
        if step.field:
            changed[step.label, step.pk].append(step)
        else:
            step.thing.delete()
    for of_thing in changed.values():
        thing = of_thing[0].thing
        for step in of_thing:
            setattr(thing, step.field, _former(thing, step))
        if isinstance(thing, Entry):
            index_entry(thing)
        thing.save()


def _former(thing: Model, step: Step) -> Any:
    return restored(thing._meta.get_field(step.field), step.old)  # type: ignore[arg-type]  # a column


def _hand_down(kept: Iterable[Step], run: ImportRun) -> None:
    """Tell later imports what stood there before this one, where they found what it had written.

    So imports can be taken back in any order, and all of them together leave nothing.
    """
    former: Mapping[tuple[str, int, str], Step] = {step.key: step for step in kept if step.field}
    if not former:
        return
    later = ImportRun.objects.filter(state=ImportRun.State.TAKEN, ended_at__gte=run.ended_at)
    for other in later.exclude(pk=run.pk).select_for_update():
        is_told = False
        for row in other.before.get("rows", ()):
            for label, pk, changes in row["changed"]:
                for name, values in changes.items():
                    step = former.get((label, pk, name))
                    if step and values[0] == step.written:
                        values[0] = step.old
                        is_told = True
        if is_told:
            other.save(update_fields=["before"])
