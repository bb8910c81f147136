"""Imports that are taken back, in the words of the reader."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from verbund.web.directory.member_lists.showing import label_of, value_of
from verbund.web.directory.member_lists.undoing import Step, UndoneRow
from verbund.web.networks.models import Identifier

_FIELDS_OF: dict[str, dict[str, str]] = {
    "networks.organisation": {"kind": "type"},
    "networks.membership": {
        "number": "id",
        "status": "member_status",
        "valid_from": "member_since",
        "valid_until": "membership",
    },
    "networks.alias": {"name": "aliases", "valid_from": "aliases", "valid_until": "aliases"},
    "directory.contactperson": {
        name: f"contact_{name}" for name in ("name", "function", "email", "phone")
    },
}
_THINGS = {
    "networks.alias": "aliases",
    "networks.membership": "membership",
    "directory.contactperson": "contact_name",
    "directory.offer": "offers",
    "directory.request": "requests",
    "directory.profile": "profile",
}


@dataclass(frozen=True)
class ShownStep:
    """A change that is taken back: what stands there now, and what it becomes (nothing: gone)."""

    label: str
    now: str
    old: str
    is_edited: bool


@dataclass(frozen=True)
class ShownUndone:
    """An organisation in an import that is taken back, and what becomes of it."""

    pk: int
    name: str
    url: str
    outcome: str
    outcome_if_chosen: str
    steps: list[ShownStep]
    others: str


def shown_undone(row: UndoneRow) -> ShownUndone:
    others = [f"{number} × {called}" for called, number in row.dependants.items()]
    if row.edits:
        others.insert(0, _("new data entered since"))
    return ShownUndone(
        row.trace.organisation,
        row.organisation.name if row.organisation else row.trace.name,
        row.organisation.get_absolute_url() if row.organisation else "",
        row.outcome(overrides=False),
        row.outcome(overrides=True),
        [_shown_step(step) for step in row.steps if step.is_edited or not row.trace.is_new],
        ", ".join(others),
    )


def _shown_step(step: Step) -> ShownStep:
    if not step.field:
        name = _THINGS.get(step.label, "")
        return ShownStep(_label_of_thing(step, name), str(step.thing), "", step.is_edited)
    name = _FIELDS_OF.get(step.label, {}).get(step.field, step.field)
    name = {"directory.offer": "offers", "directory.request": "requests"}.get(step.label, name)
    label = _label_of_thing(step, name)
    return ShownStep(label, value_of(name, step.now), value_of(name, step.old), step.is_edited)


def _label_of_thing(step: Step, name: str) -> str:
    if isinstance(step.thing, Identifier):
        return str(step.thing.get_scheme_display())
    if step.field == "as_of" or (step.label == "directory.figures" and not step.field):
        return _("figures")
    return label_of(name) if name else _("entry")
