"""Names, sites, numbers, parent and membership: who changes them and who sees them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.web import factories
from tests.web.conftest import World
from verbund.web.core.models import AuditEntry
from verbund.web.directory.services import index_organisation
from verbund.web.networks.models import Alias, Identifier, Membership, Organisation, Site


def page(organisation: Organisation, *parts: object) -> str:
    return "/".join((f"/members/{organisation.pk}/identity", *map(str, parts), ""))


ROWS = {
    "aliases": {"name": "Alpha Blech", "valid_until": "2019-12-31"},
    "sites": {"name": "Werk 2", "postal_code": "07743", "city": "Jena", "country": "de"},
    "numbers": {"scheme": "vat", "value": "DE 136 695 976"},
}
MODELS: dict[str, Any] = {"aliases": Alias, "sites": Site, "numbers": Identifier}


@pytest.mark.parametrize("part", ROWS)
def test_a_row_is_written_once_shown_changed_and_deleted(
    world: World, signed_in: Any, part: str
) -> None:
    browser = signed_in(world.person_a)

    for _ in range(2):
        browser.post(page(world.member_a, part, "new"), ROWS[part])
    row = MODELS[part].objects.get()
    shown = browser.get(page(world.member_a)).content.decode()
    assert str(row) in shown
    browser.post(page(world.member_a, part, row.pk), ROWS[part] | {"name": "Neu"})
    for _ in range(2):
        browser.post(page(world.member_a, part, row.pk, "delete"))

    assert not MODELS[part].objects.exists()
    assert list(AuditEntry.objects.values_list("verb", flat=True)) == ["update"] * 3


def test_numbers_are_checked(world: World, signed_in: Any) -> None:
    address = page(world.member_a, "numbers", "new")

    shown = signed_in(world.person_a).post(address, {"scheme": "vat", "value": "DE136695977"})

    assert "the last one is a check digit that does not fit" in shown.content.decode()
    assert not Identifier.objects.exists()


def test_a_site_stands_where_its_town_is(world: World, signed_in: Any) -> None:
    signed_in(world.person_a).post(page(world.member_a, "sites", "new"), ROWS["sites"])

    site = Site.objects.get()
    assert (site.country, round(site.lat or 0), round(site.lon or 0)) == ("DE", 51, 12)


def test_a_former_name_finds_the_organisation(world: World, signed_in: Any) -> None:
    browser = signed_in(world.person_a)
    browser.post(page(world.member_a, "aliases", "new"), ROWS["aliases"])

    assert "Alpha Karosserie GmbH" in browser.get("/members/?q=Alpha+Blech").content.decode()
    portrait = browser.get(f"/members/{world.member_a.pk}/").content.decode()
    assert "Alpha Blech" in portrait


def test_partners_and_strangers_change_nothing(world: World, signed_in: Any) -> None:
    alias = Alias.objects.create(organisation=world.member_a, name="Alpha Blech")
    addresses = [
        page(world.member_a),
        page(world.member_a, "belongs"),
        page(world.member_a, "memberships", "a"),
        page(world.member_a, "aliases", "new"),
        page(world.member_a, "aliases", alias.pk),
        page(world.member_a, "aliases", alias.pk, "delete"),
    ]
    sent = {"name": "Übernommen", "legal_form": "AG", "status": "honorary"}

    for person, answer in ((world.manager_b, 403), (world.stranger, 404), (None, 302)):
        browser = signed_in(person)
        assert {browser.post(one, sent).status_code for one in addresses} == {answer}

    assert list(Alias.objects.values_list("name", flat=True)) == ["Alpha Blech"]
    assert not AuditEntry.objects.exists()


def test_rows_of_another_organisation_are_not_found(world: World, signed_in: Any) -> None:
    foreign = Alias.objects.create(organisation=world.member_b, name="Beta")
    browser = signed_in(world.person_a)

    assert browser.get(page(world.member_a, "aliases", foreign.pk)).status_code == 404
    browser.post(page(world.member_a, "aliases", foreign.pk, "delete"))
    assert browser.get(page(world.member_a, "planets", "new")).status_code == 404

    assert Alias.objects.filter(pk=foreign.pk).exists()


def test_parent_is_one_of_those_seen_and_no_circle(world: World, signed_in: Any) -> None:
    parent = factories.organisation(world.a, name="Konzern AG")
    unseen = factories.organisation(world.c, name="Geheim AG")
    for one in (parent, unseen, world.member_a):
        index_organisation(one)
    browser = signed_in(world.manager_a)

    def named(organisation: Organisation, name: str) -> str:
        answer = browser.post(page(organisation, "belongs"), {"parent": name})
        return str(answer.content.decode())

    assert "0 are called" in named(world.member_a, "Geheim AG")
    named(world.member_a, "konzern ag")
    assert "cannot belong to itself" in named(parent, "Alpha Karosserie GmbH")
    world.member_a.refresh_from_db()
    parent.refresh_from_db()
    assert (world.member_a.parent, parent.parent) == (parent, None)


def test_the_parent_is_shown_to_those_who_see_it(world: World, signed_in: Any) -> None:
    parent = factories.organisation(world.a, name="Konzern AG", visibility="own")
    Organisation.objects.filter(pk=world.member_a.pk).update(parent=parent)
    address = f"/members/{world.member_a.pk}/"

    assert "Konzern AG" in signed_in(world.person_a).get(address).content.decode()
    assert "Konzern AG" not in signed_in(world.person_b).get(address).content.decode()


def test_legal_form_stands_in_the_name(world: World, signed_in: Any) -> None:
    browser = signed_in(world.person_a)
    sent = {"name": "Alpha Karosserie e. V.", "kind": "company"}

    browser.post(f"/members/{world.member_a.pk}/edit/", sent)
    browser.post(page(world.member_a, "belongs"), {"legal_form": "AG"})

    world.member_a.refresh_from_db()
    assert world.member_a.legal_form == "e.V."


def test_status_and_dates_are_the_offices(world: World, signed_in: Any) -> None:
    Membership.objects.create(network=world.c, organisation=world.member_a)
    sent = {"status": "supporting", "number": "4711", "valid_from": "2015-06-01"}

    assert (
        signed_in(world.person_a).get(page(world.member_a, "memberships", "a")).status_code == 403
    )
    browser = signed_in(world.manager_a)
    browser.post(page(world.member_a, "memberships", "a"), sent)
    assert browser.post(page(world.member_a, "memberships", "c"), sent).status_code == 403

    kept = Membership.objects.filter(organisation=world.member_a).order_by("network__slug")
    assert list(kept.values_list("network__slug", "status", "number", "valid_from")) == [
        ("a", "supporting", "4711", dt.date(2015, 6, 1)),
        ("c", "full", "", None),
    ]
    assert AuditEntry.objects.get().verb == "membership"


def test_same_queries_for_one_and_three_rows(
    world: World, signed_in: Any, count_queries: Any
) -> None:
    browser = signed_in(world.person_a)

    def add(*numbers: int) -> None:
        for number in numbers:
            Alias.objects.create(organisation=world.member_a, name=f"Name {number}")
            Site.objects.create(organisation=world.member_a, city=f"Ort {number}")

    add(1)
    one = count_queries(lambda: browser.get(page(world.member_a)))
    add(2, 3)

    assert count_queries(lambda: browser.get(page(world.member_a))) == one
