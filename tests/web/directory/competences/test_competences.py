"""Competences stated, proven, confirmed from the text and taken back; who may do so."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.web.conftest import World
from tests.web.directory.cast import member
from verbund.web.core.models import AuditEntry
from verbund.web.directory.models import Competence
from verbund.web.directory.services import index_organisation
from verbund.web.networks.models import Organisation


def page(organisation: Organisation, *parts: str) -> str:
    return "/".join((f"/members/{organisation.pk}/competences", *parts, ""))


def kept(organisation: Organisation) -> dict[str, tuple[str, str]]:
    rows = Competence.objects.filter(organisation=organisation)
    return {row.concept: (row.evidence, row.source) for row in rows}


def _without_token(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


@pytest.mark.parametrize(
    ("typed", "found"),
    [("scheinw", "headlamps"), ("Headl", "headlamps"), ("Scheinwrefer", "headlamps")],
)
def test_typed_letters_find_concepts(world: World, signed_in: Any, typed: str, found: str) -> None:
    browser, address = signed_in(world.person_a), f"{page(world.member_a)}?q={typed}"

    whole = browser.get(address).content.decode()
    part = browser.get(address, headers={"HX-Request": "true"}).content.decode()

    assert f"/competences/{found}/declare/" in part
    assert _without_token(part).strip() in _without_token(whole)
    assert "<html" not in part


def test_nothing_found_says_what_to_do(world: World, signed_in: Any) -> None:
    shown = signed_in(world.person_a).get(f"{page(world.member_a)}?q=qqqqq").content.decode()

    assert "Nothing in the vocabulary is called “qqqqq”" in shown


def test_stated_competences_survive_a_new_profile(world: World, signed_in: Any) -> None:
    browser = signed_in(world.person_a)
    browser.post(page(world.member_a, "lidar", "declare"))
    browser.post(page(world.member_a, "lidar", "declare"))
    browser.post(
        page(world.member_a, "headlamps"), {"evidence": "product", "source": "Matrixlicht 3"}
    )

    index_organisation(world.member_a)

    assert kept(world.member_a) == {
        "lidar": ("declared", ""),
        "headlamps": ("product", "Matrixlicht 3"),
    }
    assert AuditEntry.objects.count() == 2
    shown = signed_in(world.person_b).get(f"/members/{world.member_a.pk}/").content.decode()
    assert "shown by a product: Matrixlicht 3" in shown


def test_what_the_text_names_is_confirmed_and_taken_back(world: World, signed_in: Any) -> None:
    named = member(world.a, name="Licht GmbH", profile="Wir bauen Scheinwerfer.")
    browser = signed_in(world.manager_a)
    assert kept(named)["headlamps"] == ("text", "")

    browser.post(page(named, "headlamps", "declare"))
    assert kept(named)["headlamps"] == ("declared", "")
    for _ in range(2):
        browser.post(page(named, "headlamps", "delete"))

    assert kept(named)["headlamps"] == ("text", "")
    assert AuditEntry.objects.count() == 2


def test_a_project_needs_its_name(world: World, signed_in: Any) -> None:
    browser = signed_in(world.person_a)

    for bad in ({"evidence": "project"}, {"evidence": "text"}, {"evidence": "magic"}, {}):
        shown = browser.post(page(world.member_a, "lidar"), bad).content.decode()
        assert 'aria-invalid="true"' in shown or "error" in shown

    assert kept(world.member_a) == {}


def test_unknown_concepts_are_not_found(world: World, signed_in: Any) -> None:
    browser = signed_in(world.person_a)

    assert browser.get(page(world.member_a, "warp-drive")).status_code == 404
    assert browser.post(page(world.member_a, "warp-drive", "declare")).status_code == 404


def test_partners_and_strangers_change_nothing(world: World, signed_in: Any) -> None:
    Competence.objects.create(organisation=world.member_a, concept="lidar", evidence="declared")
    addresses = [
        page(world.member_a),
        page(world.member_a, "lidar"),
        page(world.member_a, "headlamps", "declare"),
        page(world.member_a, "lidar", "delete"),
    ]

    for person, answer in ((world.person_b, 403), (world.stranger, 404), (None, 302)):
        browser = signed_in(person)
        assert {browser.post(one, {"evidence": "declared"}).status_code for one in addresses} == {
            answer
        }

    assert kept(world.member_a) == {"lidar": ("declared", "")}


def test_members_are_filtered_by_what_they_state(world: World, signed_in: Any) -> None:
    Competence.objects.create(organisation=world.member_b, concept="lidar", evidence="project")

    shown = signed_in(world.person_a).get("/members/?topic=lidar").content.decode()

    assert "Beta Optik GmbH" in shown
    assert "Alpha Karosserie GmbH" not in shown
