from __future__ import annotations

from typing import Any

from tests.web import factories
from tests.web.agreements.factories import DAY, activity, clause, held
from tests.web.conftest import World
from verbund.web.agreements.hits import find_activities, find_agreements
from verbund.web.agreements.models import Agreement, Clause, Field, Party
from verbund.web.agreements.plugs import idle_clauses, waiting_for
from verbund.web.core.services import today
from verbund.web.networks.rules import STRANGER, viewer_of


def tasks_of(person: Any) -> list[tuple[int, str]]:
    viewer, on = viewer_of(person, today()), today()
    found = [*waiting_for(viewer, on), *idle_clauses(viewer, on)]
    return [(task.count, task.url) for task in found]


def test_members_and_strangers_have_no_tasks_here(world: World) -> None:
    activity(world.agreement, date=today() - DAY)

    assert tasks_of(world.person_a) == []
    assert waiting_for(STRANGER, today()) == []
    assert tasks_of(world.manager_c) == []


def test_an_idle_clause_asks_for_an_activity(world: World) -> None:
    clause(world.agreement)
    clause(world.agreement, planned_a_year=0)
    page = world.agreement.get_absolute_url()

    assert tasks_of(world.manager_a) == [(2, page)]
    made = activity(world.agreement)
    assert tasks_of(world.manager_b) == [(1, page)]
    made.state = "cancelled"
    made.save()
    assert tasks_of(world.manager_b) == [(2, page)]


def test_a_past_day_asks_what_came_of_it(world: World) -> None:
    activity(world.agreement)
    activity(world.agreement, date=today() - 2 * DAY, until=today())
    late = activity(world.agreement, date=today() - DAY)
    held(world.agreement, date=today() - DAY)

    assert tasks_of(world.manager_a) == [(1, f"/activities/{late.pk}/held/")]
    activity(world.agreement, date=today() - 9 * DAY)
    assert tasks_of(world.manager_a) == [(2, "/activities/?state=overdue")]


def test_a_review_is_announced_sixty_days_ahead(world: World) -> None:
    Clause.objects.update(planned_a_year=0)
    page = world.agreement.get_absolute_url()
    due = {}
    for days in (-1, 60, 61):
        Agreement.objects.update(review_on=today() + days * DAY)
        due[days] = [
            (task.url, task.is_urgent)
            for task in waiting_for(viewer_of(world.manager_a, today()), today())
        ]

    assert due == {-1: [(page, True)], 60: [(page, False)], 61: []}


def test_an_unconfirmed_agreement_asks_only_the_office_that_has_not(world: World) -> None:
    Clause.objects.update(planned_a_year=0)
    Party.objects.filter(network=world.b).update(is_confirmed=False)

    assert tasks_of(world.manager_a) == []
    assert tasks_of(world.manager_b) == [(1, f"/agreements/{world.agreement.slug}/confirm/")]


def test_agreements_are_found_by_title_clause_field_and_party(world: World) -> None:
    Agreement.objects.update(title_en="Light and cars")
    clause(world.agreement, Field.FAIRS, title_de="Messen")
    other = factories.agreement(world.b, world.c, title_de="Anderes")

    def found(query: str) -> list[str]:
        count, hits = find_agreements(STRANGER, query, today(), 10)
        assert count == len(hits)
        return sorted(hit.url for hit in hits)

    one, two = world.agreement.get_absolute_url(), other.get_absolute_url()
    assert found("light") == [one]
    assert found("messen") == [one]
    assert found("Netz A") == [one]
    assert found("Netz B") == sorted([one, two])
    assert found("nirgends") == []


def test_results_are_found_only_by_who_may_read_them(world: World) -> None:
    held(world.agreement, result_de="Wellenleiter", others="Fachschule")

    def count(viewer: Any, query: str) -> int:
        return find_activities(viewer, query, today(), 10)[0]

    member, other = (viewer_of(p, today()) for p in (world.person_b, world.manager_c))
    assert [count(member, q) for q in ("Innenraum", "Zwickau", "Wellen", "Fachs")] == [1] * 4
    for viewer in (other, STRANGER):
        assert [count(viewer, q) for q in ("Innenraum", "Zwickau")] == [1, 1]
        assert [count(viewer, q) for q in ("Wellen", "Fachs")] == [0, 0]
