"""The agreement of 2019 cloned into one of two parties, and signed by both, by clicking."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

MANAGER, SIGNATORIES = "Katrin Seidel", ("Bernd Kirchhoff", "Dr. Silke Amrhein")
TITLE = "Cooperation of automotive and photonics, cloned"


def test_an_agreement_is_cloned_proposed_and_signed(visit: Visit) -> None:
    page = visit(MANAGER)
    page.get_by_role("link", name="Agreements", exact=True).click()
    page.get_by_role("link", name="Cooperation of automotive, logistics and IT").click()
    page.get_by_role("link", name="Clone…").click()
    page.get_by_label("OptoNet").check()
    page.get_by_role("button", name="Copy the clauses into a draft").click()
    page.get_by_label("Title (English)").first.fill(TITLE)
    page.get_by_role("button", name=re.compile("^Keep the draft")).click()
    expect(page.locator("main")).to_contain_text("for example")
    page.get_by_role("button", name="Propose it for signing").click()
    expect(page.locator(".toasts")).to_contain_text("frozen")

    for name in SIGNATORIES:
        office = visit(name)
        task = office.locator(".task", has_text=TITLE)
        task.get_by_role("link", name=re.compile("^Read and sign")).click()
        office.get_by_label("Role at signing").first.fill("Chair of the board")
        office.get_by_role("button", name=re.compile("^Sign for")).click()
        expect(office.locator(".toasts")).to_contain_text("Signed for")

    expect(office.locator("main")).to_contain_text("Holds from")
    stranger = visit()
    stranger.goto("/agreements/")
    expect(stranger.get_by_role("link", name=TITLE)).to_be_visible()
