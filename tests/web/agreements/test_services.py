from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from tests.web import factories
from tests.web.agreements.factories import DAY, activity, clause
from tests.web.conftest import World
from verbund.web.agreements import services
from verbund.web.agreements.models import Activity, Agreement, Field, Party, SharingRule
from verbund.web.agreements.queries import clause_for
from verbund.web.agreements.services import AgreementDraft, ClauseDraft, PartyDraft
from verbund.web.agreements.sharing import is_visible
from verbund.web.agreements.signals import sharing_changed
from verbund.web.core.models import AuditEntry
from verbund.web.core.services import today
from verbund.web.networks.models import DataClass, Network, Organisation
from verbund.web.networks.rules import viewer_for_network

PROFILE, OFFERS = DataClass.PROFILE, DataClass.OFFERS


@pytest.fixture
def told() -> Iterator[list[Any]]:
    """Collect whose sharing was said to have changed."""
    heard: list[Any] = []

    def listen(sender: object, networks: list[int], **rest: object) -> None:
        heard.append(sorted(networks))

    sharing_changed.connect(listen)
    yield heard
    sharing_changed.disconnect(listen)


def draft(*parties: Network, shares: tuple[DataClass, ...] = (PROFILE,)) -> AgreementDraft:
    signed = today() - 10 * DAY
    return AgreementDraft(
        agreement=Agreement(
            title_de="Neue Vereinbarung",
            stage=Agreement.Stage.SIGNED,
            signed_on=signed,
            valid_from=signed,
        ),
        parties=tuple(PartyDraft(party, "Erika Muster") for party in parties),
        clauses=(ClauseDraft(Field.EXCHANGE, title_de="Austausch", shares=frozenset(shares)),),
    )


def recorded(world: World) -> Agreement:
    return services.record_agreement(
        draft(world.a, world.c), givers={world.a.pk}, by=world.manager_a, on=today()
    )


def sees(network: Network, organisation: Organisation) -> bool:
    return is_visible(organisation, to=viewer_for_network(network), on=today())


def verbs() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


def test_recording_gives_only_what_the_recording_office_may_give(
    world: World, told: list[Any]
) -> None:
    made = recorded(world)

    assert sees(world.c, world.member_a)
    assert not sees(world.a, world.member_c)
    assert dict(made.signing.values_list("network__slug", "is_confirmed")) == {
        "a": True,
        "c": False,
    }
    assert made.slug == f"a-c-{made.day.year}"
    assert told == [[world.a.pk, world.c.pk]]
    assert verbs() == ["record_agreement"]


def test_recording_the_same_twice_keeps_one(world: World) -> None:
    first = recorded(world)

    assert recorded(world) == first
    assert Agreement.objects.filter(title_de="Neue Vereinbarung").count() == 1
    assert verbs() == ["record_agreement"]


def test_two_agreements_of_a_year_get_different_addresses(world: World) -> None:
    first = recorded(world)
    other = draft(world.a, world.c)
    other.agreement.title_de = "Zweite"
    second = services.record_agreement(other, givers={world.a.pk}, by=world.manager_a, on=today())

    assert second.slug == f"{first.slug}-2"


def test_confirming_gives_the_same_back(world: World, told: list[Any]) -> None:
    made = recorded(world)

    services.confirm_agreement(made, networks={world.c.pk}, by=world.manager_c, on=today())
    services.confirm_agreement(made, networks={world.c.pk}, by=world.manager_c, on=today())

    assert sees(world.a, world.member_c)
    assert not Party.objects.filter(agreement=made, is_confirmed=False).exists()
    assert verbs() == ["record_agreement", "confirm_agreement"]
    assert len(told) == 2


def test_nobody_confirms_for_another_network(world: World) -> None:
    made = recorded(world)

    services.confirm_agreement(made, networks={world.a.pk}, by=world.manager_a, on=today())

    assert not sees(world.a, world.member_c)


def changed_shares(world: World, *shares: DataClass) -> AgreementDraft:
    found = world.agreement.clauses.get()
    return AgreementDraft(
        agreement=world.agreement,
        parties=(PartyDraft(world.a), PartyDraft(world.b)),
        clauses=(
            ClauseDraft(
                Field.PROJECTS, title_de="Projekte", shares=frozenset(shares), clause=found
            ),
        ),
    )


def test_taking_a_class_back_ends_only_what_the_own_network_gives(
    world: World, told: list[Any]
) -> None:
    assert sees(world.a, world.member_b)
    assert sees(world.b, world.member_a)

    services.change_agreement(
        changed_shares(world, OFFERS), givers={world.a.pk}, by=world.manager_a, on=today()
    )

    assert sees(world.a, world.member_b)
    assert not sees(world.b, world.member_a)
    assert told == [[world.a.pk, world.b.pk]]
    entry = AuditEntry.objects.get(verb="change_agreement")
    assert entry.changes["shares"] == {
        "1 Projekte": ["-contact", "-figures", "-profile", "-requests"]
    }


def test_giving_again_what_was_taken_back_gives_once(world: World) -> None:
    for shares in ((), (PROFILE,), (PROFILE,)):
        services.change_agreement(
            changed_shares(world, *shares), givers={world.a.pk}, by=world.manager_a, on=today()
        )

    assert sees(world.b, world.member_a)
    mine = SharingRule.objects.filter(giver=world.a, data_class=PROFILE, valid_until=None)
    assert mine.count() == 1


def test_a_clause_with_activities_stays(world: World) -> None:
    activity(world.agreement)
    gone = AgreementDraft(world.agreement, (PartyDraft(world.a), PartyDraft(world.b)), ())

    with pytest.raises(services.Refused):
        services.change_agreement(gone, givers={world.a.pk}, by=world.manager_a, on=today())

    assert world.agreement.clauses.count() == 1
    assert verbs() == []


def test_ending_hides_members_from_the_day_after(world: World, told: list[Any]) -> None:
    services.end_agreement(world.agreement, last_day=today(), by=world.manager_a)
    tomorrow = today() + DAY
    viewer = viewer_for_network(world.b)

    assert is_visible(world.member_a, to=viewer, on=today())
    assert not is_visible(world.member_a, to=viewer, on=tomorrow)
    assert told == [[world.a.pk, world.b.pk]]


def test_an_end_is_never_put_off_and_never_before_the_beginning(world: World) -> None:
    services.end_agreement(world.agreement, last_day=today(), by=world.manager_a)

    with pytest.raises(services.Refused):
        services.end_agreement(world.agreement, last_day=today() + DAY, by=world.manager_a)
    with pytest.raises(services.Refused):
        services.end_agreement(world.agreement, last_day=dt.date(2000, 1, 1), by=world.manager_a)

    world.agreement.refresh_from_db()
    assert world.agreement.valid_until == today()


def test_only_who_ended_it_last_takes_it_back(world: World) -> None:
    services.end_agreement(world.agreement, last_day=today(), by=world.manager_a)

    with pytest.raises(services.Refused):
        services.take_back_end(world.agreement, by=world.manager_b)
    services.take_back_end(world.agreement, by=world.manager_a)
    with pytest.raises(services.Refused):
        services.take_back_end(world.agreement, by=world.manager_a)

    world.agreement.refresh_from_db()
    assert world.agreement.valid_until is None
    assert verbs() == ["end_agreement", "take_back_end"]


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
