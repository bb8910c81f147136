"""What carries dates: contact persons, offers and requests, memberships."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.web import factories
from tests.web.conftest import World
from tests.web.directory.cast import member, offer, request
from verbund.web.core.services import today
from verbund.web.directory.models import ContactPerson, Offer
from verbund.web.networks.models import DataClass, Membership


def test_former_contact_persons_are_seen_by_their_office_only(world: World, signed_in: Any) -> None:
    yesterday = today() - dt.timedelta(days=1)
    factories.contact(world.member_a, name="Erika Früher", valid_until=yesterday)
    factories.contact(world.member_a, name="Bodo Bald", valid_from=today() + dt.timedelta(days=9))
    factories.contact(world.member_a, name="Jana Jetzt", valid_until=today())
    factories.consent(world.member_a, DataClass.CONTACT, world.b)
    address = f"/members/{world.member_a.pk}/"

    for person in (world.person_a, world.manager_a, world.person_b):
        shown = signed_in(person).get(address).content.decode()
        names = [name for name in ("Früher", "Bald", "Jetzt") if name in shown]
        assert names == ["Jetzt"]
    listed = signed_in(world.person_a).get(f"{address}contacts/").content.decode()
    assert "1 former contact person" in listed
    assert listed.index("Bodo Bald") < listed.index("Erika Früher")


def test_days_of_a_contact_person_are_in_order(world: World, signed_in: Any) -> None:
    sent = {"name": "Erika Muster", "valid_from": "2026-05-02", "valid_until": "2026-05-01"}

    signed_in(world.person_a).post(f"/members/{world.member_a.pk}/contacts/new/", sent)
    assert not ContactPerson.objects.exists()
    signed_in(world.person_a).post(
        f"/members/{world.member_a.pk}/contacts/new/", sent | {"valid_until": "2027-05-01"}
    )

    kept = ContactPerson.objects.values_list("valid_from", "valid_until").get()
    assert kept == (dt.date(2026, 5, 2), dt.date(2027, 5, 1))


def test_readiness_and_capacity_are_written_and_shown(world: World, signed_in: Any) -> None:
    address = f"/members/{world.member_a.pk}/"
    sent = {"text_de": "Freiformoptik", "visibility": "partners", "trl": "7"}
    browser = signed_in(world.person_a)

    browser.post(f"{address}offers/new/", sent | {"capacity": "500 Stück im Monat"})
    browser.post(f"{address}offers/new/", sent | {"trl": "10"})

    assert Offer.objects.values_list("trl", "capacity").get() == (7, "500 Stück im Monat")
    shown = signed_in(world.person_b).get(address).content.decode()
    assert "500 Stück im Monat" in shown
    assert "</abbr> 7" in shown


@pytest.mark.parametrize(
    ("levels", "found"),
    [
        ("7-9", ["Beta"]), ("4-6", ["Alpha"]), ("1-3", []), ("0-9", ["Alpha", "Beta", "Gamma"]),
    ],
)  # fmt: skip
def test_members_are_filtered_by_readiness(
    world: World, signed_in: Any, levels: str, found: list[str]
) -> None:
    """Ended and hidden entries do not count, and nonsense is passed over."""
    for one, name in ((member(world.a, name="Gamma Blech"), "Gamma"),):
        offer(one, name, trl=8, ends_on=today() - dt.timedelta(days=1))
    offer(world.member_b, "Freiform", trl=7)
    offer(world.member_b, "Geheim", trl=5, visibility="own")
    request(world.member_a, "Lichtleiter", trl=4)

    shown = signed_in(world.person_a).get(f"/members/?trl={levels}").content.decode()

    assert [name for name in ("Alpha", "Beta", "Gamma") if f">{name} " in shown] == found


def test_a_member_ends_its_membership_and_others_notice_nothing(
    world: World, signed_in: Any
) -> None:
    Membership.objects.create(network=world.b, organisation=world.member_a)
    factories.contact(world.member_a)
    offer(world.member_a, "Freiform", visibility="own")
    address = f"/members/{world.member_a.pk}/"
    other_office = signed_in(world.manager_b)

    def seen_by_others() -> list[str]:
        text = other_office.get(address).content.decode()
        return [word for word in ("Alpha Karosserie", "Erika Muster", "Freiform") if word in text]

    before = seen_by_others()
    browser = signed_in(world.person_a)
    first = browser.post(f"{address}leave/a/")
    assert Membership.objects.filter(network=world.a, valid_until=None).count() == 1
    assert "End the membership" in first.content.decode()
    browser.post(f"{address}leave/a/", {"confirmed": "yes"})

    assert not Membership.objects.filter(
        network=world.a, organisation=world.member_a, valid_until=None
    ).exists()
    assert seen_by_others() == before == ["Alpha Karosserie", "Erika Muster", "Freiform"]
    assert signed_in(world.manager_a).get(f"{address}contacts/").status_code == 403
    assert browser.get(address).status_code == 200
