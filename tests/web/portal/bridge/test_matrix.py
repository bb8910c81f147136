from __future__ import annotations

import datetime as dt

import pytest

from tests.web.factories import TODAY
from verbund.language.vocabulary import vocabulary
from verbund.web.portal.bridge.hyphens import soft
from verbund.web.portal.bridge.matrix import (
    HOW,
    Cell,
    Pair,
    Statement,
    arrange,
    busiest,
    cells_of,
    count,
    step,
    tops,
)

pytestmark = pytest.mark.django_db


def statement(id_: int, organisation: int, *concepts: str, made_on: dt.date = TODAY) -> Statement:
    return Statement(id_, organisation, concepts, made_on)


def test_narrower_concepts_count_as_their_widest_one_and_unknown_ones_not_at_all() -> None:
    assert tops(["specialty-fibres", "lasers", "gone-by-now"], HOW) == {
        "fibre-optics",
        "lasers",
    }


def test_a_statement_counts_for_each_technology_and_application_it_names() -> None:
    both = statement(1, 1, "lasers", "joining", "vehicle-body", "electric-drive")

    assert cells_of(both, {1: {"rail"}}) == [
        ("joining", "electric-drive"),
        ("joining", "vehicle-body"),
        ("lasers", "electric-drive"),
        ("lasers", "vehicle-body"),
    ]


def test_where_no_application_is_named_those_of_the_organisation_stand_in() -> None:
    assert cells_of(statement(1, 1, "lasers"), {1: {"rail", "displays"}}) == [("lasers", "rail")]
    assert cells_of(statement(1, 1, "lasers"), {}) == []


def test_cells_hold_offers_of_one_side_requests_of_the_other_and_quoting_pairs() -> None:
    offer = statement(1, 10, "lasers", "vehicle-body")
    request = statement(7, 20, "lasers", "vehicle-body")
    alone = statement(8, 21, "displays", "vehicle-hmi")
    quoting = Pair(1, (10, 20), offers=(1,), requests=(7,))
    elsewhere = Pair(2, (10, 20), offers=(99,))

    cells = count([offer], [request, alone], [quoting, elsewhere], {})

    assert cells == {
        ("lasers", "vehicle-body"): Cell([offer], [request], [quoting]),
        ("displays", "vehicle-hmi"): Cell([], [alone], []),
    }
    assert [cell.is_gap for cell in cells.values()] == [False, True]


def test_a_pair_answers_a_request_even_if_its_offer_stands_in_another_cell() -> None:
    offer = statement(1, 10, "lasers", "rail")
    request = statement(7, 20, "lasers", "vehicle-body")
    pair = Pair(1, (10, 20), offers=(1,), requests=(7,))

    cells = count([offer], [request], [pair], {})

    assert cells["lasers", "vehicle-body"] == Cell([], [request], [pair])
    assert not cells["lasers", "vehicle-body"].is_gap


def test_busiest_concepts_are_those_of_the_own_side() -> None:
    cells = {
        ("lasers", "rail"): Cell([statement(1, 1), statement(2, 1)]),
        ("displays", "rail"): Cell([statement(3, 1)]),
        ("joining", "rail"): Cell([statement(4, 1)] * 5),
    }
    own = {"lasers": 0.5, "displays": 0.5, "joining": 0.25}
    other = {"joining": 0.75}

    # lasers 2, joining 5 * 0.25 / (0.25 + 0.75) = 1.25, displays 1
    found = busiest(cells, axis=0, own=own, other=other, most=2)

    assert [concept.id for concept in found] == ["lasers", "joining"]


def test_rows_without_a_cell_in_the_drawn_columns_are_left_out_unless_all_are_wanted() -> None:
    applications = [c.id for c in vocabulary().concepts.values() if c.kind == "application"]
    uses = [id_ for id_ in applications if not vocabulary().concepts[id_].broader][:11]
    cells = {("lasers", use): Cell([statement(1, 1)] * (40 - 2 * n)) for n, use in enumerate(uses)}
    cells["displays", uses[-1]] = Cell([statement(2, 1)])
    shares = {"lasers": 1.0, "displays": 1.0}

    part = arrange(cells, able=shares, using=dict.fromkeys(uses, 1.0), is_whole=False)
    whole = arrange(cells, able=shares, using=dict.fromkeys(uses, 1.0), is_whole=True)

    assert ([r.id for r in part.rows], len(part.columns)) == (["lasers"], 10)
    assert ([r.id for r in whole.rows], len(whole.columns)) == (["lasers", "displays"], 11)


def test_shades_begin_where_the_legend_says() -> None:
    amounts = (0, 1, 3, 4, 8, 9, 15, 16, 400)
    assert [step(n) for n in amounts] == ["", "q1", "q1", "q2", "q2", "q3", "q3", "q4", "q4"]


def test_a_cell_knows_who_takes_part_and_what_is_new() -> None:
    old = dt.date(2026, 1, 1)
    cell = Cell([statement(1, 10, made_on=old)], [], [Pair(1, (10, 20))])

    assert (cell.involves({20}), cell.involves({30})) == (True, False)
    assert (cell.has_news(old), cell.has_news(TODAY)) == (True, False)


def test_long_words_may_break_at_their_parts_and_short_ones_do_not() -> None:
    assert soft("Fahrzeugproduktion, Laser") == "Fahrzeug\u00adproduktion, Laser"
