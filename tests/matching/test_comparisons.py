"""Each comparison by hand, on two lists of one or two members."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.matching.conftest import Firm, Past
from verbund.matching.candidates import candidates
from verbund.matching.comparisons import (
    COMPARISONS,
    Comparison,
    alike_offers,
    distances_km,
    nearness,
    paths,
    request_met,
    same_request,
    shared_subject,
)
from verbund.matching.evidence import Evidence
from verbund.matching.explain import Explainer
from verbund.matching.problem import MatchProblem
from verbund.matching.score import score
from verbund.records.history import History
from verbund.records.organisation import Organisation, OrganisationType


def evidence(
    left: list[Organisation], right: list[Organisation], history: History | None = None
) -> Evidence:
    return Evidence(MatchProblem(tuple(left), tuple(right), history))


def test_bounded_is_a_half_at_low_plus_half(firm: Firm) -> None:
    found = evidence([firm("A")], [firm("X"), firm("Y")])
    values = np.array([[0.5, 0.2]], dtype=np.float32)
    comparison = Comparison("test", lambda _: values, weight=0.8, low=0.2, half=0.3)

    assert comparison.bounded(found) == pytest.approx(np.array([[0.5, 0.0]]))


def test_request_met_prefers_the_fitting_offer_and_ignores_the_silent(firm: Firm) -> None:
    seeker = firm("A", requests=("Laserreinigung von Formen",))
    found = evidence(
        [seeker, firm("B")],
        [firm("X", offers=("Laser cleaning of moulds",)), firm("Y", offers=("Brot",)), firm("Z")],
    )

    values = request_met(found)

    assert values[0, 0] > 0.8 > values[0, 1]
    assert values[0, 2] == 0.0
    assert values[1].tolist() == [0.0, 0.0, 0.0]


def test_same_text_on_both_sides_has_the_highest_likeness(firm: Firm) -> None:
    text = ("Freiformoptik für Head-up-Displays",)
    found = evidence([firm("A", requests=text)], [firm("X", requests=text, offers=text)])

    # The cosine of the words is 1, that of the meanings 1: 1 + 1.6 * (1 - 0.2).
    assert same_request(found)[0, 0] == pytest.approx(2.28, abs=0.001)
    assert request_met(found)[0, 0] == pytest.approx(2.28, abs=0.001)


def test_alike_offers_counts_between_companies_only(firm: Firm) -> None:
    text = ("Antireflexbeschichtung",)
    institute = firm("Y", offers=text, type=OrganisationType.RESEARCH)
    found = evidence([firm("A", offers=text)], [firm("X", offers=text), institute])

    assert alike_offers(found)[0] == pytest.approx([2.28, 0.0], abs=0.001)


def test_shared_subject_is_the_cosine_of_all_that_is_said(firm: Firm) -> None:
    found = evidence(
        [firm("A", profile="Laser")],
        [firm("X", profile="laser"), firm("Y", profile="Brot"), firm("Z")],
    )

    assert shared_subject(found)[0] == pytest.approx([1.0, 0.0, 0.0])


def test_nearness_falls_with_the_distance_and_is_nothing_without_a_place(firm: Firm) -> None:
    jena = {"lat": 50.93, "lon": 11.59}
    found = evidence(
        [firm("A", **jena)], [firm("X", **jena), firm("Y", lat=51.93, lon=11.59), firm("Z")]
    )

    kilometres = distances_km(found)[0]

    assert kilometres[:2] == pytest.approx([0.0, 111.2], abs=0.1)
    assert math.isnan(kilometres[2])
    assert nearness(found)[0] == pytest.approx([1.0, math.exp(-111.2 / 60), 0.0], abs=0.001)


def test_history_gives_nothing_to_those_who_know_each_other(firm: Firm, past: Past) -> None:
    history = past((2022, "", ["A", "X"]), (2022, "", ["A", "Z"]), (2022, "", ["Z", "X", "Y"]))
    found = evidence([firm("A")], [firm("X"), firm("Y")], history)

    values = paths(found)[0]

    assert values[0] == 0.0
    assert values[1] > 0.0


def test_score_is_the_sum_of_the_contributions(firm: Firm) -> None:
    found = evidence([firm("A", requests=("Laser",), city="Jena")], [firm("X", offers=("Laser",))])

    scores = score(found)

    assert scores.contributions.keys() == {comparison.name for comparison in COMPARISONS}
    assert scores.total[0, 0] == pytest.approx(sum(scores.of(0, 0).values()))


def test_candidates_leave_out_what_has_no_subject(firm: Firm) -> None:
    found = evidence(
        [firm("A", requests=("Laser",), city="Jena")],
        [firm("X", offers=("Laser",)), firm("Y", offers=("Brot",), city="Jena")],
    )

    assert candidates(found, score(found)).remaining.tolist() == [[True, False]]


def test_every_comparison_that_speaks_for_a_pair_has_a_sentence(firm: Firm, past: Past) -> None:
    text = "Laserreinigung von Formen"
    history = past((2022, text, ["A", "Z"]), (2022, text, ["X", "Z"]))
    full = {"offers": (text,), "requests": (text,), "profile": text, "topics": (text,)}
    found = evidence([firm("A", **full)], [firm("X", **full)], history)
    explainer = Explainer(found, score(found))

    silent = [
        comparison.name
        for comparison in COMPARISONS
        if comparison.weight > 0 and explainer._reason(comparison.name, 0, 0, 1.0, []) is None
    ]

    assert silent == ["nearness"]  # of which nobody need be told
