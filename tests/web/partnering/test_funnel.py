"""From suggestion to project under one agreement."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from tests.web import factories as base
from tests.web.conftest import World
from tests.web.factories import TODAY
from tests.web.partnering import factories
from verbund.web.networks.models import Organisation, Visibility
from verbund.web.networks.rules import viewer_of
from verbund.web.partnering.funnels import funnel_of

_NOON = dt.datetime.combine(TODAY, dt.time(12), dt.UTC)


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verbund.web.partnering.views.funnel.today", lambda: TODAY)


@pytest.fixture
def address(world: World) -> str:
    return reverse("agreement_funnel", args=[world.agreement.slug])


def _pair(
    world: World, *, within: bool = False, **fields: Any
) -> tuple[Organisation, Organisation]:
    networks = (world.a, world.a if within else world.b)
    members = base.organisation(networks[0]), base.organisation(networks[1])
    factories.suggestion(networks, members, **{"found_at": _NOON, "decided_at": _NOON} | fields)
    return members


def _introduced(world: World, **fields: Any) -> tuple[Organisation, Organisation]:
    members = _pair(world, state="introduced")
    given: dict[str, Any] = {"clause": world.agreement.clauses.get(), "asked_at": _NOON}
    factories.introduction((world.a, world.b), members, **given | fields)
    return members


@pytest.fixture
def busy(world: World) -> World:
    """Of ten suggested: three rejected by an office, one by a member, five accepted, one open."""
    for _number in range(3):
        _pair(world, state="rejected", reject_reason="topic")
    _pair(world, state="rejected", reject_reason="member")
    _pair(world)
    _pair(world, within=True, state="rejected", reject_reason="topic")
    _introduced(world)
    _introduced(world, state="declined")
    _introduced(world, state="accepted")
    _introduced(world, state="met", met_on=TODAY)
    _introduced(world, state="closed", met_on=TODAY, second_met_on=TODAY, outcome="project")
    return world


def _counts(world: World, person: Any, year: int = TODAY.year) -> list[int]:
    viewer = viewer_of(person, TODAY)
    return [step.count for step in funnel_of(world.agreement, viewer, TODAY, year)]


def test_steps_are_counted_and_held_against_their_targets(busy: World) -> None:
    steps = funnel_of(busy.agreement, viewer_of(busy.manager_b, TODAY), TODAY, TODAY.year)

    assert [(step.count, step.share, step.reaches) for step in steps] == [
        (10, None, None),
        (8, 80, None),
        (5, 62, False),
        (3, 60, None),
        (2, 67, False),
        (1, 50, None),
        (1, None, None),
    ]
    assert _counts(busy, busy.manager_b, TODAY.year - 1) == [0] * 7


def test_what_is_withdrawn_or_of_another_agreement_does_not_count(busy: World) -> None:
    before = _counts(busy, busy.manager_a)
    members = base.organisation(busy.a), base.organisation(busy.b)
    clause = busy.agreement.clauses.get()
    factories.introduction(
        (busy.a, busy.b), members, state="withdrawn", clause=clause, asked_at=_NOON
    )
    factories.introduction((busy.a, busy.b), members, asked_at=_NOON)

    assert _counts(busy, busy.manager_a) == before


def test_pairs_with_a_hidden_member_count_for_its_own_office_alone(
    busy: World, signed_in: Any, address: str
) -> None:
    before = signed_in(busy.manager_b).get(address).context["steps"]
    own = _counts(busy, busy.manager_a)
    left, _right = _introduced(busy, state="met", met_on=TODAY)
    Organisation.objects.filter(pk=left.pk).update(visibility=Visibility.OWN)

    assert signed_in(busy.manager_b).get(address).context["steps"] == before
    assert _counts(busy, busy.manager_a) == [n + 1 for n in own[:5]] + own[5:]


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("manager_a", 200),
        ("manager_b", 200),
        ("manager_c", 404),
        ("person_a", 404),
        ("stranger", 404),
        (None, 302),
    ],
)
def test_it_is_for_the_offices_of_the_parties(
    busy: World, signed_in: Any, address: str, person: str | None, status: int
) -> None:
    browser = signed_in(getattr(busy, person) if person else None)

    assert browser.get(address).status_code == status


def test_the_page_has_a_table_filters_a_year_and_exports(
    busy: World, signed_in: Any, text_of: Any, address: str
) -> None:
    _introduced(busy, asked_at=_NOON - dt.timedelta(days=365))
    browser = signed_in(busy.manager_a)

    page = text_of(browser.get(f"{address}?year=nonsense"))
    assert "40 to 60 % of those checked" in page
    assert f"?year={TODAY.year - 1}" in page
    last = browser.get(f"{address}?year={TODAY.year - 1}").context
    assert [step.count for step in last["steps"]] == [0, 1, 1, 0, 0, 0, 0]
    csv = b"".join(browser.get(f"{address}?export=csv")).decode()
    assert "Accepted by an office;5;62;40 to 60 % of those checked" in csv
    assert browser.get(f"{address}?export=xlsx").status_code == 200


def test_an_empty_one_teaches(world: World, signed_in: Any, text_of: Any, address: str) -> None:
    assert "Nothing to count yet" in text_of(signed_in(world.manager_a).get(address))


def test_the_agreement_leads_there(
    world: World, signed_in: Any, text_of: Any, address: str
) -> None:
    page = world.agreement.get_absolute_url()

    assert address in text_of(signed_in(world.manager_a).get(page))
    assert address not in text_of(signed_in(world.person_a).get(page))
