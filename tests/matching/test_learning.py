"""What decisions do to the weights, on decisions whose meaning is plain."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.matching.conftest import Firm
from verbund.matching.evidence import Evidence
from verbund.matching.learning import (
    LEAST,
    MOST,
    Decision,
    Outcome,
    RejectReason,
    learn,
    moved,
    telling,
)
from verbund.matching.problem import MatchProblem
from verbund.matching.score import score
from verbund.matching.weights import PRIOR, Weights
from verbund.wording import LANGUAGES

MET = {"request_met": 0.6, "shared_subject": 0.1}
ALIKE = {"request_met": 0.3, "shared_subject": 0.6}


def liked_requests(times: int) -> list[Decision]:
    """Met requests are accepted, alike profiles rejected, each so many times."""
    accepted = [Decision(MET, Outcome.ACCEPTED)] * times
    return accepted + [Decision(ALIKE, Outcome.REJECTED, RejectReason.TOPIC)] * times


def test_without_decisions_the_prior_stays_itself() -> None:
    assert learn(PRIOR, []) is PRIOR
    assert moved(PRIOR, PRIOR, []) == ()


def test_ten_decisions_are_visible_and_point_the_right_way() -> None:
    learned = learn(PRIOR, liked_requests(5))

    assert learned.of("request_met") > 1.03 * PRIOR.of("request_met")
    assert learned.of("shared_subject") < 0.9 * PRIOR.of("shared_subject")


def test_the_opposite_decisions_move_the_other_way() -> None:
    accepted = [Decision(ALIKE, Outcome.ACCEPTED)] * 5
    rejected = [Decision(MET, Outcome.REJECTED, RejectReason.TOPIC)] * 5

    learned = learn(PRIOR, accepted + rejected)

    assert learned.of("request_met") < PRIOR.of("request_met")
    assert learned.of("shared_subject") > 1.1 * PRIOR.of("shared_subject")


def test_ten_decisions_halve_the_lead_of_the_pair_rejected(firm: Firm) -> None:
    seeker = firm(
        "A", requests=("Laserbeschriftung von Titan",), profile="Implantate und Instrumente."
    )
    answerer = firm("X", offers=("Laser marking of metals",))
    twin = firm("Y", profile="Implantate, Instrumente und Prothesen aus Titan.")

    evidence = Evidence(MatchProblem((seeker,), (answerer, twin)))
    before = score(evidence)
    decisions = [
        Decision.of(before.of(0, 0), PRIOR, Outcome.REJECTED, RejectReason.TOPIC),
        Decision.of(before.of(0, 1), PRIOR, Outcome.PROJECT),
    ] * 5

    after = score(evidence, weights=learn(PRIOR, decisions))

    lead_before, lead_after = (float(s.total[0, 0] - s.total[0, 1]) for s in (before, after))
    assert lead_before > 0.1
    assert lead_after < 0.5 * lead_before


def test_more_decisions_move_further() -> None:
    steps = [learn(PRIOR, liked_requests(n)).of("shared_subject") for n in (1, 5, 20)]

    assert PRIOR.of("shared_subject") > steps[0] > steps[1] > steps[2]


@pytest.mark.parametrize("reason", [RejectReason.TIMING, RejectReason.MEMBER, RejectReason.KNOWN])
def test_a_rejection_that_is_not_about_the_fit_changes_nothing(reason: RejectReason) -> None:
    decisions = [Decision(MET, Outcome.REJECTED, reason)] * 30

    assert learn(PRIOR, decisions) is PRIOR
    assert telling([*decisions, Decision(MET, Outcome.DECLINED)]) == []


def test_competitors_move_their_own_comparison_only() -> None:
    rejected = {"request_met": 0.5, "shared_subject": 0.5, "alike_offers": 0.3}
    decisions = [Decision(rejected, Outcome.REJECTED, RejectReason.COMPETITORS)] * 6
    decisions += [Decision({}, Outcome.ACCEPTED)] * 6

    learned = learn(PRIOR, decisions)

    changed = {n for n in PRIOR.values if learned.of(n) != pytest.approx(PRIOR.of(n), abs=1e-5)}
    assert changed == {"alike_offers"}
    assert learned.of("alike_offers") < 1.1 * PRIOR.of("alike_offers")


def test_an_office_that_accepts_everything_learns_little() -> None:
    learned = learn(PRIOR, [Decision(MET, Outcome.ACCEPTED)] * 30)

    assert learned.of("request_met") == pytest.approx(PRIOR.of("request_met"), rel=0.05)


def test_a_project_counts_more_than_an_acceptance() -> None:
    def after(outcome: Outcome) -> float:
        rejected = Decision(ALIKE, Outcome.REJECTED, RejectReason.TOPIC)
        return learn(PRIOR, [Decision(MET, outcome), rejected] * 3).of("request_met")

    assert after(Outcome.PROJECT) > after(Outcome.MET) > after(Outcome.ACCEPTED)


def test_a_meeting_of_which_nothing_came_counts_against() -> None:
    met = [Decision(ALIKE, Outcome.NOTHING), Decision(MET, Outcome.CONTINUED)] * 5

    assert learn(PRIOR, met).of("shared_subject") < PRIOR.of("shared_subject")


def test_decisions_taken_back_are_as_if_they_had_never_been() -> None:
    first = liked_requests(3)
    before = learn(PRIOR, first)
    learn(PRIOR, first + liked_requests(9))

    assert learn(PRIOR, first) == before


def test_a_weight_of_nothing_stays_nothing() -> None:
    learned = learn(Weights("mine", {"request_met": 1.0, "shared_subject": 0.0}), liked_requests(9))

    assert learned.of("shared_subject") == 0.0


def test_what_moved_is_said_in_both_languages() -> None:
    learned = Weights("new", {**PRIOR.values, "request_met": 1.8, "alike_offers": -0.7})
    prior = Weights("old", {**PRIOR.values, "request_met": 1.5, "alike_offers": -0.5})

    said = [
        [p.say(language) for p in moved(prior, learned, liked_requests(1))]
        for language in ("de", "en")
    ]

    assert said == [
        [
            "Spricht jetzt stärker dagegen: gleiche Angebote (Wettbewerb) (0,50 → 0,70),"
            " nach 2\xa0Entscheidungen.",
            "Zählt jetzt mehr: Angebot trifft Gesuch (1,50 → 1,80), nach 2\xa0Entscheidungen.",
        ],
        [
            "Speaks more strongly against now: same offers (competition) (0.50 → 0.70),"
            " after 2\xa0decisions.",
            "Counts more now: offer meets request (1.50 → 1.80), after 2\xa0decisions.",
        ],
    ]


def test_every_weight_has_a_name_in_both_languages() -> None:
    learned = Weights("new", {name: 2 * weight for name, weight in PRIOR.values.items()})

    told = moved(PRIOR, learned, liked_requests(1))

    assert len(told) == len(PRIOR.values)
    assert all(phrase.say(language) for phrase in told for language in LANGUAGES)


values = st.dictionaries(st.sampled_from(sorted(PRIOR.values)), st.floats(0, 1), max_size=5)
decisions = st.lists(
    st.builds(Decision, values, st.sampled_from(Outcome), st.sampled_from(RejectReason)),
    max_size=12,
)


@settings(derandomize=True, max_examples=60, deadline=None)
@given(some=decisions, times=st.sampled_from([1, 40]), data=st.data())
def test_any_decisions_keep_signs_bounds_and_forget_their_order(
    some: list[Decision], times: int, data: st.DataObject
) -> None:
    many = some * times
    learned = learn(PRIOR, many)

    assert learn(PRIOR, data.draw(st.permutations(many))) == learned
    assert learned.values.keys() == PRIOR.values.keys()
    assert (learned.version == PRIOR.version) == (not telling(many))
    for name, weight in PRIOR.values.items():
        if weight:
            assert LEAST - 1e-5 <= learned.of(name) / weight <= MOST + 1e-5
