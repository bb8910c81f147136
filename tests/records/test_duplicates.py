from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verbund.records.duplicates import (
    Likeness,
    compare,
    domains_of,
    likenesses,
    likenesses_across,
    same_in_both,
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
