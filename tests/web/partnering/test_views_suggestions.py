"""The office's queue in the browser."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from tests.web import factories as base
from tests.web.conftest import World
from tests.web.factories import TODAY
from tests.web.partnering import factories
from verbund.web.core.models import BackgroundRun, Mail
from verbund.web.networks.models import Visibility
from verbund.web.partnering import services
from verbund.web.partnering.models import Introduction, Suggestion

QUEUE = "/suggestions/"


def _post(client: Any, pair: Suggestion, what: str, **data: str) -> Any:
    url = reverse(f"suggestion_{what}", args=[pair.pk])
    return client.post(url, {"seen": "open"} | data, follow=True)


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ("manager_a", 200),
        ("manager_b", 200),
        ("manager_c", 404),
        ("person_a", 302),
        ("stranger", 403),
        (None, 302),
    ],
)
def test_a_suggestion_is_for_the_two_offices(
    world: World, pair: Suggestion, signed_in: Any, text_of: Any, person: str, status: int
) -> None:
    client = signed_in(getattr(world, person) if person else None)

    page = client.get(pair.get_absolute_url())

    assert page.status_code == status
    assert ("Gesuch von Alpha" in text_of(page)) == (status == 200)


def test_the_other_offices_queue_is_empty_and_counts_nothing(
    world: World, pair: Suggestion, signed_in: Any, text_of: Any
) -> None:
    page = signed_in(world.manager_c).get(QUEUE)

    assert [one["count"] for one in page.context["counts"]] == [0, 0, 0, 0, 0]
    assert "Alpha" not in text_of(page)
    assert pair.is_current


def test_an_entry_taken_back_takes_the_pair_from_queue_numbers_and_export(
    world: World, pair: Suggestion, signed_in: Any, text_of: Any
) -> None:
    client = signed_in(world.manager_a)
    assert client.get(QUEUE).context["counts"][0]["count"] == 1
    assert "Beta Optik" in text_of(client.get(f"{QUEUE}?export=csv"))

    world.member_b.offers.update(visibility=Visibility.OWN)

    page = client.get(QUEUE)
    assert page.context["counts"][0]["count"] == 0
    assert "Beta Optik" not in text_of(page)
    assert "Beta Optik" not in text_of(client.get(f"{QUEUE}?export=csv"))
    assert client.get(pair.get_absolute_url()).status_code == 404
    assert _post(client, pair, "reject", reason="size").status_code == 404


def test_writing_to_both_opens_the_next_and_offers_undo(
    world: World, pair: Suggestion, signed_in: Any, text_of: Any
) -> None:
    following = factories.suggestion(
        (world.a, world.b), (world.member_a, base.organisation(world.b)), score=0.5
    )
    client = signed_in(world.manager_a)

    page = _post(client, pair, "introduce", subject="Optik", text="Passt ein Gespräch?")

    asked = Introduction.objects.get()
    assert (asked.subject, asked.asked_by, asked.suggestion) == ("Optik", world.manager_a, pair)
    assert page.context["current"] == following
    assert reverse("suggestion_reopen", args=[pair.pk]) in text_of(page)
    assert "were written to about" in text_of(page)

    client.post(reverse("suggestion_reopen", args=[pair.pk]))
    assert not Introduction.objects.exists()
    assert not Mail.objects.exists()


def test_later_and_reject_say_that_nobody_was_written_to(
    world: World, pair: Suggestion, signed_in: Any, text_of: Any
) -> None:
    client = signed_in(world.manager_a)

    said = text_of(_post(client, pair, "postpone", weeks="2"))
    assert "Alpha Karosserie GmbH and Beta Optik GmbH put off until" in said
    pair.refresh_from_db()
    assert pair.postponed_until == TODAY + dt.timedelta(days=14)
    page = _post(client, pair, "reject", reason="size", note="zu klein", seen="postponed")

    assert "rejected. Nobody was written to." in text_of(page)
    pair.refresh_from_db()
    assert (pair.state, pair.reject_reason, pair.note) == ("rejected", "size", "zu klein")


@pytest.mark.parametrize(
    ("what", "data"),
    [
        ("introduce", {"subject": "", "text": ""}),
        ("postpone", {"weeks": "900"}),
        ("reject", {"reason": "whatever"}),
        ("reject", {"reason": "member"}),
        ("reject", {"reason": "size", "seen": "nonsense"}),
    ],
)
def test_nonsense_changes_nothing(
    world: World, pair: Suggestion, signed_in: Any, what: str, data: dict[str, str]
) -> None:
    page = _post(signed_in(world.manager_a), pair, what, **data)

    assert page.status_code == (422 if what == "introduce" else 200)
    pair.refresh_from_db()
    assert pair.state == "open"


@pytest.mark.parametrize("person", ["manager_c", "person_a", "stranger"])
@pytest.mark.parametrize("what", ["introduce", "postpone", "reject", "reopen"])
def test_nobody_else_decides(
    world: World, pair: Suggestion, signed_in: Any, person: str, what: str
) -> None:
    data = {"subject": "s", "text": "t", "weeks": "2", "reason": "size"}

    answer = _post(signed_in(getattr(world, person)), pair, what, **data)

    assert answer.status_code == 404
    pair.refresh_from_db()
    assert pair.state == "open"


def test_who_comes_second_reads_who_decided_what(
    world: World, pair: Suggestion, signed_in: Any, text_of: Any
) -> None:
    services.reject(pair, reason="competitors", by=world.manager_a)

    page = _post(signed_in(world.manager_b), pair, "introduce", subject="s", text="t")

    assert "somebody was quicker. Managerin A rejected this" in text_of(page)
    assert not Introduction.objects.exists()


def test_the_queue_tells_pairs_between_networks_from_those_within(
    world: World, pair: Suggestion, signed_in: Any
) -> None:
    own = base.organisation(world.a)
    base.request(own)
    within = factories.suggestion((world.a, world.a), (world.member_a, own))
    client = signed_in(world.manager_a)

    page = client.get(QUEUE)
    narrowed = client.get(f"{QUEUE}?pair={world.a.pk}-{world.a.pk}")

    assert [(one["label"], one["count"]) for one in page.context["pairs"]] == [
        ("All", 2),
        ("Between Netz A and Netz B", 1),
        ("Within Netz A", 1),
    ]
    assert list(narrowed.context["page"]) == [within]


@pytest.mark.parametrize(
    "query", ["?page=99", "?page=x", "?show=nonsense", "?pair=1-x", "?pair=%F0%9F%98%80-1"]
)
def test_nonsense_in_the_address_is_ignored(
    world: World, pair: Suggestion, signed_in: Any, query: str
) -> None:
    assert signed_in(world.manager_a).get(QUEUE + query).status_code == 200


def test_figures_are_shown_only_to_whom_they_may_be(
    world: World, pair: Suggestion, signed_in: Any, text_of: Any
) -> None:
    base.figures(world.member_b, employees=4711)

    own = text_of(signed_in(world.manager_b).get(pair.get_absolute_url()))
    partner = text_of(signed_in(world.manager_a).get(pair.get_absolute_url()))

    assert "4711" in own.replace(",", "")
    assert "4711" not in partner.replace(",", "")


def test_a_doubt_can_be_made_a_question(
    world: World, pair: Suggestion, signed_in: Any, text_of: Any
) -> None:
    client = signed_in(world.manager_a)

    assert "Still open: Far." not in text_of(client.get(pair.get_absolute_url()))
    assert "Still open: Far." in text_of(client.get(f"{pair.get_absolute_url()}?ask=1"))


def test_the_queue_costs_the_same_for_one_and_three(
    world: World, pair: Suggestion, signed_in: Any, count_queries: Any
) -> None:
    client = signed_in(world.manager_a)
    client.get(QUEUE)
    one = count_queries(lambda: client.get(QUEUE))

    for _number in range(2):
        member = base.organisation(world.b)
        factories.suggestion((world.a, world.b), (world.member_a, member), score=0.1)

    assert count_queries(lambda: client.get(QUEUE)) == one


def test_a_failed_run_shows_its_problem_and_can_be_tried_again(
    world: World, signed_in: Any, text_of: Any
) -> None:
    from django.utils import timezone

    key = f"{world.a.pk}-{world.b.pk}"
    BackgroundRun.objects.create(
        kind="suggestions", key=key, state="failed", asked_at=timezone.now(), problem="kein Platz"
    )
    client = signed_in(world.manager_a)
    again = reverse("suggestions_recompute", args=[world.a.pk, world.b.pk])
    page = text_of(client.get(QUEUE))
    assert "kein Platz" in page
    assert again in page

    client.post(again)

    assert BackgroundRun.objects.get(key=key).state == "waiting"
    assert 'hx-trigger="every 3s"' in text_of(client.get("/suggestions/freshness/"))


@pytest.mark.parametrize("person", ["manager_c", "person_a", "stranger"])
def test_nobody_else_recomputes_or_hears_of_runs(world: World, signed_in: Any, person: str) -> None:
    client = signed_in(getattr(world, person))

    again = client.post(reverse("suggestions_recompute", args=[world.a.pk, world.b.pk]))

    assert again.status_code == 403
    assert not BackgroundRun.objects.exists()


def test_an_office_without_partner_finds_its_first_suggestion(
    world: World, signed_in: Any, text_of: Any
) -> None:
    page = text_of(signed_in(world.manager_c).get(QUEUE))

    assert "Find suggestions within Netz C" in page
    assert "Netz A" not in page
