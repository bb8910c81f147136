"""The sharing rule against a second reading of the design, over random worlds; and leaks planted.

Both forms of the rule, for a list and for a single object, must say what the reading says. That
the comparison is worth something is shown by breaking the rule on purpose: each leak is caught.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings

from tests.web.agreements.worlds import (
    DOCUMENTS,
    MAKERS,
    Plan,
    Reading,
    World,
    build,
    declaring,
    plans,
)
from tests.web.factories import TODAY
from verbund.web.agreements import sharing
from verbund.web.networks.rules import Viewer

_UNHURRIED = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)
_LONG = settings(_UNHURRIED, max_examples=400)
_HUNT = settings(_UNHURRIED, max_examples=600, phases=[Phase.generate])

pytestmark = pytest.mark.django_db


Answers = dict[tuple[int, type[Any], int], tuple[bool, bool]]  # seen, read without its owner's name


@contextmanager
def built(plan: Plan) -> Iterator[World]:
    with transaction.atomic():
        yield build(plan)
        transaction.set_rollback(True)


def read_design(world: World, plan: Plan) -> Answers:
    """Return what the design says of everybody and everything."""
    return {
        (number, type(thing), thing.pk): (
            Reading(world, viewer, thing, plan.purpose).is_seen,
            hasattr(thing, "nameless") and Reading(world, viewer, thing).is_read_without_name,
        )
        for number, viewer in enumerate(world.viewers)
        for thing in world.things
    }


def differences(rule: ModuleType, world: World, plan: Plan, wanted: Answers) -> Iterator[str]:
    """Yield where a sharing rule and the reading of the design differ."""
    owners: dict[int, Any] = {}
    for number, viewer in enumerate(world.viewers):
        seen, read = _lists(rule, viewer, plan)
        if len(seen) > len(set(seen)):
            yield f"{viewer}: a row comes twice"
        for thing in world.things:
            key = type(thing), thing.pk
            firm = getattr(thing, "organisation", thing)
            owner = owners.get(firm.pk) or owners.setdefault(firm.pk, rule.owner_of(firm, TODAY))
            asked = {"to": viewer, "on": TODAY, "owner": owner}
            ways = rule.whys(thing, **asked, purpose=plan.purpose)
            unnamed = rule.whys_without_name(thing, **asked)
            found = {(key in seen, key in read), (bool(ways), bool(unnamed))}
            if found != {wanted[number, *key]}:
                yield f"{viewer} {thing!r}: {wanted[number, *key]}, not {found}"


def _lists(rule: ModuleType, viewer: Viewer, plan: Plan) -> tuple[list[Any], list[Any]]:
    """Return what the list form says a person sees, and reads without its owner's name."""
    seen: list[Any] = []
    read: list[Any] = []
    for label, model in declaring().items():
        if label in DOCUMENTS:
            continue
        rows = model._default_manager.all()
        found = rule.visible(rows, to=viewer, on=TODAY, purpose=plan.purpose)
        seen += [(model, pk) for pk in found.values_list("pk", flat=True)]
        if hasattr(model, "nameless"):
            unnamed = rule.readable_without_name(rows, to=viewer, on=TODAY)
            read += [(model, pk) for pk in unnamed.values_list("pk", flat=True)]
    return seen, read


def differing(plan: Plan) -> list[str]:
    with built(plan) as world:
        return list(differences(sharing, world, plan, read_design(world, plan)))


def test_every_model_that_declares_a_class_of_data_is_in_the_worlds() -> None:
    assert MAKERS.keys() | DOCUMENTS == declaring().keys()


@given(plans)
@_UNHURRIED
def test_rule_agrees_with_the_design(plan: Plan) -> None:
    assert differing(plan) == []


@pytest.mark.thorough
@given(plans)
@_LONG
def test_rule_agrees_with_the_design_in_many_worlds(plan: Plan) -> None:
    assert differing(plan) == []


@pytest.mark.thorough
def test_worlds_hold_every_way() -> None:
    """Else an agreement of two readings would say nothing about that way."""
    missing = {"own", "home", "agreement", "consent", "public", "without name"}

    @given(plans)
    @_HUNT
    def look(plan: Plan) -> None:
        if missing:
            with built(plan) as world:
                missing.difference_update(_ways(world))

    look()
    assert missing == set()


def _ways(world: World) -> Iterator[str]:
    for viewer in world.viewers:
        for thing in world.things:
            yield from (why.code for why in sharing.whys(thing, to=viewer, on=TODAY))
            if hasattr(thing, "nameless") and Reading(world, viewer, thing).is_read_without_name:
                yield "without name"


# ---------------------------------------------------------------- leaks on purpose

# What is written in the rule, and what a slip of the pen would make of it.
LEAKS = {
    "the agreement need not be in force": (
        'is_in_force(on, prefix="clause__agreement__"),', ""),
    "the clause may have ended": ('holds(on, prefix="clause__"),', ""),
    "the rule may have ended": ("            holds(on),\n            holds", "            holds"),
    "members see what is the office's": (
        "rule.audience == SharingRule.Audience.MANAGERS and", "False and"),
    "a rule for another receiver": ("rule.receiver_id not in (None, receiver)", "False"),
    "a rule of another giver": ("rule.giver_id in (None, giver.network_id) and ", ""),
    "giver and receiver swapped": (
        "Grant(giver.network_id, receiver, rule)", "Grant(receiver, giver.network_id, rule)"),
    "an unconfirmed party gives": (" and giver.is_confirmed", ""),
    "any purpose will do": ("        and purpose in (None, grant.rule.clause.field)\n", ""),
    "any class of data will do": ("if data_class in (None, grant.rule.data_class)", "if True"),
    "figures for all of the own network": (
        "viewer.offices if data_class is DataClass.FIGURES else", "viewer.networks or"),
    "former members are members": (
        "Membership.objects.filter(holds(on), organisation=OuterRef",
        "Membership.objects.filter(organisation=OuterRef"),
    "what is public needs no membership": (
        "return condition & _member_of(way, None, on)", "return condition"),
    "contacts and figures may be public": (
        "    if model.data_class in _BY_CONSENT:\n        return _NOTHING\n", ""),
    "a public organisation has public entries": (
        '        condition &= Q(visibility=Visibility.PUBLIC)\n', "        pass\n"),
    "the organisation keeps itself in vain": (
        'condition = Q(**{f"{way}visibility__in": _SHARED})', "condition = Q()"),
    "the entry is kept in vain": (
        "        condition &= Q(visibility__in=_SHARED)\n", "        pass\n"),
    "objections count for nothing": (
        "condition = ~_said(way, _refusals(model), on, Q(to_network=receiver), allows=False)",
        "condition = Q()"),
    "an objection to the profile takes nothing along": (
        "return {DataClass.PROFILE, model.data_class}", "return {model.data_class}"),
    "one partner's consent is every partner's": (
        "condition &= _consented(way, model.data_class, on, Q(to_network=receiver))",
        "condition &= _consented(way, model.data_class, on, Q())"),
    "no consent is needed": (
        "    if model.data_class in _BY_CONSENT:\n        condition &=",
        "    if False:\n        condition &="),
    "a consent to figures is one to contacts": (
        "return _said(way, {data_class}, on, receiver, allows=True)",
        "return _said(way, set(DataClass), on, receiver, allows=True)"),
    "an objection is a consent": (
        "data_class__in=classes, allows=allows)", "data_class__in=classes)"),
    "a withdrawn consent goes on": ("Q(withdrawn_on=None) | Q(withdrawn_on__gt=on), ", ""),
    "a withdrawal counts a day late": ("withdrawn_on__gt=on", "withdrawn_on__gte=on"),
    "a consent of tomorrow holds": (", given_on__lte=on)", ")"),
    "anonymous requests are named": (
        "at_home | (beyond & _named(model, to))", "at_home | beyond"),
    "whoever asked is told": ("filter(model.is_told, **receivers)", "filter(**receivers)"),
    "who was told tells all": (
        '{f"{model.way_to_told}__in": viewer.organisations}', "{}"),
    "what one sees is read without a name, too": (
        "beyond & ~at_home & ~_named(model, to)", "beyond"),
    "the single form forgets the homes": (
        "if grant.giver in owner.networks and is_allowed", "if is_allowed"),
    "the single form forgets objections": (
        "is_allowed = not owner.objects(_refusals(model), grant.receiver)", "is_allowed = True"),
    "the single form forgets anonymity": (
        "    if _is_named(thing, to):\n        found +=", "    if True:\n        found +="),
    "the single form forgets the entry": (
        'levels.add(cast("Any", thing).visibility)', "pass"),
}  # fmt: skip


@pytest.mark.thorough
def test_planted_leaks_are_caught(tmp_path: Path) -> None:
    alive = {leak: _rule_with(*slip, tmp_path) for leak, slip in LEAKS.items()}

    @given(plans)
    @_HUNT
    def hunt(plan: Plan) -> None:
        if alive:
            with built(plan) as world:
                wanted = read_design(world, plan)
                for leak, rule in list(alive.items()):
                    if any(differences(rule, world, plan, wanted)):
                        del alive[leak]

    hunt()
    assert list(alive) == []


def _rule_with(written: str, slip: str, folder: Path) -> ModuleType:
    """Return the sharing rule with a slip in it, beside the true one."""
    source = Path(sharing.__file__).read_text(encoding="utf-8")
    assert source.count(written) == 1, f"the rule is no longer written like this: {written}"
    path = folder / "broken_sharing.py"
    path.write_text(source.replace(written, slip), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("broken_sharing", path)
    assert spec is not None
    assert spec.loader is not None
    broken = importlib.util.module_from_spec(spec)
    sys.modules["broken_sharing"] = broken  # dataclasses look their module up
    spec.loader.exec_module(broken)
    return broken
