"""What the engine is given, what is kept of what it finds."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.web import factories as base
from tests.web.conftest import World
from tests.web.factories import TODAY
from tests.web.partnering import factories
from verbund.web.agreements.models import Agreement, Field
from verbund.web.core.models import AuditEntry, BackgroundRun
from verbund.web.directory.models import Profile
from verbund.web.networks.models import Membership, Organisation, Visibility
from verbund.web.partnering import problems
from verbund.web.partnering.finding import Sizes
from verbund.web.partnering.models import Quote, Suggestion
from verbund.web.partnering.queries import shared_suggestions
from verbund.web.partnering.services import computing, recompute

SEEKS = "Freiformoptik für Ambientelicht im Innenraum, ab 500 Stück"
OFFERS = "Freiformoptiken aus Kunststoff für Innenraumlicht, bis 2000 Stück"
HIDDEN = "Geheimes Head-up-Display mit Hologramm"


@pytest.fixture
def fitting(world: World) -> World:
    base.request(world.member_a, SEEKS)
    base.offer(world.member_b, OFFERS)
    return world


def test_a_partner_network_lends_only_what_its_members_share(fitting: World) -> None:
    base.offer(fitting.member_b, HIDDEN, visibility=Visibility.OWN)
    base.offer(fitting.member_b, "Abgelaufen", ends_on=TODAY.replace(day=1))
    base.organisation(fitting.b, name="Verschlossen", visibility=Visibility.OWN)
    base.figures(fitting.member_b)
    base.contact(fitting.member_b)

    shown = problems.members_shown(fitting.b, to=fitting.a, on=TODAY, purpose=Field.PROJECTS)

    assert [(m.id, m.name, m.offers) for m in shown] == [
        (str(fitting.member_b.pk), "Beta Optik GmbH", (OFFERS,))
    ]
    assert (shown[0].employees, shown[0].contact_name, shown[0].city) == (None, "", "Jena")


def test_a_fitting_pair_is_suggested_in_both_languages_with_its_quotes(fitting: World) -> None:
    assert recompute(fitting.b, fitting.a, TODAY) == 1

    pair = Suggestion.objects.get()
    assert (pair.left_network, pair.right_network) == (fitting.a, fitting.b)
    assert (pair.left, pair.right, pair.rank) == (fitting.member_a, fitting.member_b, 1)
    reason = pair.reasons[0]
    assert SEEKS in reason["de"]
    assert SEEKS in reason["en"]
    assert reason["de"] != reason["en"]
    assert [q.text for q in pair.quotes.order_by("pk")] == [SEEKS, OFFERS]
    assert list(pair.requests.all()) == list(fitting.member_a.requests.all())
    assert list(pair.offers.all()) == list(fitting.member_b.offers.all())
    assert list(shared_suggestions([fitting.a.pk], TODAY)) == [pair]
    run = BackgroundRun.objects.get(kind="suggestions")
    assert (run.key, run.state) == (f"{fitting.a.pk}-{fitting.b.pk}", "done")
    assert AuditEntry.objects.filter(verb="recompute").count() == 1


def test_no_reason_quotes_what_the_other_side_may_not_see(world: World) -> None:
    base.request(world.member_a, HIDDEN, visibility=Visibility.OWN)
    base.offer(world.member_b, HIDDEN)
    base.request(world.member_a, SEEKS)
    base.offer(world.member_b, OFFERS)
    hidden_offer = base.offer(world.member_b, f"{HIDDEN} in Serie", visibility=Visibility.OWN)

    recompute(world.a, world.b, TODAY)

    texts = str(list(Suggestion.objects.values_list("reasons", "doubts", "search")))
    assert SEEKS in texts
    assert "in Serie" not in texts
    assert not Quote.objects.filter(offer=hidden_offer).exists()


def test_inside_one_network_each_pair_is_suggested_once_and_nobody_to_itself(
    world: World,
) -> None:
    other = base.organisation(world.c, name="Delta Optik GmbH")
    base.request(world.member_c, SEEKS, visibility=Visibility.OWN)
    base.offer(other, OFFERS, visibility=Visibility.OWN)

    recompute(world.c, world.c, TODAY)

    pair = Suggestion.objects.get()
    assert (pair.left, pair.right, pair.is_within) == (world.member_c, other, True)
    assert "in_both" not in str(pair.doubts)
    assert list(shared_suggestions([world.c.pk], TODAY)) == [pair]


def test_a_member_of_both_networks_is_not_introduced_across(fitting: World) -> None:
    Membership.objects.create(network=fitting.b, organisation=fitting.member_a)

    recompute(fitting.a, fitting.b, TODAY)
    recompute(fitting.b, fitting.b, TODAY)

    pair = Suggestion.objects.get()
    assert (pair.left_network, pair.is_within) == (fitting.b, True)
    assert {pair.left, pair.right} == {fitting.member_a, fitting.member_b}


def test_a_second_run_keeps_decisions_and_wishes(fitting: World) -> None:
    recompute(fitting.a, fitting.b, TODAY)
    Suggestion.objects.update(
        state="rejected", reject_reason="size", left_wish="interested", score=0, is_current=False
    )
    before = Suggestion.objects.get()

    recompute(fitting.a, fitting.b, TODAY)

    after = Suggestion.objects.get()
    assert (after.pk, after.state, after.reject_reason) == (before.pk, "rejected", "size")
    assert (after.left_wish, after.found_at) == ("interested", before.found_at)
    assert after.score > 0
    assert after.is_current
    assert after.quotes.count() == 2


def test_what_is_not_found_again_stays_but_is_not_current(fitting: World) -> None:
    recompute(fitting.a, fitting.b, TODAY)
    fitting.member_b.offers.update(visibility=Visibility.OWN)

    recompute(fitting.a, fitting.b, TODAY)

    assert list(Suggestion.objects.values_list("is_current", flat=True)) == [False]


def test_without_an_agreement_nothing_is_current(fitting: World) -> None:
    recompute(fitting.a, fitting.b, TODAY)
    Agreement.objects.all().delete()

    assert recompute(fitting.a, fitting.b, TODAY) == 0
    assert not Suggestion.objects.filter(is_current=True).exists()


def test_a_member_gets_no_more_than_its_share_and_decided_pairs_take_no_place(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(computing, "ACROSS", Sizes(top=100, per_organisation=1))
    base.request(world.member_a, SEEKS)
    for name in ("Erste Optik GmbH", "Zweite Linsen GmbH"):
        base.offer(base.organisation(world.b, name=name), OFFERS)
    recompute(world.a, world.b, TODAY)
    first = Suggestion.objects.get()

    first.state = Suggestion.State.REJECTED
    first.save()
    recompute(world.a, world.b, TODAY)

    second = Suggestion.objects.get(state=Suggestion.State.OPEN)
    assert {first.right.name, second.right.name} == {"Erste Optik GmbH", "Zweite Linsen GmbH"}


def test_a_wished_pair_stays_though_better_ones_fill_the_list(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(computing, "ACROSS", Sizes(top=1, per_organisation=1))
    base.request(world.member_a, SEEKS)
    base.offer(world.member_b, OFFERS)
    other = base.organisation(world.b, name="Laserhaus Jena GmbH")
    wished = factories.suggestion(
        (world.a, world.b),
        (world.member_a, other),
        request=world.member_a.requests.get(),
        left_wish=Suggestion.Wish.INTERESTED,
    )

    recompute(world.a, world.b, TODAY)

    assert set(Suggestion.objects.filter(is_current=True).values_list("right", flat=True)) == {
        world.member_b.pk,
        wished.right_id,
    }


def test_a_failed_run_says_why_and_changes_nothing(
    fitting: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    recompute(fitting.a, fitting.b, TODAY)

    def broken(*args: Any, **more: Any) -> None:
        raise RuntimeError("kein Platz")

    monkeypatch.setattr(computing, "quotes_of", broken)
    with pytest.raises(RuntimeError):
        recompute(fitting.a, fitting.b, TODAY)

    run = BackgroundRun.objects.get()
    assert (run.state, run.problem) == ("failed", "RuntimeError: kein Platz")
    assert Suggestion.objects.filter(is_current=True).count() == 1


def test_a_profile_nobody_confirmed_for_a_year_sinks_but_keeps_its_score(fitting: World) -> None:
    other = base.organisation(fitting.b, name="Gamma Optik GmbH", city="Jena")
    base.offer(other, OFFERS)
    members = (fitting.member_b, other)

    def ranked(confirmed: Organisation) -> tuple[list[Organisation], list[float]]:
        Profile.objects.update(confirmed_on=TODAY - dt.timedelta(days=366))
        Profile.objects.filter(organisation=confirmed).update(confirmed_on=TODAY)
        recompute(fitting.a, fitting.b, TODAY)
        rows = list(Suggestion.objects.filter(right__in=members).order_by("rank"))
        return [row.right for row in rows], sorted(row.score for row in rows)

    (first, scores), (second, same) = (ranked(one) for one in members)

    assert (first, second) == (list(members), [other, fitting.member_b])
    assert scores == same
