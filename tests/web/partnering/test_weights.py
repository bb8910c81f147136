"""Weights learned from decisions: proposed, seen by both offices, switched by one of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tests.web import factories as base
from tests.web.conftest import World
from tests.web.factories import TODAY
from tests.web.partnering import factories
from verbund.matching.learning import Outcome
from verbund.matching.weights import PRIOR, Weights
from verbund.web.core.models import AuditEntry
from verbund.web.networks.rules import viewer_of
from verbund.web.partnering import plugs, services, weights
from verbund.web.partnering.models import Suggestion, WeightVersion
from verbund.web.partnering.queries import Bond, bond_between
from verbund.web.partnering.services import recompute, weighing

MET = {"request_met": 1.0, "nearness": 0.01}
ALIKE = {"request_met": 0.1, "shared_subject": 0.25}


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("views.weights", "views.suggestions", "tasks"):
        monkeypatch.setattr(f"verbund.web.partnering.{module}.today", lambda: TODAY)


@pytest.fixture
def bond(world: World) -> Bond:
    found = bond_between(world.a, world.b, TODAY)
    assert found is not None
    return found


def _compared(world: World, contributions: dict[str, float], **fields: Any) -> Suggestion:
    """Store a pair as it was compared under the weights that Verbund brings."""
    members = base.organisation(world.a), base.organisation(world.b)
    given = {"score": sum(contributions.values()), "weights_version": PRIOR.version} | fields
    return factories.suggestion((world.a, world.b), members, contributions=contributions, **given)


@pytest.fixture
def decided(world: World) -> World:
    """What meets a request was accepted; what is merely alike was rejected for its topic."""
    for _number in range(10):
        _compared(world, MET, state="introduced")
        _compared(world, ALIKE, state="rejected", reject_reason="topic")
    return world


def test_decisions_are_read_with_what_became_of_them(world: World, bond: Bond) -> None:
    accepted = _compared(world, MET, state="introduced")
    _compared(world, MET, state="introduced", weights_version="somebody else's")
    _compared(world, MET, state="rejected", reject_reason="known")  # says nothing about the fit
    _compared(world, MET)
    asked = factories.introduction(
        (world.a, world.b), (accepted.left, accepted.right), suggestion=accepted
    )

    def outcomes() -> list[Outcome]:
        return [decision.outcome for decision in weights.decisions_of(bond)]

    assert outcomes() == [Outcome.ACCEPTED]
    assert weights.decisions_of(bond)[0].features["request_met"] == pytest.approx(
        1 / PRIOR.of("request_met")
    )
    for state, outcome, again, read in (
        ("accepted", "", None, [Outcome.AGREED]),
        ("met", "", None, [Outcome.MET]),
        ("met", "", TODAY, [Outcome.CONTINUED]),
        ("closed", "project", None, [Outcome.PROJECT]),
        ("declined", "", None, []),
    ):
        asked.state, asked.outcome, asked.second_met_on = state, outcome, again
        asked.save()
        assert outcomes() == read


def test_a_proposal_counts_nothing_until_an_office_uses_it(decided: World, bond: Bond) -> None:
    row = services.propose(bond, by=decided.manager_b)

    assert row is not None
    assert row.values["request_met"] > PRIOR.of("request_met")
    assert row.values["shared_subject"] < PRIOR.of("shared_subject")
    assert (row.decisions, row.made_by, row.is_used) == (20, decided.manager_b, False)
    assert weights.weights_of(bond) is PRIOR
    assert services.propose(bond, by=None) == row

    services.use_weights(row, by=decided.manager_a)
    services.use_weights(row, by=decided.manager_a)

    assert weights.weights_of(bond).version == row.version
    services.use_shipped_weights(row, by=decided.manager_b)
    services.use_shipped_weights(row, by=decided.manager_b)
    assert weights.weights_of(bond) is PRIOR
    verbs = AuditEntry.objects.filter(kind="weightversion").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        "propose",
        "use weights",
        "use shipped weights",
    ]


def test_one_version_at_a_time_is_in_use(decided: World, bond: Bond) -> None:
    first = services.propose(bond, by=None)
    _compared(decided, MET, state="introduced")
    second = services.propose(bond, by=None)
    assert first is not None
    assert second is not None
    for row in (first, second, first):
        services.use_weights(row, by=decided.manager_a)

    assert list(WeightVersion.objects.filter(is_used=True)) == [first]


def test_a_decision_taken_back_is_as_if_it_had_never_been(decided: World, bond: Bond) -> None:
    before = services.propose(bond, by=None)
    extra = _compared(decided, ALIKE, state="introduced")
    with_it = services.propose(bond, by=None)
    services.reopen(extra, by=decided.manager_a)

    assert with_it != before
    assert services.propose(bond, by=None) == before


def test_weights_in_use_move_the_scores_of_the_next_run(world: World, bond: Bond) -> None:
    base.request(world.member_a, "Freiformoptik für Ambientelicht im Innenraum, ab 500 Stück")
    base.offer(world.member_b, "Freiformoptiken aus Kunststoff für Innenraumlicht")
    recompute(world.a, world.b, TODAY)
    before = Suggestion.objects.get()
    assert before.weights_version == PRIOR.version
    assert sum(before.contributions.values()) == pytest.approx(before.score, abs=1e-5)
    values = {**PRIOR.values, "request_met": 2 * PRIOR.of("request_met")}
    row = WeightVersion.objects.create(
        left_network=world.a,
        right_network=world.b,
        version="doubled",
        values=values,
        decisions=1,
        is_used=True,
    )

    recompute(world.a, world.b, TODAY)

    after = Suggestion.objects.get()
    assert after.weights_version == row.version
    assert after.contributions["request_met"] == pytest.approx(
        2 * before.contributions["request_met"], rel=1e-4
    )


def test_a_proposal_comes_by_itself_after_enough_decisions_and_is_a_task(
    decided: World, bond: Bond, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weighing, "PROPOSE_AFTER", 21)
    services.propose_if_due(bond)
    assert not WeightVersion.objects.exists()
    monkeypatch.setattr(weighing, "PROPOSE_AFTER", 20)

    for _time in range(2):
        services.propose_if_due(bond)

    row = WeightVersion.objects.get()
    assert row.made_by is None
    row.made_at = timezone.now()
    row.save()
    on = timezone.localdate()
    for person, count in (("manager_a", 1), ("manager_b", 1), ("manager_c", 0), ("person_a", 0)):
        tasks = plugs.waiting_for(viewer_of(getattr(decided, person), on), on)
        urls = [task.url for task in tasks]
        assert urls.count(reverse("weights_of", args=[decided.a.pk, decided.b.pk])) == count
    services.use_weights(row, by=decided.manager_a)
    assert weights.newly_proposed(viewer_of(decided.manager_a, on), on) == []


def test_the_effect_is_told_from_the_list_as_it_is(
    world: World, bond: Bond, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weights, "FIRST", 2)
    listed = [
        _compared(world, {"request_met": 0.5}),
        _compared(world, {"request_met": 0.4}),
        _compared(world, {"shared_subject": 0.3}),
    ]
    twice = Weights("x", {**PRIOR.values, "shared_subject": 2 * PRIOR.of("shared_subject")})

    assert weights.effect(bond, listed, PRIOR) == weights.Effect(2, 0, 0)
    assert weights.effect(bond, listed, twice) == weights.Effect(2, 1, 1)


# ---------------------------------------------------------------- the page


def _address(world: World) -> str:
    return reverse("weights_of", args=[world.a.pk, world.b.pk])


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("manager_a", 200),
        ("manager_b", 200),
        ("manager_c", 404),
        ("person_a", 404),
        ("stranger", 404),
        (None, 302),
    ],
)
def test_the_page_is_for_both_offices(
    world: World, signed_in: Any, person: str | None, status: int
) -> None:
    browser = signed_in(getattr(world, person) if person else None)

    assert browser.get(_address(world)).status_code == status


def test_what_moved_is_said_before_anything_is_switched(
    decided: World, bond: Bond, signed_in: Any, text_of: Any
) -> None:
    _compared(decided, MET)
    browser = signed_in(decided.manager_b)
    empty = text_of(browser.get(_address(decided)))
    assert "20 decisions say something about the fit so far." in empty
    assert "None yet" in empty

    ends = [decided.a.pk, decided.b.pk]
    page = text_of(browser.post(reverse("weights_propose", args=ends), follow=True))

    assert "Counts more now: offer meets request" in page
    assert "Learned from 20 decisions." in page
    assert "Of the 1 first suggestion to check" in page
    row = WeightVersion.objects.get()
    DBTaskResult.objects.all().delete()
    page = text_of(browser.post(reverse("weights_use", args=[row.pk]), follow=True))
    assert "being computed with the new weights" in page
    assert "Manager B switched to them on" in page
    assert DBTaskResult.objects.get().args_kwargs["args"] == ends
    both = text_of(signed_in(decided.manager_a).get(_address(decided)))
    assert "Manager B switched to them on" in both
    page = text_of(browser.post(reverse("weights_shipped", args=[row.pk]), follow=True))
    assert "Go back to these weights" in page
    row.refresh_from_db()
    assert not row.is_used


@pytest.mark.parametrize("person", ["manager_c", "person_a", "stranger"])
def test_nobody_else_switches(decided: World, bond: Bond, signed_in: Any, person: str) -> None:
    row = services.propose(bond, by=None)
    assert row is not None
    browser = signed_in(getattr(decided, person))
    ends = [decided.a.pk, decided.b.pk]

    for address in (
        reverse("weights_use", args=[row.pk]),
        reverse("weights_shipped", args=[row.pk]),
        reverse("weights_propose", args=ends),
    ):
        assert browser.post(address).status_code == 404
    assert not WeightVersion.objects.filter(is_used=True).exists()


def test_without_a_decision_nothing_is_proposed(world: World, signed_in: Any, text_of: Any) -> None:
    ends = [world.a.pk, world.b.pk]

    page = signed_in(world.manager_a).post(reverse("weights_propose", args=ends), follow=True)

    assert "No decision says anything about the fit yet." in text_of(page)
    assert not WeightVersion.objects.exists()


def test_a_suggestion_says_by_which_weights_it_was_computed(
    world: World, bond: Bond, signed_in: Any, text_of: Any
) -> None:
    shipped = _compared(world, MET)
    WeightVersion.objects.create(
        left_network=world.a, right_network=world.b, version="learned", decisions=1
    )
    learned = _compared(world, MET, weights_version="learned")
    browser = signed_in(world.manager_a)

    assert "with the weights that Verbund brings" in text_of(
        browser.get(shipped.get_absolute_url())
    )
    assert "computed with weights of" in text_of(browser.get(learned.get_absolute_url()))
