from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verbund.records.duplicates import (
    Identity,
    Likeness,
    compare,
    domains_of,
    likenesses,
    likenesses_across,
    same_in_both,
    twins,
)
from verbund.records.organisation import Organisation

SAME, SIMILAR = Likeness.SAME, Likeness.SIMILAR


def firm(name: str, city: str = "", **more: str) -> Organisation:
    return Organisation(id=f"{name}/{city}", name=name, city=city, **more)  # type: ignore[arg-type]  # texts only


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        (firm("Müller Optik GmbH"), firm("Mueller-Optik"), SAME),
        (firm("Müller Optik GmbH", "Jena"), firm("MÜLLER OPTIK", "JENA"), SAME),
        (firm("Müller Optik GmbH", "Jena"), firm("Müller Optik GmbH", "Ulm"), SIMILAR),
        (firm("Müller Optik GmbH", "Jena"), firm("Müller Optik AG", "Jena"), SIMILAR),
        (firm("Müller Optik GmbH", "Jena"), firm("Müler Optik GmbH", "Jena"), SAME),
        (firm("Müller Optik GmbH", "Jena"), firm("Müler Optik GmbH", "Ulm"), None),
        (firm("Müller Optik GmbH"), firm("Müler Optik GmbH"), SIMILAR),
        (firm("Licht Werk 1", "Jena"), firm("Licht Werk 2", "Jena"), None),
        (firm("Institut Licht", "Jena"), firm("Institut Licht Nord", "Jena"), SIMILAR),
        (firm("Müller Optik GmbH"), firm("Meier Laser GmbH"), None),
        (firm("Müller Optik e.V.", "Jena"), firm("Müller Optik GmbH", "Jena"), None),
        (firm("Lichtstiftung Jena eG", "Jena"), firm("Lichtstiftung Jena", "Jena"), SAME),
        (firm("Inst. Optik", "Jena"), firm("Institut für Optik", "Jena"), SIMILAR),
        (firm("IOF", "Jena"), firm("Institut Optik Feinmechanik", "Jena"), SIMILAR),
        (firm("IOF", "Jena"), firm("Institut Optik Feinmechanik", "Ulm"), None),
        (firm("A", pic="999"), firm("B", pic="999"), SAME),
        (firm("ООО Лазер"), firm("ОАО Оптика"), None),
        (
            firm("Müller Optik GmbH", "Jena", website="https://www.mo.de"),
            firm("Müller Optik GmbH", "Ulm", contact_email="x@mo.de"),
            SAME,
        ),
        (
            firm("Müller Optik GmbH", "Jena", contact_email="a@gmx.de"),
            firm("Müller Optik GmbH", "Ulm", contact_email="b@gmx.de"),
            SIMILAR,
        ),
    ],
)
def test_two_records_are_compared_either_way_round(
    one: Organisation, other: Organisation, likeness: Likeness | None
) -> None:
    assert (compare(one, other), compare(other, one)) == (likeness, likeness)


def test_domains_are_those_of_the_organisation_itself() -> None:
    firms = [
        firm("A", website="https://www.a.de/weg", contact_email="x@mail.a.de"),
        firm("B", website="https://[b.de]/", contact_email="b@gmail.com"),
        firm("C"),
    ]

    assert [domains_of(f) for f in firms] == [{"a.de", "mail.a.de"}, set(), set()]


def test_likenesses_find_each_pair_once() -> None:
    firms = [
        firm("Müller Optik GmbH", "Jena"),
        firm("Laser Süd AG", "Ulm"),
        firm("Mueller-Optik", "Jena"),
        firm("Mueller Optik AG", "Jena"),
    ]

    pairs = sorted(likenesses(firms), key=lambda pair: pair[:2])

    assert pairs == [(0, 2, SAME), (0, 3, SIMILAR), (2, 3, SAME)]


def test_member_of_both_lists_is_found_by_position() -> None:
    left = [firm("Laser Süd AG"), firm("Müller Optik GmbH")]
    right = [firm("Feinmechanik Nord"), firm("X"), firm("Mueller-Optik")]

    assert same_in_both(left, right) == [(1, 2)]


def test_likenesses_across_two_lists_say_how_sure_they_are() -> None:
    left = [firm("Mueller-Optik", "Jena"), firm("Laser Süd AG", "Ulm")]
    right = [firm("Müller Optik GmbH", "Jena"), firm("Laser Süd GmbH", "Ulm")]

    assert sorted(likenesses_across(left, right), key=lambda pair: pair[:2]) == [
        (0, 0, SAME),
        (1, 1, SIMILAR),
    ]


@settings(derandomize=True, max_examples=50, deadline=None)
@given(
    st.lists(
        st.builds(
            firm,
            st.sampled_from(["Müller Optik GmbH", "Mueller Optik", "Müler Optik AG", "Laser Süd"]),
            st.sampled_from(["", "Jena", "Ulm"]),
        ),
        max_size=8,
    )
)
def test_likenesses_are_what_comparing_all_pairs_gives(firms: list[Organisation]) -> None:
    pairs = {(i, j): compare(firms[i], firms[j]) for j in range(len(firms)) for i in range(j)}

    found = {(i, j): likeness for i, j, likeness in likenesses(firms)}

    assert found == {pair: likeness for pair, likeness in pairs.items() if likeness}


def identity(*names: str, town: str = "", domain: str = "", **numbers: str) -> Identity:
    return Identity(
        names=names,
        towns=(town,) if town else (),
        domains=frozenset({domain} - {""}),
        identifiers=frozenset(numbers.items()),
    )


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        pytest.param(
            identity("Müller Präzisionstechnik GmbH", town="Jena"),
            identity("Mueller Praezisionstechnik GmbH & Co. KG", town="Jena"),
            (SIMILAR, ["twin.name_same", "twin.town"], ["twin.forms"]),
            id="a KG and its GmbH, or a list that shortens: a person decides",
        ),
        pytest.param(
            identity("Optikclub e.V.", town="Jena", domain="club.de"),
            identity("Optikclub GmbH", town="Jena", domain="club.de"),
            None,
            id="an association and its firm are two",
        ),
        pytest.param(
            identity("Optikclub e.V.", vat="DE 123456789"),
            identity("Laser Süd AG", vat="DE123456789"),
            (SAME, ["twin.number"], ["twin.forms"]),
            id="a number decides, however it is written",
        ),
        pytest.param(
            identity("Laser Süd AG", town="Ulm", lei="A1"),
            identity("Laser Süd AG", town="Ulm", lei="B2"),
            (SIMILAR, ["twin.name_same", "twin.town"], ["twin.numbers"]),
            id="different numbers make it doubtful",
        ),
        pytest.param(
            identity("Laser Süd AG", "Süddeutsche Laser", town="Ulm"),
            identity("Sueddeutsche Laser", town="Ulm"),
            (SAME, ["twin.alias", "twin.town"], []),
            id="under an earlier name",
        ),
        pytest.param(
            identity("Laser Süd", domain="laser.de", town="Ulm"),
            identity("Laser Süd", domain="laser.de", town="Jena"),
            (SAME, ["twin.name_same", "twin.domain"], ["twin.towns"]),
            id="two towns, one domain",
        ),
        pytest.param(identity("Laser Süd"), identity("Optik Nord"), None, id="nothing agrees"),
    ],
)
def test_twins_say_what_speaks_for_and_against(
    one: Identity, other: Identity, found: tuple[Likeness, list[str], list[str]] | None
) -> None:
    said = [
        (twin.likeness, [r.code for r in twin.reasons], [d.code for d in twin.doubts])
        for twin in twins([one, other])
    ]

    assert said == ([found] if found else [])


def test_surest_twins_stand_first_and_each_pair_once() -> None:
    records = [
        identity("Laser Süd", "LS", town="Ulm"),
        identity("Laser Süd AG", town="Jena"),
        identity("Laser Sued", "LS", town="Ulm"),
    ]

    pairs = [(twin.left, twin.right) for twin in twins(records)]

    assert pairs == [(0, 2), (0, 1), (1, 2)]
