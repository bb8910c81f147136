from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests.web.accounts.conftest import PASSWORD
from verbund.web.accounts.models import User
from verbund.web.core.models import AuditEntry, Mail


@pytest.fixture
def browser() -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def test_password_opens_the_door_and_leads_where_one_wanted_to_go(
    person: User, browser: Client
) -> None:
    answer = browser.post(
        "/account/login/", {"login": person.email, "password": PASSWORD, "next": "/me/"}
    )

    assert (answer.status_code, answer["Location"]) == (302, "/me/")
    assert "You sign in with erika@example.org" in browser.get("/me/").content.decode()


def test_sign_in_never_leads_to_another_host(person: User, browser: Client) -> None:
    answer = browser.post(
        "/account/login/",
        {"login": person.email, "password": PASSWORD, "next": "https://evil.example/"},
    )

    assert answer["Location"] == "/"


def test_wrong_password_says_what_to_do(person: User, browser: Client) -> None:
    page = browser.post("/account/login/", {"login": person.email, "password": "wrong"})

    assert "Mail address and password do not match" in page.content.decode()
    assert browser.get("/me/").status_code == 302


def test_code_by_mail_opens_the_door_once(person: User, browser: Client) -> None:
    page = browser.post("/account/login/code/", {"email": person.email}, follow=True)
    mail = Mail.objects.get(to=person.email)
    code = re.search(r"^[A-Z0-9]{3,}[A-Z0-9-]*$", mail.text, re.MULTILINE)
    assert code
    assert "Enter the code" in page.content.decode()
    assert code[0] not in mail.subject

    answer = browser.post("/account/login/code/confirm/", {"code": code[0]})

    assert answer["Location"] == "/"
    assert browser.get("/me/").status_code == 200


def test_wrong_code_stays_outside(person: User, browser: Client) -> None:
    browser.post("/account/login/code/", {"email": person.email})

    page = browser.post("/account/login/code/confirm/", {"code": "nonsense"})

    assert "This is not the code of the newest mail." in page.content.decode()
    assert browser.get("/me/").status_code == 302


@pytest.mark.parametrize(("language", "subject"), [("de", "Ihr Code"), ("en", "Your code")])
def test_code_comes_in_the_language_of_the_receiver(
    person: User, browser: Client, language: str, subject: str
) -> None:
    User.objects.filter(pk=person.pk).update(language=language)

    browser.post("/account/login/code/", {"email": person.email})

    mail = Mail.objects.get()
    assert (mail.language, mail.about) == (language, "account")
    assert mail.subject.startswith(subject)


def test_unknown_address_looks_the_same_and_its_owner_is_told(db: None, browser: Client) -> None:
    page = browser.post("/account/login/code/", {"email": "nobody@example.org"}, follow=True)

    assert "Enter the code" in page.content.decode()
    assert "Accounts come by invitation" in Mail.objects.get(to="nobody@example.org").text


def test_too_many_attempts_are_slowed_down_in_words(person: User, browser: Client) -> None:
    for _attempt in range(6):
        page = browser.post("/account/login/", {"login": person.email, "password": "wrong"})

    assert "Too many attempts. Please wait five minutes" in page.content.decode()


def test_too_many_mails_are_slowed_down_in_words(person: User, browser: Client) -> None:
    for _attempt in range(6):
        page = browser.post("/account/password/reset/", {"email": person.email})

    assert page.status_code == 429
    assert "Nothing is locked for good" in page.content.decode()


def test_forgotten_password_is_replaced_by_the_link_of_the_mail(
    person: User, browser: Client
) -> None:
    browser.post("/account/password/reset/", {"email": person.email})
    link = re.search(r"http\S+/account/password/reset/key/\S+", Mail.objects.get().text)
    assert link
    form = browser.get(link[0], follow=True)
    assert "Choose a new password" in form.content.decode()

    fresh = "another-long-one-77"
    browser.post(form.request["PATH_INFO"], {"password1": fresh, "password2": fresh}, follow=True)

    person.refresh_from_db()
    assert person.check_password(fresh)


def test_used_link_says_so(browser: Client, db: None) -> None:
    page = browser.get("/account/password/reset/key/1-abc/", follow=True)

    assert "This link no longer works" in page.content.decode()


def test_two_different_passwords_are_refused_in_formal_german(person: User) -> None:
    client = Client()
    client.cookies["django_language"] = "de"
    client.force_login(person)

    page = client.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": "one-long-word-1", "password2": "other-long-2"},
    )

    assert "Bitte geben Sie beide Male dasselbe Passwort ein." in page.content.decode()


def test_changed_password_leads_back_and_is_told_by_mail(person: User, browser: Client) -> None:
    browser.force_login(person)
    fresh = "another-long-one-77"

    answer = browser.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh},
    )

    assert answer["Location"] == "/me/security/"
    assert "Other devices have been signed out" in browser.get("/me/security/").content.decode()
    assert "your password was changed." in Mail.objects.get(to=person.email).text


def test_closed_account_stays_outside(person: User, browser: Client) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)

    browser.post("/account/login/", {"login": person.email, "password": PASSWORD})

    assert browser.get("/me/").status_code == 302


@pytest.mark.parametrize(
    "address", ["/account/signup/", "/account/email/", "/account/confirm-email/"]
)
def test_what_is_not_offered_does_not_exist(person: User, browser: Client, address: str) -> None:
    outside = browser.get(address).status_code
    browser.force_login(person)

    assert (outside, browser.get(address).status_code) == (404, 404)


def test_signing_out_asks_first_and_takes_a_post(person: User, browser: Client) -> None:
    browser.force_login(person)
    assert "Sign out?" in browser.get("/account/logout/").content.decode()
    assert browser.get("/me/").status_code == 200

    browser.post("/account/logout/")

    assert browser.get("/me/").status_code == 302


def test_language_switch_is_kept_with_the_person(person: User, browser: Client) -> None:
    browser.force_login(person)

    answer = browser.post("/language/setlang/", {"language": "de", "next": "/me/"})

    person.refresh_from_db()
    assert (person.language, answer["Location"]) == ("de", "/me/")
    assert "Mein Konto" in browser.get("/me/").content.decode()


@pytest.mark.parametrize("wanted", ["", "xx", "de-at"])
def test_unknown_language_changes_nothing(person: User, browser: Client, wanted: str) -> None:
    browser.force_login(person)

    browser.post("/language/setlang/", {"language": wanted})

    person.refresh_from_db()
    assert person.language == "en"


def test_stranger_switches_the_language_for_the_visit(db: None, browser: Client) -> None:
    browser.post("/language/setlang/", {"language": "de"})

    assert "Anmelden" in browser.get("/account/login/").content.decode()


def test_sign_in_goes_on_in_the_language_of_the_person(person: User) -> None:
    client = Client()
    client.cookies["django_language"] = "de"

    client.post("/account/login/", {"login": person.email, "password": PASSWORD})

    assert "My account" in client.get("/me/").content.decode()


def test_changes_to_the_account_are_on_record(person: User, signed_in: Any) -> None:
    answer = signed_in(person).post("/me/", {"name": "Erika Muster", "language": "de"})

    person.refresh_from_db()
    entry = AuditEntry.objects.get()
    assert (person.name, person.language) == ("Erika Muster", "de")
    assert (entry.verb, entry.changes) == (
        "change_account",
        {"fields": ["name", "language"]},
    )
    assert answer.cookies["django_language"].value == "de"


def test_nonsense_changes_nothing(person: User, signed_in: Any) -> None:
    page = signed_in(person).post("/me/", {"name": "", "language": "xx"})

    person.refresh_from_db()
    assert (person.name, person.language) == ("Erika", "en")
    assert "Nothing was saved yet." in page.content.decode()
