"""Figures of years, ties to other enterprises and the status as an SME: who sees and changes it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from tests.web import factories
from tests.web.conftest import World
from verbund.web.core.models import AuditEntry
from verbund.web.directory.models import EnterpriseLink, Figures, PastFigures
from verbund.web.networks.models import DataClass, Organisation

LAST_YEAR, YEAR_BEFORE = dt.date(2025, 12, 31), dt.date(2024, 12, 31)


def page(organisation: Organisation, *parts: str) -> str:
    return "/".join((f"/members/{organisation.pk}/figures", *parts, ""))


def figures(organisation: Organisation, **fields: Any) -> Figures:
    given = {"employees": 45, "turnover_eur": 8_000_000, "as_of": LAST_YEAR}
    return factories.figures(organisation, **given | fields)


def years(organisation: Organisation) -> list[tuple[dt.date | None, int | None]]:
    kept = Figures.objects.get(organisation=organisation)
    past = PastFigures.objects.filter(organisation=organisation)
    return [(kept.as_of, kept.employees), *((one.as_of, one.employees) for one in past)]


def test_status_with_reasons_and_source(world: World, signed_in: Any) -> None:
    figures(world.member_a)
    EnterpriseLink.objects.create(
        organisation=world.member_a, name="Holding AG", direction="owner", share_percent=30,
        employees=100, turnover_eur=20_000_000,
    )  # fmt: skip

    shown = signed_in(world.person_a).get(page(world.member_a)).content.decode()

    assert "SME by EU recommendation 2003/361: yes (medium-sized enterprise)" in shown
    assert "employees 75, turnover 14 m EUR, balance-sheet total unknown." in shown
    assert "Holding AG owns 30 %: partner enterprise, counted with this share." in shown
    assert 'href="https://eur-lex.europa.eu/eli/reco/2003/361/oj"' in shown
    assert "SME by ZIM: yes" in shown
    assert "SME by IGF: yes" in shown


def test_who_may_see_figures(world: World, signed_in: Any) -> None:
    figures(world.member_a, employees=4711)

    def answers() -> dict[str, int]:
        people = {
            "office": world.manager_a,
            "member": world.person_a,
            "partner": world.person_b,
            "partner's office": world.manager_b,
            "third": world.manager_c,
            "stranger": world.stranger,
        }
        return {
            who: signed_in(person).get(page(world.member_a)).status_code
            for who, person in people.items()
        }

    hidden = {"office": 200, "member": 200, "partner": 404, "partner's office": 404}
    hidden |= {"third": 404, "stranger": 404}
    assert answers() == hidden
    assert signed_in(None).get(page(world.member_a)).status_code == 302
    factories.consent(world.member_a, DataClass.FIGURES, world.b)
    assert answers() == hidden | {"partner": 200, "partner's office": 200}
    shown = signed_in(world.person_b).get(page(world.member_a)).content.decode()
    assert "4,711" in shown
    assert "Save" not in shown
    assert "/edit/" not in shown


@pytest.mark.parametrize(
    "path", ["edit/", "links/new/", "links/{link}/", "links/{link}/delete/", "years/{year}/delete/"]
)
def test_partners_who_see_change_nothing(world: World, signed_in: Any, path: str) -> None:
    figures(world.member_a)
    factories.consent(world.member_a, DataClass.FIGURES, world.b)
    link = EnterpriseLink.objects.create(
        organisation=world.member_a, name="Holding AG", direction="owner", share_percent=30
    )
    year = PastFigures.objects.create(organisation=world.member_a, as_of=YEAR_BEFORE)
    address = page(world.member_a) + path.format(link=link.pk, year=year.pk)
    sent = {"employees": "1", "name": "X", "direction": "owner", "share_percent": "1"}

    answers = {
        "partner": signed_in(world.person_b).post(address, sent).status_code,
        "third": signed_in(world.manager_c).post(address, sent).status_code,
    }

    assert answers == {"partner": 403, "third": 404}
    assert years(world.member_a) == [(LAST_YEAR, 45), (YEAR_BEFORE, None)]
    assert EnterpriseLink.objects.get().name == "Holding AG"
    assert not AuditEntry.objects.exists()


def test_numbers_are_shown_and_read_as_people_write_them(world: World, signed_in: Any) -> None:
    figures(world.member_a, turnover_eur=Decimal("312000000.00"))
    browser = signed_in(world.person_a)

    form = browser.get(page(world.member_a, "edit")).content.decode()
    sent = {"employees": "ca. 1.250", "turnover_eur": "312 Mio.", "balance_eur": "98,5 Mio. €"}
    browser.post(page(world.member_a, "edit"), sent | {"as_of": "2025-12-31"})

    assert 'value="312,000,000"' in form
    kept = Figures.objects.get(organisation=world.member_a)
    assert (kept.employees, kept.turnover_eur, kept.balance_eur) == (
        1250,
        Decimal("312000000.00"),
        Decimal("98500000.00"),
    )
    assert AuditEntry.objects.get().changes == {"fields": ["balance_eur", "employees"]}


def test_a_later_year_keeps_the_earlier(world: World, signed_in: Any) -> None:
    figures(world.member_a, as_of=YEAR_BEFORE, employees=40)
    browser = signed_in(world.manager_a)

    for day, employees in (("2025-12-31", "50"), ("2025-12-31", "51"), ("2023-12-31", "30")):
        browser.post(page(world.member_a, "edit"), {"employees": employees, "as_of": day})

    assert years(world.member_a) == [
        (LAST_YEAR, 51),
        (YEAR_BEFORE, 40),
        (dt.date(2023, 12, 31), 30),
    ]


def test_an_earlier_year_is_deleted_once(world: World, signed_in: Any) -> None:
    figures(world.member_a)
    year = PastFigures.objects.create(organisation=world.member_a, as_of=YEAR_BEFORE)
    browser = signed_in(world.person_a)

    for _ in range(2):
        browser.post(page(world.member_a, "years", str(year.pk), "delete"))

    assert years(world.member_a) == [(LAST_YEAR, 45)]
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    "bad",
    [
        {"employees": "-1"}, {"employees": "viele"}, {"turnover_eur": "-1"},
        {"balance_eur": "9" * 16}, {"as_of": "gestern"}, {"employees": "9" * 12},
    ],
)  # fmt: skip
def test_bad_figures_are_not_written(world: World, signed_in: Any, bad: dict[str, str]) -> None:
    response = signed_in(world.person_a).post(page(world.member_a, "edit"), bad)

    assert 'aria-invalid="true"' in response.content.decode()
    assert not Figures.objects.exists()


@pytest.mark.parametrize(
    "bad",
    [
        {"share_percent": "101"}, {"share_percent": "-1"}, {"name": ""}, {"direction": "up"},
        {"valid_from": "2026-02-01", "valid_until": "2026-01-01"}, {"employees": "x"},
    ],
)  # fmt: skip
def test_a_bad_tie_is_not_written(world: World, signed_in: Any, bad: dict[str, str]) -> None:
    sent = {"name": "Holding AG", "direction": "owner", "share_percent": "30"}
    sent |= {"holder": "enterprise"} | bad

    response = signed_in(world.person_a).post(page(world.member_a, "links", "new"), sent)

    assert response.status_code == 200
    assert "errorlist" in response.content.decode() or "error" in response.content.decode()
    assert not EnterpriseLink.objects.exists()


def test_a_tie_is_written_changed_and_deleted(world: World, signed_in: Any) -> None:
    browser = signed_in(world.person_a)
    sent = {"name": "Holding AG", "direction": "owner", "share_percent": "30"}
    sent |= {"holder": "enterprise", "turnover_eur": "20 m"}

    browser.post(page(world.member_a, "links", "new"), sent)
    link = EnterpriseLink.objects.get()
    browser.post(page(world.member_a, "links", str(link.pk)), sent | {"share_percent": "60"})
    link.refresh_from_db()
    assert (link.share_percent, link.turnover_eur) == (Decimal(60), Decimal(20_000_000))
    for _ in range(2):
        browser.post(page(world.member_a, "links", str(link.pk), "delete"))

    assert not EnterpriseLink.objects.exists()
    verbs = AuditEntry.objects.values_list("verb", flat=True)
    assert list(verbs) == ["figures"] * 3


def test_an_institute_is_no_enterprise(world: World, signed_in: Any) -> None:
    institute = factories.organisation(world.a, kind=Organisation.Kind.RESEARCH)
    figures(institute, employees=300)

    shown = signed_in(world.manager_a).get(page(institute)).content.decode()

    assert "300" in shown
    assert "SME by" not in shown


def test_same_queries_for_one_and_three_years(
    world: World, signed_in: Any, count_queries: Any
) -> None:
    figures(world.member_a)
    browser = signed_in(world.person_a)

    def add(*of: int) -> None:
        for year in of:
            PastFigures.objects.create(organisation=world.member_a, as_of=dt.date(year, 12, 31))
            EnterpriseLink.objects.create(
                organisation=world.member_a, name=str(year), direction="owned", share_percent=30
            )

    add(2024)
    one = count_queries(lambda: browser.get(page(world.member_a)))
    add(2023, 2022)

    assert count_queries(lambda: browser.get(page(world.member_a))) == one
