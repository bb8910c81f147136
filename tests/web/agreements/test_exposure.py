from __future__ import annotations

from tests.web import factories
from tests.web.agreements.factories import DAY
from tests.web.conftest import World
from verbund.web.agreements import services
from verbund.web.agreements.exposure import Given, Seen, given_by, preview
from verbund.web.agreements.models import Agreement
from verbund.web.core.models import AuditEntry
from verbund.web.core.services import today
from verbund.web.networks.models import DataClass, Visibility
from verbund.web.networks.rules import STRANGER, Viewer, viewer_of


def seen_of(lines: list[Given]) -> dict[tuple[str, str], Seen | None]:
    return {(line.giver.slug, line.data_class.value): line.seen for line in lines}


def test_numbers_are_those_of_the_sharing_rule_and_only_for_the_giving_office(
    world: World,
) -> None:
    objecting = factories.organisation(world.a)
    factories.consent(objecting, DataClass.PROFILE, world.b, allows=False)
    factories.organisation(world.a, visibility=Visibility.OWN)
    factories.offer(world.member_a)
    factories.offer(world.member_a, visibility=Visibility.OWN)
    factories.contact(world.member_a)

    found = seen_of(
        given_by(world.agreement, viewer=viewer_of(world.manager_a, today()), on=today())
    )

    assert found == {
        ("a", "profile"): Seen(members=1, of=3, entries=1, objected=1),
        ("a", "offers"): Seen(members=1, of=3, entries=1, objected=1),
        ("a", "requests"): Seen(members=0, of=3, entries=0, objected=1),
        ("a", "contact"): Seen(members=0, of=3, entries=0, objected=1),
        ("a", "figures"): Seen(members=0, of=3, entries=0, objected=1),
        ("a", "documents"): None,
        **{("b", data_class.value): None for data_class in DataClass},
    }


def test_members_and_strangers_get_no_numbers(world: World) -> None:
    for viewer in (viewer_of(world.person_a, today()), STRANGER):
        lines = given_by(world.agreement, viewer=viewer, on=today())
        assert len(lines) == 12
        assert {line.seen for line in lines} == {None}


def test_an_ended_agreement_gives_nothing_a_coming_one_no_numbers_yet(world: World) -> None:
    viewer = viewer_of(world.manager_a, today())
    ended = factories.agreement(
        world.a, world.b, shares=(DataClass.PROFILE,), valid_until=today() - DAY
    )
    coming = factories.agreement(
        world.a, world.b, shares=(DataClass.PROFILE,), valid_from=today() + DAY
    )

    assert given_by(ended, viewer=viewer, on=today()) == []
    assert seen_of(given_by(coming, viewer=viewer, on=today())) == {
        ("a", "profile"): None,
        ("b", "profile"): None,
    }


def test_a_preview_counts_and_leaves_nothing_behind(world: World) -> None:
    viewer = Viewer(
        user_id=world.manager_c.pk,
        networks=frozenset({world.c.pk}),
        managed=frozenset({world.c.pk}),
        offices=frozenset({world.c.pk}),
    )
    made = factories.agreement(world.a, world.c)
    made.signing.filter(network=world.c).update(is_confirmed=False)
    made.clauses.get().rules.create(data_class=DataClass.PROFILE, giver=world.a)

    def write() -> Agreement:
        return services.confirm_agreement(
            made, networks={world.c.pk}, by=world.manager_c, on=today()
        )

    changes = {
        change.given.giver.slug: (change.before, change.given.seen)
        for change in preview(write, viewer=viewer, on=today())
    }

    assert changes == {
        "a": (None, None),
        "c": (Seen(0, 1, 0, 0), Seen(1, 1, 1, 0)),
    }
    assert made.signing.filter(is_confirmed=False).count() == 1
    assert made.clauses.get().rules.count() == 1
    assert not AuditEntry.objects.exists()
