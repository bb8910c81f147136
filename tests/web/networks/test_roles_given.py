"""Roles from day to day: changed, ended with what follows, asked for where a member is shared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone, translation

from tests.web import factories
from tests.web.conftest import World
from verbund.web.accounts.models import User
from verbund.web.core.models import Mail
from verbund.web.core.services import today
from verbund.web.networks import services
from verbund.web.networks.models import Membership, Organisation, Role, holds
from verbund.web.networks.roles import consequences_of_end
from verbund.web.networks.rules import viewer_of

TODAY = factories.TODAY


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def shared(world: World) -> Organisation:
    """The member of A is a member of B, too."""
    Membership.objects.create(network=world.b, organisation=world.member_a)
    return world.member_a


def invite(world: World, **fields: Any) -> Role:
    given: dict[str, Any] = {
        "email": "neu@example.org",
        "name": "Nora Neu",
        "language": "en",
        "on": TODAY,
    }
    return services.invite_person(world.a, **{"by": world.manager_a} | given | fields)


def speaks_for(role: Role, organisation: Organisation) -> bool:
    return organisation.pk in viewer_of(role.user, today()).organisations


# ---------------------------------------------------------------- office roles


@pytest.mark.parametrize("kind", ["manager", "editor", "reader", "signatory"])
def test_each_role_opens_what_its_name_says(world: World, kind: str) -> None:
    viewer = viewer_of(invite(world, kind=kind).user, TODAY)

    own = frozenset({world.a.pk})
    assert (viewer.managed, viewer.edited, viewer.offices, viewer.signs_for) == (
        own if kind == "manager" else frozenset(),
        own if kind in ("manager", "editor") else frozenset(),
        own,
        own if kind == "signatory" else frozenset(),
    )


def test_invitation_says_what_the_role_may_do(world: World) -> None:
    invite(world, kind="reader")

    mail = Mail.objects.get()
    assert "Your role: reader. It sees what the office sees and changes nothing." in mail.text


def test_a_changed_role_is_another_one_from_that_day(world: World) -> None:
    role = invite(world, kind="reader")

    new = services.change_role(role, kind="editor", by=world.manager_a, on=TODAY)

    viewer = viewer_of(role.user, TODAY)
    own = frozenset({world.a.pk})
    assert (new.kind, viewer.edited, viewer.managed) == ("editor", own, frozenset())
    assert not Role.objects.filter(holds(TODAY), pk=role.pk).exists()
    back = services.change_role(new, kind="reader", by=world.manager_a, on=TODAY)
    assert back.pk == role.pk
    assert not viewer_of(role.user, TODAY).edited


def test_the_last_manager_cannot_become_a_reader(world: World) -> None:
    role = Role.objects.get(user=world.manager_a)
    operator = factories.user(is_superuser=True)

    with pytest.raises(services.LastManagerStays):
        services.change_role(role, kind="reader", by=operator, on=TODAY)

    assert viewer_of(world.manager_a, TODAY).managed == {world.a.pk}


def test_whose_role_ends_is_told(world: World) -> None:
    role = invite(world, kind="editor")

    services.end_role(role, by=world.manager_a, on=TODAY)

    mail = Mail.objects.latest("pk")
    assert (mail.to, mail.subject) == ("neu@example.org", "Your role for Netz A has ended")
    assert "It was ended by Managerin A." in mail.text


def test_consequences_are_said_before_a_role_ends(world: World) -> None:
    signatory = invite(world, kind="signatory")
    assert consequences_of_end(signatory, TODAY)[1:] == [
        "Nobody can sign agreements for Netz A then."
    ]

    speaker = Role.objects.get(user=world.person_a)
    assert consequences_of_end(speaker, TODAY)[1:] == [
        "Nobody speaks for Alpha Karosserie GmbH then: questions to it go to your office."
    ]

    factories.representative_of(world.member_a)
    assert len(consequences_of_end(speaker, TODAY)) == 1


# ---------------------------------------------------------------- what an invitation betrays


def test_inviting_a_known_address_betrays_nothing_of_its_account(
    world: World, signed_in: Any
) -> None:
    world.stranger.last_login = timezone.now() - dt.timedelta(days=3)
    world.stranger.save()

    role = invite(world, kind="reader", email=world.stranger.email, name="As I call them")
    page = signed_in(world.manager_a).get("/people/").content.decode()
    file = signed_in(world.manager_a).get("/people/?export=csv").content.decode()

    for said in (page, file, str(role)):
        assert "As I call them" in said
        assert "Stranger" not in said
    assert "not yet" in page
    assert world.stranger.last_login.date().isoformat() not in file

    world.stranger.last_login = timezone.now()
    world.stranger.save()
    assert "Stranger" in signed_in(world.manager_a).get("/people/").content.decode()


# ---------------------------------------------------------------- members of two networks


def test_nobody_speaks_for_a_shared_member_unasked(world: World, shared: Organisation) -> None:
    role = invite(world, organisation=shared)

    assert not speaks_for(role, shared)
    assert [mail.to for mail in Mail.objects.all()] == [world.person_a.email]
    assert "muss jemand auf Ihrer Seite zustimmen" in Mail.objects.get().text

    services.agree_to_person(role, by=world.person_a, on=TODAY)
    assert speaks_for(role, shared)
    assert Mail.objects.latest("pk").to == "neu@example.org"


def test_where_nobody_speaks_yet_the_other_office_is_asked(
    world: World, shared: Organisation
) -> None:
    services.end_role(Role.objects.get(user=world.person_a), by=world.manager_a, on=TODAY)
    Mail.objects.all().delete()

    invite(world, organisation=shared)

    assert [mail.to for mail in Mail.objects.all()] == [world.manager_b.email]


def test_a_no_leaves_nothing_behind(world: World, shared: Organisation) -> None:
    role = invite(world, organisation=shared)

    services.refuse_person(role, by=world.person_a)

    assert not Role.objects.filter(user__email="neu@example.org").exists()


def test_two_offices_that_name_the_same_person_agree(world: World, shared: Organisation) -> None:
    invite(world, organisation=shared)

    role = services.invite_person(
        world.b,
        email="neu@example.org",
        name="Nora",
        language="de",
        organisation=shared,
        by=world.manager_b,
        on=TODAY,
    )

    assert speaks_for(role, shared)


def test_asking_twice_is_asking_once(world: World, shared: Organisation) -> None:
    assert invite(world, organisation=shared) == invite(world, organisation=shared)
    assert Mail.objects.count() == 1


def test_a_role_ended_long_ago_is_asked_for_again(world: World, shared: Organisation) -> None:
    role = Role.objects.get(user=world.person_a)
    factories.representative_of(shared)
    services.end_role(role, by=world.manager_a, on=TODAY)

    later = TODAY + dt.timedelta(days=40)
    services.restore_role(role, world.a, by=world.manager_a, on=later)

    assert role.asked_by == world.a
    assert not viewer_of(role.user, later).organisations


WHO_ANSWERS = {
    "person_a": True,  # speaks for it already
    "manager_b": True,  # the other office
    "manager_a": False,  # who asks does not answer
    "manager_c": False,
    "person_b": False,
    "stranger": False,
}


@pytest.mark.parametrize("who", WHO_ANSWERS)
def test_only_the_other_side_answers(
    world: World, shared: Organisation, signed_in: Any, who: str
) -> None:
    role = invite(world, organisation=shared)
    browser = signed_in(getattr(world, who))

    page = browser.get("/people/asked/")
    answer = browser.post(f"/people/{role.pk}/answer/", {"answer": "yes"})

    may = WHO_ANSWERS[who]
    assert ("Nora Neu" in page.content.decode(), answer.status_code == 302) == (may, may)
    assert speaks_for(role, shared) is may


def test_the_question_stands_on_the_home_page(
    world: World, shared: Organisation, signed_in: Any
) -> None:
    invite(world, organisation=shared)

    assert "/people/asked/" in signed_in(world.person_a).get("/").content.decode()
    assert "/people/asked/" not in signed_in(world.manager_a).get("/").content.decode()


def test_who_asked_sees_that_it_waits_and_may_take_it_back(
    world: World, shared: Organisation, signed_in: Any
) -> None:
    role = invite(world, organisation=shared)
    browser = signed_in(world.manager_a)

    page = browser.get("/people/?kind=asked").content.decode()
    assert "Nora Neu" in page
    assert "waiting for the answer" in page
    assert "Nora Neu" not in browser.get("/people/").content.decode()
    assert "Nora Neu" not in signed_in(world.manager_b).get("/people/").content.decode()

    browser.post(f"/people/{role.pk}/end/")

    assert not Role.objects.filter(pk=role.pk).exists()
    assert User.objects.filter(email="neu@example.org").exists()


# ---------------------------------------------------------------- pages


def test_a_manager_changes_a_role_on_its_page(world: World, signed_in: Any) -> None:
    role = invite(world, kind="reader")
    browser = signed_in(world.manager_a)

    page = browser.get(f"/people/{role.pk}/").content.decode()
    assert "It holds at once." in page
    answer = browser.post(f"/people/{role.pk}/change/", {"kind": "signatory"}, follow=True)

    assert "Nora Neu: authorised signatory, from now on." in answer.content.decode()
    assert viewer_of(role.user, today()).signs_for == {world.a.pk}


@pytest.mark.parametrize("kind", ["", "nonsense", "representative"])
def test_nonsense_changes_no_role(world: World, signed_in: Any, kind: str) -> None:
    role = invite(world, kind="reader")

    answer = signed_in(world.manager_a).post(f"/people/{role.pk}/change/", {"kind": kind})

    assert answer.status_code == 404
    assert viewer_of(role.user, today()).offices == {world.a.pk}
    assert not viewer_of(role.user, today()).edited


def test_the_last_manager_is_told_why_they_stay(world: World, signed_in: Any) -> None:
    own = Role.objects.get(user=world.manager_a)

    page = signed_in(world.manager_a).get(f"/people/{own.pk}/").content.decode()

    assert "can only be ended by another manager" in page
    assert f"/people/{own.pk}/end/" not in page


def test_who_has_lost_the_role_has_no_page_of_it(world: World, signed_in: Any) -> None:
    role = invite(world, kind="reader")
    services.end_role(role, by=world.manager_a, on=TODAY)

    answer = signed_in(world.manager_a).get(f"/people/{role.pk}/")

    assert answer["Location"] == "/people/?network=a"


def test_an_office_role_is_given_by_the_form(world: World, signed_in: Any) -> None:
    signed_in(world.manager_a).post(
        "/people/invite/",
        {"name": "Nora", "email": "neu@example.org", "kind": "signatory", "language": "de"},
    )

    role = Role.objects.get(user__email="neu@example.org")
    assert (role.kind, role.network, role.given_name) == ("signatory", world.a, "Nora")
