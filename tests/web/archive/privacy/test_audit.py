"""The page of the audit log: one's own network in words, nothing of others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from tests.web import factories
from tests.web.conftest import World
from verbund.web.agreements.models import Agreement
from verbund.web.archive.privacy import audit
from verbund.web.core.auditing import audited
from verbund.web.core.models import AuditEntry
from verbund.web.core.services import record, today
from verbund.web.networks.models import DataClass, Membership, Organisation, Role
from verbund.web.networks.rules import viewer_of
from verbund.web.networks.services import invite_person
from verbund.web.partnering.models import Introduction


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def texts(person: Any, **asked: str) -> list[str]:
    viewer = viewer_of(person, today())
    found = audit.entries(viewer, audit.Wanted.read(asked), today())
    return [line.text for line in audit.lines(found, viewer, today())]


def test_an_office_reads_its_own_network_in_words(world: World) -> None:
    change = {"data_class": "contact", "allows": False, "to": "b"}
    record(world.person_a, "consent", world.member_a, change)
    record(world.manager_a, "update", world.member_a, {"fields": ["city"], "network": "a"})

    assert texts(world.manager_a) == [
        "Managerin A changed the profile of Alpha Karosserie GmbH",
        "Person A withdrew a consent of Alpha Karosserie GmbH",
    ]
    with translation.override("de"):
        assert texts(world.manager_a)[1] == (
            "Person A hat eine Einwilligung von Alpha Karosserie GmbH widerrufen"
        )
    assert (texts(world.manager_b), texts(world.manager_c)) == ([], [])


def test_the_other_home_learns_what_changed_and_not_what_the_network_does(world: World) -> None:
    Membership.objects.create(network=world.c, organisation=world.member_a)
    record(world.manager_a, "update", world.member_a, {"fields": ["city"], "network": "a"})
    record(world.manager_a, "leave", world.member_a, {"network": "a"})

    viewer = viewer_of(world.manager_c, today())
    (line,) = audit.lines(audit.entries(viewer, audit.Wanted(), today()), viewer, today())

    assert line.text == "Somebody outside your network changed the profile of Alpha Karosserie GmbH"
    assert "Netz A" not in line.fields
    assert len(texts(world.manager_a)) == 2


def test_members_of_a_partner_lose_their_name_with_the_agreement(world: World) -> None:
    introduction = Introduction.objects.create(
        left_network=world.a, right_network=world.b, left=world.member_a, right=world.member_b,
        subject="x", text="x", asked_at="2026-11-01T00:00Z",
    )  # fmt: skip
    record(world.manager_b, "remind", introduction)
    pair = "Alpha Karosserie GmbH – Beta Optik GmbH"
    who = "Somebody outside your network reminded of the introduction "
    assert texts(world.manager_a) == [who + pair]

    Agreement.objects.update(valid_until="2026-01-01")

    assert texts(world.manager_a) == [f"{who}Introduction no. {introduction.pk}"]


def test_names_of_persons_are_looked_up_and_not_kept(world: World) -> None:
    role = invite_person(
        world.a, email="anna@example.org", name="Anna Weber", language="de",
        organisation=None, by=world.manager_a, on=today(),
    )  # fmt: skip

    assert texts(world.manager_a) == ["Managerin A gave a role: Anna Weber: network manager"]
    kept = repr(list(AuditEntry.objects.values()))
    assert ("Weber" in kept, "anna@" in kept) == (False, False)
    number = role.pk
    role.delete()
    assert texts(world.manager_a) == [f"Managerin A gave a role: Role no. {number}"]


def test_filters_narrow_and_nonsense_is_left_out(world: World) -> None:
    record(world.person_a, "confirm", world.member_a)
    record(world.manager_a, "make_network", world.a)
    confirmed, made = (
        "Person A confirmed the profile of Alpha Karosserie GmbH",
        texts(world.manager_a)[0],
    )

    assert texts(world.manager_a, q="karosserie") == [confirmed]
    assert texts(world.manager_a, q="person a") == [confirmed]
    assert texts(world.manager_a, who=str(world.manager_a.pk)) == [made]
    assert texts(world.manager_a, kind="organisation", key=str(world.member_a.pk)) == [confirmed]
    assert texts(world.manager_a, kind="organisation", key="0") == []
    assert texts(world.manager_a, since=today().isoformat()) == [made, confirmed]
    assert texts(world.manager_a, until="2020-01-01") == []
    nonsense = {"who": "x" * 50, "kind": "\x00", "key": "9" * 99, "since": "gestern", "until": "2"}
    assert texts(world.manager_a, **nonsense) == [made, confirmed]


def test_one_cannot_ask_for_the_deeds_of_a_stranger(world: World) -> None:
    Membership.objects.create(network=world.c, organisation=world.member_a)
    record(world.manager_a, "confirm", world.member_a)

    assert texts(world.manager_c, who=str(world.manager_a.pk)) == []
    assert texts(world.manager_c, q="Managerin A") == []
    assert len(texts(world.manager_c)) == 1


@pytest.mark.parametrize(
    ("who", "status"),
    [("manager_a", 200), ("person_a", 403), ("stranger", 403)],
)
def test_only_managers_open_the_page(world: World, signed_in: Any, who: str, status: int) -> None:
    assert signed_in(getattr(world, who)).get("/audit/").status_code == status
    assert signed_in(None).get("/audit/").status_code == 302


def test_readers_of_an_office_do_not_read_what_colleagues_did(world: World, signed_in: Any) -> None:
    reader = factories.user()
    Role.objects.create(user=reader, kind=Role.Kind.READER, network=world.a)

    assert signed_in(reader).get("/audit/").status_code == 403


def test_the_page_links_and_escapes(world: World, signed_in: Any) -> None:
    Organisation.objects.filter(pk=world.member_a.pk).update(name="<b>Alpha</b> 100 %")
    world.member_a.refresh_from_db()
    record(world.manager_a, "confirm", world.member_a)

    page = signed_in(world.manager_a).get("/audit/").content.decode()

    link = f'<a href="{world.member_a.get_absolute_url()}">&lt;b&gt;Alpha&lt;/b&gt; 100 %</a>'
    assert f"Managerin A confirmed the profile of {link}" in page


def test_exports_hold_what_the_page_holds(world: World, signed_in: Any) -> None:
    record(world.manager_a, "confirm", world.member_a)
    record(world.manager_c, "confirm", world.member_c)
    browser = signed_in(world.manager_a)

    answer = browser.get("/audit/?export=jsonl")
    (line,) = [json.loads(line) for line in answer.content.decode().splitlines()]

    assert line["What happened"] == "Managerin A confirmed the profile of Alpha Karosserie GmbH"
    assert answer["Content-Disposition"] == 'attachment; filename="audit-log.jsonl"'
    assert "Gamma" not in browser.get("/audit/?export=csv").content.decode()
    assert browser.get("/audit/?export=xlsx").content.startswith(b"PK")


def test_three_times_as_many_entries_take_the_same_queries(
    world: World, signed_in: Any, count_queries: Any
) -> None:
    browser = signed_in(world.manager_a)
    record(world.manager_a, "confirm", world.member_a)
    one = count_queries(lambda: browser.get("/audit/"))
    for _ in range(2):
        record(world.manager_a, "confirm", factories.organisation(world.a))

    assert count_queries(lambda: browser.get("/audit/")) == one


def test_every_kind_can_be_read(world: World) -> None:
    """A look-up that fails would take the whole page with it."""
    viewer = viewer_of(world.manager_a, today())
    for kind, about in audited.items():
        assert list(about.seen(viewer, today()).filter(pk__in=["1"])[:1]) is not None, kind


def test_objections_are_said_as_such(world: World) -> None:
    change = {"data_class": DataClass.PROFILE.value, "allows": False, "to": "b"}
    record(world.person_a, "consent", world.member_a, change)

    assert texts(world.manager_a) == ["Person A objected for Alpha Karosserie GmbH to being shown"]
