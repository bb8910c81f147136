"""One decision for a pair; who comes second is told."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.web.conftest import World
from tests.web.factories import TODAY
from tests.web.partnering import factories
from verbund.web.core.models import AuditEntry, Mail
from verbund.web.partnering import services
from verbund.web.partnering.models import Introduction, Suggestion

State, Wish = Suggestion.State, Suggestion.Wish
LATER = TODAY + dt.timedelta(days=14)


def test_postponing_keeps_the_day_and_the_person(world: World, pair: Suggestion) -> None:
    services.postpone(pair, until=LATER, by=world.manager_a)

    pair.refresh_from_db()
    assert (pair.state, pair.postponed_until, pair.decided_by) == (
        State.POSTPONED,
        LATER,
        world.manager_a,
    )
    assert AuditEntry.objects.get().verb == "postponed"
    assert not Mail.objects.exists()


def test_a_double_click_is_harmless(world: World, pair: Suggestion) -> None:
    for _time in range(2):
        services.reject(pair, reason="size", by=world.manager_a)

    pair.refresh_from_db()
    assert (pair.state, pair.reject_reason) == (State.REJECTED, "size")
    assert AuditEntry.objects.count() == 1


def test_the_second_manager_is_told_who_decided_what(world: World, pair: Suggestion) -> None:
    services.reject(pair, reason="size", by=world.manager_a)

    for act in (
        lambda: services.reject(pair, reason="topic", by=world.manager_b),
        lambda: services.postpone(pair, until=LATER, by=world.manager_b),
        lambda: services.introduce(pair, text="t", subject="s", by=world.manager_b, on=TODAY),
    ):
        with pytest.raises(services.AlreadyDecided) as refusal:
            act()
        told = refusal.value.suggestion
        assert (told.decided_by, told.reject_reason) == (world.manager_a, "size")

    assert not Introduction.objects.exists()


def test_who_saw_it_open_does_not_overrule_a_postponement(world: World, pair: Suggestion) -> None:
    services.postpone(pair, until=LATER, by=world.manager_a)

    with pytest.raises(services.AlreadyDecided):
        services.reject(pair, reason="size", by=world.manager_b, seen=State.OPEN)
    services.reject(pair, reason="size", by=world.manager_b, seen=State.POSTPONED)

    pair.refresh_from_db()
    assert pair.state == State.REJECTED


def test_a_decision_can_be_taken_back(world: World, pair: Suggestion) -> None:
    services.reject(pair, reason="size", note="zu klein", by=world.manager_a)

    services.reopen(pair, by=world.manager_a)
    services.reopen(pair, by=world.manager_a)

    pair.refresh_from_db()
    assert (pair.state, pair.reject_reason, pair.note) == (State.OPEN, "", "")


def test_an_introduction_is_taken_back_with_its_mails_until_one_has_gone_out(
    world: World, pair: Suggestion
) -> None:
    asked = services.introduce(pair, text="t", subject="s", by=world.manager_a, on=TODAY)
    assert asked.mails.count() == 2

    services.reopen(pair, by=world.manager_a)

    pair.refresh_from_db()
    assert pair.state == State.OPEN
    assert not Introduction.objects.exists()
    assert not Mail.objects.exists()

    services.introduce(pair, text="t", subject="s", by=world.manager_a, on=TODAY)
    Mail.objects.filter(pk=Mail.objects.first().pk).update(state=Mail.State.SENT)  # type: ignore[union-attr]
    with pytest.raises(services.Refused, match=r"gone out|hinausgegangen"):
        services.reopen(pair, by=world.manager_a)
    assert Introduction.objects.count() == 1
    assert Mail.objects.count() == 2


def test_postponed_pairs_come_back_on_their_day(world: World, pair: Suggestion) -> None:
    services.postpone(pair, until=LATER, by=world.manager_a)

    assert services.reopen_expired(LATER - dt.timedelta(days=1)) == 0
    assert services.reopen_expired(LATER) == 1
    assert services.reopen_expired(LATER) == 0

    pair.refresh_from_db()
    assert (pair.state, pair.postponed_until) == (State.OPEN, None)


def test_interest_is_kept_and_brings_a_postponed_pair_back(world: World, pair: Suggestion) -> None:
    services.postpone(pair, until=LATER, by=world.manager_a)

    services.note_wish(pair, side="right", wish=Wish.INTERESTED, by=world.person_b)

    pair.refresh_from_db()
    assert (pair.state, pair.left_wish, pair.right_wish) == (State.OPEN, "", "interested")


def test_a_members_no_ends_it_and_can_be_taken_back(world: World, pair: Suggestion) -> None:
    services.note_wish(pair, side="left", wish=Wish.REFUSED, by=world.person_a)
    pair.refresh_from_db()
    assert (pair.state, pair.reject_reason) == (State.REJECTED, "member")

    services.note_wish(pair, side="left", wish=Wish.NONE, by=world.person_a)
    pair.refresh_from_db()
    assert (pair.state, pair.reject_reason, pair.left_wish) == (State.OPEN, "", "")


def test_the_other_sides_no_outlives_taking_back_ones_own(world: World, pair: Suggestion) -> None:
    services.note_wish(pair, side="left", wish=Wish.REFUSED, by=world.person_a)
    services.note_wish(pair, side="right", wish=Wish.REFUSED, by=world.person_b)

    services.note_wish(pair, side="left", wish=Wish.NONE, by=world.person_a)

    pair.refresh_from_db()
    assert (pair.state, pair.reject_reason) == (State.REJECTED, "member")


def test_what_the_office_decided_stays(world: World, pair: Suggestion) -> None:
    services.reject(pair, reason="competitors", by=world.manager_a)

    with pytest.raises(services.Refused):
        services.note_wish(pair, side="left", wish=Wish.INTERESTED, by=world.person_a)


def test_no_one_is_asked_about_what_is_no_longer_shared(world: World, pair: Suggestion) -> None:
    world.member_b.offers.update(visibility="own")

    with pytest.raises(services.Refused):
        services.introduce(pair, text="t", subject="s", by=world.manager_a, on=TODAY)

    pair.refresh_from_db()
    assert pair.state == State.OPEN
    assert not Mail.objects.exists()


def test_a_side_without_a_mail_address_is_named(world: World) -> None:
    from tests.web import factories as base

    mute = base.organisation(world.b, name="Stumm GmbH")
    pair = factories.suggestion((world.a, world.b), (world.member_a, mute))

    with pytest.raises(services.Refused, match="Stumm GmbH"):
        services.introduce(pair, text="t", subject="s", by=world.manager_a, on=TODAY)

    assert not Introduction.objects.exists()
