from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from verbund.web.networks.colours import DARK_SHEET, ENOUGH, LIGHT_SHEET, contrast, readable
from verbund.web.networks.forms import NetworkForm


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Calls without a request speak whatever language the last request left."""
    with translation.override("en"):
        yield


colours = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


def test_contrast_of_black_on_white_is_the_largest() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@given(colours)
def test_proposal_is_always_enough(colour: str) -> None:
    for sheet in (LIGHT_SHEET, DARK_SHEET):
        assert contrast(readable(colour, sheet), sheet) >= ENOUGH


@given(colours)
def test_readable_colour_stays_as_it_is(colour: str) -> None:
    proposal = readable(colour, LIGHT_SHEET)
    assert (proposal == colour) == (contrast(colour, LIGHT_SHEET) >= ENOUGH)


@pytest.mark.parametrize(
    ("field", "colour", "found"), [("colour", "#ffee00", "1.2"), ("dark_colour", "#202020", "1.0")]
)
def test_form_says_what_it_found_and_what_would_do(field: str, colour: str, found: str) -> None:
    given = {"name": "N", "colour": "#1d5fae", "dark_colour": "#7fb5f4", "language": "de"}

    form = NetworkForm(given | {field: colour})

    assert set(form.errors) == {field}
    sentence = str(form.errors[field][0])
    assert sentence.startswith(f"{colour} is too hard to see: contrast {found} to 1")
    sheet = LIGHT_SHEET if field == "colour" else DARK_SHEET
    assert f"{readable(colour, sheet)} would do." in sentence


@pytest.mark.parametrize("colour", ["", "red", "#FFF", "#12345g", "#12345"])
def test_form_refuses_what_is_no_colour(colour: str) -> None:
    given = {"name": "N", "colour": colour, "dark_colour": "#7fb5f4", "language": "de"}

    assert set(NetworkForm(given).errors) == {"colour"}
