"""SME status: answers worked out by hand from the rules, and what holds for every enterprise."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbund.errors import InvalidInput
from verbund.records.sme import Holder, Link, Status, YearFigures, sme_status
from verbund.records.sme_definitions import DEFINITIONS, definitions_on

ON = dt.date(2026, 11, 22)
EU, ZIM, IGF = "eu-2003-361", "zim-2025", "igf-2023"
_ORDER = {
    id_: [*(step.id for step in definition.steps), "large"]
    for id_, definition in DEFINITIONS.items()
}


def year(
    employees: float | None = None,
    turnover: float | None = None,
    balance: float | None = None,
    *,
    of: int = 2025,
) -> YearFigures:
    """Figures of a year in heads and million EUR."""
    return YearFigures(
        closing_day=dt.date(of, 12, 31),
        employees=employees,
        turnover_eur=None if turnover is None else turnover * 1e6,
        balance_eur=None if balance is None else balance * 1e6,
    )


def link(
    share: float,
    employees: float | None = None,
    turnover: float | None = None,
    balance: float | None = None,
    name: str = "Muster GmbH",
    **more: object,
) -> Link:
    return Link(
        name=name,
        share_percent=share,
        employees=employees,
        turnover_eur=None if turnover is None else turnover * 1e6,
        balance_eur=None if balance is None else balance * 1e6,
        **more,  # type: ignore[arg-type]  # fields of a link
    )


def eu(*years: YearFigures, links: tuple[Link, ...] = (), on: dt.date = ON) -> Status:
    return sme_status(years, links, EU, on)


@pytest.mark.parametrize(
    ("figures", "status", "is_sme"),
    [
        (year(9, 2, 2), "micro", True),
        (year(9, 2.1, 2), "micro", True),  # one of turnover and balance may be above
        (year(9, 2.1, 2.1), "small", True),
        (year(10, 1, 1), "small", True),  # fewer than 10
        (year(49, 10, 80), "small", True),
        (year(50, 10, 10), "medium", True),
        (year(249, 50, 90), "medium", True),
        (year(249, 90, 43), "medium", True),
        (year(249, 50.1, 43.1), "large", False),
        (year(250, 1, 1), "large", False),
    ],
)
def test_ceilings_of_the_recommendation(figures: YearFigures, status: str, is_sme: bool) -> None:
    found = eu(figures)

    assert (found.status, found.is_sme) == (status, is_sme)


def test_partners_count_with_their_share_and_linked_ones_in_full() -> None:
    ties = (
        link(30, 100, 20, 10, name="Partner GmbH"),
        link(60, 80, 4, 3, name="Mutter AG"),
        link(20, 5000, 900, 800, name="Streubesitz AG"),
        link(10, 7, 1, 1, name="Beherrscht GmbH", is_owner=False, is_dominant=True),
    )

    found = eu(year(45, 8, 5), links=ties)

    assert found.latest is not None
    assert found.latest.employees.value == 45 + 30 + 80 + 7
    assert found.latest.turnover.value == (8 + 6 + 4 + 1) * 1e6
    assert found.latest.balance.value == (5 + 3 + 3 + 1) * 1e6
    assert found.status == "medium"


def test_exactly_half_is_a_partner_and_a_quarter_too() -> None:
    assert eu(year(40, 1, 1), links=(link(50, 100, 1, 1),)).status == "medium"  # 90
    assert eu(year(40, 1, 1), links=(link(25, 40, 1, 1),)).status == "medium"  # 50
    assert eu(year(40, 1, 1), links=(link(24.9, 4000, 1, 1),)).status == "small"


def test_public_body_with_a_quarter_makes_no_sme() -> None:
    city = link(25, holder=Holder.PUBLIC_BODY, name="Stadt")

    assert eu(year(9, 1, 1), links=(city,)).is_sme is False
    assert eu(year(9, 1, 1), links=(link(24, holder=Holder.PUBLIC_BODY),)).is_sme is True
    assert sme_status([year(9, 1, 1)], [city], ZIM, ON).status == "under-500"


def test_named_investors_are_no_partners_up_to_one_half() -> None:
    def with_fund(share: float) -> str:
        fund = link(share, 400, 1, 1, holder=Holder.EXEMPT_INVESTOR)
        return eu(year(9, 1, 1), links=(fund,)).status

    assert (with_fund(50), with_fund(51)) == ("micro", "large")


def test_ties_of_other_days_do_not_count() -> None:
    sold = link(100, 900, 300, 300, valid_until=dt.date(2026, 11, 21))
    bought = link(100, 900, 300, 300, valid_from=dt.date(2026, 11, 23))

    assert eu(year(9, 1, 1), links=(sold, bought)).status == "micro"


@pytest.mark.parametrize(
    ("heads", "status"),
    [
        ((240, 260), "medium"),  # one year above is not enough
        ((240, 260, 270), "large"),
        ((260, 240), "large"),  # nor one below
        ((260, 240, 230), "medium"),
        ((240, 260, 240, 260), "medium"),  # never two in a row
        ((8, 60, 60), "medium"),  # two classes at once
        ((8, 40, 60), "small"),  # both above micro, only one above small
    ],
)
def test_status_changes_after_two_years_in_a_row(heads: tuple[int, ...], status: str) -> None:
    years = [year(n, 1, 1, of=2026 - len(heads) + i) for i, n in enumerate(heads)]

    assert eu(*years).status == status


def test_a_gap_between_years_begins_anew() -> None:
    assert eu(year(240, 1, 1, of=2021), year(260, 1, 1, of=2025)).status == "large"


def test_years_closed_later_are_not_known_yet() -> None:
    assert eu(year(9, 1, 1), year(900, 1, 1, of=2026)).status == "micro"


def test_zim_counts_heads_when_applying() -> None:
    def zim(*years: YearFigures) -> str:
        return sme_status(years, (), ZIM, ON).status

    assert zim(year(249, 50, 90)) == "medium"
    assert zim(year(499, 900, 900)) == "under-500"
    assert zim(year(500, 900, 900)) == "under-1000"
    assert zim(year(1000, 1, 1)) == "large"
    assert zim(year(600, 1, 1, of=2024), year(490, 1, 1)) == "under-500"


def test_igf_by_the_rule_of_the_day() -> None:
    on = dt.date(2022, 12, 31)
    rich = [year(900, 125, 300, of=2021)]

    assert sme_status(rich, (), "igf-125m", on).is_sme is True
    assert sme_status(rich, [link(30, 1, 10)], "igf-125m", on).is_sme is True  # no linked one
    assert sme_status(rich, [link(51, 1, 0.1)], "igf-125m", on).is_sme is False
    assert sme_status(rich, (), IGF, dt.date(2023, 1, 1)).is_sme is False


def test_definitions_of_a_day() -> None:
    assert [d.id for d in definitions_on(ON)] == [EU, ZIM, IGF]
    assert [d.id for d in definitions_on(dt.date(2022, 6, 1))] == [EU, "zim-2020", "igf-125m"]
    with pytest.raises(InvalidInput, match="does not hold on 22 November 2026"):
        sme_status([], [], "igf-125m", ON)
    with pytest.raises(InvalidInput, match="no SME definition “kmu”"):
        sme_status([], [], "kmu", ON)


def test_what_is_missing_is_named_where_the_answer_hangs_on_it() -> None:
    nothing = eu()
    half = eu(year(45, 60), links=(link(30, 10, name="Holding AG"),))

    assert (nothing.status, nothing.is_sme) == ("unknown", None)
    assert nothing.reasons[0].say("de") == "Unbekannt, weil keine Kennzahlen angegeben sind."
    assert (half.status, half.is_sme) == ("unknown", None)
    assert half.reasons[-1].say("de") == (
        "Unbekannt, weil etwas fehlt: Umsatz von Holding AG, Bilanzsumme und"
        " Bilanzsumme von Holding AG."
    )


def test_what_is_missing_does_not_matter_where_the_rest_decides() -> None:
    assert eu(year(250)).status == "large"
    assert eu(year(45, 8)).status == "small"  # the balance may be what it likes
    assert eu(year(9, 60, 5)).status == "small"
    medium_at_least = eu(year(100, 8), links=(link(60, None, 1, name="Holding AG"),))
    assert (medium_at_least.status, medium_at_least.is_sme) == ("unknown", None)


def test_an_sme_of_unknown_class() -> None:
    found = eu(year(45, 11))

    assert (found.status, found.is_sme) == ("unknown", True)
    assert found.say("de") == "KMU nach EU-Empfehlung 2003/361: ja (Größenklasse unbekannt)"


def test_reasons_in_words() -> None:
    found = eu(
        year(240, 45, 30, of=2024), year(245, 45, 30), links=(link(30, 50, 10, name="Holding AG"),)
    )

    assert found.say("de") == "KMU nach EU-Empfehlung 2003/361: nein (kein KMU)"
    assert [reason.say("en") for reason in found.reasons] == [
        "What counts, as of 31 December 2025: employees 260, turnover 48 m EUR,"
        " balance-sheet total at least 30 m EUR.",
        "Holding AG owns 30 %: partner enterprise, counted with this share.",
        "Beyond the limits: under 250 employees and turnover up to 50 m EUR or"
        " balance-sheet total up to 43 m EUR.",
    ]


@pytest.mark.parametrize("value", [-1, float("nan")])
def test_nonsense_cannot_be_built(value: float) -> None:
    with pytest.raises(InvalidInput):
        YearFigures(closing_day=ON, employees=value)
    with pytest.raises(InvalidInput):
        link(10, turnover=value)
    with pytest.raises(InvalidInput):
        link(101)


# ---------------------------------------------------------------- what always holds

_heads = st.integers(0, 1_200)
_money = st.one_of(st.none(), st.integers(0, 150_000_000))
_definition = st.sampled_from([EU, ZIM, IGF])


@st.composite
def _years(draw: st.DrawFn) -> list[YearFigures]:
    count = draw(st.integers(1, 5))
    return [
        YearFigures(
            closing_day=dt.date(2026 - count + i, 12, 31),
            employees=draw(_heads),
            turnover_eur=draw(_money),
            balance_eur=draw(_money),
        )
        for i in range(count)
    ]


_links = st.lists(
    st.builds(
        Link,
        name=st.sampled_from("ABCDEFG"),
        share_percent=st.integers(0, 100),
        is_owner=st.booleans(),
        is_dominant=st.booleans(),
        holder=st.sampled_from(Holder),
        employees=st.one_of(st.none(), _heads),
        turnover_eur=_money,
        balance_eur=_money,
    ),
    max_size=4,
)


@given(_years(), _links, _definition, st.randoms(use_true_random=False))
def test_order_does_not_matter(
    years: list[YearFigures], links: list[Link], definition: str, mixer: random.Random
) -> None:
    first = sme_status(years, links, definition, ON)
    mixer.shuffle(years)
    mixer.shuffle(links)
    again = sme_status(years, links, definition, ON)

    assert (again.status, again.is_sme, again.latest) == (first.status, first.is_sme, first.latest)


@given(_years(), _links, _definition, st.lists(st.integers(0, 500), min_size=5, max_size=5))
def test_more_employees_never_make_smaller(
    years: list[YearFigures], links: list[Link], definition: str, more: list[int]
) -> None:
    grown = [
        replace(one, employees=(one.employees or 0) + extra)
        for one, extra in zip(years, more, strict=False)
    ]
    before = sme_status(years, links, definition, ON)
    after = sme_status(grown, links, definition, ON)
    order = _ORDER[definition]

    if "unknown" not in (before.status, after.status):
        assert order.index(after.status) >= order.index(before.status)
    assert not (before.is_sme is False and after.is_sme is True)


@given(_years(), _links, _definition)
def test_status_and_answer_agree(
    years: list[YearFigures], links: list[Link], definition: str
) -> None:
    found = sme_status(years, links, definition, ON)
    small = {step.id for step in DEFINITIONS[definition].steps if step.is_sme}

    if found.status != "unknown":
        assert found.is_sme is (found.status in small)
    assert all(reason.say("de") and reason.say("en") for reason in found.reasons)


@given(_years(), _definition)
def test_two_equal_years_settle_the_status(years: list[YearFigures], definition: str) -> None:
    last = years[-1]
    twin = replace(last, closing_day=last.closing_day + dt.timedelta(days=300))

    assert (
        sme_status([*years, twin], (), definition, ON + dt.timedelta(days=30)).status
        == sme_status([last, twin], (), definition, ON + dt.timedelta(days=30)).status
    )
