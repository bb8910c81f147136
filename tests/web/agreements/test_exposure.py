from __future__ import annotations

from dataclasses import replace

from tests.web import factories
from tests.web.agreements.factories import DAY, draft
from tests.web.conftest import World
from verbund.web.agreements import services
from verbund.web.agreements.exposure import GONE, NEW, SAME, Given, Seen, given_by, loss, preview
from verbund.web.agreements.models import Agreement, SharingRule
from verbund.web.agreements.terms import terms_of
from verbund.web.core.models import AuditEntry
from verbund.web.core.services import today
from verbund.web.networks.models import DataClass, Visibility
from verbund.web.networks.rules import STRANGER, viewer_of


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


def test_a_preview_counts_names_and_leaves_nothing_behind(world: World) -> None:
    version = draft(world.a, world.c)
    viewer = viewer_of(world.manager_c, today())

    changes = {
        change.given.giver.slug: (change.before, change.given.seen, change.names, change.state)
        for change in preview(
            version.agreement,
            lambda: services.foresee(version, on=today()),
            viewer=viewer,
            on=today(),
        )
    }

    assert changes == {
        "a": (None, None, (), NEW),
        "c": (Seen(0, 1, 0, 0), Seen(1, 1, 1, 0), ("Gamma Logistik GmbH",), NEW),
    }
    assert not version.agreement.clauses.exists()
    assert Agreement.objects.get(pk=version.agreement_id).stage == "draft"
    assert set(AuditEntry.objects.values_list("verb", flat=True)) == {
        "draft_agreement",
        "change_draft",
    }


def test_a_preview_of_a_change_tells_what_comes_and_goes(world: World) -> None:
    version = services.begin_amendment(world.agreement, by=world.manager_a, on=today())
    terms = terms_of(version.content)
    kept = tuple(s for s in terms.clauses[0].shares if s.data_class != DataClass.PROFILE)
    new = replace(kept[0], audience=SharingRule.Audience.MANAGERS, data_class=DataClass.PROFILE)
    changed = replace(terms, clauses=(replace(terms.clauses[0], shares=(*kept, new)),))
    services.save_draft(version, changed, seen=terms.digest, by=world.manager_a)

    found = {
        (c.given.giver.slug, c.given.data_class.value, c.given.audience.value): c.state
        for c in preview(
            world.agreement,
            lambda: services.foresee(version, on=today()),
            viewer=viewer_of(world.manager_a, today()),
            on=today(),
        )
        if c.state != SAME
    }

    assert found == {
        (new.giver, "profile", "managers"): NEW,
        ("a", "profile", "members"): GONE,
        ("b", "profile", "members"): GONE,
    }


def test_what_would_be_lost_is_what_nothing_else_gives(world: World) -> None:
    factories.agreement(world.a, world.b, shares=(DataClass.PROFILE,))
    factories.offer(world.member_a)

    found = {
        c.given.data_class.value: (
            c.before and c.before.members,
            c.given.seen and c.given.seen.members,
            c.names,
        )
        for c in loss(world.agreement, viewer=viewer_of(world.manager_a, today()), on=today())
        if c.given.giver == world.a
    }

    assert found["profile"] == (1, 1, ())
    assert found["offers"] == (1, 0, (world.member_a.name,))
    assert Agreement.objects.get(pk=world.agreement.pk).stage == "signed"
