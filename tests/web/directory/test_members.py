"""The list of members: who is in it, what is found, and that no number tells more."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.web import factories
from tests.web.conftest import World
from tests.web.directory.cast import member, offer, request
from verbund.web.core.services import today
from verbund.web.directory.models import Profile
from verbund.web.networks.models import DataClass, Visibility


def names(response: Any) -> list[str]:
    return [row.organisation.name for row in response.context["rows"]]


def counts(response: Any) -> dict[str, dict[str, int | None]]:
    return {
        str(group.label): {str(choice.label): choice.count for choice in group.choices[1:]}
        for group in [*response.context["groups"], *response.context["further"]]
    }


def test_everyone_finds_own_network_partners_and_public(world: World, signed_in: Any) -> None:
    member(world.c, name="Offen GmbH", visibility=Visibility.PUBLIC)
    member(world.b, name="Still GmbH", visibility=Visibility.OWN)

    seen = {
        person and person.name: names(signed_in(person).get("/members/"))
        for person in (world.manager_a, world.person_b, world.manager_c, world.stranger, None)
    }

    assert seen == {
        "Managerin A": ["Alpha Karosserie GmbH", "Beta Optik GmbH", "Offen GmbH"],
        "Person B": ["Alpha Karosserie GmbH", "Beta Optik GmbH", "Offen GmbH", "Still GmbH"],
        "Managerin C": ["Gamma Logistik GmbH", "Offen GmbH"],
        "Stranger": ["Offen GmbH"],
        None: ["Offen GmbH"],
    }


def test_numbers_tell_nothing_a_list_hides(world: World, signed_in: Any) -> None:
    member(world.b, name="Still GmbH", visibility=Visibility.OWN, kind="research", state="TH")
    offer(world.member_b, "Freiformoptik", visibility=Visibility.OWN)
    offer(world.member_b, "Lichtleiter", visibility=Visibility.PARTNERS)
    request(world.member_b, "Prüfstand", visibility=Visibility.OWN)

    for_a = signed_in(world.person_a).get("/members/?network=b")
    for_b = signed_in(world.person_b).get("/members/?network=b")

    assert [(r.organisation.name, r.offers, r.requests) for r in for_a.context["rows"]] == [
        ("Beta Optik GmbH", 1, 0)
    ]
    assert counts(for_a)["Network"] == {"Netz A": 1, "Netz B": 1}
    assert counts(for_a)["Has"] == {"offers something": 1, "looks for something": 0}
    assert "Kind" not in counts(for_a)
    assert "Federal state" not in counts(for_a)
    assert [(r.organisation.name, r.offers, r.requests) for r in for_b.context["rows"]] == [
        ("Beta Optik GmbH", 2, 1),
        ("Still GmbH", 0, 0),
    ]
    assert counts(for_b)["Kind"] == {"company": 1, "research institute": 1}


def test_a_hidden_entry_is_not_found(world: World, signed_in: Any) -> None:
    offer(world.member_b, "Freiformoptik", visibility=Visibility.OWN)

    assert names(signed_in(world.person_a).get("/members/?q=Freiform")) == []
    assert names(signed_in(world.person_b).get("/members/?q=Freiform")) == ["Beta Optik GmbH"]


def test_an_ended_entry_counts_no_more(world: World, signed_in: Any) -> None:
    offer(world.member_a, "Freiformoptik", ends_on=dt.date(2024, 1, 1))

    response = signed_in(world.person_a).get("/members/?network=a")

    assert [row.offers for row in response.context["rows"]] == [0]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("headlamp", ["Licht GmbH"]),
        ("Scheinwerfer", ["Licht GmbH"]),
        ("LICHT", ["Licht GmbH"]),
        ("jena", ["Licht GmbH"]),
        ("GROESSE", ["Größe AG"]),
        ("Größe Kabel", ["Größe AG"]),
        ("Größe Jena", []),
        ("%", []),
        ("'; drop table", []),
    ],
)
def test_search_understands_words_of_both_languages(
    world: World, signed_in: Any, text: str, found: list[str]
) -> None:
    member(world.a, name="Licht GmbH", city="Jena", profile="Wir prüfen Scheinwerfer.")
    offer(member(world.a, name="Größe AG"), "Kabelbäume")

    response = signed_in(world.manager_a).get("/members/", {"q": text, "network": "a"})

    assert names(response) == found


def test_filters_narrow_and_keep_each_other(world: World, signed_in: Any) -> None:
    lab = member(
        world.a, name="Labor", kind="research", state="TH", city="Jena", profile="Laserschweißen"
    )
    request(lab, "Prüfstand")
    member(world.a, name="Werk", state="SN", city="Zwickau", profile="Spritzgießen")
    browser = signed_in(world.manager_a)

    found = {
        query: names(browser.get(f"/members/?network=a&{query}"))
        for query in (
            "kind=research",
            "has=requests",
            "state=SN",
            "topic=injection-moulding",
            "town=Jena",
            "kind=research&state=SN",
        )
    }

    assert found == {
        "kind=research": ["Labor"],
        "has=requests": ["Labor"],
        "state=SN": ["Werk"],
        "topic=injection-moulding": ["Werk"],
        "town=Jena": ["Labor"],
        "kind=research&state=SN": [],
    }
    response = browser.get("/members/?network=a&kind=research")
    assert counts(response)["Kind"] == {"company": 2, "research institute": 1}
    assert counts(response)["Process"] == {"joining and assembly": 1, "quality inspection": 1}


@pytest.mark.parametrize(
    "query",
    [
        "kind=ufo", "has=all", "topic=nothing", "sort=size", "place=moon", "confirmed=maybe",
        "page=zwei", "page=-3", "page=999999", "network=%00", "q=%00", "export=pdf",
        "town=%F0%9F%92%A5&state=%27",
    ],
)  # fmt: skip
def test_nonsense_in_the_address_is_ignored(world: World, signed_in: Any, query: str) -> None:
    response = signed_in(world.manager_a).get(f"/members/?{query}")

    assert response.status_code == 200
    assert len(response.context["rows"]) == (0 if "town" in query else 2)


def test_names_sort_as_in_a_dictionary(world: World, signed_in: Any) -> None:
    for name in ("Zeta", "Ölwerk", "Opal", "öko", "Ähre", "Anker"):
        member(world.c, name=name)
    browser = signed_in(world.manager_c)

    expected = ["Ähre", "Anker", "Gamma Logistik GmbH", "öko", "Ölwerk", "Opal", "Zeta"]
    assert names(browser.get("/members/")) == expected
    assert names(browser.get("/members/?sort=-name")) == expected[::-1]


def test_towns_sort_with_the_unknown_last(world: World, signed_in: Any) -> None:
    member(world.c, name="Eins", city="Überlingen")
    member(world.c, name="Zwei", city="Ulm")
    member(world.c, name="Drei")
    browser = signed_in(world.manager_c)

    expected = ["Gamma Logistik GmbH", "Eins", "Zwei", "Drei"]
    assert names(browser.get("/members/?sort=town")) == expected


def test_a_network_beside_the_agreement_is_not_named(world: World, signed_in: Any) -> None:
    factories.organisation(world.b, world.c, name="Doppel GmbH")

    rows = signed_in(world.person_a).get("/members/?q=Doppel").context["rows"]

    assert [(row.organisation.name, [n.name for n in row.networks]) for row in rows] == []
    member_of_both = member(world.b, world.c, name="Beide GmbH")
    rows = signed_in(world.person_a).get("/members/?q=Beide").context["rows"]
    assert [(row.organisation, [n.name for n in row.networks]) for row in rows] == [
        (member_of_both, ["Netz B"])
    ]
    assert names(signed_in(world.person_a).get("/members/?network=c")) == []


def test_who_left_the_network_is_gone(world: World, signed_in: Any) -> None:
    former = member(world.a, name="Ehemals GmbH", visibility=Visibility.PUBLIC)
    former.memberships.update(valid_until=dt.date(2025, 12, 31))

    assert names(signed_in(world.manager_a).get("/members/?q=Ehemals")) == []
    assert signed_in(None).get(f"/members/{former.pk}/").status_code == 404


def test_unconfirmed_profiles_are_for_the_office(world: World, signed_in: Any) -> None:
    fresh = member(world.a, name="Frisch GmbH")
    Profile.objects.filter(organisation=fresh).update(confirmed_on=today())

    seen = names(signed_in(world.manager_a).get("/members/?confirmed=old"))

    assert seen == ["Alpha Karosserie GmbH"]


def test_empty_directory_and_empty_result_say_different_things(
    world: World, signed_in: Any
) -> None:
    assert "No member shows its profile" in signed_in(None).get("/members/").content.decode()
    nothing = signed_in(world.manager_a).get("/members/?q=xyzzy").content.decode()
    assert "Nothing found" in nothing
    assert "No members yet" not in nothing


def test_only_the_office_adds_members(world: World, signed_in: Any) -> None:
    assert "organisation_new" not in signed_in(world.person_a).get("/members/").content.decode()
    assert "/members/new/" in signed_in(world.manager_a).get("/members/").content.decode()
    assert "/members/new/" not in signed_in(world.person_a).get("/members/").content.decode()


@pytest.mark.parametrize("path", ["/members/", "/members/map/", "/members/?q=optik&export=csv"])
def test_three_rows_need_no_more_queries_than_one(
    world: World, signed_in: Any, count_queries: Any, path: str
) -> None:
    browser = signed_in(world.manager_a)
    first = member(world.b, name="Optik 1", city="Jena", lat=50.9, lon=11.6)
    offer(first, "Freiformoptik")
    browser.get(path)
    one = count_queries(lambda: browser.get(path))
    for number in (2, 3):
        another = member(world.b, name=f"Optik {number}", city="Gera", lat=50.9, lon=12.1)
        offer(another, "Freiformoptik")
        factories.contact(another)
        factories.figures(another)

    assert count_queries(lambda: browser.get(path)) == one


def test_pages_keep_the_filters(world: World, signed_in: Any) -> None:
    for number in range(60):
        factories.organisation(world.a, name=f"Firma {number:02}")

    response = signed_in(world.manager_a).get("/members/?network=a&page=2")

    assert names(response) == [f"Firma {number}" for number in range(49, 60)]
    assert "?network=a&amp;page=1" in response.content.decode()


def test_objection_takes_a_member_off_the_partners_list(world: World, signed_in: Any) -> None:
    factories.consent(world.member_b, DataClass.PROFILE, world.a, allows=False)

    assert names(signed_in(world.manager_a).get("/members/")) == ["Alpha Karosserie GmbH"]
    assert "Beta Optik GmbH" in names(signed_in(world.manager_b).get("/members/"))


def test_topics_of_very_many_members_have_no_numbers(
    world: World, signed_in: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("verbund.web.directory.finding._COUNTED", 1)
    member(world.a, name="Eins", profile="Spritzgießen und Scheinwerfer")
    member(world.a, name="Zwei", profile="Spritzgießen")
    browser = signed_in(world.manager_a)

    response = browser.get("/members/?topic=injection-moulding")

    assert names(response) == ["Eins", "Zwei"]
    assert counts(response)["Process"] == {"injection moulding": None}


def test_unconfirmed_profiles_come_last_unless_an_order_is_chosen(
    world: World, signed_in: Any
) -> None:
    for name, days in (("Aalen GmbH", 366), ("Zeitz GmbH", 365)):
        made = member(world.a, name=name)
        confirmed = today() - dt.timedelta(days=days)
        Profile.objects.filter(organisation=made).update(confirmed_on=confirmed)
    browser = signed_in(world.manager_a)

    def order(address: str) -> list[str]:
        page = browser.get(address).context["page"]
        return [one.name for one in page if one.name in ("Aalen GmbH", "Zeitz GmbH")]

    assert order("/members/") == ["Zeitz GmbH", "Aalen GmbH"]
    assert order("/members/?q=gmbh") == ["Zeitz GmbH", "Aalen GmbH"]
    assert order("/members/?sort=name") == ["Aalen GmbH", "Zeitz GmbH"]
    text = browser.get("/members/?q=aalen").content.decode()
    assert "not confirmed for 12 months" in text
