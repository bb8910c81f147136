"""From the question to the outcome, and the mails on the way."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override

from tests.web import factories as base
from tests.web.conftest import World
from tests.web.factories import TODAY
from verbund.web.agreements.models import Activity, Consent
from verbund.web.agreements.sharing import visible
from verbund.web.core.models import Mail
from verbund.web.core.services import today
from verbund.web.directory.models import ContactPerson
from verbund.web.networks.models import DataClass
from verbund.web.networks.rules import viewer_of
from verbund.web.partnering import services
from verbund.web.partnering.models import Introduction, Suggestion

State, Answer = Introduction.State, Introduction.Answer


def _say(introduction: Introduction, side: str, says: str, **more: Any) -> Introduction:
    return services.answer(introduction, side=side, says=says, name="Erika", on=TODAY, **more)


@pytest.fixture
def agreed(world: World, asked: Introduction) -> Introduction:
    base.contact(world.member_a, name="Anna A", email="anna@example.org", phone="0365 1")
    base.contact(world.member_b, name="Bert B", email="bert@example.org")
    _say(asked, "left", Answer.YES)
    return _say(asked, "right", Answer.YES)


def test_both_are_asked_in_their_own_language(world: World, pair: Suggestion) -> None:
    type(world.member_b).objects.filter(pk=world.member_b.pk).update(language="en")
    pair.refresh_from_db()

    asked = services.introduce(
        pair, text="Passt ein Gespräch?", subject="Optik", by=world.manager_a, on=TODAY
    )

    assert (asked.state, asked.clause) == (State.ASKED, world.agreement.clauses.get())
    german, english = (
        Mail.objects.get(to=person.email) for person in (world.person_a, world.person_b)
    )
    assert (german.language, german.subject) == (
        "de",
        "Beta Optik GmbH könnte haben, was Sie suchen: Optik",
    )
    assert (english.language, english.subject) == (
        "en",
        "Alpha Karosserie GmbH is looking for what you do: Optik",
    )
    assert {german.about, english.about} == {"introduction"}
    assert (german.network_key, english.network_key) == ("a", "b")
    for mail in (german, english):
        for body in (mail.text, mail.html):
            assert "Passt ein Gespräch?" in body
            assert "Angebot von Beta Optik GmbH" in body
            assert "/answer/" in body
            assert "Managerin A, Netz A" in body
    assert list(asked.steps.values_list("what", "by")) == [("asked", "Managerin A")]


def test_the_question_names_no_contact_person(world: World, pair: Suggestion) -> None:
    base.contact(world.member_a, name="Anna A", email="anna@example.org", phone="0365 1")

    services.introduce(pair, text="t", subject="s", by=world.manager_a, on=TODAY)

    to_b = Mail.objects.get(to=world.person_b.email)
    assert "Alpha Karosserie GmbH sieht jetzt: Beta Optik GmbH, Jena" in to_b.text
    assert "Anna A" not in to_b.text + to_b.html
    assert "anna@" not in to_b.text + to_b.html


def test_one_yes_waits_for_the_other(asked: Introduction) -> None:
    after = _say(asked, "left", Answer.YES)

    assert (after.state, after.left_answer, after.right_answer) == (State.ASKED, "yes", "open")
    assert not Consent.objects.exists()
    assert not Mail.objects.exists()


def test_two_times_yes_exchanges_contact_persons(world: World, agreed: Introduction) -> None:
    assert agreed.state == State.ACCEPTED
    given = Consent.objects.order_by("organisation").values_list(
        "organisation", "to_organisation", "data_class", "given_on", "occasion"
    )
    occasion = f"Einführung {agreed.pk}: Freiformoptik"
    assert list(given) == [
        (world.member_a.pk, world.member_b.pk, DataClass.CONTACT, TODAY, occasion),
        (world.member_b.pk, world.member_a.pk, DataClass.CONTACT, TODAY, occasion),
    ]
    to_a, to_b = (Mail.objects.get(to=p.email) for p in (world.person_a, world.person_b))
    assert "bert@example.org" in to_a.text
    assert "0365 1" in to_b.html
    assert (to_a.about, to_b.about) == ("contact", "contact")  # their offices do not read them
    theirs = ContactPerson.objects.filter(organisation=world.member_b)
    assert visible(theirs, to=viewer_of(world.person_a, TODAY), on=TODAY).count() == 1
    assert not visible(theirs, to=viewer_of(world.manager_c, TODAY), on=TODAY).exists()
    assert list(agreed.steps.values_list("what", flat=True)) == ["yes", "yes", "agreed"]


def test_the_same_answer_twice_does_nothing_more(agreed: Introduction) -> None:
    _say(agreed, "right", Answer.YES)

    assert Consent.objects.count() == 2
    assert Mail.objects.count() == 2
    assert agreed.steps.count() == 3


def test_a_no_ends_it_and_only_that_is_told(world: World, asked: Introduction) -> None:
    _say(asked, "left", Answer.YES)

    after = _say(asked, "right", Answer.NO, reason="Wir verkaufen die Sparte")

    assert (after.state, after.decline_reason) == (State.DECLINED, "Wir verkaufen die Sparte")
    mail = Mail.objects.get()
    assert mail.to == world.person_a.email
    assert "passt gerade nicht" in mail.text
    assert "Sparte" not in mail.text + mail.html
    assert not Consent.objects.exists()


@pytest.mark.parametrize("says", [Answer.YES, Answer.NO])
def test_what_is_settled_takes_no_other_answer(asked: Introduction, says: str) -> None:
    _say(asked, "right", Answer.NO)

    with pytest.raises(services.Refused):
        _say(asked, "left", says)


def test_a_yes_does_not_become_a_no(asked: Introduction) -> None:
    _say(asked, "left", Answer.YES)

    with pytest.raises(services.Refused):
        _say(asked, "left", Answer.NO)


def test_only_the_silent_are_reminded_and_once_a_day(world: World, asked: Introduction) -> None:
    _say(asked, "left", Answer.YES)

    assert services.remind(asked, by=world.manager_a, on=today()) == 1
    assert Mail.objects.get().to == world.person_b.email
    with pytest.raises(services.Refused):
        services.remind(asked, by=world.manager_a, on=today())
    assert Mail.objects.count() == 1


def test_nobody_is_reminded_of_what_is_no_longer_shared(world: World, asked: Introduction) -> None:
    world.member_b.offers.update(visibility="own")

    with pytest.raises(services.Refused):
        services.remind(asked, by=world.manager_a, on=TODAY)

    assert not Mail.objects.exists()


def test_withdrawing_opens_the_suggestion_again_and_tells_who_had_said_yes(
    world: World, asked: Introduction, pair: Suggestion
) -> None:
    _say(asked, "left", Answer.YES)

    for _time in range(2):
        after = services.withdraw(asked, by=world.manager_b, on=TODAY)

    pair.refresh_from_db()
    assert (after.state, after.suggestion, pair.state) == (State.WITHDRAWN, None, "open")
    assert [mail.to for mail in Mail.objects.all()] == [world.person_a.email]
    with pytest.raises(services.Refused):
        _say(asked, "right", Answer.YES)
    again = services.introduce(pair, text="t", subject="s", by=world.manager_a, on=TODAY)
    assert again.pk != asked.pk


def test_a_talk_counts_once_under_its_clause_and_names_nobody(
    world: World, agreed: Introduction
) -> None:
    met = services.note_talk(agreed, met_on=TODAY, outcome="", text="", by=world.manager_a)
    assert met.state == State.MET

    closed = services.note_talk(
        agreed, met_on=TODAY, outcome="idea", text="Vorstudie", by=world.manager_b
    )

    assert (closed.state, closed.outcome, closed.outcome_text) == (
        State.CLOSED,
        "idea",
        "Vorstudie",
    )
    activity = Activity.objects.get()
    assert (activity.clause, activity.kind, activity.state, activity.date) == (
        agreed.clause,
        "introduction",
        "held",
        TODAY,
    )
    assert activity.link == agreed.get_absolute_url()
    assert "Alpha" not in activity.title_de + activity.title_en


def test_without_two_times_yes_there_is_no_talk(world: World, asked: Introduction) -> None:
    with pytest.raises(services.Refused):
        services.note_talk(asked, met_on=TODAY, outcome="", text="", by=world.manager_a)

    assert not Activity.objects.exists()


def test_a_pair_of_one_network_needs_no_clause(world: World) -> None:
    from tests.web.partnering import factories

    other = base.organisation(world.a, name="Nachbar GmbH")
    factories.reachable(other, "nachbar@example.org")
    pair = factories.suggestion((world.a, world.a), (world.member_a, other))

    asked = services.introduce(pair, text="t", subject="s", by=world.manager_a, on=TODAY)

    assert asked.clause is None
    assert "Beide sind Mitglied von Netz A" in Mail.objects.get(to="nachbar@example.org").text
    _say(asked, "left", Answer.YES)
    _say(asked, "right", Answer.YES)
    services.note_talk(asked, met_on=TODAY, outcome="contact", text="", by=world.manager_a)
    assert not Activity.objects.exists()


def test_who_reads_the_other_language_is_told_which_one_follows(
    world: World, pair: Suggestion
) -> None:
    type(world.member_b).objects.filter(pk=world.member_b.pk).update(language="en")
    pair.refresh_from_db()

    with override("de"):
        services.introduce(
            pair, text="Passt ein Gespräch?", subject="Optik", by=world.manager_a, on=TODAY
        )

    german, english = (
        Mail.objects.get(to=person.email).text for person in (world.person_a, world.person_b)
    )
    assert "auf Deutsch" not in german
    assert "in German only" in english
