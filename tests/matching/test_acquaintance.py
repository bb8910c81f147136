import datetime as dt
import math
from dataclasses import replace

import numpy as np
import pytest

from tests.matching.conftest import Past
from verbund.matching.acquaintance import Acquaintance
from verbund.records.history import Links
from verbund.records.organisation import Organisation


def acquaintance(past: Past, *projects: tuple[int, str, list[str]]) -> Acquaintance:
    left, right = Organisation(id="A", name="A"), Organisation(id="X", name="X")
    return Acquaintance(past(*projects), [left], [right], (Links({"A": "A"}), Links({"X": "X"})))


def test_known_is_who_shared_a_project(past: Past) -> None:
    together = acquaintance(past, (2022, "", ["A", "X"]))
    apart = acquaintance(past, (2022, "", ["A", "Z"]), (2022, "", ["Z", "X"]))

    assert (together.known.tolist(), apart.known.tolist()) == ([[True]], [[False]])


def test_paths_are_walks_over_common_partners(past: Past) -> None:
    measures = acquaintance(past, (2022, "", ["A", "Z"]), (2022, "", ["Z", "X"]))

    # A and X have one step each, Z has two: a step is 1 / sqrt(1 * 2), and two of them make a walk.
    assert measures.paths == pytest.approx(np.array([[math.sqrt(1 / 2)]]))


def test_paths_go_over_partners_of_partners(past: Past) -> None:
    measures = acquaintance(
        past, (2022, "", ["A", "Y"]), (2022, "", ["Y", "Z"]), (2022, "", ["Z", "X"])
    )

    # Three steps: 1 / sqrt(1 * 2), 1 / sqrt(2 * 2), 1 / sqrt(2 * 1).
    assert measures.paths == pytest.approx(np.array([[math.sqrt(1 / 4)]]))


def test_paths_weaken_with_the_age_of_one_of_two_ways(past: Past) -> None:
    measures = acquaintance(
        past, (2018, "", ["A", "Z"]), (2022, "", ["A", "Y"]), (2022, "", ["Z", "X"])
    )

    # From A: half a step to Z, a whole one to Y; Z has 0.5 + 1.
    step, last = 0.5 / math.sqrt(1.5 * 1.5), 1 / math.sqrt(1.5 * 1)
    assert measures.paths == pytest.approx(np.array([[math.sqrt(step * last)]]), rel=1e-3)


def test_alike_partners_counts_what_those_alike_did_with_the_other(past: Past) -> None:
    measures = acquaintance(
        past,
        (2022, "laser welding", ["A"]),
        (2022, "laser welding", ["B", "X"]),
    )

    # Like A are A, B and X, a third each, for all have the same text. What they did with X: only
    # B, once, with weight 1 / sqrt(2), of which the root counts. Like X are the same three, and
    # nobody of them did anything with A.
    bond = (1 / math.sqrt(2)) ** 0.5
    assert measures.alike_partners == pytest.approx(np.array([[math.sqrt(bond / 3)]]), rel=1e-4)


def test_fields_count_with_all_they_are_part_of(past: Past) -> None:
    history = past((2022, "", ["A"]), (2022, "", ["X"]))
    fields = ("/science/optics", "/science/baking")
    projects = tuple(
        replace(p, fields=field) for p, field in zip(history.projects, fields, strict=True)
    )
    left, right = Organisation(id="A", name="A"), Organisation(id="X", name="X")
    links = Links({"A": "A"}), Links({"X": "X"})

    measures = Acquaintance(replace(history, projects=projects), [left], [right], links)

    shared, own = math.log(102 / 2.5) ** 2, math.log(102 / 1.5) ** 2
    assert measures.fields == pytest.approx(np.array([[shared / (shared + own)]]), rel=1e-5)


def test_meanings_are_those_of_titles(past: Past) -> None:
    alike = acquaintance(past, (2022, "Laser welding", ["A"]), (2022, "Laser welding", ["X"]))
    other = acquaintance(past, (2022, "Laser welding", ["A"]), (2022, "Sour dough", ["X"]))

    assert alike.meanings[0, 0] == pytest.approx(1.0, abs=1e-3)
    assert other.meanings[0, 0] < 0.5


def test_recency_halves_in_four_years(past: Past) -> None:
    measures = acquaintance(past, (2018, "", ["A"]), (2022, "", ["X"]))

    assert measures.recency == pytest.approx([0.5, 1.0], abs=0.001)


def test_go_betweens_prefer_small_and_recent_projects(past: Past) -> None:
    measures = acquaintance(
        past,
        (2015, "", ["A", "Old"]),
        (2015, "", ["Old", "X"]),
        (2022, "", ["A", "New"]),
        (2023, "", ["New", "X"]),
    )

    found = measures.go_betweens(0, 0)

    assert [g.organisation.name for g in found] == ["New GmbH", "Old GmbH"]
    assert (found[0].left_project.label, found[0].right_project.label) == ("PROJ2", "PROJ3")


def test_joint_projects_come_newest_first(past: Past) -> None:
    measures = acquaintance(past, (2019, "", ["A", "X"]), (2023, "", ["A", "X"]))

    assert [p.year for p in measures.joint_projects(0, 0)] == [2023, 2019]


def test_alike_projects_are_the_two_with_the_nearest_texts(past: Past) -> None:
    measures = acquaintance(
        past,
        (2020, "Bread and butter", ["A"]),
        (2021, "Laser welding of copper", ["A"]),
        (2022, "Welding copper by laser", ["X"]),
    )

    pair = measures.alike_projects(0, 0)

    assert pair is not None
    assert [p.label for p in pair] == ["PROJ1", "PROJ2"]


def test_members_without_history_have_none(past: Past) -> None:
    history = past((2022, "Laser", ["A"]))
    stranger = Organisation(id="S", name="S")
    measures = Acquaintance(history, [stranger], [stranger], (Links({}), Links({})))

    assert measures.paths.tolist() == [[0.0]]
    assert measures.alike_projects(0, 0) is None
    assert measures.go_betweens(0, 0) == []


def test_history_cut_at_a_day_does_not_know_later_projects(past: Past) -> None:
    history = past((2022, "", ["A", "Z"]), (2024, "", ["A", "X"])).before(dt.date(2023, 1, 1))
    left, right = Organisation(id="A", name="A"), Organisation(id="X", name="X")

    measures = Acquaintance(history, [left], [right], (Links({"A": "A"}), Links({"X": "X"})))

    assert measures.known.tolist() == [[False]]
