"""Columns and terms of a list: proposed, chosen once, remembered."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests.web.conftest import World
from tests.web.directory.member_lists.files import as_csv, as_workbook
from tests.web.directory.member_lists.test_views import counts_on, imported, text_of
from verbund.web.directory.models import ColumnMapping, ImportRun
from verbund.web.networks.models import Organisation

ODD: list[list[object]] = [
    ["Partnerhaus", "Leute", "Kann", "Innungsnr."],
    ["Neuling AG", 7, "Stanzen", "77"],
    ["Zweite GmbH", 9, "Fügen", "78"],
]


@pytest.fixture
def office(world: World, signed_in: Any) -> Client:
    client: Client = signed_in(world.manager_a)
    return client


def columns_of(client: Client, run: ImportRun) -> dict[str, tuple[str, ...]]:
    """Return for each column of the page its name in the form and what it is taken for."""
    page = client.get(f"/import/{run.pk}/columns/").content.decode()
    found = re.findall(
        r'<th[^>]*id="(column-\d+-\d+)-name">([^<]*)</th>(.*?)</tr>', page, re.DOTALL
    )
    return {name: (key, *re.findall(r'value="(\w+)" selected', rest)) for key, name, rest in found}


def choose(client: Client, run: ImportRun, **fields: str) -> Any:
    keys = {name.split("(")[-1][:-1]: key for name, (key, *_) in columns_of(client, run).items()}
    data = {keys[name]: field for name, field in fields.items()}
    return client.post(f"/import/{run.pk}/columns/", data, follow=True)


def test_list_without_a_known_name_asks_which_column_it_is(world: World, office: Client) -> None:
    run = imported(office, world.a, as_workbook(ODD))

    page = office.get(f"/import/{run.pk}/", follow=True)
    assert page.redirect_chain[-1][0] == f"/import/{run.pk}/columns/"
    assert "No column with the names of the members was recognised" in text_of(page)

    done = choose(office, run, Partnerhaus="name", Leute="employees", Kann="offers")

    assert counts_on(done)["new"] == 2
    assert "Read with these columns: 2 rows" in done.content.decode()
    office.post(f"/import/{run.pk}/take-over/")
    made = Organisation.objects.get(name="Neuling AG")
    assert made.figures.employees == 7
    assert list(made.offers.values_list("text_de", flat=True)) == ["Stanzen"]


def test_choice_is_proposed_for_the_next_list_with_these_headings(
    world: World, office: Client, signed_in: Any
) -> None:
    run = imported(office, world.a, as_workbook(ODD))
    choose(office, run, Partnerhaus="name", Leute="employees", Kann="offers")

    again = imported(office, world.a, as_workbook([ODD[0], ["Dritte AG", 3, "Prägen", ""]]))
    other = imported(signed_in(world.manager_b), world.b, as_workbook([ODD[0], ["X", 3, "", ""]]))

    assert columns_of(office, again)["A (Partnerhaus)"][1:] == ("name",)
    assert counts_on(office.get(f"/import/{again.pk}/"))["new"] == 1
    assert not other.content["rows"]
    assert list(ColumnMapping.objects.values_list("network", flat=True)) == [world.a.pk]


def test_column_taken_for_something_else_is_read_again(world: World, office: Client) -> None:
    rows = [["Firma", "Angebot"], ["Neuling AG", "Lichtleiter"]]
    run = imported(office, world.a, as_workbook(rows))

    choose(office, run, Firma="name", Angebot="requests")
    office.post(f"/import/{run.pk}/take-over/")

    made = Organisation.objects.get(name="Neuling AG")
    assert (made.offers.count(), made.requests.get().text_de) == (0, "Lichtleiter")


def test_left_out_and_unknown_columns_are_told(world: World, office: Client) -> None:
    rows = [["Firma", "Ort", "Lieblingsfarbe"], ["Neuling AG", "Jena", "rot"]]
    run = imported(office, world.a, as_workbook(rows))
    assert "3 columns, 1 of them not used" in text_of(office.get(f"/import/{run.pk}/"))

    choose(office, run, Firma="name", Ort="", Lieblingsfarbe="")

    notes = text_of(office.get(f"/import/{run.pk}/?show=notes"))
    assert "The column is left out, as chosen (1 value)." in notes
    run.refresh_from_db()
    assert run.content["rows"][0]["city"] == ""


def test_a_choice_without_a_name_is_refused_in_one_sentence(world: World, office: Client) -> None:
    run = imported(office, world.a, as_workbook([["Firma", "Ort"], ["Neuling AG", "Jena"]]))

    page = choose(office, run, Firma="offers", Ort="city")

    assert "holds no member list" in text_of(page)
    assert not ColumnMapping.objects.exists()
    run.refresh_from_db()
    assert len(run.content["rows"]) == 1


def test_decisions_stay_with_their_rows(world: World, office: Client) -> None:
    run = imported(
        office, world.a, as_csv(";Alpha Karosserie AG;;Chemnitz;;", ";Neuling AG;7;Suhl;;")
    )
    office.post(f"/import/{run.pk}/decide/", {"row": "0", "as-0": "skip"})

    choose(office, run, Firma="name", Ort="")

    assert counts_on(office.get(f"/import/{run.pk}/"))["out"] == 1


TERMS = [
    ["Firma", "Art", "Land", "Themen"],
    ["Eins AG", "Denkfabrik", "Absurdistan", "Lidr"],
    ["Zwei AG", "Denkfabrik", "Deutschlnd", "Lidr, Kochkunst"],
]


def test_terms_are_offered_once_with_the_nearest_in_both_languages(
    world: World, office: Client
) -> None:
    run = imported(office, world.a, as_workbook(TERMS))

    page = office.get(f"/import/{run.pk}/terms/").content.decode()

    rows = dict(re.findall(r'<th scope="row"[^>]*>([^<]+)</th>(.*?)</tr>', page, re.DOTALL))
    assert sorted(rows) == ["Absurdistan", "Denkfabrik", "Deutschlnd", "Lidr"]
    assert 'value="DE"' in rows["Deutschlnd"].split("optgroup")[1]
    assert ">lidar<" in rows["Lidr"].split("optgroup")[1]
    assert 'value="="' in rows["Lidr"]
    assert 'value="="' not in rows["Denkfabrik"]
    assert "4 unknown terms" not in page
    assert "unknown term" in text_of(office.get(f"/import/{run.pk}/"))


def test_term_chosen_once_holds_for_all_its_rows(world: World, office: Client) -> None:
    run = imported(office, world.a, as_workbook(TERMS))

    office.post(
        f"/import/{run.pk}/terms/",
        {
            "term-type-denkfabrik": "research",
            "term-country-absurdistan": "leave",
            "term-topics-lidr": "lidar",
            "term-type-unsinn": "research",
            "term-country-deutschlnd": "unsinn",
        },
    )
    office.post(f"/import/{run.pk}/decide/", {"all": "1"})
    office.post(f"/import/{run.pk}/take-over/")

    made = Organisation.objects.filter(name__in=["Eins AG", "Zwei AG"]).order_by("name")
    assert [(one.kind, one.country, one.profile.topics) for one in made] == [
        ("research", "", "lidar"),
        ("research", "DE", "lidar\nKochkunst"),
    ]


def test_pages_about_an_ended_import_lead_to_it(world: World, office: Client) -> None:
    run = imported(office, world.a, as_csv(";Neuling AG;7;Suhl;;"))
    office.post(f"/import/{run.pk}/take-over/")

    for page in ("columns", "terms"):
        answer = office.post(f"/import/{run.pk}/{page}/")
        assert (answer.status_code, answer["Location"]) == (302, f"/import/{run.pk}/")


@pytest.mark.parametrize("page", ["columns", "terms", "undo"])
def test_others_find_nothing(world: World, office: Client, signed_in: Any, page: str) -> None:
    run = imported(office, world.a, as_csv(";Neuling AG;7;Suhl;;"))

    others = (world.manager_b, world.person_a, world.stranger)
    codes = {
        getattr(signed_in(person), method)(f"/import/{run.pk}/{page}/").status_code
        for person in others
        for method in ("get", "post")
    }

    assert codes == {404}
