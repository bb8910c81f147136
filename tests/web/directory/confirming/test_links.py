"""What a link in a mail does: shows and confirms one profile, for a time, for one address."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import signing
from django.test import Client

from tests.web import factories
from tests.web.conftest import World
from tests.web.directory.confirming.conftest import Ask, link_in
from verbund.web.core.models import AuditEntry, Mail, MailAddress
from verbund.web.core.services import today
from verbund.web.directory.models import ContactPerson, Profile
from verbund.web.networks.models import Membership, Organisation

pytestmark = pytest.mark.django_db


def _confirmed(member: Organisation) -> tuple[dt.date | None, str]:
    profile = Profile.objects.get(organisation=member)
    return profile.confirmed_on, profile.confirmed_by


def test_looking_confirms_nothing_and_one_press_does(member: Organisation, ask: Ask) -> None:
    factories.figures(member, employees=45)
    path, browser = ask(), Client(enforce_csrf_checks=True)

    for _ in range(3):  # as scanners of mail servers do
        page = browser.get(path, headers={"Accept-Language": "en"})
    text = page.content.decode()
    for part in ("Spritzgusswerkzeuge", "Erika Muster", "45", "Who sees this?"):
        assert part in text
    assert _confirmed(member) == (None, "")
    assert browser.post(path).status_code == 403  # without the page's token

    token = browser.cookies["csrftoken"].value
    browser.post(path, {"csrfmiddlewaretoken": token})
    assert _confirmed(member) == (today(), "Erika Muster")
    entry = AuditEntry.objects.filter(verb="confirm").get()
    sent_to = MailAddress.objects.get(address="erika@delta.example")
    assert (entry.actor, entry.changes) == (None, {"link_to": sent_to.pk})


def test_used_link_says_thanks_and_offers_a_new_one(member: Organisation, ask: Ask) -> None:
    path, browser = ask(dt.date(2026, 1, 1)), Client()
    browser.post(path)

    used = browser.get(path)
    assert (used.status_code, "Erika Muster" in used.content.decode()) == (200, True)
    assert browser.post(f"{path}about/", {"text_de": "Neu"}).status_code == 200
    assert Profile.objects.get(organisation=member).text_de == ""
    browser.post(f"{path}again/")
    fresh = link_in(Mail.objects.latest("pk"))
    assert browser.get(fresh).status_code == 200
    assert "Spritzgusswerkzeuge" in browser.get(fresh).content.decode()


def test_newer_mail_makes_the_older_link_old(member: Organisation, ask: Ask) -> None:
    old = ask(dt.date(2025, 6, 1), days_ago=30)
    new = ask(dt.date(2025, 6, 1))

    assert [Client().get(path).status_code for path in (old, new)] == [410, 200]
    Client().post(old)
    assert _confirmed(member) == (dt.date(2025, 6, 1), "")


def test_old_link_says_so_and_a_new_one_comes_three_times_a_day(
    member: Organisation, ask: Ask
) -> None:
    path, browser = ask(days_ago=61), Client()
    Mail.objects.all().delete()

    assert browser.get(path).status_code == 410
    browser.post(path)
    assert _confirmed(member) == (None, "")
    for _ in range(5):
        browser.post(f"{path}again/")
    assert [mail.to for mail in Mail.objects.all()] == ["erika@delta.example"] * 3


@pytest.mark.parametrize("salt", ["directory.confirming", "partnering.answer"])
def test_forged_link_or_one_of_another_purpose_opens_nothing(
    salt: str, member: Organisation, ask: Ask
) -> None:
    ask()
    address = MailAddress.objects.get()
    content = [member.pk, address.pk, "Erika Muster", today().isoformat(), None]
    token = signing.dumps(content, salt=salt, key=None if "partnering" in salt else "no key")

    page = Client().get(f"/profile/{token}/")

    assert page.status_code == 410
    assert "Delta" not in page.content.decode()
    assert Client().post(f"/profile/{token}/again/").status_code == 410
    assert Mail.objects.count() == 1


def test_link_ends_with_the_person_and_with_the_membership(member: Organisation, ask: Ask) -> None:
    path = ask()
    ContactPerson.objects.update(email="nachfolger@delta.example")
    assert Client().get(path).status_code == 410

    ContactPerson.objects.update(email="Erika@Delta.example")
    assert Client().get(path).status_code == 200
    yesterday = today() - dt.timedelta(days=1)
    Membership.objects.filter(organisation=member).update(valid_until=yesterday)
    page = Client().get(path)
    assert (page.status_code, "Delta" in page.content.decode()) == (410, False)


def test_link_changes_its_profile_and_no_other(
    world: World, member: Organisation, ask: Ask
) -> None:
    path, browser = ask(), Client()
    foreign = factories.offer(world.member_b, "Fremdes Angebot")
    stranger = factories.contact(world.member_b, name="Fremde Person")

    saved = browser.post(f"{path}about/", {"text_de": "Wir bauen Werkzeuge.", "then": "next"})
    assert saved.status_code == 302
    assert Profile.objects.get(organisation=member).text_de == "Wir bauen Werkzeuge."
    entry = AuditEntry.objects.filter(verb="update").latest("pk")
    assert (entry.actor, entry.changes["link_to"]) == (None, MailAddress.objects.get().pk)

    for url in (f"{path}offers/?one={foreign.pk}", f"{path}contact/?one={stranger.pk}"):
        assert browser.get(url).status_code == 404
        assert browser.post(url, {"text_de": "Übernommen", "name": "X"}).status_code == 404
    assert browser.get(f"{path}unheard-of/").status_code == 404
    assert browser.get(f"/members/{member.pk}/edit/").status_code == 302  # still outside
    foreign.refresh_from_db()
    assert foreign.text_de == "Fremdes Angebot"


@pytest.mark.parametrize("step", ["identity", "figures", "visibility", "contact", "requests"])
def test_every_part_can_be_changed_by_link(step: str, member: Organisation, ask: Ask) -> None:
    typed: dict[str, dict[str, Any]] = {
        "identity": {"name": "Delta GmbH", "kind": "company", "country": "DE"},
        "figures": {"employees": "52"},
        "visibility": {"visibility": "public"},
        "contact": {"name": "Erika Muster", "phone": "0365 1"},
        "requests": {"text_de": "Prüfplatz gesucht", "visibility": "partners"},
    }
    path = ask()

    page = Client().post(f"{path}{step}/", typed[step] | {"then": "next"})

    assert page.status_code == 302, page.content.decode()
    member.refresh_from_db()
    changed = {
        "identity": member.name == "Delta GmbH",
        "figures": getattr(getattr(member, "figures", None), "employees", None) == 52,
        "visibility": member.visibility == "public",
        "contact": member.contact_persons.get().phone == "0365 1",
        "requests": [str(one) for one in member.requests.all()] == ["Prüfplatz gesucht"],
    }
    assert [name for name, is_so in changed.items() if is_so] == [step]
