"""Introductions in the browser, and answers from a mail."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from tests.web import factories as base
from tests.web.conftest import World
from tests.web.factories import TODAY
from tests.web.partnering import factories
from verbund.web.core.models import Mail
from verbund.web.partnering import services, tokens
from verbund.web.partnering.models import Introduction, Suggestion

LIST = "/introductions/"
ROLES = [
    ("manager_a", 200),
    ("manager_b", 200),
    ("person_a", 200),
    ("person_b", 200),
    ("manager_c", 404),
    ("stranger", 404),
    (None, 302),
]


def _link(introduction: Introduction, side: str = "left") -> str:
    token = tokens.sign(tokens.Ticket(introduction.pk, side, "Erika"))
    return reverse("answer_by_mail", args=[token])


@pytest.mark.parametrize(("person", "status"), ROLES)
def test_an_introduction_is_for_both_offices_and_both_sides(
    world: World, asked: Introduction, signed_in: Any, text_of: Any, person: str, status: int
) -> None:
    client = signed_in(getattr(world, person) if person else None)

    page, listed = client.get(asked.get_absolute_url()), client.get(LIST)

    assert page.status_code == status
    assert ("Freiformoptik" in text_of(page)) == (status == 200)
    assert ("Freiformoptik" in text_of(listed)) == (status == 200)


def test_the_list_filters_counts_and_exports(
    world: World, asked: Introduction, signed_in: Any, text_of: Any
) -> None:
    factories.introduction(
        (world.a, world.b), (world.member_a, world.member_b), subject="Laser", state="closed"
    )
    client = signed_in(world.manager_a)

    page = client.get(f"{LIST}?state=closed")

    assert [(f["value"], f["count"]) for f in page.context["filters"]] == [
        ("", 2),
        ("asked", 1),
        ("closed", 1),
    ]
    assert ("Laser" in text_of(page), "Freiformoptik" in text_of(page)) == (True, False)
    assert text_of(client.get(f"{LIST}?state=closed&export=csv")).count("\n") == 2
    assert client.get(f"{LIST}?state=nonsense&page=99").status_code == 200


def test_the_list_costs_the_same_for_one_and_three(
    world: World, asked: Introduction, signed_in: Any, count_queries: Any
) -> None:
    client = signed_in(world.manager_a)
    client.get(LIST)
    one = count_queries(lambda: client.get(LIST))
    for _number in range(2):
        factories.introduction((world.a, world.b), (world.member_a, base.organisation(world.b)))

    assert count_queries(lambda: client.get(LIST)) == one


def test_contact_persons_appear_when_both_agreed(
    world: World, asked: Introduction, signed_in: Any, text_of: Any
) -> None:
    base.contact(world.member_b, name="Bert B", email="bert@example.org")
    client = signed_in(world.person_a)
    assert "bert@" not in text_of(client.get(asked.get_absolute_url()))

    for person, side in (("person_a", "left"), ("person_b", "right")):
        signed_in(getattr(world, person)).post(
            reverse("introduction_answer", args=[asked.pk]), {"side": side, "answer": "yes"}
        )

    assert "bert@example.org" in text_of(client.get(asked.get_absolute_url()))


def test_a_side_does_not_learn_the_others_answer_or_reason(
    world: World, asked: Introduction, signed_in: Any, text_of: Any
) -> None:
    services.answer(asked, side="right", says="yes", name="Bert", on=TODAY)
    page = text_of(signed_in(world.person_a).get(asked.get_absolute_url()))
    assert "Said yes" not in page

    services.answer(asked, side="left", says="no", name="Anna", on=TODAY, reason="Sparte verkauft")

    seen = {
        name: "Sparte verkauft"
        in text_of(signed_in(getattr(world, name)).get(asked.get_absolute_url()))
        for name in ("person_a", "manager_a", "person_b", "manager_b")
    }
    assert seen == {"person_a": True, "manager_a": True, "person_b": False, "manager_b": False}


@pytest.mark.parametrize("person", ["person_b", "manager_a", "manager_c", "stranger"])
def test_nobody_answers_for_another(
    world: World, asked: Introduction, signed_in: Any, person: str
) -> None:
    answer = signed_in(getattr(world, person)).post(
        reverse("introduction_answer", args=[asked.pk]), {"side": "left", "answer": "yes"}
    )

    assert answer.status_code == 404
    asked.refresh_from_db()
    assert asked.left_answer == "open"


@pytest.mark.parametrize("person", ["person_a", "person_b", "manager_c", "stranger"])
@pytest.mark.parametrize("what", ["remind", "withdraw", "talk"])
def test_only_offices_take_steps(
    world: World, asked: Introduction, signed_in: Any, person: str, what: str
) -> None:
    answer = signed_in(getattr(world, person)).post(
        reverse(f"introduction_{what}", args=[asked.pk]), {"met_on": "2026-11-20"}
    )

    assert answer.status_code == 404
    asked.refresh_from_db()
    assert (asked.state, Mail.objects.count()) == ("asked", 0)


def test_an_office_reminds_withdraws_and_notes_the_talk(
    world: World, asked: Introduction, signed_in: Any, text_of: Any
) -> None:
    client = signed_in(world.manager_b)

    def post(what: str, **data: str) -> str:
        url = reverse(f"introduction_{what}", args=[asked.pk])
        return str(text_of(client.post(url, data, follow=True)))

    assert "2 reminders go out." in post("remind")
    assert "A talk can be noted once both have said yes." in post("talk", met_on="2026-11-20")
    for side in ("left", "right"):
        services.answer(asked, side=side, says="yes", name="", on=TODAY)
    assert "cannot lie in the future" in post("talk", met_on="2026-12-24")
    second = {"met_on": "2026-11-20", "second_met_on": "2026-11-19"}
    assert "cannot lie before the first" in post("talk", **second)
    again = {"met_on": "2026-11-18", "second_met_on": "2026-11-20", "outcome": "project"}
    assert "is noted." in post("talk", **again, outcome_text="Ja")
    assert "This question is settled already" in post("withdraw")
    asked.refresh_from_db()
    assert (asked.state, asked.met_on, asked.second_met_on, asked.outcome) == (
        "closed",
        dt.date(2026, 11, 18),
        dt.date(2026, 11, 20),
        "project",
    )
    assert list(asked.steps.values_list("what", flat=True))[-3:] == ["met", "met again", "closed"]


# ---------------------------------------------------------------- from a mail


def test_following_the_link_changes_nothing_until_one_presses(
    asked: Introduction, text_of: Any
) -> None:
    client = Client(headers={"accept-language": "en"})

    page = client.get(f"{_link(asked)}?answer=yes")

    asked.refresh_from_db()
    assert asked.left_answer == "open"
    assert "Do you want to talk to Beta Optik GmbH?" in text_of(page)
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("no-store", "same-origin")

    done = client.post(_link(asked), {"answer": "yes"}, follow=True)

    asked.refresh_from_db()
    assert (asked.left_answer, asked.right_answer) == ("yes", "open")
    assert "You said yes." in text_of(done)
    assert asked.steps.get().by == "Erika"


def test_a_used_link_says_what_was_answered(asked: Introduction, text_of: Any) -> None:
    client = Client(headers={"accept-language": "en"})
    client.post(_link(asked), {"answer": "no", "reason": "keine Zeit"})

    again = client.post(_link(asked), {"answer": "yes"}, follow=True)

    asked.refresh_from_db()
    assert (asked.state, asked.left_answer) == ("declined", "no")
    assert "You said no." in text_of(again)
    other = text_of(client.get(_link(asked, "right")))
    assert "This question is settled" in other
    assert "keine Zeit" not in other


@pytest.mark.parametrize("token", ["nonsense", "a:b:c", ""])
def test_a_broken_link_says_so(db: None, text_of: Any, token: str) -> None:
    token = token or signing.dumps([1, "left", "Erika"], salt="another purpose")

    page = Client(headers={"accept-language": "en"}).get(reverse("answer_by_mail", args=[token]))

    assert page.status_code == 410
    assert "This link no longer works" in text_of(page)


def test_a_link_ends_with_its_age_and_with_sharing(
    world: World, asked: Introduction, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = _link(asked)
    assert Client().get(link).status_code == 200

    world.agreement.delete()
    assert Client().get(link).status_code == 410

    monkeypatch.setattr(tokens, "_DAYS", -1)
    assert tokens.read(link.split("/")[-2]) is None


def test_a_withdrawn_question_says_so(world: World, asked: Introduction, text_of: Any) -> None:
    services.withdraw(asked, by=world.manager_a, on=TODAY)

    page = text_of(Client(headers={"accept-language": "en"}).get(_link(asked)))

    assert "The office has withdrawn this question." in page


def test_the_mail_carries_a_link_that_works(world: World, pair: Suggestion) -> None:
    services.introduce(pair, text="t", subject="s", by=world.manager_a, on=TODAY)
    mail = Mail.objects.get(to=world.person_b.email)
    address = next(word for word in mail.text.split() if "answer=no" in word)

    Client().post(address.removeprefix("http://127.0.0.1:8000"), {"answer": "no"})

    assert Introduction.objects.get().right_answer == "no"
