from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.web import factories
from tests.web.partnering.factories import introduction
from verbund.records.organisation import Organisation as Record
from verbund.web.core import registries
from verbund.web.core.registries import Hit, SearchKind
from verbund.web.core.services import today
from verbund.web.directory.services import take_over_member
from verbund.web.directory.services.index import index_entry
from verbund.web.networks.rules import STRANGER, Viewer, viewer_of
from verbund.web.portal.helping import NAMES

WORD = "Zitterwelle"


def found(viewer: Viewer, text: str = WORD) -> dict[str, int]:
    return {
        kind.key: count
        for kind in registries.searches
        if (count := kind.find(viewer, text, today(), 5)[0])
    }


@pytest.fixture
def secret(world: Any) -> Any:
    """Put the word wherever a member of A keeps things to itself."""
    member = Record(
        id="1",
        name=f"{WORD} GmbH",
        city="Zwickau",
        profile=f"Wir machen {WORD}.",
        offers=(f"{WORD} nach Maß",),
        requests=(f"Prüfung der {WORD}",),
        contact_name="Wilma Wellenreiter",
    )
    made = take_over_member(member, world.a, existing=None, by=None, on=today())
    made.visibility = "own"
    made.save()
    introduction((world.a, world.a), (world.member_a, made), subject=f"Thema {WORD}")
    return made


def test_own_office_finds_it_of_every_kind(world: Any, secret: Any) -> None:
    kinds = found(viewer_of(world.manager_a, today()))

    assert {"organisations", "offers", "requests", "introductions"} <= set(kinds)


def test_no_kind_finds_what_is_kept_to_the_own_network(world: Any, secret: Any) -> None:
    for person in (world.manager_b, world.person_b, world.manager_c, world.stranger):
        assert found(viewer_of(person, today())) == {}
    assert found(STRANGER) == {}


def test_no_kind_counts_what_it_does_not_show(world: Any, secret: Any) -> None:
    viewer = viewer_of(world.manager_a, today())
    for kind in registries.searches:
        count, hits = kind.find(viewer, WORD, today(), 1000)
        assert count == len(hits), kind.key
        assert len(kind.find(viewer, WORD, today(), 1)[1]) == min(count, 1)


def test_page_shows_hits_to_those_who_may_see_them(world: Any, secret: Any, signed_in: Any) -> None:
    own = signed_in(world.manager_a).get("/search/", {"q": WORD}).content.decode()
    foreign = signed_in(world.manager_b).get("/search/", {"q": WORD}).content.decode()

    assert secret.name in own
    assert f"Nothing found for “{WORD}”" in foreign
    assert secret.name not in foreign


@pytest.mark.parametrize("text", ["ZITTERWELLE", "zitterwelle", "  Zitterwelle "])
def test_spelling_does_not_matter(world: Any, secret: Any, signed_in: Any, text: str) -> None:
    shown = signed_in(world.manager_a).get("/search/", {"q": text}).content.decode()

    assert secret.name in shown


def many(viewer: Viewer, text: str, on: Any, limit: int) -> tuple[int, list[Hit]]:
    return 120, [Hit(f"Treffer {number:03}", "/", "") for number in range(min(limit, 120))]


@pytest.fixture
def many_hits(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = SearchKind("many", "Viele", many)
    monkeypatch.setattr(registries.searches, "_entries", {"many": (0, kind)})


def test_five_of_a_kind_then_all_page_by_page(world: Any, signed_in: Any, many_hits: None) -> None:
    client: Client = signed_in(None)

    first = client.get("/search/?q=x").content.decode()
    assert first.count("Treffer") == 5
    assert "Show all 120" in first

    third = client.get("/search/?q=x&kind=many&page=3").content.decode()
    assert third.count("Treffer") == 20
    assert "Treffer 119" in third
    assert "Page 3 of 3" in third


@pytest.mark.parametrize(
    "address",
    [
        "/search/?q=x&kind=nonsense",
        "/search/?q=x&kind=many&page=999",
        "/search/?q=x&kind=many&page=-1",
        "/search/?q=x&kind=many&page=abc",
        "/search/?q=%00",
        "/search/?q=" + "a" * 5000,
    ],
)
def test_nonsense_in_the_address_is_no_error(
    world: Any, signed_in: Any, many_hits: None, address: str
) -> None:
    assert signed_in(None).get(address).status_code == 200


@pytest.mark.parametrize("text", ["'", "%", "_", "\\", "<script>", "a b c", "-" * 300])
def test_every_kind_bears_strange_texts(world: Any, secret: Any, text: str) -> None:
    viewer = viewer_of(world.manager_a, today())
    for kind in registries.searches:
        count, hits = kind.find(viewer, text, today(), 5)
        assert count >= len(hits)


def test_text_is_shown_as_text(world: Any, signed_in: Any) -> None:
    shown = signed_in(None).get("/search/", {"q": "<script>alert(1)</script>"}).content.decode()

    assert "<script>alert" not in shown


def test_empty_search_teaches(world: Any, signed_in: Any) -> None:
    shown = signed_in(None).get("/search/?q=%20").content.decode()

    assert "One search for everything" in shown
    assert "Nothing found" not in shown


def test_networks_and_help_are_found_in_both_languages(world: Any, signed_in: Any) -> None:
    assert found(STRANGER, "Netz B")["networks"] == 1
    assert "help" in found(STRANGER, "Rechtsberatung")
    assert "help" in found(STRANGER, "legal advice")
    assert found(STRANGER, "Verbund")["help"] <= len(NAMES)


def test_queries_do_not_grow_with_the_hits(world: Any, signed_in: Any, count_queries: Any) -> None:
    client = signed_in(world.manager_a)

    def member(number: int) -> None:
        record = Record(id=str(number), name=f"{WORD} {number}", offers=(f"{WORD} {number}",))
        take_over_member(record, world.a, existing=None, by=None, on=today())

    member(1)
    client.get("/search/", {"q": WORD})
    few = count_queries(lambda: client.get("/search/", {"q": WORD}))
    member(2)
    member(3)
    client.get("/search/", {"q": WORD})

    assert count_queries(lambda: client.get("/search/", {"q": WORD})) == few


def test_networks_are_found_whatever_the_spelling(world: Any) -> None:
    factories.network(name="Optische Größen", slug="gross")

    assert found(STRANGER, "optische groessen") == {"networks": 1}


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Schweißnahtprüfung", "Naht"),
        ("Schweißnahtprüfung", "schweissnahtpruefung"),
        ("Optische Beschichtungen", "coating"),
        ("Coating of lenses", "Beschichtung von Linsen"),
        ("Zitterwellen", "ZITTERWELLE"),
    ],
)
def test_compounds_umlauts_and_both_languages(world: Any, said: str, asked: str) -> None:
    own = viewer_of(world.manager_a, today())
    before = found(own, asked).get("offers", 0)
    entry = factories.offer(world.member_a, said)
    index_entry(entry)
    entry.save()

    assert found(own, asked)["offers"] == before + 1


def test_hits_say_where_the_word_stands(world: Any, secret: Any, signed_in: Any) -> None:
    record = Record(id="2", name="Hohlraum AG", requests=("Wir suchen eine Kryopumpe bis Mai",))
    take_over_member(record, world.a, existing=None, by=None, on=today())

    shown = signed_in(world.manager_a).get("/search/", {"q": "Kryopumpe"}).content.decode()

    where = '<span class="soft">Request:</span> Wir suchen eine <mark>Kryopumpe</mark> bis Mai'
    assert where in shown


def test_names_that_say_it_come_first(world: Any, secret: Any) -> None:
    for number, name in enumerate(("Alpha GmbH", f"Neue {WORD} KG", f"{WORD}bau AG")):
        record = Record(id=f"n{number}", name=name, profile=f"Wir machen {WORD}.")
        take_over_member(record, world.a, existing=None, by=None, on=today())

    hits = registries.searches["organisations"].find(
        viewer_of(world.manager_a, today()), WORD, today(), 5
    )[1]

    assert [hit.title for hit in hits] == [
        f"{WORD} GmbH",
        f"{WORD}bau AG",
        f"Neue {WORD} KG",
        "Alpha GmbH",
    ]


def test_a_misspelt_name_is_proposed_to_those_who_see_it(
    world: Any, secret: Any, signed_in: Any
) -> None:
    own = signed_in(world.manager_a).get("/search/", {"q": "Zittterwele GmbH"}).content.decode()
    foreign = signed_in(world.manager_b).get("/search/", {"q": "Zittterwele GmbH"}).content.decode()

    assert "Did you mean:" in own
    assert f">{secret.name}</a>" in own
    assert secret.name not in foreign


def test_the_index_follows_every_change(world: Any) -> None:
    own = viewer_of(world.manager_a, today())
    entry = factories.offer(world.member_a, "Kryopumpe")
    index_entry(entry)
    entry.save()
    assert found(own, "Kryopumpe")["offers"] == 1

    entry.text_de = "Vakuumkammer"
    index_entry(entry)
    entry.save()
    assert (found(own, "Kryopumpe"), found(own, "Vakuumkammer")["offers"]) == ({}, 1)

    entry.delete()
    assert "offers" not in found(own, "Vakuumkammer")
