"""What taking an import back would do: restored, kept because of later edits, ended or gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from verbund.web.directory.models import Approach, Competence, ImportRun, Request
from verbund.web.directory.traces import Trace, model_of, values_of
from verbund.web.networks.models import Membership, Organisation

# What is worked out anew by itself, or says only that somebody looked.
_DERIVED = frozenset(
    (
        "partnering.suggestion",
        "partnering.hindsight",
        "directory.sighting",
        "directory.profiledraft",
        "directory.distinctpair",
    )
)
_CALLED: dict[str, Promise] = {
    "partnering.introduction": _("introductions"),
    "networks.role": _("people who speak for it"),
    "networks.membership": _("memberships in other networks"),
    "networks.membershipclaim": _("membership questions"),
    "networks.organisation": _("organisations that belong to it"),
    "agreements.activity": _("activities"),
    "agreements.consent": _("consents and objections"),
    "directory.approach": _("questions about anonymous requests"),
    "directory.merge": _("merged records"),
}


@dataclass
class Step:
    """One field of one thing, or a whole thing that was written new (without `field`)."""

    label: str
    pk: int
    thing: Model
    field: str = ""
    old: Any = None
    written: Any = None
    now: Any = None
    is_edited: bool = False

    @property
    def key(self) -> tuple[str, int, str]:
        return self.label, self.pk, self.field


@dataclass
class UndoneRow:
    """What becomes of one organisation.

    `steps` are undone; those edited since only where somebody chooses so. Of a new organisation,
    `edits` and `dependants` tell what came to it later, by what it is called.
    """

    trace: Trace
    organisation: Organisation | None
    steps: list[Step] = field(default_factory=list)
    edits: dict[str, int] = field(default_factory=dict)
    dependants: dict[Any, int] = field(default_factory=dict)

    @property
    def edited(self) -> list[Step]:
        return [step for step in self.steps if step.is_edited]

    @property
    def has_conflict(self) -> bool:
        return bool(self.edited or self.edits)

    def outcome(self, *, overrides: bool) -> str:
        """Tell what happens: `gone`, `ended`, `kept`, `restored`, `partly` or `nothing`."""
        if self.organisation is None:
            return "nothing"
        if self.trace.is_new:
            if self.has_conflict and not overrides:
                return "kept"
            return "ended" if self.dependants else "gone"
        if not self.steps:
            return "nothing"
        if self.edited and not overrides:
            return "partly" if len(self.edited) < len(self.steps) else "kept"
        return "restored"


def traces_of(run: ImportRun) -> list[Trace]:
    return [Trace(**row) for row in run.before.get("rows", ())]


def undo_plan(run: ImportRun) -> list[UndoneRow]:
    """Compare what an import wrote with what stands there now, in a fixed number of queries."""
    traces = traces_of(run)
    things = _things(traces)
    organisations = Organisation.objects.in_bulk([trace.organisation for trace in traces])
    rows = [UndoneRow(trace, organisations.get(trace.organisation)) for trace in traces]
    asked_about = _asked_about(things)
    for row in rows:
        row.steps = list(_steps(row.trace, things, asked_about))
    new = {row.trace.organisation: row for row in rows if row.trace.is_new and row.organisation}
    if new:
        _look_for_others(new, run)
    return rows


def _things(traces: Iterable[Trace]) -> dict[tuple[str, int], Model]:
    keys: dict[str, set[int]] = defaultdict(set)
    for trace in traces:
        for label, pk, _values in (*trace.made, *trace.changed):
            keys[label].add(pk)
    return {
        (label, pk): thing
        for label, wanted in keys.items()
        for pk, thing in model_of(label)._default_manager.in_bulk(wanted).items()
    }


def _asked_about(things: Mapping[tuple[str, int], Model]) -> set[tuple[str, int]]:
    """Return the requests about which somebody asked: they are no longer the list's alone."""
    label = Request._meta.label_lower
    asked = Approach.objects.filter(request__in=[pk for name, pk in things if name == label])
    return {(label, pk) for pk in asked.values_list("request", flat=True)}


def _steps(
    trace: Trace, things: Mapping[tuple[str, int], Model], asked_about: set[tuple[str, int]]
) -> Iterable[Step]:
    """Yield what there is to undo; what is gone or stands as before needs nothing."""
    for label, pk, values in trace.made:
        if thing := things.get((label, pk)):
            is_edited = values_of(thing) != values or (label, pk) in asked_about
            yield Step(label, pk, thing, is_edited=is_edited)
    for label, pk, changes in trace.changed:
        thing = things.get((label, pk))
        if thing is None:
            continue
        now = values_of(thing)
        for name, (old, written) in changes.items():
            if name in now and now[name] != old:
                edited = now[name] != written
                yield Step(label, pk, thing, name, old, written, now[name], edited)


def _look_for_others(rows: Mapping[int, UndoneRow], run: ImportRun) -> None:
    """Note what came to new organisations since: further data of theirs, and what rests on them."""
    made = {(label, pk) for row in rows.values() for label, pk, _v in row.trace.made}
    for relation in Organisation._meta.related_objects:
        model, name = relation.related_model, relation.field.name
        label = model._meta.label_lower
        if label in _DERIVED:
            continue
        found = model._base_manager.filter(**{f"{name}__in": rows})
        if model is Competence:
            found = found.exclude(evidence=Competence.Evidence.TEXT)
        if model is Membership:
            found = found.exclude(network=run.network_id)
        for pk, organisation in found.order_by().values_list("pk", name):
            if (label, pk) in made:
                continue
            row = rows[organisation]
            is_data = hasattr(model, "data_class") and label not in _CALLED
            target: dict[Any, int] = row.edits if is_data else row.dependants
            called = label if is_data else _CALLED.get(label, _("other entries"))
            target[called] = target.get(called, 0) + 1
