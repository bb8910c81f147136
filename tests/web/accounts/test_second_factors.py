"""Links by mail, apps, recovery codes and the list of places where somebody is signed in."""

from __future__ import annotations

import datetime as dt
import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import signing
from django.test import Client
from django.utils import timezone, translation

from tests.web import factories
from tests.web.accounts.conftest import PASSWORD
from verbund.web.accounts.devices import device_of
from verbund.web.accounts.models import CacheRow, User
from verbund.web.accounts.services import remove_second_factors
from verbund.web.core.models import AuditEntry, Mail

SECRET = "JBSWY3DPEHPK3PXP"  # noqa: S105  # of nobody
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def browser(person: User | None = None, *, is_called: str = "") -> Client:
    client = Client(headers={"user-agent": is_called})
    client.cookies["django_language"] = "en"
    if person:
        client.force_login(person)
    return client


def text_of(answer: Any) -> str:
    return re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())


def code_of(secret: str) -> str:
    """Compute what the app on the phone shows."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def sign_in(client: Client) -> Any:
    return client.post(
        "/account/login/", {"login": "erika@example.org", "password": PASSWORD}, follow=True
    )


def prove(client: Client) -> None:
    """Show once more who one is, as is asked before the sign-in changes."""
    client.post("/account/reauthenticate/", {"password": PASSWORD})


def is_inside(client: Client) -> bool:
    return client.get("/me/").status_code == 200


# ---------------------------------------------------------------- the link of a mail


def link_by_mail(person: User) -> str:
    browser().post("/account/login/code/", {"email": person.email})
    found = re.search(r"http://[^/\s]+(/account/login/link/\S+)", Mail.objects.latest("pk").text)
    assert found
    return found[1]


def test_link_opens_the_door_in_any_browser_after_a_click(person: User) -> None:
    link, elsewhere = link_by_mail(person), browser()

    page = elsewhere.get(link)
    assert "Sign in as Erika" in text_of(page)
    assert not is_inside(elsewhere)  # programs that check links open nothing

    assert elsewhere.post(link)["Location"] == "/"
    assert is_inside(elsewhere)


def test_link_works_once(person: User) -> None:
    link = link_by_mail(person)
    browser().post(link)

    late = browser()
    answer = late.post(link)

    assert (answer.status_code, is_inside(late)) == (410, False)
    assert "It was used already, or is too old." in text_of(answer)


def test_link_grows_old(person: User, settings: Any) -> None:
    link = link_by_mail(person)
    settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT = dt.timedelta(0)

    assert browser().get(link).status_code == 410


@pytest.mark.parametrize(("key", "salt"), [(None, "another purpose"), ("guessed", "sign-in link")])
def test_forged_link_opens_nothing(person: User, key: str | None, salt: str) -> None:
    token = signing.dumps([person.pk, ""], key=key, salt=salt)
    client = browser()

    assert client.post(f"/account/login/link/{token}/").status_code == 410
    assert not is_inside(client)


def test_link_of_a_closed_account_opens_nothing(person: User) -> None:
    link = link_by_mail(person)
    User.objects.update(is_active=False)

    assert browser().post(link).status_code == 410


def test_link_does_not_spare_the_second_step(person: User) -> None:
    TOTP.activate(person, SECRET)
    client = browser()

    answer = client.post(link_by_mail(person), follow=True)

    assert "Second step" in text_of(answer)
    assert not is_inside(client)


# ---------------------------------------------------------------- app and recovery codes


def test_app_is_set_up_with_its_first_code_and_told_by_mail(
    person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.db.transaction.on_commit", lambda do: do())  # no test commits
    client = browser()
    sign_in(client)
    assert "Is it you?" in text_of(client.get("/account/2fa/totp/activate/", follow=True))
    prove(client)

    page = client.get("/account/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    answer = client.post("/account/2fa/totp/activate/", {"code": code_of(secret)}, follow=True)

    assert answer.redirect_chain[-1][0] == "/account/2fa/recovery-codes/"
    assert len(re.findall(r"<code>\d{8}</code>", answer.content.decode())) == 10
    assert Authenticator.objects.filter(user=person).count() == 2
    mail = Mail.objects.get(to=person.email)
    assert mail.subject == "Your sign-in to Verbund has changed"
    assert "an app was set up" in mail.text
    entry = AuditEntry.objects.get(verb="change_sign_in")
    assert entry.changes == {"what": "totp_activated"}


def test_wrong_first_code_switches_nothing_on(person: User) -> None:
    client = browser()
    sign_in(client)
    prove(client)
    client.get("/account/2fa/totp/activate/")

    page = client.post("/account/2fa/totp/activate/", {"code": "000000"})

    assert "This code or passkey does not fit." in text_of(page)
    assert not Authenticator.objects.exists()


def test_password_alone_is_not_enough_any_more(person: User) -> None:
    TOTP.activate(person, SECRET)
    client = browser()

    page = sign_in(client)
    assert "Second step" in text_of(page)
    assert not is_inside(client)
    refused = client.post("/account/2fa/authenticate/", {"code": "000000"})
    assert "This code or passkey does not fit." in text_of(refused)
    assert not is_inside(client)

    client.post("/account/2fa/authenticate/", {"code": code_of(SECRET)})

    assert is_inside(client)


def test_code_of_the_app_works_once(person: User) -> None:
    TOTP.activate(person, SECRET)
    code = code_of(SECRET)
    for expected in (True, False):
        client = browser()
        sign_in(client)
        client.post("/account/2fa/authenticate/", {"code": code})
        assert is_inside(client) is expected


def test_recovery_code_works_once(person: User) -> None:
    TOTP.activate(person, SECRET)
    code = RecoveryCodes.activate(person).get_unused_codes()[0]
    for expected in (True, False):
        client = browser()
        sign_in(client)
        client.post("/account/2fa/authenticate/", {"code": code})
        assert is_inside(client) is expected

    assert "9 codes are left." in text_of(browser(person).get("/me/security/"))


def test_who_left_the_browser_open_loses_no_second_factor(person: User) -> None:
    """A session alone changes nothing about the sign-in: password or code are asked once more."""
    TOTP.activate(person, SECRET)
    client = browser(person)

    page = client.post("/account/2fa/totp/deactivate/", follow=True)
    assert "Is it you?" in text_of(page)
    assert "With a code of the app or a recovery code" in text_of(page)
    assert Authenticator.objects.filter(type="totp").exists()

    there = page.redirect_chain[-1][0]
    client.post(there, {"password": PASSWORD, "next": "/account/2fa/totp/deactivate/"})
    client.post("/account/2fa/totp/deactivate/")

    assert not Authenticator.objects.exists()
    assert "the app was switched off" in Mail.objects.get(to=person.email).text


def test_new_codes_end_the_old_ones(person: User) -> None:
    TOTP.activate(person, SECRET)
    old = RecoveryCodes.activate(person).get_unused_codes()
    client = browser()
    sign_in(client)
    client.post("/account/2fa/authenticate/", {"code": code_of(SECRET)})
    prove(client)

    client.post("/account/2fa/recovery-codes/generate/")

    new = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert len(new) == 10
    assert not set(new) & set(old)


def test_limits_of_attempts_hold_for_the_second_step(person: User) -> None:
    TOTP.activate(person, SECRET)
    client = browser()
    sign_in(client)
    for _attempt in range(6):
        page = client.post("/account/2fa/authenticate/", {"code": "000000"})

    assert "Too many attempts. Please wait five minutes" in text_of(page)


# ---------------------------------------------------------------- where one is signed in


def test_places_are_listed_and_ended_one_by_one(person: User) -> None:
    here, there = browser(), browser(is_called=FIREFOX)
    sign_in(here)
    sign_in(there)

    page = here.get("/me/security/")
    assert "Firefox on Linux" in text_of(page)
    assert text_of(page).count("here, now") == 1
    end = re.search(r"/me/security/places/\d+/end/", page.content.decode())
    assert end

    assert here.get(end[0]).status_code == 405
    here.post(end[0])
    here.post(end[0])  # a second click

    assert (is_inside(here), is_inside(there)) == (True, False)


def test_all_other_places_end_at_once(person: User) -> None:
    here, others = browser(), [browser() for _ in range(2)]
    for client in (here, *others):
        sign_in(client)

    answer = here.post("/me/security/places/end/", follow=True)

    assert "You are signed out of 2 other browsers." in text_of(answer)
    assert [is_inside(client) for client in (here, *others)] == [True, False, False]


def test_nobody_ends_the_session_of_another(person: User) -> None:
    victim, other = browser(), browser(factories.user(email="other@example.org"))
    sign_in(victim)
    page = victim.get("/me/security/")
    pk = page.context["sign_in"].places[0].pk

    other.post(f"/me/security/places/{pk}/end/")

    assert is_inside(victim)


def test_security_page_is_for_who_is_signed_in(db: None) -> None:
    assert browser().get("/me/security/")["Location"].startswith("/account/login/")


@pytest.mark.parametrize(
    ("host", "says"),
    [
        ("localhost:8000", "Add a passkey"),
        ("127.0.0.1:8000", "On this computer open http://localhost:8000/me/security/"),
    ],
)
def test_passkeys_are_offered_where_the_address_is_a_name(
    person: User, host: str, says: str
) -> None:
    assert says in text_of(browser(person).get("/me/security/", headers={"host": host}))


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Safari/537.36", "Chrome on Android"),
        ("curl/8.0", "Unknown browser"),
    ],
)
def test_devices_are_named_as_people_know_them(user_agent: str, device: str) -> None:
    with translation.override("en"):
        assert device_of(user_agent) == device


def test_limits_are_known_to_every_process(person: User) -> None:
    """They live in the database, so that two servers do not give twice the attempts."""
    browser().post("/account/login/", {"login": person.email, "password": "wrong"})

    assert CacheRow.objects.filter(expires__gt=timezone.now()).exists()


def test_who_lost_everything_is_let_in_by_the_operator_and_told(person: User) -> None:
    TOTP.activate(person, SECRET)
    RecoveryCodes.activate(person)

    assert remove_second_factors("ERIKA@example.org") == 2

    client = browser()
    sign_in(client)
    assert is_inside(client)
    assert "because they were lost." in Mail.objects.get(to=person.email).text
    assert remove_second_factors(person.email) == 0
    assert remove_second_factors("nobody@example.org") is None
