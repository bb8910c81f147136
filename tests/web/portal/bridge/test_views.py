from __future__ import annotations

import datetime as dt
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils.translation import activate

from tests.web import factories
from tests.web.conftest import World
from tests.web.factories import TODAY
from tests.web.portal.bridge.conftest import SCREENS, WELDING, Counted
from verbund.web.agreements.models import Field
from verbund.web.networks.models import DataClass, Network, Organisation, Visibility
from verbund.web.networks.rules import STRANGER
from verbund.web.partnering.models import Suggestion
from verbund.web.portal.bridge.page import BridgePage
from verbund.web.portal.bridge.plugs import find_concepts

CELL = "/bridge/lasers/vehicle-body/"


def shown(page: BridgePage) -> dict[tuple[str, str], tuple[int, int, int]]:
    """Return offers, requests and pairs by cell."""
    counts = {key: cell.counts for key, cell in page.cells.items()}
    return {key: (c.offers, c.requests, c.pairs) for key, c in counts.items()}


def bridge(browser: Any, address: str = "/bridge/") -> BridgePage:
    page: BridgePage = browser.get(address).context["bridge"]
    return page


def test_an_office_sees_its_bridge_turned_to_where_technologies_are(
    world: World, counted: Counted, signed_in: Any
) -> None:
    page = bridge(signed_in(world.manager_a))

    assert (page.choice.able, page.choice.using) == (world.b, world.a)
    assert shown(page) == {WELDING: (1, 1, 1), SCREENS: (0, 1, 0)}
    assert [drawn.title for drawn in page.gaps] == ["Displays for vehicle human-machine interface"]


def test_turned_by_hand_it_stays_turned_even_if_little_is_there(
    world: World, counted: Counted, signed_in: Any
) -> None:
    page = bridge(signed_in(world.manager_a), "/bridge/?from=a&for=b")

    assert (page.choice.able, shown(page)) == (world.a, {})


def test_what_is_kept_to_a_network_counts_only_there(
    world: World, counted: Counted, signed_in: Any
) -> None:
    at_home = bridge(signed_in(world.manager_b), "/bridge/?from=b&for=a")
    abroad = bridge(signed_in(world.manager_a), "/bridge/?from=b&for=a")
    outside = bridge(signed_in(world.manager_c), "/bridge/?from=b&for=a")
    stranger = bridge(signed_in(None), "/bridge/?from=b&for=a")

    assert shown(at_home) == {WELDING: (2, 1, 1), SCREENS: (0, 1, 0)}
    assert shown(abroad) == {WELDING: (1, 1, 1), SCREENS: (0, 1, 0)}
    assert (shown(outside), shown(stranger)) == ({}, {})


def test_a_stranger_counts_public_entries_of_public_organisations_and_no_pairs(
    world: World, counted: Counted, signed_in: Any
) -> None:
    for entry in (counted.welds, counted.wants_welding):
        entry.visibility = Visibility.PUBLIC
        entry.save()
    Organisation.objects.filter(pk=world.member_b.pk).update(visibility=Visibility.PUBLIC)

    browser = signed_in(None)
    page = bridge(browser)

    assert {page.choice.able, page.choice.using} == {world.a, world.b}
    assert shown(page) == {WELDING: (1, 0, 0)}
    text = browser.get(CELL).content.decode()
    assert "Beta Optik GmbH" in text
    for hidden in ("Alpha Karosserie", "Wer schweißt", "Geheimer Laser", "Plan a workshop"):
        assert hidden not in text


def test_what_is_hidden_does_not_stand_in_for_what_is_public(world: World, signed_in: Any) -> None:
    """An application named in a hidden request must not give a public offer its cell."""
    Organisation.objects.filter(pk=world.member_b.pk).update(visibility=Visibility.PUBLIC)
    factories.offer(world.member_b, concepts="|lasers|", visibility=Visibility.PUBLIC)
    factories.request(world.member_b, concepts="|rail|", visibility=Visibility.PARTNERS)

    assert shown(bridge(signed_in(None), "/bridge/?from=b&for=a")) == {}
    partner = shown(bridge(signed_in(world.manager_a), "/bridge/?from=b&for=a"))
    assert partner == {("lasers", "rail"): (1, 0, 0)}


def test_the_day_after_the_agreement_ends_the_partner_counts_nothing(
    world: World, counted: Counted, signed_in: Any
) -> None:
    browser = signed_in(world.manager_a)
    assert shown(bridge(browser, "/bridge/?from=b&for=a"))[WELDING] == (1, 1, 1)

    world.agreement.valid_until = TODAY - dt.timedelta(days=1)
    world.agreement.save()

    assert shown(bridge(browser, "/bridge/?from=b&for=a")) == {
        WELDING: (0, 1, 0),
        SCREENS: (0, 1, 0),
    }
    assert bridge(browser).choice.is_inside


def test_an_objection_or_the_end_of_an_entry_takes_it_out_of_the_numbers(
    world: World, counted: Counted, signed_in: Any
) -> None:
    counted.wants_screens.ends_on = TODAY - dt.timedelta(days=1)
    counted.wants_screens.save()
    factories.consent(world.member_b, DataClass.PROFILE, world.a, allows=False)

    page = bridge(signed_in(world.manager_a), "/bridge/?from=b&for=a")

    assert shown(page) == {WELDING: (0, 1, 0)}


@pytest.mark.parametrize("change", [{"state": Suggestion.State.REJECTED}, {"is_current": False}])
def test_rejected_and_outdated_pairs_are_no_introductions(
    world: World, counted: Counted, signed_in: Any, change: dict[str, Any]
) -> None:
    Suggestion.objects.filter(pk=counted.pair.pk).update(**change)

    assert shown(bridge(signed_in(world.manager_a)))[WELDING] == (1, 1, 0)


def test_a_pair_goes_with_the_entry_it_quotes(
    world: World, counted: Counted, signed_in: Any
) -> None:
    counted.welds.visibility = Visibility.OWN
    counted.welds.save()

    browser = signed_in(world.manager_a)

    assert shown(bridge(browser))[WELDING] == (0, 1, 0)
    assert (
        "Beta Optik"
        not in browser.get(CELL)
        .content.decode()
        .split('id="cell"')[1]
        .split("</aside>")[0]
        .split("Who could offer it")[0]
    )


def test_an_organisation_shared_with_a_foreign_network_is_not_counted_as_its_member(
    world: World, counted: Counted, signed_in: Any
) -> None:
    """Of a member of A and C, network B learns nothing about C."""
    double = factories.organisation(world.a, world.c, name="Doppel GmbH")
    factories.request(double, "Wer schweißt Rahmen?", concepts="|lasers|vehicle-body|")

    browser = signed_in(world.manager_b)

    assert shown(bridge(browser, "/bridge/?from=b&for=a"))[WELDING] == (2, 2, 1)
    assert shown(bridge(browser, "/bridge/?from=b&for=c")) == {WELDING: (2, 0, 0)}


def test_the_lists_behind_every_cell_are_as_long_as_its_numbers(
    world: World, counted: Counted, signed_in: Any
) -> None:
    browser = signed_in(world.manager_b)
    page = bridge(browser)

    for key, numbers in shown(page).items():
        panel = browser.get(page.choice.cell_url(key)).context["panel"]["behind"]
        assert (len(panel.offers), len(panel.requests), len(panel.pairs)) == numbers
    panel = browser.get(CELL).context["panel"]["behind"]
    assert (panel.offers, panel.requests, panel.pairs) == (
        [counted.welds, counted.secret],
        [counted.wants_welding],
        [counted.pair],
    )


def test_a_gap_names_who_could_offer_it_and_why(
    world: World, counted: Counted, signed_in: Any
) -> None:
    response = signed_in(world.manager_a).get("/bridge/displays/vehicle-hmi/")

    assert response.context["panel"]["nearby"] == [(world.member_b, ["Displays"])]
    assert "One request, and nobody offers it." in response.content.decode()


def test_the_fragment_is_the_panel_and_the_matrix_of_the_full_page(
    world: World, counted: Counted, signed_in: Any
) -> None:
    browser = signed_in(world.manager_a)
    full = browser.get(CELL).content.decode()
    part = browser.get(CELL, headers={"HX-Request": "true"}).content.decode()
    again = browser.get(
        CELL, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}
    ).content.decode()

    for piece in ("<aside.*?</aside>", "<table class=.matrix.*?</table>"):
        (one,), (other,) = (re.findall(piece, text, re.DOTALL) for text in (full, part))
        assert other.replace(" autofocus", "").replace(' hx-swap-oob="true"', "") == one
    assert "<html" not in part
    assert "<html" in again


def test_an_office_plans_a_workshop_under_the_clause_of_both(
    world: World, counted: Counted, signed_in: Any
) -> None:
    url = signed_in(world.manager_a).get(CELL).context["panel"]["workshop_url"]

    assert urlsplit(url).path == "/activities/new/"
    assert parse_qs(urlsplit(url).query) == {
        "clause": [str(world.agreement.clauses.get(field=Field.PROJECTS).pk)],
        "kind": ["workshop"],
        "origin": ["/bridge/lasers/vehicle-body/?from=b&for=a"],
        "title_de": ["Werkstatt: Laser für Karosserie"],
        "title_en": ["Workshop: Lasers for vehicle body"],
    }


def test_members_see_the_same_without_planning(
    world: World, counted: Counted, signed_in: Any
) -> None:
    panel = signed_in(world.person_a).get(CELL).context["panel"]

    assert panel["behind"].pairs == [counted.pair]
    assert (panel["workshop_url"], panel["suggestions_url"]) == ("", "")


@pytest.mark.parametrize(
    "address",
    [
        "/bridge/nonsense/vehicle-body/",
        "/bridge/lasers/nonsense/",
        "/bridge/vehicle-body/lasers/",
        "/bridge/specialty-fibres/vehicle-body/",
    ],
)
def test_what_is_no_cell_is_not_found(world: World, signed_in: Any, address: str) -> None:
    assert signed_in(world.manager_a).get(address).status_code == 404


def test_nonsense_in_the_address_is_passed_over(
    world: World, counted: Counted, signed_in: Any
) -> None:
    browser = signed_in(world.manager_a)
    nonsense = "from=x&for=&show=x&all=x&sort=x&page=x&concept=x&export=x"

    assert shown(bridge(browser, f"/bridge/?{nonsense}")) == shown(bridge(browser))


def test_filters_choose_cells_and_leave_their_numbers(
    world: World, counted: Counted, signed_in: Any
) -> None:
    institute = factories.organisation(world.b, kind=Organisation.Kind.RESEARCH)
    factories.offer(
        institute, "Alte Anzeigen", concepts="|displays|rail|", made_on=dt.date(2020, 1, 1)
    )
    browser = signed_in(world.manager_a)
    everything = {WELDING: (1, 1, 1), SCREENS: (0, 1, 0), ("displays", "rail"): (1, 0, 0)}

    def kept(query: str) -> list[tuple[str, str]]:
        found = shown(bridge(browser, f"/bridge/?from=b&for=a&{query}"))
        assert found.items() <= everything.items()
        return sorted(found)

    assert kept("") == sorted(everything)
    assert kept("show=gaps") == [SCREENS]
    assert kept("show=research") == [("displays", "rail")]
    assert kept("show=new") == sorted([WELDING, SCREENS])
    assert kept("concept=rail") == [("displays", "rail")]
    counts = [one.count for one in bridge(browser).filters()]
    assert counts == [3, 1, 1, 2]


def test_the_table_lists_gaps_first_and_sorts_as_asked(
    world: World, counted: Counted, signed_in: Any
) -> None:
    browser = signed_in(world.manager_a)

    def order(query: str) -> list[str]:
        return [drawn.technology for drawn in bridge(browser, f"/bridge/?{query}").listed]

    assert order("") == ["Displays", "Lasers"]
    assert order("sort=-introductions") == ["Lasers", "Displays"]
    assert order("sort=-technology") == ["Lasers", "Displays"]


def test_the_export_holds_what_the_table_holds(
    world: World, counted: Counted, signed_in: Any
) -> None:
    answer = signed_in(world.manager_a).get("/bridge/?export=csv")

    assert answer.content.decode("utf-8-sig").splitlines() == [
        "Technology;Application;Offers;Requests;Introductions;Note;Technologies of;Applications of",
        "Displays;Vehicle human-machine interface;0;1;0;nobody offers it;Netz B;Netz A",
        "Lasers;Vehicle body;1;1;1;;Netz B;Netz A",
    ]


def test_inside_one_network_its_members_meet_each_other(
    world: World, counted: Counted, signed_in: Any
) -> None:
    other = factories.organisation(world.b)
    factories.request(other, "Wer schweißt?", concepts="|lasers|vehicle-body|")

    page = bridge(signed_in(world.manager_b), "/bridge/?from=b&for=b")

    assert shown(page) == {WELDING: (2, 1, 0)}


def test_without_any_network_the_page_says_so(db: None, signed_in: Any) -> None:
    assert not Network.objects.exists()
    answer = signed_in(None).get("/bridge/")
    assert "There is no network yet." in answer.content.decode()


def test_three_times_as_many_rows_take_the_same_queries(
    world: World, counted: Counted, signed_in: Any, count_queries: Any
) -> None:
    browser = signed_in(world.manager_a)
    few = count_queries(lambda: browser.get(CELL))
    for number in range(2):
        maker = factories.organisation(world.b, name=f"Laser {number}")
        factories.offer(maker, "Laser", concepts="|lasers|vehicle-body|")
        factories.request(world.member_a, "Laser", concepts="|lasers|vehicle-body|")
    many = count_queries(lambda: browser.get(CELL))

    assert shown(bridge(browser))[WELDING] == (3, 3, 1)
    assert many == few


@pytest.mark.django_db
def test_search_finds_concepts_by_synonyms_of_both_languages() -> None:
    activate("de")
    number, hits = find_concepts(STRANGER, "Wärmebildoptik", TODAY, 5)

    assert (number, [(hit.title, hit.url) for hit in hits]) == (
        1,
        [("Infrarotoptik", "/bridge/?concept=optical-components")],
    )
    assert find_concepts(STRANGER, "chalcogenide glass", TODAY, 5)[1] == hits
    assert find_concepts(STRANGER, "  ", TODAY, 5) == (0, [])
