"""A first profile, one question at a time: nothing typed is lost, nothing needs scripts."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.web.conftest import World
from tests.web.directory.confirming.conftest import Ask
from verbund.web.directory.models import Profile, ProfileDraft
from verbund.web.networks.models import Organisation

pytestmark = pytest.mark.django_db


def test_five_questions_lead_from_the_mail_to_a_confirmed_profile(
    member: Organisation, ask: Ask
) -> None:
    path, browser = ask(), Client()
    answers: list[dict[str, str]] = [
        {"text_de": "Wir bauen Werkzeuge."},
        {"text_de": "Werkzeuge bis 2 t", "visibility": "partners"},
        {"text_de": "Laserschweißen gesucht", "visibility": "partners"},
        {"name": "Erika Muster", "email": "erika@delta.example"},
        {"visibility": "partners"},
    ]

    url = f"{path}about/"
    for answer in answers:
        assert browser.get(url).status_code == 200
        url = browser.post(url, answer | {"then": "next"})["Location"]
    assert url == path
    browser.post(path)

    profile = Profile.objects.get(organisation=member)
    assert (profile.text_de, profile.confirmed_by) == ("Wir bauen Werkzeuge.", "Erika Muster")
    offers = [str(one) for one in member.offers.order_by("pk")]
    assert offers == ["Spritzgusswerkzeuge", "Werkzeuge bis 2 t"]
    assert [str(one) for one in member.requests.all()] == ["Laserschweißen gesucht"]


def test_prefilled_with_what_the_list_said(member: Organisation, ask: Ask) -> None:
    path = ask()
    assert "Erika Muster" in Client().get(f"{path}contact/").content.decode()
    assert "Spritzgusswerkzeuge" in Client().get(f"{path}offers/").content.decode()


def test_skipping_or_going_back_keeps_what_was_typed(member: Organisation, ask: Ask) -> None:
    path, browser = ask(), Client()
    typed = {"text_de": "Halb fertig"}

    skipped = browser.post(f"{path}about/", typed | {"then": "skip"})
    back = browser.post(f"{path}offers/", {"text_de": "", "then": "back"})

    assert (skipped["Location"], back["Location"]) == (f"{path}offers/", f"{path}about/")
    assert Profile.objects.get(organisation=member).text_de == ""
    page = browser.get(f"{path}about/").content.decode()
    assert "Halb fertig" in page
    browser.post(f"{path}about/", {"text_de": "Ganz fertig", "then": "next"})
    assert not ProfileDraft.objects.exists()


def test_going_on_without_a_further_offer_is_no_mistake(member: Organisation, ask: Ask) -> None:
    path = ask()
    empty = {"text_de": " ", "text_en": "", "visibility": "own", "then": "next"}

    assert Client().post(f"{path}offers/", empty)["Location"] == f"{path}requests/"
    assert [str(one) for one in member.offers.all()] == ["Spritzgusswerkzeuge"]
    assert Client().post(f"{path}offers/", empty | {"then": "more"}).status_code == 200


def test_typing_is_kept_for_the_typist_alone(
    world: World, member: Organisation, ask: Ask, signed_in: Any
) -> None:
    path, one = ask(), f"/members/{member.pk}/questions/about/"
    Client().post(f"{path}about/draft/", {"text_de": "Vom Link", "unheard": "x"})
    signed_in(world.manager_a).post(f"{one}draft/", {"text_de": "Vom Büro"})

    by_link = Client().get(f"{path}about/").content.decode()
    office = signed_in(world.manager_a).get(one).content.decode()

    assert ("Vom Link" in by_link, "Vom Büro" in by_link) == (True, False)
    assert ("Vom Link" in office, "Vom Büro" in office) == (False, True)
    assert {tuple(draft.content) for draft in ProfileDraft.objects.all()} == {("text_de",)}


def test_typing_on_after_the_session_has_ended_says_so(member: Organisation) -> None:
    answer = Client().post(f"/members/{member.pk}/questions/about/draft/", {"text_de": "Text"})
    assert answer.status_code == 200
    assert not ProfileDraft.objects.exists()


def test_faulty_answer_stays_on_the_page_and_is_kept(member: Organisation, ask: Ask) -> None:
    path, browser = ask(), Client()
    typed = {"name": "", "email": "keine Adresse", "then": "next"}

    page = browser.post(f"{path}contact/?one=new", typed)

    assert page.status_code == 200
    assert "keine Adresse" in page.content.decode()
    assert "keine Adresse" in browser.get(f"{path}contact/?one=new").content.decode()
    assert member.contact_persons.count() == 1


def test_strangers_answer_no_questions(world: World, member: Organisation, signed_in: Any) -> None:
    path = f"/members/{member.pk}/questions/about/"
    for person in (world.stranger, world.manager_c, None):
        browser = signed_in(person)
        codes = [browser.get(path).status_code, browser.post(f"{path}draft/").status_code]
        assert codes == ([404, 404] if person else [302, 200])
    partner = signed_in(world.manager_b)
    assert partner.get(path).status_code == 403
    assert partner.post(path, {"text_de": "Fremd"}).status_code == 403
    assert Profile.objects.get(organisation=member).text_de == ""
