"""Who is asked when: twice a year, reminded once, then the office is told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils.translation import override

from tests.web import factories
from tests.web.conftest import World
from tests.web.directory.confirming.conftest import Ask, link_in
from verbund.web.core import addresses
from verbund.web.core.models import Mail
from verbund.web.core.services import today
from verbund.web.directory.confirming import services
from verbund.web.directory.confirming.plugs import for_the_office
from verbund.web.directory.models import Profile
from verbund.web.networks.models import Organisation
from verbund.web.networks.rules import viewer_of

pytestmark = pytest.mark.django_db


def ago(days: int) -> dt.date:
    return today() - dt.timedelta(days=days)


def _set(member: Organisation, **days: int | None) -> None:
    known = {f"{name}_on": ago(n) if n is not None else None for name, n in days.items()}
    Profile.objects.filter(organisation=member).update(**known)


def _run_job() -> list[str]:
    """Run the daily job and return to whom it wrote."""
    before = set(Mail.objects.values_list("pk", flat=True))
    services.ask_all_due()
    return sorted(Mail.objects.exclude(pk__in=before).values_list("to", flat=True))


@pytest.mark.parametrize(
    ("confirmed", "asked", "is_asked"),
    [
        (None, None, False),  # the first mail is the office's
        (100, None, False),
        (183, None, False),
        (184, None, True),
        (400, 184, True),
        (None, 184, True),
        (400, 100, False),
    ],
)
def test_job_asks_six_months_after_the_last_answer_or_mail(
    confirmed: int | None, asked: int | None, is_asked: bool, member: Organisation
) -> None:
    _set(member, confirmed=confirmed, asked=asked, reminded=asked)

    assert _run_job() == (["erika@delta.example"] if is_asked else [])
    assert _run_job() == []
    assert (Profile.objects.get(organisation=member).asked_on == today()) is is_asked


def test_one_reminder_after_two_weeks_with_the_same_question(
    member: Organisation, ask: Ask
) -> None:
    path = ask(ago(200), days_ago=14)

    assert [_run_job() for _ in range(2)] == [["erika@delta.example"], []]
    reminder = Mail.objects.latest("pk")
    assert "Erinnerung" in reminder.subject
    profile = Profile.objects.get(organisation=member)
    assert (profile.asked_on, profile.reminded_on) == (ago(14), today())
    assert link_in(reminder) != ""
    assert path.split(":")[0] == link_in(reminder).split(":")[0]  # both mean the same question


@pytest.mark.parametrize(("asked", "confirmed"), [(13, 200), (20, 10)])
def test_no_reminder_before_two_weeks_or_after_the_answer(
    asked: int, confirmed: int, member: Organisation
) -> None:
    _set(member, confirmed=confirmed, asked=asked)
    assert _run_job() == []


def test_office_is_told_of_who_stays_silent_and_of_addresses_that_are_wrong(
    world: World, member: Organisation
) -> None:
    _set(member, confirmed=20, asked=28, reminded=14)
    viewer = viewer_of(world.manager_a, today())
    with override("en"):
        before = {task.title for task in for_the_office(viewer, today())}
    _set(member, confirmed=200, asked=28, reminded=14)
    addresses.note_bounce("Erika@delta.example", "550 5.1.1")

    with override("en"):
        told = {task.title for task in for_the_office(viewer, today())} - before
    foreign = for_the_office(viewer_of(world.manager_b, today()), today())

    assert told == {"member did not answer twice", "check a mail address"}
    assert {task.url for task in foreign} == {"/members/confirming/"}


def test_who_represents_is_asked_and_a_contact_if_mail_does_not_reach_them(
    world: World, member: Organisation
) -> None:
    person = factories.representative_of(member, name="Chefin", email="chefin@delta.example")
    profile = Profile.objects.get(organisation=member)

    first = services.ask(profile, today(), by=world.manager_a)
    addresses.note_bounce(person.email, "550 5.1.1")
    second = services.ask(profile, today(), by=world.manager_a)
    addresses.note_bounce("erika@delta.example", "550 5.1.1")

    assert [mail.to for mail in first] == ["chefin@delta.example"]
    assert [mail.to for mail in second] == ["erika@delta.example"]
    assert services.ask(profile, today(), by=world.manager_a) == []
    assert "Managerin A" in first[0].text


def test_who_does_not_want_the_question_gets_none(member: Organisation) -> None:
    addresses.stop(addresses.address_row("erika@delta.example"), "confirm")
    _set(member, confirmed=200)
    assert _run_job() == []


@pytest.mark.parametrize(("language", "greeting"), [("de", "Guten Tag"), ("en", "Dear")])
def test_mail_speaks_the_language_of_the_member(
    language: str, greeting: str, member: Organisation, ask: Ask
) -> None:
    Organisation.objects.filter(pk=member.pk).update(language=language)

    path = ask(ago(200))

    mail = Mail.objects.get()
    assert (mail.language, greeting in mail.text) == (language, True)
    for body in (mail.text, mail.html):
        assert path in body
        assert "/mails/" in body


def test_answers_go_to_the_network_or_else_to_who_manages_it(
    member: Organisation, world: World
) -> None:
    for address, answers in (("", world.manager_a.email), ("buero@a.example", "buero@a.example")):
        world.a.email = address
        world.a.save()
        _set(member, confirmed=200, asked=None)
        assert _run_job() == ["erika@delta.example"]
        mail = Mail.objects.latest("pk")
        assert (mail.reply_to, mail.sender) == (answers, str(world.a))


def test_invitation_leads_to_the_first_question(member: Organisation, ask: Ask) -> None:
    path = ask()
    assert f"{path}about/" in Mail.objects.get().text


def test_list_shows_own_members_only_and_asks_the_chosen(
    world: World, member: Organisation, signed_in: Any
) -> None:
    _set(member, confirmed=400)
    other = Profile.objects.get(organisation=world.member_b)
    page = signed_in(world.manager_a).get("/members/confirming/")

    assert "Delta Werkzeugbau" in page.content.decode()
    assert "Beta Optik" not in page.content.decode()
    own = Profile.objects.get(organisation=member)
    posted = {"profile": [own.pk, other.pk, "x"], "state": "unconfirmed"}
    signed_in(world.manager_a).post("/members/confirming/ask/", posted)
    assert [(mail.to, mail.network_key) for mail in Mail.objects.all()] == [
        ("erika@delta.example", "a")
    ]
    signed_in(world.manager_b).post("/members/confirming/vouch/", {"profile": [own.pk]})
    own.refresh_from_db()
    assert own.confirmed_on == ago(400)
    signed_in(world.manager_a).post("/members/confirming/vouch/", {"profile": [own.pk]})
    own.refresh_from_db()
    assert (own.confirmed_on, own.confirmed_by) == (today(), "Managerin A (Netz A)")


@pytest.mark.parametrize("who", ["person_a", "stranger", "person_b"])
def test_list_is_for_offices(who: str, world: World, signed_in: Any) -> None:
    browser = signed_in(getattr(world, who))
    assert browser.get("/members/confirming/").status_code == 404
    own = Profile.objects.get(organisation=world.member_a)
    browser.post("/members/confirming/ask/", {"profile": [own.pk]})
    browser.post("/members/confirming/vouch/", {"profile": [own.pk]})
    own.refresh_from_db()
    assert (own.confirmed_on, own.asked_on, Mail.objects.count()) == (None, None, 0)


def test_bad_address_is_shown_and_trusted_again(
    world: World, member: Organisation, signed_in: Any
) -> None:
    addresses.note_bounce("erika@delta.example", "550 5.1.1")
    address = {"address": "Erika@delta.example"}
    page = signed_in(world.manager_a).get("/members/confirming/?state=bad")
    assert "check the address" in page.content.decode()

    signed_in(world.manager_b).post("/members/confirming/trust/", address)
    assert addresses.came_back(["erika@delta.example"])
    signed_in(world.manager_a).post("/members/confirming/trust/", address)
    assert not addresses.came_back(["erika@delta.example"])


@pytest.mark.parametrize("state", ["unconfirmed", "due", "waiting", "silent", "bad", "unreachable"])
def test_list_asks_as_much_for_three_rows_as_for_one(
    state: str, world: World, signed_in: Any, count_queries: Any
) -> None:
    browser, numbers = signed_in(world.manager_a), []
    fields = {"asked_on": ago(40), "reminded_on": ago(20)}
    for count in (1, 3):
        for _ in range(count):
            made = factories.organisation(world.a)
            if state != "unreachable":
                address = f"p{made.pk}@firma.example"
                factories.contact(made, email=address)
                if state == "bad":
                    addresses.note_bounce(address, "550")
            Profile.objects.filter(organisation=made).update(**fields)
        numbers.append(count_queries(lambda: browser.get(f"/members/confirming/?state={state}")))
    assert numbers[0] == numbers[1]


def test_list_goes_out_as_a_file(world: World, member: Organisation, signed_in: Any) -> None:
    file = signed_in(world.manager_a).get("/members/confirming/?export=csv&state=nonsense")
    text = b"".join(file).decode("utf-8-sig") if file.streaming else file.content.decode()
    assert "Delta Werkzeugbau GmbH" in text
    assert "Beta Optik" not in text
