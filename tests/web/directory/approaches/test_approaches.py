"""A request without a name, from the text alone to both names, and what nobody learns before."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web import factories
from tests.web.conftest import World
from tests.web.factories import TODAY
from verbund.web.agreements.models import Agreement, Consent
from verbund.web.agreements.sharing import visible
from verbund.web.core.models import AuditEntry, Mail
from verbund.web.core.registries import tasks
from verbund.web.directory.approaches import services
from verbund.web.directory.approaches.queries import (
    approaches_for,
    seats,
    told_of,
    unnamed_requests,
)
from verbund.web.directory.models import Approach, Request
from verbund.web.directory.services import index_entry
from verbund.web.networks.models import DataClass, Membership, Organisation
from verbund.web.networks.rules import viewer_of

State = Approach.State
TEXT = "Wir messen Spaltmaße in der Linie."


@pytest.fixture
def wanted(world: World) -> Request:
    """A request of A's member, anonymous, that B may read."""
    made = factories.request(world.member_a, "Messtechnik gesucht", is_anonymous=True)
    index_entry(made)
    made.save()
    return made


@pytest.fixture
def asked(world: World, wanted: Request) -> Approach:
    return services.ask(wanted, world.member_b, text=TEXT, by=world.person_b, on=TODAY)


def advance(approach: Approach, world: World, *steps: str) -> Approach:
    people = {"name": world.person_b, "withdraw": world.person_b}
    for step in steps:
        by = people.get(step, world.person_a)
        approach = services.take(approach, step, by=by, on=TODAY)
    return approach


# ---------------------------------------------------------------- who reads what


@pytest.mark.parametrize(
    ("who", "by_name", "by_text"),
    [
        ("person_a", True, False),
        ("manager_a", True, False),
        ("person_b", False, True),
        ("manager_b", False, True),
        ("manager_c", False, False),
        ("stranger", False, False),
    ],
)
def test_own_network_reads_the_name_partners_the_text(
    world: World, wanted: Request, *, who: str, by_name: bool, by_text: bool
) -> None:
    viewer = viewer_of(getattr(world, who), TODAY)
    named = visible(Request.objects.all(), to=viewer, on=TODAY)

    assert (wanted in named, wanted in unnamed_requests(viewer, TODAY)) == (by_name, by_text)


def test_public_request_without_a_name_is_read_by_everyone(world: World, signed_in: Any) -> None:
    Organisation.objects.filter(pk=world.member_a.pk).update(visibility="public")
    factories.request(world.member_a, "Messtechnik", visibility="public", is_anonymous=True)
    browser = signed_in(None)

    listed = browser.get("/requests/").content.decode()
    own_page = browser.get(f"/members/{world.member_a.pk}/").content.decode()
    found = browser.get("/search/?q=Messtechnik").content.decode()

    assert "Messtechnik" in listed
    assert world.member_a.name not in listed
    assert "Messtechnik" not in own_page
    assert world.member_a.name not in found


def test_nothing_that_names_the_owner_shows_or_counts_it(
    world: World, wanted: Request, signed_in: Any
) -> None:
    browser, name = signed_in(world.person_b), world.member_a.name
    pages = {
        path: browser.get(path).content.decode()
        for path in (
            f"/members/{world.member_a.pk}/",
            "/members/?has=requests",
            "/members/?q=Messtechnik",
            "/members/?export=csv",
            "/search/?q=Messtechnik",
            "/requests/",
            f"/requests/{wanted.pk}/",
        )
    }

    for path, page in pages.items():
        assert not ("Messtechnik gesucht" in page and name in page), path
    assert "Messtechnik gesucht" in pages["/requests/"]
    assert name not in pages["/members/?has=requests"]


@pytest.mark.parametrize("members", [1, 5])
def test_network_is_told_only_where_there_is_a_crowd(
    world: World, wanted: Request, signed_in: Any, members: int
) -> None:
    for _ in range(members - 1):
        factories.organisation(world.a)

    (row,) = signed_in(world.person_b).get("/requests/").context["rows"]

    assert row.network == (world.a if members == 5 else None)


def test_a_firm_in_two_networks_is_told_of_one(world: World, wanted: Request) -> None:
    """Few belong to both: both names together would nearly be its own."""
    Membership.objects.create(network=world.c, organisation=world.member_a)
    for network in (world.a, world.c):
        for _ in range(5):
            factories.organisation(network)
    factories.agreement(world.b, world.c, shares=tuple(DataClass))
    (told,) = told_of([wanted], viewer_of(world.person_b, TODAY), TODAY)

    assert told.network in (world.a, world.c)


def test_export_holds_text_and_no_name(world: World, wanted: Request, signed_in: Any) -> None:
    table = signed_in(world.person_b).get("/requests/?export=csv").content.decode()

    assert "Messtechnik gesucht" in table
    assert world.member_a.name not in table


@pytest.mark.parametrize("text", ["Alpha Karosserie sucht", "… für die ALPHA-KAROSSERIE GmbH"])
def test_a_text_that_names_its_owner_is_refused(world: World, signed_in: Any, text: str) -> None:
    answer = signed_in(world.person_a).post(
        f"/members/{world.member_a.pk}/requests/new/",
        {"text_de": text, "visibility": "partners", "is_anonymous": "on"},
    )

    assert "Leave the name out" in answer.content.decode()
    assert not Request.objects.exists()


# ---------------------------------------------------------------- step by step


def test_names_are_given_one_after_the_other(world: World, asked: Approach) -> None:
    seen = []
    for step in ("", "want", "name", "reveal"):
        approach = advance(asked, world, step) if step else asked
        row = approaches_for(viewer_of(world.person_a, TODAY), TODAY)
        (owner,) = seats(row, viewer_of(world.person_a, TODAY), TODAY)
        asking_viewer = viewer_of(world.person_b, TODAY)
        (asking,) = seats(approaches_for(asking_viewer, TODAY), asking_viewer, TODAY)
        knows = asked.request in visible(Request.objects.all(), to=asking_viewer, on=TODAY)
        seen.append((approach.state, owner.other, asking.other, knows))

    a, b = world.member_a, world.member_b
    assert seen == [
        (State.ASKED, None, None, False),
        (State.WANTED, None, None, False),
        (State.NAMED, b, None, False),
        (State.REVEALED, b, a, True),
    ]


@pytest.mark.parametrize("stop", ["refuse", "withdraw"])
@pytest.mark.parametrize("steps", [(), ("want",), ("want", "name"), ("want", "name", "reveal")])
def test_either_side_stops_at_any_time_and_no_name_is_left(
    world: World, asked: Approach, stop: str, steps: tuple[str, ...]
) -> None:
    advance(asked, world, *steps, stop)

    for person in (world.person_a, world.person_b):
        viewer = viewer_of(person, TODAY)
        (seat,) = seats(approaches_for(viewer, TODAY), viewer, TODAY)
        assert (seat.other, seat.needs_me) == (None, False)
    assert asked.request not in visible(
        Request.objects.all(), to=viewer_of(world.person_b, TODAY), on=TODAY
    )


def test_every_step_is_kept_and_told(world: World, asked: Approach) -> None:
    advance(asked, world, "want", "name", "reveal")

    assert [step.state for step in asked.steps.all()] == [
        State.ASKED, State.WANTED, State.NAMED, State.REVEALED,
    ]  # fmt: skip
    to = [mail.to for mail in Mail.objects.filter(about="approach").order_by("pk")]
    a, b = world.person_a.email, world.person_b.email
    assert to == [a, b, a, a, b]


def test_mails_name_nobody_too_early(world: World, asked: Approach) -> None:
    advance(asked, world, "want")
    mails = Mail.objects.filter(about="approach").order_by("pk")
    to_owner, to_asking = (f"{mail.subject} {mail.text} {mail.html}" for mail in mails)

    assert world.member_b.name not in to_owner
    assert world.member_a.name not in to_asking
    assert TEXT in to_owner


def test_audit_log_keeps_each_side_to_its_own_office(world: World, asked: Approach) -> None:
    advance(asked, world, "want", "name")

    kept = AuditEntry.objects.filter(kind="approach").order_by("pk")

    a, b = f"|{world.a.pk}|", f"|{world.b.pk}|"
    assert [entry.networks for entry in kept] == [b, a, b]
    assert {entry.name for entry in kept} == {""}


def test_twice_does_no_harm(world: World, asked: Approach) -> None:
    services.ask(asked.request, world.member_b, text="noch einmal", by=world.person_b, on=TODAY)
    advance(asked, world, "want", "want")

    assert Approach.objects.get().text == TEXT
    assert asked.steps.count() == 2
    assert Mail.objects.count() == 2


def test_a_step_out_of_turn_changes_nothing(world: World, asked: Approach) -> None:
    with pytest.raises(services.Refused):
        services.take(asked, "reveal", by=world.person_a, on=TODAY)

    assert Approach.objects.get().state == State.ASKED
    assert asked.steps.count() == 1


def test_no_name_is_given_once_the_agreement_has_ended(world: World, asked: Approach) -> None:
    Agreement.objects.update(valid_until=TODAY.replace(day=1))

    with pytest.raises(services.Refused):
        services.take(asked, "want", by=world.person_a, on=TODAY)

    assert not approaches_for(viewer_of(world.person_b, TODAY), TODAY).exists()
    assert services.take(asked, "refuse", by=world.person_a, on=TODAY).state == State.REFUSED


def test_what_was_withdrawn_may_be_asked_again(world: World, asked: Approach) -> None:
    advance(asked, world, "withdraw")

    again = services.ask(asked.request, world.member_b, text="neu", by=world.person_b, on=TODAY)

    assert (again.pk, again.state, again.text) == (asked.pk, State.ASKED, "neu")


def test_who_may_not_read_it_cannot_ask(world: World, wanted: Request) -> None:
    with pytest.raises(services.Refused):
        services.ask(wanted, world.member_c, text=TEXT, by=None, on=TODAY)

    assert not Approach.objects.exists()


def test_contact_persons_are_shown_by_consent_of_each_side(world: World, asked: Approach) -> None:
    with pytest.raises(services.Refused):
        services.show_contact(asked, "owner", by=world.person_a, on=TODAY)
    revealed = advance(asked, world, "want", "name", "reveal")

    first = services.show_contact(revealed, "owner", by=world.person_a, on=TODAY)
    again = services.show_contact(revealed, "owner", by=world.person_a, on=TODAY)

    assert (first, again) == (True, False)
    consent = Consent.objects.get()
    assert (consent.organisation, consent.to_organisation) == (world.member_a, world.member_b)


def test_contact_persons_seen_already_are_not_offered_again(
    world: World, asked: Approach, signed_in: Any
) -> None:
    factories.contact(world.member_a)
    revealed = advance(asked, world, "want", "name", "reveal")
    browser, address = signed_in(world.person_a), f"/approaches/{revealed.pk}/"

    assert f"{address}contact/" in browser.get(address).content.decode()
    factories.consent(world.member_a, DataClass.CONTACT, world.b)
    assert f"{address}contact/" not in browser.get(address).content.decode()


# ---------------------------------------------------------------- pages


def test_from_reading_to_both_names_in_the_browser(
    world: World, wanted: Request, signed_in: Any
) -> None:
    asking, owner = signed_in(world.person_b), signed_in(world.person_a)
    answer = asking.post(
        f"/requests/{wanted.pk}/", {"text": TEXT, "organisation": world.member_b.pk}, follow=True
    )
    address = answer.redirect_chain[-1][0]

    assert world.member_b.name not in owner.get(address).content.decode()
    owner.post(f"{address}want/")
    assert world.member_a.name not in asking.get(address).content.decode()
    asking.post(f"{address}name/")
    assert world.member_b.name in owner.get(address).content.decode()
    assert world.member_a.name not in asking.get(address).content.decode()
    owner.post(f"{address}reveal/")
    assert world.member_a.name in asking.get(address).content.decode()
    assert asked_for(world, "person_b") == []


def asked_for(world: World, who: str) -> list[str]:
    viewer = viewer_of(getattr(world, who), TODAY)
    found = tasks["approaches"](viewer, TODAY)
    return [task.url for task in found]


def test_home_says_whose_turn_it_is(world: World, asked: Approach) -> None:
    turns = [(asked_for(world, "person_a"), asked_for(world, "person_b"))]
    advance(asked, world, "want")
    turns.append((asked_for(world, "person_a"), asked_for(world, "person_b")))

    address = f"/approaches/{asked.pk}/"
    assert turns == [([address], []), ([], [address])]


def test_offices_look_on_and_do_not_act(world: World, asked: Approach, signed_in: Any) -> None:
    for person in (world.manager_a, world.manager_b):
        browser = signed_in(person)
        page = browser.get(f"/approaches/{asked.pk}/")
        assert page.status_code == 200
        assert "your office looks on" in page.content.decode()
        for step in ("want", "name", "reveal", "refuse", "withdraw"):
            assert browser.post(f"/approaches/{asked.pk}/{step}/").status_code == 404
    assert Approach.objects.get().state == State.ASKED


@pytest.mark.parametrize("who", ["manager_c", "stranger"])
def test_others_do_not_find_it(world: World, asked: Approach, signed_in: Any, who: str) -> None:
    browser = signed_in(getattr(world, who))

    assert browser.get(f"/approaches/{asked.pk}/").status_code == 404
    assert browser.get(f"/requests/{asked.request_id}/").status_code == 404
    assert TEXT not in browser.get("/approaches/").content.decode()


def test_a_mail_is_answered_once_without_signing_in(
    world: World, asked: Approach, signed_in: Any
) -> None:
    link = next(word for word in Mail.objects.get().text.split() if "/approaches/answer/" in word)
    path = "/approaches/answer/" + link.split("/approaches/answer/")[1].split("?")[0]
    browser = signed_in(None)

    first = browser.get(path)
    browser.post(path, {"step": "want"})
    browser.post(path, {"step": "refuse"})

    assert first.status_code == 200
    assert world.member_b.name not in first.content.decode()
    assert Approach.objects.get().state == State.WANTED
    assert asked.steps.values_list("note", flat=True).last() == world.person_a.name
    assert browser.get(path[:-4] + "xxx/").status_code == 410


def test_a_page_left_open_shows_nothing_once_the_agreement_has_ended(
    world: World, wanted: Request, signed_in: Any
) -> None:
    browser = signed_in(world.person_b)
    before = browser.get(f"/requests/{wanted.pk}/").status_code
    Agreement.objects.update(valid_until=TODAY.replace(day=1))

    posted = browser.post(
        f"/requests/{wanted.pk}/", {"text": TEXT, "organisation": world.member_b.pk}
    )

    assert (before, posted.status_code) == (200, 404)
    assert "Messtechnik" not in browser.get("/requests/").content.decode()
    assert not Approach.objects.exists()


def test_list_takes_the_same_queries_for_one_and_three(
    world: World, wanted: Request, signed_in: Any, count_queries: Any
) -> None:
    browser = signed_in(world.person_b)
    browser.get("/requests/")
    one = count_queries(lambda: browser.get("/requests/"))
    for _ in range(2):
        factories.request(world.member_a, is_anonymous=True)
    three = count_queries(lambda: browser.get("/requests/"))

    assert one == three
