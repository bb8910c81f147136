from __future__ import annotations

import datetime as dt
from typing import Any

from tests.web import factories
from tests.web.agreements.factories import DAY, activity, clause
from tests.web.conftest import World
from verbund.web.agreements import services
from verbund.web.agreements.models import Activity, Field
from verbund.web.agreements.queries import clause_for
from verbund.web.core.models import AuditEntry
from verbund.web.core.services import today
from verbund.web.networks.models import Network


def verbs() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


def record_introduction(world: World, **fields: Any) -> Activity:
    given: dict[str, Any] = {
        "kind": Activity.Kind.INTRODUCTION,
        "date": today(),
        "state": Activity.State.PLANNED,
        "link": "/introductions/1/",
        "by": world.manager_a,
    }
    return services.record_activity(world.agreement.clauses.get(), **(given | fields))


def test_an_activity_of_another_part_is_updated_under_its_link(world: World) -> None:
    first = record_introduction(world)
    second = record_introduction(world, state=Activity.State.HELD)
    record_introduction(world, state=Activity.State.HELD)

    assert first.pk == second.pk
    kept = Activity.objects.get()
    assert (kept.state, kept.title_de, kept.title_en, kept.recorded_by) == (
        "held",
        "Einführung",
        "Introduction",
        world.manager_a,
    )
    assert verbs() == ["record_activity", "record_activity"]


def test_planning_the_same_twice_keeps_one(world: World) -> None:
    def plan() -> Activity:
        return services.plan_activity(
            Activity(clause=world.agreement.clauses.get(), date=today(), title_de="Treffen"),
            partners=[world.c],
            by=world.manager_a,
        )

    assert plan() == plan()
    assert Activity.objects.count() == 1
    assert list(Activity.objects.get().partners.all()) == [world.c]


def test_cancelling_and_reopening_happen_once(world: World) -> None:
    planned = activity(world.agreement)

    answers = [
        services.cancel_activity(planned, by=world.manager_a),
        services.cancel_activity(planned, by=world.manager_a),
        services.reopen_activity(planned, by=world.manager_a),
        services.reopen_activity(planned, by=world.manager_a),
    ]

    assert answers == [True, False, True, False]
    assert verbs() == ["cancel_activity", "reopen_activity"]


def test_the_clause_for_a_field_is_that_of_the_newest_agreement_in_force(world: World) -> None:
    newer = factories.agreement(world.a, world.b, signed_on=dt.date(2024, 1, 1))
    ended = factories.agreement(
        world.a, world.b, signed_on=dt.date(2025, 1, 1), valid_until=today() - DAY
    )
    clause(ended, Field.EVENTS)

    def found(first: Network, second: Network, field: Field) -> Any:
        return clause_for(first, second, field=field, on=today())

    assert found(world.b, world.a, Field.PROJECTS) == newer.clauses.get()
    assert found(world.a, world.b, Field.EVENTS) is None
    assert found(world.a, world.c, Field.PROJECTS) is None
