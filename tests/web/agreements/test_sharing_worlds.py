"""The sharing rule against a second reading of the design, over random worlds; and leaks planted.

Both forms of the rule, for a list and for a single object, must say what the reading says. That
the comparison is worth something is shown by breaking the rule on purpose: each leak is caught.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis.errors import NoSuchExample

from tests.web.agreements.worlds import DOCUMENTS, MAKERS, Plan, Reading, build, declaring, plans
from tests.web.factories import TODAY
from verbund.web.agreements import sharing

_UNHURRIED = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)
_LONG = settings(_UNHURRIED, max_examples=400)
_HUNT = settings(_UNHURRIED, max_examples=600, phases=[Phase.generate])

pytestmark = pytest.mark.django_db


def differences(rule: ModuleType, plan: Plan) -> list[str]:
    """Return where a sharing rule and the reading of the design differ in a world."""
    with transaction.atomic():
        found = list(_differences(rule, plan))
        transaction.set_rollback(True)
    return found


def _differences(rule: ModuleType, plan: Plan) -> Any:
    world = build(plan)
    models = [model for label, model in declaring().items() if label in MAKERS]
    owners: dict[int, Any] = {}
    for viewer in world.viewers:
        seen: list[tuple[Any, int]] = []
        read: list[tuple[Any, int]] = []
        for model in models:
            rows = model._default_manager.all()
            found = rule.visible(rows, to=viewer, on=TODAY, purpose=plan.purpose)
            seen += [(model, row.pk) for row in found]
            if hasattr(model, "nameless"):
                unnamed = rule.readable_without_name(rows, to=viewer, on=TODAY)
                read += [(model, row.pk) for row in unnamed]
        if len(seen) > len(set(seen)):
            yield f"{viewer}: a row comes twice"
        for thing in world.things:
            key = type(thing), thing.pk
            wanted = Reading(world, viewer, thing, plan.purpose).is_seen
            reading = Reading(world, viewer, thing)
            firm = reading.owner
            owner = owners.get(firm.pk) or owners.setdefault(firm.pk, rule.owner_of(firm, TODAY))
            ways = rule.whys(thing, to=viewer, on=TODAY, purpose=plan.purpose, owner=owner)
            if not wanted == (key in seen) == bool(ways):
                yield f"{viewer} {thing!r}: {wanted}, {key in seen}, {ways}"
            if hasattr(thing, "nameless"):
                unnamed = reading.is_read_without_name
                ways = rule.whys_without_name(thing, to=viewer, on=TODAY, owner=owner)
                if not unnamed == (key in read) == bool(ways):
                    yield f"{viewer} {thing!r} unnamed: {unnamed}, {key in read}, {ways}"


def test_every_model_that_declares_a_class_of_data_is_in_the_worlds() -> None:
    assert MAKERS.keys() | DOCUMENTS == declaring().keys()


@given(plans)
@_UNHURRIED
def test_rule_agrees_with_the_design(plan: Plan) -> None:
    assert differences(sharing, plan) == []


@pytest.mark.thorough
@given(plans)
@_LONG
def test_rule_agrees_with_the_design_in_many_worlds(plan: Plan) -> None:
    assert differences(sharing, plan) == []


@pytest.mark.parametrize("code", ["own", "home", "agreement", "consent", "public", "without name"])
def test_worlds_hold_every_way(code: str) -> None:
    """Else an agreement of two readings would say nothing about that way."""

    def has_it(plan: Plan) -> bool:
        with transaction.atomic():
            world = build(plan)
            found = any(
                Reading(world, viewer, thing).is_read_without_name
                if code == "without name" and hasattr(thing, "nameless")
                else code in {why.code for why in sharing.whys(thing, to=viewer, on=TODAY)}
                for viewer in world.viewers
                for thing in world.things
            )
            transaction.set_rollback(True)
        return found

    find(plans, has_it, settings=_HUNT)


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
@pytest.mark.parametrize("leak", LEAKS)
def test_a_planted_leak_is_caught(leak: str, tmp_path: Path) -> None:
    broken = _rule_with(*LEAKS[leak], tmp_path)

    assert _is_caught(lambda plan: bool(differences(broken, plan)))


def test_the_rule_itself_is_not_caught(tmp_path: Path) -> None:
    assert differences(_rule_with("", "", tmp_path), find(plans, lambda _: True)) == []


def _rule_with(written: str, slip: str, folder: Path) -> ModuleType:
    """Return the sharing rule with a slip in it, beside the true one."""
    source = Path(sharing.__file__).read_text(encoding="utf-8")
    assert not written or source.count(written) == 1, "the rule is no longer written like this"
    path = folder / "broken_sharing.py"
    path.write_text(source.replace(written, slip) if written else source, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("broken_sharing", path)
    assert spec is not None
    assert spec.loader is not None
    broken = importlib.util.module_from_spec(spec)
    sys.modules["broken_sharing"] = broken  # dataclasses look their module up
    spec.loader.exec_module(broken)
    return broken


def _is_caught(betrays: Callable[[Plan], bool]) -> bool:
    try:
        find(plans, betrays, settings=_HUNT)
    except NoSuchExample:
        return False
    return True
