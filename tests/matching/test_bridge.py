import pytest

from tests.matching.conftest import Firm
from verbund import match
from verbund.language.assignment import Assignment, assign
from verbund.matching import bridge

OFFER = "Freiformoptik für Innenraumbeleuchtung"
REQUEST = "Free-form optics for interior lighting"


def test_bridge_counts_offers_requests_and_pairs(firm: Firm) -> None:
    bridge = match([firm("P", offers=(OFFER,))], [firm("A", requests=(REQUEST,))]).bridge
    row = next(c for c in bridge.rows if c.id == "optical-components")
    column = next(c for c in bridge.columns if "light" in c.id or "interior" in c.id)

    cell = bridge.cell(row, column)

    assert (cell.offers, cell.requests, cell.pairs, cell.is_gap) == (1, 1, 1, False)
    assert bridge.technology_side == 0


def test_bridge_shows_a_request_without_offer_as_a_gap(firm: Firm) -> None:
    bridge = match([firm("P", offers=("Brot",))], [firm("A", requests=(REQUEST,))]).bridge

    gaps = {technology for (technology, _), cell in bridge.cells.items() if cell.is_gap}

    assert "optical-components" in gaps
    assert [cell.offers for cell in bridge.cells.values()] == [0] * len(bridge.cells)


def test_bridge_of_lists_without_known_concepts_is_empty(firm: Firm) -> None:
    bridge = match([firm("P", offers=("xyz",))], [firm("A", requests=("xyz",))]).bridge

    assert (bridge.rows, bridge.columns, bridge.cells) == ((), (), {})


def test_what_is_not_sure_is_not_counted(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    left, right = [firm("P", offers=(OFFER,))], [firm("A", requests=(REQUEST,))]
    assert match(left, right).bridge.cells

    monkeypatch.setattr(
        bridge,
        "assign",
        lambda texts, known: [Assignment({}, found.sure) for found in assign(texts, known)],
    )

    assert match(left, right).bridge.cells == {}


def test_what_is_meant_without_its_name_is_counted(firm: Firm) -> None:
    request = "Wer sieht Poren in Gussteilen, ohne das Teil zu zerstören?"

    found = match([firm("P", offers=("Brot",))], [firm("A", requests=(request,))]).bridge

    assert "metrology" in {how for (how, _), cell in found.cells.items() if cell.requests}
