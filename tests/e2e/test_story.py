"""One afternoon of a cluster manager, and what a stranger may not do."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

MANAGER, PARTNER, MEMBER = "Katrin Seidel", "Dr. Jonas Albers", "Marlies Unverricht"
COMPANY = "Kornbach Karosserie"
DIRTY_LIST = """Mitgliederliste Herbst;;;;
Firma;Ort;Mitarbeiter;Bietet;E-Mail
Prüfwerk Neustadt GmbH;Chemnitz;ca. 45;Sichtprüfung lackierter Teile;h.uhlig(at)pruefwerk.example
;Zwickau;12;Ohne Namen;
Kornbach Karosserie;Zwickau;1.450;Bauteile;
"""


def test_manager_goes_from_the_matrix_to_an_introduction(visit: Visit) -> None:
    page = visit(MANAGER)
    page.get_by_role("link", name="Bridge", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bridge")
    page.locator(".matrix td:is(.q1, .q2, .q3, .q4) a").first.click()
    expect(page.locator("#cell, main").first).to_contain_text("pair")
    page.goto("/suggestions/")
    pair = page.locator(".sides h3").all_inner_texts()
    page.get_by_role("button", name=re.compile("Write to both")).click()
    expect(page.locator(".toasts")).to_contain_text(pair[0])

    page.goto("/introductions/")
    expect(page.locator("main")).to_contain_text(pair[0])
    expect(page.locator("main")).to_contain_text(pair[1])
    page.goto("/outbox/")
    expect(page.locator("main")).to_contain_text("example")


def test_manager_imports_a_dirty_list_and_finds_the_new_firm(visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "mitglieder.csv"
    file.write_text(DIRTY_LIST, encoding="cp1252")
    page = visit(MANAGER)
    page.get_by_role("link", name=re.compile("^Import")).first.click()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name=re.compile("^Read the list")).click()

    expect(page.locator("main")).to_contain_text("h.uhlig(at)pruefwerk.example")
    page.get_by_role("button", name=re.compile("^Save")).click()
    page.get_by_role("button", name=re.compile("^Take over")).click()
    expect(page.locator(".toasts")).to_contain_text("new")

    page.goto("/members/?q=pruefwerk")
    page.get_by_role("link", name="Prüfwerk Neustadt GmbH").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Prüfwerk Neustadt GmbH")
    address = page.url
    expect(page.locator("main")).to_contain_text("Sichtprüfung lackierter Teile")

    stranger = visit()
    answer = stranger.goto(address)
    assert answer is not None
    assert answer.status == 404
    expect(stranger.locator("body")).not_to_contain_text("Prüfwerk")
    stranger.goto("/search/?q=pruefwerk")
    expect(stranger.locator("main")).not_to_contain_text("Neustadt")


ODD_LIST = """Partnerhaus;Ort;Art;Kann
Prüfhaus Südhang GmbH;Chemnitz;Denkfabrik;Schichtdickenmessung [TRL 7]
Werkhaus Nordhang GmbH;Gera;Denkfabrik;Pulverlackierung | Strahlen
;Zwickau;Unternehmen;Ohne Namen
"""


def test_manager_maps_a_list_decides_a_term_and_takes_all_back(
    visit: Visit, tmp_path: Path
) -> None:
    file = tmp_path / "herbst.csv"
    file.write_text(ODD_LIST, encoding="utf-8")
    page = visit(MANAGER)
    page.goto("/import/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name=re.compile("^Read the list")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Columns of the list")
    page.get_by_label("A (Partnerhaus)").select_option("name")
    page.get_by_label("D (Kann)").select_option("offers")
    page.get_by_role("button", name=re.compile("^Read the list")).click()
    page.get_by_role("link", name=re.compile("unknown term")).click()
    page.get_by_label("Denkfabrik").select_option("research")
    page.get_by_role("button", name=re.compile("^Use these meanings")).click()
    if page.get_by_role("button", name=re.compile("^Save")).count():
        page.get_by_role("button", name=re.compile("^Save")).click()
    page.get_by_role("button", name=re.compile("^Take over")).click()
    expect(page.locator(".toasts")).to_contain_text("2 new")
    page.get_by_role("link", name="Prüfhaus Südhang GmbH").click()
    expect(page.locator("main")).to_contain_text("research institute")
    expect(page.locator("main")).to_contain_text("Schichtdickenmessung")
    address = page.url

    page.go_back()
    page.get_by_role("link", name="Take the import back").click()
    expect(page.locator("main")).to_contain_text("Was new: is removed.")
    page.get_by_role("button", name=re.compile("^Take the whole import back")).click()
    expect(page.locator(".toasts")).to_contain_text("2 removed")
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 404


@pytest.mark.parametrize("path", ["/suggestions/", "/import/", "/introductions/", "/people/"])
def test_stranger_is_sent_to_the_door(visit: Visit, path: str) -> None:
    page = visit()
    page.goto(path)

    expect(page).to_have_url(re.compile("/account/login/"))


def test_member_confirms_by_the_link_of_a_mail_and_changes_by_another(visit: Visit) -> None:
    page = visit()
    page.goto(_link_of_newest_mail(page))
    expect(page.get_by_role("heading", level=1)).to_contain_text(COMPANY)
    page.get_by_role("button", name="Everything is right").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("is confirmed")
    expect(page.locator("main")).to_contain_text(MEMBER)
    page.get_by_role("button", name="Send me a new link").click()
    expect(page.locator(".toasts")).to_contain_text("on its way")

    page.goto(_link_of_newest_mail(page))
    page.get_by_role("link", name=re.compile("Change.*Requests")).click()
    page.get_by_label("In German").fill("Messplatz für Blechkanten, bis 2 m")
    expect(page.locator("#kept")).to_contain_text("not saved yet")
    page.reload()
    expect(page.get_by_label("In German")).to_have_value("Messplatz für Blechkanten, bis 2 m")
    page.get_by_role("button", name="Save and write another").click()
    expect(page.locator("main")).to_contain_text("Messplatz für Blechkanten, bis 2 m")
    expect(page.get_by_label("In German")).to_have_value("")
    page.goto("/")
    expect(page.locator("main")).to_contain_text("Sign in")


def test_member_answers_and_edits_without_scripts(visit: Visit) -> None:
    page = visit(MEMBER, java_script_enabled=False)
    page.get_by_role("link", name="Look at my profile").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kornbach Karosserie GmbH")
    page.goto(f"{page.url}offers/new/")
    page.get_by_label("In German").fill("Blechkanten, ohne Skripte beschrieben")
    page.get_by_role("button", name=re.compile("^Save")).first.click()

    expect(page.locator(".toasts")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Blechkanten, ohne Skripte beschrieben")


def test_language_switch_keeps_the_page(visit: Visit) -> None:
    page = visit()
    page.goto("/members/?q=optik")
    page.get_by_role("button", name="Deutsch").click()

    expect(page).to_have_url(re.compile(r"/members/\?q=optik$"))
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mitglieder")


def test_member_says_yes_and_the_office_reads_it(visit: Visit) -> None:
    page = visit(MEMBER)
    page.goto("/introductions/")
    page.locator("main table a[href^='/introductions/']").first.click()
    address = page.url
    page.get_by_role("button", name=re.compile("^Yes")).click()
    expect(page.locator(".toasts")).to_be_visible()

    office = visit(MANAGER)
    office.goto(address)
    expect(office.locator("main")).to_contain_text("Said yes")


@pytest.mark.parametrize(
    ("about", "subject", "answer"),
    [
        ("introduction", f"{COMPANY} GmbH (sucht|könnte haben), was Sie", "Yes, introduce us"),
        ("approach", "Man möchte wissen, wer Sie sind", "Give our name"),
    ],
)
def test_question_of_a_mail_is_answered_without_sign_in(
    visit: Visit, about: str, subject: str, answer: str
) -> None:
    page = visit()
    page.goto(f"/outbox/?about={about}")
    page.get_by_role("link", name=re.compile(subject)).last.click()
    link = page.locator("details a[href*='/answer/']").first.get_attribute("href") or ""
    page.goto(link)
    page.get_by_role("button", name="Deutsch").click()
    page.get_by_role("button", name="English").click()
    page.get_by_role("button", name=answer).click()

    expect(page.locator(".toasts")).to_be_visible()


def _link_of_newest_mail(page: Page) -> str:
    """Return the link of the newest mail that asks whether the company's profile is right."""
    page.goto("/outbox/?about=confirm")
    page.get_by_role("link", name=re.compile(COMPANY)).first.click()
    return page.locator("details a[href*='/profile/']").first.get_attribute("href") or ""
