"""Sign-in by an OpenID Connect provider: a real site, a real provider, and HTTP between them."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import flask
import oidc_provider_mock  # type: ignore[import-untyped]
import pytest
import requests
from tests.cli.conftest import Typed, environment
from tests.cli.test_installation import Site, free_port
from werkzeug.serving import make_server

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the provider's own
INVITED, WITH_APP = "erika@example.org", "app@example.org"
PEOPLE = f"""
import django; django.setup()
from verbund.web.core.database import bring_up_to_date; bring_up_to_date()
from verbund.web.accounts.models import User
from allauth.mfa.totp.internal.auth import TOTP
User.objects.create_user("{INVITED}", "own-password-2026", name="Erika", language="en")
TOTP.activate(User.objects.create_user("{WITH_APP}", name="App", language="en"), "JBSWY3DPEHPK3PXP")
"""


def provider_app() -> flask.Flask:
    """Return a provider that gives a token only to who proves to have asked for it (PKCE)."""
    app: flask.Flask = oidc_provider_mock.app()
    challenges: dict[str, str] = {}

    def remember(response: flask.Response) -> flask.Response:
        code = parse_qs(urlsplit(response.headers.get("Location", "")).query).get("code")
        if code:
            assert flask.request.args["code_challenge_method"] == "S256"
            challenges[code[0]] = flask.request.args["code_challenge"]
        return response

    def check() -> None:
        if flask.request.path == "/oauth2/token":
            digest = hashlib.sha256(flask.request.form["code_verifier"].encode()).digest()
            given = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            if challenges.pop(flask.request.form["code"], None) != given:
                flask.abort(400)

    app.after_request(remember)
    app.before_request(check)
    return app


@contextmanager
def running(app: flask.Flask) -> Iterator[str]:
    server = make_server("localhost", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


@dataclass
class Meeting:
    """A site and the provider it trusts."""

    site: str
    provider: str

    def know(self, subject: str, **claims: Any) -> None:
        answer = requests.put(f"{self.provider}/users/{subject}", json=claims, timeout=10)
        assert answer.status_code == 204

    def go(self, browser: requests.Session) -> str:
        """Press the button on the sign-in page; return where the provider is asked."""
        page = browser.get(f"{self.site}/account/login/", timeout=30)
        action = re.search(r'action="(/account/oidc/[^"]+)"', page.text)
        assert action
        assert "Sign in with Works ID" in page.text
        sent = {"csrfmiddlewaretoken": browser.cookies["csrftoken"]}
        answer = browser.post(
            self.site + action[1].replace("&amp;", "&"), sent, allow_redirects=False, timeout=30
        )
        assert answer.headers["Location"].startswith(f"{self.provider}/oauth2/authorize?")
        return answer.headers["Location"]

    def come_back(self, browser: requests.Session, asked: str, **said: str) -> str:
        """Answer at the provider; return the address it sends the browser to."""
        answer = browser.post(asked, said, allow_redirects=False, timeout=30)
        return answer.headers["Location"]

    def sign_in(self, browser: requests.Session, subject: str) -> requests.Response:
        back = self.come_back(browser, self.go(browser), sub=subject)
        return browser.get(back, timeout=30)

    def is_inside(self, browser: requests.Session) -> bool:
        answer = browser.get(f"{self.site}/me/", allow_redirects=False, timeout=30)
        return answer.status_code == 200


@pytest.fixture(scope="module")
def meeting(
    _empty_installation: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Meeting]:
    """Take an installation from before, name a provider, and start it anew."""
    folder, port = tmp_path_factory.mktemp("oidc") / "data", free_port()
    shutil.copytree(_empty_installation, folder)
    with running(provider_app()) as provider:
        settings = environment(
            PYTHONUNBUFFERED="1",
            VERBUND_DATA=str(folder),
            VERBUND_OIDC_SERVER=provider,
            VERBUND_OIDC_NAME="Works ID",
            VERBUND_OIDC_CLIENT_ID="verbund",
            VERBUND_OIDC_CLIENT_SECRET="shared",  # noqa: S106  # of nobody
            DJANGO_SETTINGS_MODULE="verbund.web.settings",
        )
        subprocess.run([sys.executable, "-c", PEOPLE], env=settings, check=True, timeout=120)  # noqa: S603
        process = subprocess.Popen(  # noqa: S603  # our own program
            [sys.executable, "-m", "verbund", "serve", "--data", str(folder), "--port", str(port)],
            env=settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        try:
            Site(process).read_until("Stop with Ctrl-C.")
            yield Meeting(f"http://127.0.0.1:{port}", provider)
        finally:
            process.terminate()
            process.communicate(timeout=60)


@pytest.fixture
def browser() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.cookies.set("django_language", "en", domain="127.0.0.1")
        yield session


def test_an_invited_person_comes_in(meeting: Meeting, browser: requests.Session) -> None:
    meeting.know("1", email="Erika@Example.org", email_verified=True, name="Somebody Else")

    meeting.sign_in(browser, "1")

    account = browser.get(f"{meeting.site}/me/", timeout=30).text
    assert "You sign in with erika@example.org." in account
    assert "Somebody Else" not in account  # the account is ours


def test_the_own_password_stays(meeting: Meeting, browser: requests.Session) -> None:
    meeting.know("1", email=INVITED, email_verified=True)
    meeting.sign_in(browser, "1")

    page = browser.get(f"{meeting.site}/me/security/", timeout=30).text

    assert "You have a password as well." in page


def test_who_set_up_an_app_is_still_asked_for_its_code(
    meeting: Meeting, browser: requests.Session
) -> None:
    meeting.know("2", email=WITH_APP, email_verified=True)

    page = meeting.sign_in(browser, "2")

    assert "Second step" in page.text
    assert not meeting.is_inside(browser)


@pytest.mark.parametrize(
    ("claims", "says"),
    [
        (
            {"email": INVITED, "email_verified": False},
            "Works ID has not checked that erika@example.org is your address.",
        ),
        ({"email": INVITED}, "Works ID has not checked that erika@example.org is your address."),
        (
            {"email": INVITED, "email_verified": "false"},
            "Works ID has not checked that erika@example.org is your address.",
        ),
        ({"name": "Erika"}, "Works ID does not tell your mail address."),
        (
            {"email": "unknown@example.org", "email_verified": True},
            "Nobody has invited this address yet; please ask the office of your network.",
        ),
    ],
)
def test_whom_nobody_invited_is_refused_in_words(
    meeting: Meeting, browser: requests.Session, claims: dict[str, Any], says: str
) -> None:
    meeting.know("3", **claims)

    page = meeting.sign_in(browser, "3")

    assert page.status_code == 403
    assert says in page.text
    assert not meeting.is_inside(browser)


def test_an_answer_nobody_asked_for_is_refused(meeting: Meeting, browser: requests.Session) -> None:
    """Such as one that a stranger began and sends as a link, or one with a forged state."""
    meeting.know("1", email=INVITED, email_verified=True)
    with requests.Session() as stranger:
        stranger.cookies.update(browser.cookies)
        back = meeting.come_back(stranger, meeting.go(stranger), sub="1")
    asked = meeting.go(browser)
    forged = re.sub(r"state=[^&]+", "state=forged", meeting.come_back(browser, asked, sub="1"))

    for address in (back, forged):
        page = browser.get(address, timeout=30)
        assert page.status_code == 401
        assert "does not belong to a sign-in that you began here" in page.text
    assert not meeting.is_inside(browser)


def test_a_code_works_once(meeting: Meeting, browser: requests.Session) -> None:
    meeting.know("1", email=INVITED, email_verified=True)
    back = meeting.come_back(browser, meeting.go(browser), sub="1")
    browser.get(back, timeout=30)
    browser.cookies.clear()

    assert browser.get(back, timeout=30).status_code == 401


def test_who_changes_their_mind_is_back_at_the_door(
    meeting: Meeting, browser: requests.Session
) -> None:
    asked = meeting.go(browser)
    state = parse_qs(urlsplit(asked).query)["state"][0]  # this provider forgets it with a no

    refused = meeting.come_back(browser, asked, action="deny")
    page = browser.get(f"{refused}&state={state}", timeout=30)

    assert "You cancelled" in page.text


@pytest.mark.parametrize("path", ["/account/3rdparty/", "/account/3rdparty/signup/"])
def test_nobody_signs_up_or_ties_accounts(
    meeting: Meeting, browser: requests.Session, path: str
) -> None:
    assert browser.get(meeting.site + path, timeout=30).status_code == 404


def test_the_browser_may_follow_the_button(meeting: Meeting, browser: requests.Session) -> None:
    page = browser.get(f"{meeting.site}/account/login/", timeout=30)

    assert (
        f"form-action 'self' {meeting.provider};" in page.headers["Content-Security-Policy"] + ";"
    )


def test_doctor_greets_the_provider(meeting: Meeting, installation: Path, typed: Typed) -> None:
    known = {"VERBUND_OIDC_CLIENT_ID": "verbund", "VERBUND_LANGUAGE": "en"}

    told = {
        server: typed("doctor", "--data", installation, VERBUND_OIDC_SERVER=server, **known).stdout
        for server in (meeting.provider, f"http://localhost:{free_port()}")
    }

    well, wrong = told.values()
    assert f"{meeting.provider} answers." in well
    assert "does not answer as expected" in wrong
