"""A passkey from the first touch to the sign-in, in a real browser with a device of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

pytestmark = pytest.mark.browser
PERSON = "Tobias Lorenz"


@pytest.fixture
def context(site: str, browser: Browser) -> Iterator[BrowserContext]:
    """Open the site by its name; passkeys do not belong to numbers."""
    made = browser.new_context(base_url=site.replace("127.0.0.1", "localhost"), locale="en")
    made.set_default_timeout(20_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """Return a page whose device holds passkeys and says yes to every question."""
    made = context.new_page()
    device = context.new_cdp_session(made)
    device.send("WebAuthn.enable")
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return made


def sign_in_by_demo(page: Page) -> None:
    page.goto("/demo/")
    page.get_by_role("button", name=re.compile(rf"person\s*: {PERSON}")).click()
    page.wait_for_url("**/")


def add_passkey(page: Page, *, alone: bool) -> None:
    page.goto("/account/2fa/webauthn/add/")
    page.get_by_label("Name of the passkey").fill("Test device")
    page.get_by_label("Sign in with it alone").set_checked(alone)
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")


def remove_passkey(page: Page) -> None:
    """Remove it; the passkey itself is asked for once more before it goes."""
    page.goto("/me/security/")
    page.get_by_role("link", name="Remove Test device").click()
    page.get_by_role("button", name="Use the passkey").click()
    page.get_by_role("button", name="Remove the passkey").click()


def sign_out(page: Page) -> None:
    page.goto("/account/logout/")
    page.get_by_role("button", name="Sign out on this device").click()


def test_a_passkey_opens_the_door_alone(page: Page) -> None:
    sign_in_by_demo(page)
    add_passkey(page, alone=True)
    page.goto("/me/security/")
    expect(page.get_by_role("row", name="Test device")).to_contain_text("signs in alone")
    sign_out(page)

    page.goto("/account/login/?next=/me/")
    page.get_by_role("button", name="With a passkey").click()

    expect(page).to_have_url(re.compile(r"/me/$"))
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies(name="django_language")  # the person's own is German
    remove_passkey(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign-in and security")
    expect(page.get_by_role("row", name="Test device")).to_have_count(0)


def test_without_a_passkey_the_page_says_what_happened(page: Page) -> None:
    page.add_init_script(
        "navigator.credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError'))"
    )
    page.goto("/account/login/")

    page.get_by_role("button", name="With a passkey").click()

    expect(page.get_by_role("alert")).to_contain_text("The device gave no passkey of this site")


def test_where_the_address_is_a_number_no_passkey_is_offered(site: str, page: Page) -> None:
    page.goto(f"{site}/account/login/")

    expect(page.get_by_role("button", name="Sign in with password")).to_be_visible()
    expect(page.get_by_role("button", name="With a passkey")).to_be_hidden()
