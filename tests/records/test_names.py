from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verbund.records.names import Name, almost_same_name, legal_forms_differ, parse_name, same_name


@pytest.mark.parametrize(
    ("text", "core", "legal_form"),
    [
        ("Müller Optik GmbH", "mueller optik", "gmbh"),
        ("Mueller-Optik", "mueller optik", ""),
        ("Müller Optik GmbH & Co. KG", "mueller optik", "gmbh & co. kg"),
        ("Laser UG (haftungsbeschränkt)", "laser", "ug"),
        ("OptoNet e. V.", "optonet", "ev"),
        ("OptoNet e.V.", "optonet", "ev"),
        ("Gesellschaft für Optik mbH", "gesellschaft optik", "gmbh"),
        ("Bildung gGmbH", "bildung", "ggmbh"),
        ("Institut für Licht und Laser", "institut licht laser", ""),
        ("EV Charging GmbH", "ev charging", "gmbh"),
        ("AB Optics Ltd.", "ab optics", "ltd"),
        ("ООО Лазер", "ооо лазер", ""),
        ("GmbH", "gmbh", ""),
        ("★", "★", ""),
    ],
)
def test_name_is_split_into_core_and_legal_form(text: str, core: str, legal_form: str) -> None:
    assert parse_name(text) == Name(core, legal_form)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller Optik GmbH", "Mueller-Optik"),
        ("MÜLLER OPTIK GMBH", "Müller  Optik Gesellschaft mbH"),
        ("Muller & Söhne AG", "Muller und Soehne AG"),
        ("Opto Net e.V.", "OptoNet e. V."),
    ],
)
def test_same_name_ignores_spelling(one: str, other: str) -> None:
    assert same_name(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller Optik GmbH", "Müller Optik AG"),
        ("Müller Optik GmbH", "Müller Laser GmbH"),
        ("ООО Лазер", "ОАО Оптика"),
        ("EV Charging GmbH", "Charging GmbH"),
    ],
)
def test_same_name_keeps_different_firms_apart(one: str, other: str) -> None:
    assert not same_name(one, other)


@pytest.mark.parametrize(
    ("one", "other", "almost"),
    [
        ("Müler Optik GmbH", "Müller Optik GmbH", True),
        ("Müller Optik", "Müller Optik Systeme GmbH", True),
        ("Optik", "Optik Systeme", False),
        ("ABC", "ABD", False),
        ("Laserline", "Feinmechanik", False),
    ],
)
def test_almost_same_name_is_a_slip_of_the_pen(one: str, other: str, almost: bool) -> None:
    assert almost_same_name(one, other) is almost


def test_missing_legal_form_does_not_differ() -> None:
    forms = [parse_name(name) for name in ("X GmbH", "X AG", "X")]

    differ = [legal_forms_differ(one, other) for one in forms for other in forms]

    assert differ == [False, True, False, True, False, False, False, False, False]


@settings(derandomize=True, max_examples=80, deadline=None)
@given(st.text(min_size=1, max_size=30).filter(str.strip))
def test_any_name_has_a_core_and_equals_itself(text: str) -> None:
    assert parse_name(text).squeezed
    assert same_name(text, text)
