from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.web.conftest import World
from tests.web.factories import TODAY
from tests.web.indicators.factories import indicator, observation
from verbund.web.indicators.models import Indicator, Observation
from verbund.web.indicators.plugs import find_figures
from verbund.web.networks.rules import STRANGER

VALUE = {
    "year": "2024",
    "value": "72.5",
    "edition": "Report 2025",
    "population_en": "the sector",
    "source": "https://example.org/report",
}


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verbund.web.indicators.forms.today", lambda: TODAY)


def page(browser: Any, address: str) -> str:
    return str(browser.get(address).content.decode())


def test_everyone_sees_figures_with_all_that_makes_them_comparable(
    world: World, signed_in: Any
) -> None:
    quota = indicator(world.b, name_en="Export quota", unit="percent")
    observation(quota, 2019, 67)
    observation(quota, 2024, "72.5", qualifier="about")

    for person in (None, world.stranger, world.person_a, world.manager_b):
        text = page(signed_in(person), "/figures/")
        for part in ("Export quota", "about 72.5 %", "2024", "Report 2024", "the sector"):
            assert part in text
        assert 'href="https://example.org/report"' in text
        assert "67 %" not in text


def test_a_figure_shows_its_values_as_picture_and_as_table(world: World, signed_in: Any) -> None:
    quota = indicator(world.b, unit="percent")
    observation(quota, 2006, 59)
    observation(quota, 2024, 72, qualifier="nearly")

    answer = signed_in(None).get(quota.get_absolute_url())

    text = answer.content.decode()
    assert 'role="img"' in text
    assert "The sector: from 59 % in 2006 to nearly 72 % in 2024." in text
    assert [shown.value for shown in answer.context["portrait"].rows] == ["nearly 72 %", "59 %"]
    assert answer.context["portrait"].hints == []
    assert ("Publish a value" in text, "Correct" in text) == (False, False)


def test_values_of_one_year_stand_side_by_side_and_are_not_joined(
    world: World, signed_in: Any
) -> None:
    people = indicator(world.a)
    for source, value in (("VDA", 75_000), ("Press", 80_000)):
        observation(people, 2022, value, source=source, edition=source)
    observation(
        people, 2023, 186_000, population_en="with all suppliers", population_de="mit allen"
    )

    portrait = signed_in(None).get(people.get_absolute_url()).context["portrait"]

    assert [(line.name, len(line.marks)) for line in portrait.chart.lines] == [
        ("the sector", 1),
        ("the sector (Press)", 1),
        ("with all suppliers", 1),
    ]
    assert [hint.split(":")[0] for hint in portrait.hints] == [
        "The values speak of different populations",
        "2022 has several values",
    ]


def test_small_charts_show_the_line_of_the_newest_value(world: World, signed_in: Any) -> None:
    people = indicator(world.a)
    observation(people, 2006, 160, population_en="new firms", population_de="neue")
    observation(people, 2016, 187)
    observation(people, 2024, 195)
    indicator(world.b)

    portraits = signed_in(None).get("/figures/?network=a").context["portraits"]

    ((line,),) = [portrait.chart.lines for portrait in portraits]
    assert (line.name, len(line.marks)) == ("the sector", 2)


def test_a_figure_without_values_and_a_page_without_figures_say_so(
    world: World, signed_in: Any
) -> None:
    browser = signed_in(None)
    assert "No figures are published yet." in page(browser, "/figures/?network=x&page=x&export=x")
    empty = indicator(world.a)
    assert "no value yet" in page(browser, "/figures/")
    assert "No value is published yet." in page(browser, empty.get_absolute_url())
    assert browser.get("/figures/none-such/").status_code == 404


@pytest.mark.parametrize("missing", ["year", "value", "population_en", "source"])
def test_a_value_without_what_makes_it_comparable_is_refused(
    world: World, signed_in: Any, missing: str
) -> None:
    figure = indicator(world.a)
    address = reverse("observation_new", args=[figure.slug])

    answer = signed_in(world.manager_a).post(address, VALUE | {missing: ""})

    assert list(answer.context["form"].errors) == [missing]
    assert not Observation.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed"),
    [("year", "2027"), ("year", "1799"), ("value", "19.6oo"), ("value", "1" * 15)],
)
def test_impossible_years_and_numbers_are_refused(
    world: World, signed_in: Any, field: str, typed: str
) -> None:
    figure = indicator(world.a)
    address = reverse("observation_new", args=[figure.slug])

    answer = signed_in(world.manager_a).post(address, VALUE | {field: typed})

    assert list(answer.context["form"].errors) == [field]
    assert not Observation.objects.exists()


def test_the_office_publishes_a_value_and_may_take_it_back_at_once(
    world: World, signed_in: Any
) -> None:
    figure, browser = indicator(world.a, unit="percent"), signed_in(world.manager_a)
    address = reverse("observation_new", args=[figure.slug])

    text = str(browser.post(address, VALUE, follow=True).content.decode())

    made = figure.observations.get()
    undo = reverse("observation_remove", args=[figure.slug, made.pk])
    assert "The value of 2024 is published." in text
    assert f'action="{undo}"' in text
    assert "72.5 %" in text
    for _ in range(2):
        assert browser.post(undo).status_code == 302
    assert "Value of 2024 taken back" in page(browser, figure.get_absolute_url())


def test_a_correction_shows_old_and_new_to_all_and_who_did_it_to_the_office(
    world: World, signed_in: Any
) -> None:
    figure = indicator(world.a)
    one = observation(figure, 2019, 66)
    browser = signed_in(world.manager_a)
    address = reverse("observation_edit", args=[figure.slug, one.pk])
    kept = {"population_de": one.population_de, "edition": one.edition, "source": one.source}

    assert 'value="66"' in page(browser, address)
    browser.post(address, VALUE | kept | {"year": "2019", "value": "67"})

    for person, sees_name in ((world.manager_a, True), (None, False), (world.manager_b, False)):
        answer = signed_in(person).get(figure.get_absolute_url())
        (change,) = answer.context["changes"]
        assert (change.year, change.field, change.old, change.new) == (2019, "Value", "66", "67")
        own_part = answer.content.decode().split('id="trace"')[1].split("</section>")[0]
        assert ("Managerin A" in own_part) == sees_name


def test_what_is_told_in_the_other_language_need_not_be_told_again(
    world: World, signed_in: Any
) -> None:
    one = observation(indicator(world.a), 2019, 66, population_en="")
    address = reverse("observation_edit", args=[one.indicator.slug, one.pk])

    form = signed_in(world.manager_a).get(address).context["form"]

    required = [name for name, field in form.fields.items() if field.required]
    assert required == ["year", "value", "population_de", "source"]


def test_a_value_that_stands_already_is_said_in_the_form(world: World, signed_in: Any) -> None:
    figure = indicator(world.a)
    address = reverse("observation_new", args=[figure.slug])
    browser = signed_in(world.manager_a)
    browser.post(address, VALUE)

    answer = browser.post(address, VALUE | {"value": "60"})

    assert "stands already" in answer.content.decode()
    assert [str(one.value) for one in figure.observations.all()] == ["72.50"]


def test_the_office_makes_a_figure_of_its_own_network_only(world: World, signed_in: Any) -> None:
    browser = signed_in(world.manager_a)
    new = {"name_en": "Members", "unit": "count", "definition_en": "Firms that pay a fee."}

    answer = browser.post("/figures/new/", new | {"network": world.b.pk})
    assert list(answer.context["form"].errors) == ["network"]
    answer = browser.post("/figures/new/", new | {"network": world.a.pk, "definition_en": ""})
    assert list(answer.context["form"].errors) == ["definition_en"]
    answer = browser.post("/figures/new/", new | {"network": world.a.pk})

    made = Indicator.objects.get()
    assert (made.network, made.slug, answer.url) == (
        world.a,
        "members",
        "/figures/members/values/new/",
    )


def test_a_changed_description_is_traced(world: World, signed_in: Any) -> None:
    figure, browser = indicator(world.a), signed_in(world.manager_a)
    address = reverse("indicator_edit", args=[figure.slug])
    new = {"name_en": "Members", "unit": "count", "definition_en": "Firms that pay a fee."}

    browser.post(address, new)

    text = page(signed_in(None), figure.get_absolute_url())
    for part in ("Firms that pay a fee.", "What is counted.", "Definition (English)"):
        assert part in text


def test_nobody_else_gets_to_the_forms(world: World, signed_in: Any) -> None:
    figure = indicator(world.a)
    one = observation(figure)
    addresses = [
        reverse("indicator_edit", args=[figure.slug]),
        reverse("observation_new", args=[figure.slug]),
        reverse("observation_edit", args=[figure.slug, one.pk]),
        reverse("observation_remove", args=[figure.slug, one.pk]),
    ]

    for person, status in ((world.manager_b, 403), (world.person_a, 403), (None, 302)):
        browser = signed_in(person)
        assert [browser.post(address, VALUE).status_code for address in addresses] == [status] * 4
    assert signed_in(world.person_a).get("/figures/new/").status_code == 403
    assert signed_in(world.manager_a).get(addresses[3]).status_code == 405
    other = observation(indicator(world.a))
    wrong = reverse("observation_edit", args=[figure.slug, other.pk])
    assert signed_in(world.manager_a).get(wrong).status_code == 404
    assert Observation.objects.count() == 2


def test_the_export_keeps_numbers_qualifiers_and_sources(world: World, signed_in: Any) -> None:
    quota = indicator(world.b, name_en="Export quota", unit="percent")
    observation(quota, 2012, 70, qualifier="nearly", edition="", note_en="Year approximate.")

    for address in ("/figures/?export=csv", f"{quota.get_absolute_url()}?export=csv"):
        rows = signed_in(None).get(address).content.decode("utf-8-sig").splitlines()
        assert rows == [
            "Figure;Year;Value;Qualifier;Unit;Edition;Population;Source;Note;Definition",
            "Export quota;2012;70.0;nearly;percent;;the sector;https://example.org/report;"
            "Year approximate.;What is counted.",
        ]


def test_more_figures_and_values_take_the_same_queries(
    world: World, signed_in: Any, count_queries: Any
) -> None:
    browser = signed_in(world.manager_a)
    figure = indicator(world.a)
    observation(figure)
    addresses = ("/figures/", figure.get_absolute_url())
    few = [count_queries(lambda url=url: browser.get(url)) for url in addresses]
    for year in (2006, 2016):
        observation(figure, year)
        observation(indicator(world.b), year)

    assert [count_queries(lambda url=url: browser.get(url)) for url in addresses] == few


def test_search_finds_figures_in_either_language_with_value_and_year(
    world: World, signed_in: Any
) -> None:
    signed_in(None).get("/figures/")  # in English
    quota = indicator(world.b, name_de="Exportquote", name_en="Export quota", unit="percent")
    observation(quota, 2019, 67)
    observation(quota, 2024, 72)

    number, (hit,) = find_figures(STRANGER, "EXPORTQUOTE", TODAY, 5)

    assert (number, hit.title, hit.about, hit.network_slugs) == (
        1,
        "Export quota",
        "72 % (2024)",
        ("b",),
    )
    assert find_figures(STRANGER, "import", TODAY, 5) == (0, [])
