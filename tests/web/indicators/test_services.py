from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.web.conftest import World
from tests.web.indicators.factories import indicator, observation
from verbund.web.core.models import AuditEntry
from verbund.web.indicators import services
from verbund.web.indicators.models import Indicator, Observation
from verbund.web.indicators.rules import can_edit_indicator, can_make_indicator
from verbund.web.networks.rules import STRANGER, Viewer


def draft(of: Indicator, **fields: Any) -> Observation:
    given = {"year": 2024, "value": Decimal(72), "source": "Report", "population_en": "sector"}
    return Observation(indicator=of, **given | fields)


def changes() -> list[tuple[str, dict[str, Any]]]:
    return list(AuditEntry.objects.order_by("pk").values_list("verb", "changes"))


def test_only_the_office_of_its_network_looks_after_a_figure(world: World) -> None:
    office = Viewer(
        user_id=1,
        networks=frozenset([world.a.pk]),
        managed=frozenset([world.a.pk]),
        edited=frozenset([world.a.pk]),
        offices=frozenset([world.a.pk]),
    )
    member = Viewer(user_id=2, networks=frozenset([world.a.pk]))
    operator = Viewer(user_id=3, is_operator=True)
    of_a, of_b, of_none = indicator(world.a), indicator(world.b), indicator()

    cast = (office, member, operator, STRANGER)
    assert [can_make_indicator(who) for who in cast] == [True, False, False, False]
    assert [[can_edit_indicator(who, one) for one in (of_a, of_b, of_none)] for who in cast] == [
        [True, False, False],
        [False, False, False],
        [False, False, True],
        [False, False, False],
    ]


def test_a_value_added_twice_stands_once(world: World) -> None:
    figure = indicator(world.a)
    for _ in range(2):
        services.add_observation(draft(figure), by=world.manager_a)

    assert Observation.objects.count() == 1
    assert changes() == [("add_value", {"year": 2024, "value": "72"})]


def test_another_value_under_the_same_key_is_refused_and_one_of_another_source_stands(
    world: World,
) -> None:
    figure = indicator(world.a)
    services.add_observation(draft(figure), by=world.manager_a)

    with pytest.raises(services.Refused):
        services.add_observation(draft(figure, value=Decimal(67)), by=world.manager_a)
    services.add_observation(draft(figure, value=Decimal(67), source="Press"), by=world.manager_a)

    found = figure.observations.values_list("source", "value")
    assert list(found) == [("Report", Decimal(72)), ("Press", Decimal(67))]


def test_a_correction_keeps_old_and_new(world: World) -> None:
    one = observation(indicator(world.a), 2019, 66)
    one.value, one.note_en = Decimal(67), "Printed wrongly."

    assert services.correct_observation(one, by=world.manager_a)
    assert not services.correct_observation(one, by=world.manager_a)

    assert changes() == [
        (
            "correct_value",
            {
                "year": 2019,
                "fields": {"value": ["66.00", "67"], "note_en": ["", "Printed wrongly."]},
            },
        )
    ]
    one.refresh_from_db()
    assert (one.value, one.note_en) == (Decimal(67), "Printed wrongly.")


def test_a_correction_may_not_run_into_another_value(world: World) -> None:
    figure = indicator(world.a)
    observation(figure, 2019, edition="")
    other = observation(figure, 2020, edition="")
    other.year = 2019

    with pytest.raises(services.Refused):
        services.correct_observation(other, by=world.manager_a)

    assert sorted(figure.observations.values_list("year", flat=True)) == [2019, 2020]


def test_a_value_taken_back_leaves_its_trace(world: World) -> None:
    made = observation(indicator(world.a), 2019, 66)
    one = Observation.objects.get(pk=made.pk)

    services.remove_observation(one, by=world.manager_a)

    assert not Observation.objects.exists()
    assert changes() == [("remove_value", {"year": 2019, "fields": {"value": ["66.00", ""]}})]


def test_addresses_of_figures_do_not_collide(world: World) -> None:
    def make(network: Any, name: str) -> Indicator:
        wanted = Indicator(network=network, name_en=name, definition_en="All of them.")
        return services.make_indicator(wanted, by=world.manager_a)

    assert make(world.a, "Members").slug == "members"
    assert make(world.a, "Members").slug == "members"
    assert make(world.b, "Members").slug == "members-2"
    assert make(world.a, "New").slug == "new-2"
    assert make(world.a, "会员").slug == "figure"
    with pytest.raises(services.Refused):
        services.make_indicator(
            Indicator(network=world.a, name_en="Members", definition_en="Some."),
            by=world.manager_a,
        )


def test_a_new_description_keeps_the_old_one(world: World) -> None:
    figure = indicator(world.a, definition_en="All employees.")
    figure.definition_en = "Employees with a contract."

    assert services.describe_indicator(figure, by=world.manager_a)
    assert not services.describe_indicator(figure, by=world.manager_a)

    texts = {"definition_en": ["All employees.", "Employees with a contract."]}
    assert changes() == [("update", {"fields": texts})]
