from __future__ import annotations

from decimal import Decimal

import pytest

from tests.web import factories
from verbund.web.core.models import AuditEntry
from verbund.web.indicators.models import Indicator, Observation
from verbund.web.indicators.services import seed_facts
from verbund.web.networks.models import Network


@pytest.fixture
def networks(db: None) -> dict[str, Network]:
    return {slug: factories.network(slug=slug) for slug in ("optonet", "acod")}


def test_the_export_quota_has_its_four_editions_and_their_uncertainty(
    networks: dict[str, Network],
) -> None:
    seed_facts(networks)

    rows = Observation.objects.filter(indicator__slug="export-quota")
    assert list(rows.values_list("year", "value", "qualifier", "edition")) == [
        (2006, Decimal(59), "", ""),
        (2012, Decimal(70), "nearly", ""),
        (2016, Decimal(66), "", ""),
        (2019, Decimal(67), "", "PHOTONICS Report 2019"),
        (2022, Decimal(72), "", "PHOTONICS Report 2023"),
        (2024, Decimal(72), "", "PHOTONICS Report 2025"),
    ]


def test_employees_stand_as_a_whole_and_in_parts_that_add_up(networks: dict[str, Network]) -> None:
    seed_facts(networks)

    rows = Observation.objects.filter(indicator__slug="photonics-employees", year__gte=2019)
    by_year: dict[int, list[Decimal]] = {}
    for row in rows.order_by("year", "pk"):
        by_year.setdefault(row.year, []).append(row.value)
    assert by_year == {
        2019: [Decimal(16200), Decimal(14600), Decimal(1600)],
        2022: [Decimal(18300), Decimal(15850), Decimal(2450)],
        2024: [Decimal(19600), Decimal(16900), Decimal(2700)],
    }
    assert all(whole == sum(parts) for whole, *parts in by_year.values())


def test_every_fact_can_be_compared_in_both_languages(networks: dict[str, Network]) -> None:
    seed_facts(networks)

    assert Observation.objects.count() == 46
    for row in Observation.objects.all():
        assert all((row.source, row.population_de, row.population_en))
        assert bool(row.note_de) == bool(row.note_en)
        assert row.qualifier in Observation.Qualifier.values
    for one in Indicator.objects.all():
        assert all((one.name_de, one.name_en, one.definition_de, one.definition_en))
        assert one.unit in Indicator.Unit.values
        assert one.observations.exists()


def test_seeding_again_or_without_a_network_changes_nothing_else(
    networks: dict[str, Network],
) -> None:
    assert seed_facts({"acod": networks["acod"]}) == 3
    assert seed_facts(networks) == 43
    entries = AuditEntry.objects.count()
    assert seed_facts(networks) == 0
    assert AuditEntry.objects.count() == entries == Indicator.objects.count()
