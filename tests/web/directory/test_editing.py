"""Changing members by hand: who may, what is kept, what can be undone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.messages import get_messages

from tests.web import factories
from tests.web.conftest import World
from tests.web.directory.cast import member, offer
from verbund.web.agreements.models import Consent
from verbund.web.core.models import AuditEntry
from verbund.web.core.services import today
from verbund.web.core.toasts import undo_address
from verbund.web.directory.models import Competence, ContactPerson, Offer, Request
from verbund.web.networks.models import DataClass, Membership, Organisation, Visibility

DAY = dt.timedelta(days=1)


def undo_of(response: Any) -> str:
    *_, message = get_messages(response.wsgi_request)
    return undo_address(message.extra_tags)


def consent_to_one(world: World) -> Consent:
    return Consent.objects.create(
        organisation=world.member_a,
        data_class=DataClass.CONTACT,
        to_organisation=world.member_b,
        given_on=dt.date(2026, 1, 1),
    )


def identity(**fields: str) -> dict[str, str]:
    return {"name": "Alpha Karosserie GmbH", "kind": "company", "city": "Jena"} | fields


@pytest.mark.parametrize(
    "path",
    [
        "edit/", "identity/", "competences/", "figures/edit/", "entries/", "offers/new/",
        "requests/new/", "contacts/", "contacts/new/",
        "sharing/", "confirm/", "leave/a/", "sharing/b/contact/yes/",
    ],
)  # fmt: skip
def test_only_representatives_and_the_own_office_edit(
    world: World, signed_in: Any, path: str
) -> None:
    address = f"/members/{world.member_a.pk}/{path}"
    method = "post" if path.startswith(("confirm", "leave", "sharing/b")) else "get"

    answers = {
        person and person.name: getattr(signed_in(person), method)(address).status_code
        for person in (None, world.stranger, world.manager_c, world.person_b, world.manager_b)
    }

    assert answers == {
        None: 302,
        "Stranger": 404,
        "Managerin C": 404,
        "Person B": 403,
        "Manager B": 403,
    }
    allowed = getattr(signed_in(world.manager_a), method)(address, {"confirmed": "1"}).status_code
    assert allowed == (200 if method == "get" else 302)


def test_a_stranger_changes_nothing(world: World, signed_in: Any) -> None:
    address = f"/members/{world.member_a.pk}"
    kept = offer(world.member_a, "Freiformoptik")
    person = factories.contact(world.member_a)

    for browser in (signed_in(None), signed_in(world.stranger), signed_in(world.manager_b)):
        browser.post(f"{address}/edit/", identity(name="Übernommen"))
        browser.post(f"{address}/confirm/")
        browser.post(f"{address}/offers/new/", {"text_de": "Neu", "visibility": "public"})
        browser.post(f"{address}/offers/{kept.pk}/end/")
        browser.post(f"{address}/offers/{kept.pk}/delete/")
        browser.post(f"{address}/contacts/{person.pk}/delete/")
        browser.post(f"{address}/sharing/", {"visibility": "public"})
        browser.post(f"{address}/sharing/b/contact/yes/")
        browser.post(f"{address}/leave/a/")
        browser.post(f"{address}/return/a/")

    world.member_a.refresh_from_db()
    assert (world.member_a.name, world.member_a.visibility) == (
        "Alpha Karosserie GmbH",
        "partners",
    )
    assert list(Offer.objects.values_list("text_de", "ends_on")) == [("Freiformoptik", None)]
    assert ContactPerson.objects.count() == 1
    assert Membership.objects.filter(valid_until=None).count() == 3
    assert not Consent.objects.exists()
    assert not AuditEntry.objects.exists()


def test_the_profile_is_saved_located_and_indexed(world: World, signed_in: Any) -> None:
    sent = identity(text_de="Wir bauen Scheinwerfer.", topics="Licht\n\n Licht \nOptik")

    response = signed_in(world.person_a).post(f"/members/{world.member_a.pk}/edit/", sent)

    assert response.headers["Location"] == f"/members/{world.member_a.pk}/"
    changed = Organisation.objects.get(pk=world.member_a.pk)
    assert (changed.city, changed.state, round(changed.lat or 0)) == ("Jena", "TH", 51)
    assert changed.profile.topics == "Licht\nOptik"
    assert "scheinwerfer" in changed.profile.search
    assert Competence.objects.filter(organisation=changed, concept="headlamps").exists()
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor) == ("update", world.person_a)
    assert entry.changes["fields"] == ["city", "text_de", "topics"]


@pytest.mark.parametrize(
    "bad",
    [
        {"name": ""}, {"kind": "ufo"}, {"website": "javascript:alert(1)"}, {"country": "DEU"},
        {"state": "XX"}, {"name": "x" * 301},
    ],
)  # fmt: skip
def test_bad_input_changes_nothing_and_is_named(
    world: World, signed_in: Any, bad: dict[str, str]
) -> None:
    address = f"/members/{world.member_a.pk}/edit/"
    response = signed_in(world.person_a).post(address, identity(text_de="Neu") | bad)

    assert response.status_code == 200
    assert 'aria-invalid="true"' in response.content.decode()
    unchanged = Organisation.objects.get(pk=world.member_a.pk)
    assert (unchanged.name, unchanged.profile.text_de) == ("Alpha Karosserie GmbH", "")


def test_confirming_twice_is_once(world: World, signed_in: Any) -> None:
    browser = signed_in(world.person_a)
    for _ in range(2):
        browser.post(f"/members/{world.member_a.pk}/confirm/")

    world.member_a.profile.refresh_from_db()
    profile = world.member_a.profile
    assert (profile.confirmed_on, profile.confirmed_by) == (today(), "Person A")
    assert AuditEntry.objects.filter(verb="confirm").count() == 1


def test_an_entry_is_written_changed_ended_and_opened_again(world: World, signed_in: Any) -> None:
    browser, address = signed_in(world.person_a), f"/members/{world.member_a.pk}"
    browser.post(f"{address}/requests/new/", {"text_de": "Scheinwerfer", "visibility": "partners"})
    (made,) = Request.objects.all()
    assert (made.made_on, made.concepts, made.organisation) == (
        today(),
        "|headlamps|",
        world.member_a,
    )

    end = (today() + 9 * DAY).isoformat()
    changed = {"text_de": "Lichtleiter", "visibility": "own", "ends_on": end}
    browser.post(f"{address}/requests/{made.pk}/", changed)
    made.refresh_from_db()
    assert (made.text_de, made.visibility, made.ends_on) == (
        "Lichtleiter",
        "own",
        today() + 9 * DAY,
    )

    response = browser.post(f"{address}/requests/{made.pk}/end/")
    made.refresh_from_db()
    assert made.ends_on == today() - DAY
    assert "1 has ended" in browser.get(f"{address}/entries/").content.decode()

    browser.post(undo_of(response))
    made.refresh_from_db()
    assert made.ends_on == today() + 9 * DAY

    for _ in range(2):
        browser.post(f"{address}/requests/{made.pk}/delete/")
    assert not Request.objects.exists()


@pytest.mark.parametrize(
    "bad",
    [
        {"text_de": "", "visibility": "own"},
        {"text_de": "Neu", "visibility": "all"},
        {"text_de": "Neu", "visibility": "own", "ends_on": "2001-01-01"},
        {"text_de": "x" * 601, "visibility": "own"},
        {},
    ],
)
def test_a_bad_entry_is_not_written(world: World, signed_in: Any, bad: dict[str, str]) -> None:
    response = signed_in(world.person_a).post(f"/members/{world.member_a.pk}/offers/new/", bad)

    assert "Nothing was saved yet" in response.content.decode()
    assert not Offer.objects.exists()


def test_an_entry_of_another_organisation_is_not_found(world: World, signed_in: Any) -> None:
    foreign = offer(world.member_b, "Freiformoptik")
    browser = signed_in(world.person_a)

    for path in ("", "end/"):
        address = f"/members/{world.member_a.pk}/offers/{foreign.pk}/{path}"
        assert browser.post(address).status_code == 404
    browser.post(f"/members/{world.member_a.pk}/offers/{foreign.pk}/delete/")
    assert Offer.objects.get() == foreign


def test_a_contact_person_comes_and_goes(world: World, signed_in: Any) -> None:
    browser, address = signed_in(world.manager_a), f"/members/{world.member_a.pk}/contacts/"
    browser.post(f"{address}new/", {"name": "Erika Muster", "email": "e@example.org"})
    person = ContactPerson.objects.get()
    browser.post(f"{address}{person.pk}/", {"name": "Erika Neu"})
    assert ContactPerson.objects.get().name == "Erika Neu"

    browser.post(f"{address}{person.pk}/delete/", {"confirmed": "1"})

    assert not ContactPerson.objects.exists()
    assert "Erika" not in str(AuditEntry.objects.filter(verb="delete").values())


def test_a_member_is_added_by_hand(world: World, signed_in: Any) -> None:
    browser = signed_in(world.manager_a)

    sent = {"name": "Neu GmbH", "kind": "company", "city": "Jena"}
    response = browser.post("/members/new/?network=b", sent)

    made = Organisation.objects.get(name="Neu GmbH")
    assert response.headers["Location"] == f"/members/{made.pk}/edit/"
    assert [m.network for m in made.memberships.all()] == [world.a]
    assert (made.state, made.profile.text_de) == ("TH", "")
    again = browser.post("/members/new/", sent)
    assert "in the directory already" in again.content.decode()
    assert Organisation.objects.filter(name="Neu GmbH").count() == 1
    browser.post("/members/new/", sent | {"is_another": "on"})
    assert Organisation.objects.filter(name="Neu GmbH").count() == 2


def test_a_namesake_one_may_not_see_is_not_betrayed(world: World, signed_in: Any) -> None:
    sent = {"name": "Gamma Logistik GmbH", "kind": "company"}

    response = signed_in(world.manager_a).post("/members/new/", sent)

    assert response.status_code == 302
    assert Organisation.objects.filter(name="Gamma Logistik GmbH").count() == 2


def test_only_offices_add_members(world: World, signed_in: Any) -> None:
    sent = {"name": "Neu GmbH", "kind": "company"}

    answers = [
        signed_in(person).post("/members/new/?network=a", sent).status_code
        for person in (None, world.stranger, world.person_a)
    ]

    assert answers == [302, 403, 403]
    assert not Organisation.objects.filter(name="Neu GmbH").exists()


def test_leaving_a_network_can_be_undone_and_other_networks_notice_nothing(
    world: World, signed_in: Any
) -> None:
    both = member(world.a, world.c, name="Beide GmbH")
    browser = signed_in(world.manager_a)

    response = browser.post(f"/members/{both.pk}/leave/a/")

    assert browser.get(f"/members/{both.pk}/").status_code == 404
    assert signed_in(world.manager_b).get(f"/members/{both.pk}/").status_code == 404
    assert signed_in(world.manager_c).get(f"/members/{both.pk}/").status_code == 200
    assert signed_in(world.manager_b).post(undo_of(response)).status_code == 403
    browser.post(undo_of(response))
    assert browser.get(f"/members/{both.pk}/").status_code == 200


def test_an_office_removes_from_its_own_network_only(world: World, signed_in: Any) -> None:
    both = member(world.a, world.b, name="Beide GmbH")

    assert signed_in(world.manager_a).post(f"/members/{both.pk}/leave/b/").status_code == 403
    assert both.memberships.filter(valid_until=None).count() == 2


def test_consent_opens_at_once_and_its_withdrawal_closes(world: World, signed_in: Any) -> None:
    factories.contact(world.member_a, name="Erika Muster")
    page = f"/members/{world.member_a.pk}/"
    office, partner = signed_in(world.person_a), signed_in(world.person_b)

    def is_seen() -> bool:
        return "Erika Muster" in partner.get(page).content.decode()

    assert not is_seen()
    office.post(f"{page}sharing/b/contact/yes/")
    assert is_seen()
    response = office.post(f"{page}sharing/b/contact/no/")
    assert not is_seen()
    office.post(undo_of(response))
    assert is_seen()
    history = Consent.objects.order_by("pk").values_list("allows", "withdrawn_on", "given_by__name")
    assert list(history) == [(True, today(), "Person A"), (True, None, "Person A")]


def test_the_office_says_how_consent_was_given(world: World, signed_in: Any) -> None:
    browser, address = signed_in(world.manager_a), f"/members/{world.member_a.pk}/sharing/b/"

    browser.post(f"{address}contact/yes/")
    assert not Consent.objects.exists()
    browser.post(f"{address}contact/yes/", {"occasion": "Mail vom 3. Mai"})

    assert Consent.objects.get().occasion == "Mail vom 3. Mai"


@pytest.mark.parametrize("path", ["c/contact/yes/", "b/offers/yes/", "b/nonsense/yes/"])
def test_consent_is_for_partners_and_own_classes(world: World, signed_in: Any, path: str) -> None:
    address = f"/members/{world.member_a.pk}/sharing/{path}"

    assert signed_in(world.person_a).post(address).status_code == 404
    assert not Consent.objects.exists()


def test_what_an_introduction_showed_one_organisation_can_be_taken_back(
    world: World, signed_in: Any
) -> None:
    factories.contact(world.member_a, name="Erika Muster")
    given = consent_to_one(world)
    page = f"/members/{world.member_a.pk}/"
    own, partner = signed_in(world.person_a), signed_in(world.person_b)

    def is_seen() -> bool:
        return "Erika Muster" in partner.get(page).content.decode()

    assert is_seen()
    path = f"{page}consents/{given.pk}/no/"
    assert f'action="{path}"' in own.get(f"{page}sharing/").content.decode()
    response = own.post(path)
    assert not is_seen()
    own.post(path)  # a second click
    own.post(undo_of(response))
    assert is_seen()
    history = Consent.objects.order_by("pk").values_list("withdrawn_on", "given_by__name")
    assert list(history) == [(today(), None), (None, "Person A")]


@pytest.mark.parametrize("person", ["person_b", "manager_b"])
def test_nobody_else_takes_it_back(world: World, signed_in: Any, person: str) -> None:
    given = consent_to_one(world)
    pages = [
        f"/members/{one.pk}/consents/{given.pk}/no/" for one in (world.member_a, world.member_b)
    ]

    answers = [signed_in(getattr(world, person)).post(page).status_code for page in pages]

    given.refresh_from_db()
    assert (set(answers) <= {403, 404}, given.withdrawn_on) == (True, None)


def test_visibility_is_chosen(world: World, signed_in: Any) -> None:
    browser, address = signed_in(world.person_a), f"/members/{world.member_a.pk}/sharing/"

    browser.post(address, {"visibility": "public"})

    world.member_a.refresh_from_db()
    assert world.member_a.visibility == Visibility.PUBLIC
    assert signed_in(None).get(f"/members/{world.member_a.pk}/").status_code == 200
    assert browser.post(address, {"visibility": "moon"}).status_code == 200
    releases = browser.get(address).context["releases"]
    assert [(r.network.slug, r.data_class, r.is_released) for r in releases] == [
        ("b", DataClass.PROFILE, True),
        ("b", DataClass.CONTACT, False),
        ("b", DataClass.FIGURES, False),
    ]
