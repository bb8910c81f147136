"""Numbers of registers: those that are right, and every slip of the pen in one digit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbund.errors import InvalidInput
from verbund.records.identifiers import read_identifier

RIGHT = [
    ("vat", "DE 136 695 976", "DE136695976"),  # worked out in the German specification
    ("vat", "de123456788", "DE123456788"),
    ("vat", "ATU12345678", "ATU12345678"),
    ("register", "HRB 12345 Jena", "HRB 12345 Jena"),
    ("register", "Amtsgericht Jena, HRB 12345", "HRB 12345 Jena"),
    ("register", "hrb12345 b, Amtsgericht Charlottenburg", "HRB 12345 B Charlottenburg"),
    ("register", "VR 230", "VR 230"),
    ("ror", "https://ror.org/05qpz1x62", "05qpz1x62"),
    ("ror", "02MHBDP94", "02mhbdp94"),
    ("pic", "999 992 789", "999992789"),
    ("lei", "5493 0084 UKLV MY22 DS16", "54930084UKLVMY22DS16"),
]


@pytest.mark.parametrize(("scheme", "written", "number"), RIGHT)
def test_numbers_as_the_register_writes_them(scheme: str, written: str, number: str) -> None:
    assert read_identifier(scheme, written) == number
    assert read_identifier(scheme, number) == number


@pytest.mark.parametrize(
    ("scheme", "written", "code"),
    [
        ("vat", "136695976", "identifier.vat"),
        ("vat", "DE136695977", "identifier.vat_de"),
        ("vat", "DE012345678", "identifier.vat_de"),
        ("register", "12345 Jena", "identifier.register"),
        ("ror", "05qpz1x6", "identifier.ror"),
        ("ror", "05qpz1x63", "identifier.check"),
        ("ror", "05upz1x62", "identifier.ror"),  # no u in these numbers
        ("pic", "99999278", "identifier.pic"),
        ("lei", "54930084UKLVMY22DS17", "identifier.check"),
        ("lei", "54930084UKLVMY22DS", "identifier.lei"),
    ],
)
def test_impossible_numbers_are_refused(scheme: str, written: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_identifier(scheme, written)

    assert (refusal.value.code, refusal.value.values) == (code, {"found": written})


@given(
    st.sampled_from([("vat", "DE136695976", 2), ("lei", "54930084UKLVMY22DS16", 0)]),
    st.data(),
)
def test_every_wrong_digit_is_noticed(case: tuple[str, str, int], data: st.DataObject) -> None:
    scheme, number, start = case
    places = [i for i, letter in enumerate(number) if letter.isdigit() and i >= start]
    place = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != number[place]]))

    with pytest.raises(InvalidInput):
        read_identifier(scheme, number[:place] + digit + number[place + 1 :])
