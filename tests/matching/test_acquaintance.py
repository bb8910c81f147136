import datetime as dt
import math

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


def test_common_partners_is_the_adamic_adar_index(past: Past) -> None:
    measures = acquaintance(past, (2022, "", ["A", "Z"]), (2022, "", ["Z", "X"]))

    # Z has two partners; A and X are each other's partners of Z only.
    assert measures.common_partners == pytest.approx(np.array([[1 / math.log(math.e + 2)]]))


def test_paths_weaken_with_the_size_of_projects(past: Past) -> None:
    small = acquaintance(past, (2022, "", ["A", "Z"]), (2022, "", ["Z", "X"]))
    large = acquaintance(past, (2022, "", ["A", "Z", "Q", "R"]), (2022, "", ["Z", "X", "S", "T"]))

    assert 0 < large.paths[0, 0] < small.paths[0, 0]


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
