"""The page of an organisation: what each viewer gets of it, and that the page says so itself."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest

from tests.web import factories
from tests.web.conftest import World
from tests.web.directory.cast import JENA, ZWICKAU, member, offer, request
from verbund.web.agreements.models import SharingRule
from verbund.web.core.registries import Panel, organisation_panels
from verbund.web.directory.audiences import Line
from verbund.web.networks.models import DataClass, Organisation, Visibility
from verbund.web.networks.rules import STRANGER

SECRETS = {
    DataClass.OFFERS: ("Angebot eins", "Angebot zwei"),
    DataClass.REQUESTS: ("Gesuch eins", "Gesuch zwei"),
    DataClass.CONTACT: ("Zacharias Zeugin",),
    DataClass.FIGURES: ("4,711",),
}


def full(organisation: Organisation, visibilities: Any = None) -> Organisation:
    """Give an organisation something of each class, with the texts of `SECRETS`."""
    chosen = iter(visibilities or [Visibility.PARTNERS] * 4)
    for text in SECRETS[DataClass.OFFERS]:
        offer(organisation, text, visibility=next(chosen))
    for text in SECRETS[DataClass.REQUESTS]:
        request(organisation, text, visibility=next(chosen))
    factories.contact(organisation, name="Zacharias Zeugin")
    factories.figures(organisation, employees=4711)
    return organisation


def shown(browser: Any, organisation: Organisation) -> dict[DataClass, int]:
    """Count what of each class stands on the page; nothing if there is no page."""
    response = browser.get(f"/members/{organisation.pk}/")
    if response.status_code == 404:
        return dict.fromkeys((DataClass.PROFILE, *SECRETS), 0)
    page = response.content.decode()
    assert organisation.name in page
    counted = {
        data_class: sum(text in page for text in texts) for data_class, texts in SECRETS.items()
    }
    return {DataClass.PROFILE: 1} | counted


def promised(lines: list[Line], key: str, *, office: bool = False) -> dict[DataClass, int]:
    """Count what the table "Who sees this?" says an audience sees."""
    cells = {
        line.data_class: next(cell for cell in line.cells if cell.audience.key == key)
        for line in lines
    }
    return {
        data_class: max(cell.seen, cell.seen_by_office) if office else cell.seen
        for data_class, cell in cells.items()
    }


@pytest.mark.parametrize("seed", range(12))
def test_who_sees_this_is_what_they_get(world: World, signed_in: Any, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # worlds, no secrets
    everywhere = list(Visibility)
    subject = full(
        member(world.a, name="Subjekt GmbH", visibility=chance.choice(everywhere)),
        [chance.choice(everywhere) for _ in range(4)],
    )
    for data_class in (DataClass.OFFERS, DataClass.REQUESTS, DataClass.CONTACT, DataClass.FIGURES):
        rule = SharingRule.objects.filter(data_class=data_class)
        if chance.random() < 0.3:
            rule.delete()
        elif chance.random() < 0.3:
            rule.update(audience=SharingRule.Audience.MANAGERS)
    for data_class in (DataClass.CONTACT, DataClass.FIGURES):
        if chance.random() < 0.5:
            factories.consent(subject, data_class, world.b)
    if chance.random() < 0.25:
        factories.consent(subject, DataClass.PROFILE, world.b, allows=False)

    response = signed_in(world.manager_a).get(f"/members/{subject.pk}/")
    lines = response.context["lines"]

    assert [cell.audience.key for cell in lines[0].cells] == ["a", "b", "everyone"]
    said = {
        "a": promised(lines, "a"),
        "a, office": promised(lines, "a", office=True),
        "b": promised(lines, "b"),
        "b, office": promised(lines, "b", office=True),
        "everyone": promised(lines, "everyone"),
    }
    got = {
        "a": shown(signed_in(world.person_a), subject),
        "a, office": shown(signed_in(world.manager_a), subject),
        "b": shown(signed_in(world.person_b), subject),
        "b, office": shown(signed_in(world.manager_b), subject),
        "everyone": shown(signed_in(None), subject),
    }
    assert said == got
    assert shown(signed_in(world.manager_c), subject) == got["everyone"]


def test_a_stranger_finds_no_page_of_a_member(world: World, signed_in: Any) -> None:
    full(world.member_a)

    for person in (None, world.stranger, world.manager_c):
        response = signed_in(person).get(f"/members/{world.member_a.pk}/")
        assert response.status_code == 404
        assert "Alpha Karosserie" not in response.content.decode()
    assert signed_in(world.person_a).get(f"/members/{world.member_a.pk}/").status_code == 200


def test_hidden_and_missing_pages_look_alike(world: World, signed_in: Any) -> None:
    browser = signed_in(world.stranger)

    def page(pk: int) -> str:
        text = browser.get(f"/members/{pk}/").content.decode().replace(f"/members/{pk}/", "")
        return re.sub(r'csrf\S+" value="\w+"|X-CSRFToken\S+: \S+', "", text)

    assert page(world.member_a.pk) == page(2**62)


def test_the_chain_names_agreement_clause_rule_and_consent(world: World, signed_in: Any) -> None:
    full(world.member_b)
    factories.consent(world.member_b, DataClass.CONTACT, world.a)

    reasons = signed_in(world.person_a).get(f"/members/{world.member_b.pk}/").context["portrait"]

    told = {
        key: (way.code, way.rule.clause.agreement, way.consent and way.consent.data_class)
        for key, (way,) in reasons.reasons.items()
    }
    assert told == {
        "profile": ("agreement", world.agreement, None),
        "offers": ("agreement", world.agreement, None),
        "requests": ("agreement", world.agreement, None),
        "contact": ("agreement", world.agreement, "contact"),
    }


def test_only_those_who_edit_see_the_table_and_the_name_behind_a_confirmation(
    world: World, signed_in: Any
) -> None:
    full(world.member_b)
    browser = signed_in(world.person_b)
    browser.post(f"/members/{world.member_b.pk}/confirm/")

    for person, knows in ((world.person_b, True), (world.manager_b, True), (world.person_a, False)):
        response = signed_in(person).get(f"/members/{world.member_b.pk}/")
        page = response.content.decode()
        assert "Last confirmed on" in page
        assert ("by Person B" in page, "who-sees" in page) == (knows, knows)


def test_view_as_partner_shows_their_page(world: World, signed_in: Any) -> None:
    full(world.member_a, [Visibility.OWN, Visibility.PARTNERS, Visibility.PUBLIC, Visibility.OWN])
    browser = signed_in(world.manager_a)

    page = browser.get(f"/members/{world.member_a.pk}/?as=b").content.decode()

    seen = {text: text in page for texts in SECRETS.values() for text in texts}
    assert seen == {
        "Angebot eins": False,
        "Angebot zwei": True,
        "Gesuch eins": True,
        "Gesuch zwei": False,
        "Zacharias Zeugin": False,
        "4,711": False,
    }
    assert "as members of <b>Netz B</b> see it" in page
    hidden = browser.get(f"/members/{world.member_a.pk}/?as=everyone").content.decode()
    assert "nobody sees this organisation" in hidden
    assert not any(text in hidden for texts in SECRETS.values() for text in texts)


@pytest.mark.parametrize("asked", ["c", "a", "nonsense", ""])
def test_view_as_anybody_else_is_the_own_view(world: World, signed_in: Any, asked: str) -> None:
    response = signed_in(world.manager_a).get(f"/members/{world.member_a.pk}/?as={asked}")

    assert response.context["pretended"] is None
    assert "who-sees" in response.content.decode()


def test_partners_cannot_use_view_as(world: World, signed_in: Any) -> None:
    full(world.member_b, [Visibility.OWN] * 4)

    page = signed_in(world.manager_a).get(f"/members/{world.member_b.pk}/?as=b").content.decode()

    assert not any(text in page for texts in SECRETS.values() for text in texts)


def test_rings_show_visible_partners_only(world: World, signed_in: Any) -> None:
    home = member(world.a, name="Mitte", city="Zwickau", lat=ZWICKAU[0], lon=ZWICKAU[1])
    member(world.b, name="Nah", city="Jena", lat=JENA[0], lon=JENA[1])
    member(world.b, name="Noch eins", city="Jena", country="DE", lat=JENA[0], lon=JENA[1])
    member(world.b, name="Still", city="Gera", lat=50.88, lon=12.08, visibility=Visibility.OWN)
    member(world.a, name="Eigenes", city="Chemnitz", lat=50.83, lon=12.92)

    portrait = signed_in(world.manager_a).get(f"/members/{home.pk}/").context["portrait"]

    told = [
        (near.distance.town.name, round(near.distance.km), [(n.slug, i) for n, i in near.numbers])
        for near in portrait.nearby
    ]
    assert told == [("Jena", 68, [("b", 2)])]
    unseen = signed_in(world.manager_b).get(f"/members/{home.pk}/").context["portrait"]
    assert [near.distance.town.name for near in unseen.nearby] == ["Gera", "Jena", "Jena"][:2]


def test_view_as_partner_hides_whom_partners_see_nearby(world: World, signed_in: Any) -> None:
    home = member(world.a, name="Mitte", city="Zwickau", lat=ZWICKAU[0], lon=ZWICKAU[1])
    member(world.b, name="Still", city="Gera", lat=50.88, lon=12.08, visibility=Visibility.OWN)

    page = signed_in(world.manager_a).get(f"/members/{home.pk}/?as=b").content.decode()

    assert "as members of <b>Netz B</b> see it" in page
    assert "Gera" not in page


def test_other_apps_bring_panels(world: World, signed_in: Any, monkeypatch: Any) -> None:
    asked = []

    def panels(viewer: Any, organisation: int, on: Any) -> list[Panel]:
        asked.append((viewer, organisation))
        return [Panel("What became of it", ("<b>A talk</b>",))]

    monkeypatch.setattr(organisation_panels, "_entries", {"test": (0, panels)})
    Organisation.objects.filter(pk=world.member_a.pk).update(visibility=Visibility.PUBLIC)

    page = signed_in(None).get(f"/members/{world.member_a.pk}/").content.decode()

    assert "What became of it" in page
    assert "&lt;b&gt;A talk&lt;/b&gt;" in page
    assert [(viewer == STRANGER, pk) for viewer, pk in asked] == [(True, world.member_a.pk)]


def test_who_sees_what_costs_its_editor_few_queries(
    world: World, signed_in: Any, count_queries: Any
) -> None:
    full(world.member_a)
    browser = signed_in(world.person_a)
    browser.get(f"/members/{world.member_a.pk}/")
    with_one_partner = count_queries(lambda: browser.get(f"/members/{world.member_a.pk}/"))
    for _ in range(2):
        factories.agreement(world.a, factories.network(), shares=tuple(DataClass))
    with_three = count_queries(lambda: browser.get(f"/members/{world.member_a.pk}/"))

    assert with_one_partner < 50
    assert with_three - with_one_partner <= 2 * 2  # the rules that give to each, and their parties
