"""Rows of a member list, laid over what is kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from tests.web import factories
from tests.web.conftest import World
from tests.web.directory.member_lists.states import everything
from verbund.records.organisation import Detail, OrganisationType
from verbund.records.organisation import Organisation as Record
from verbund.records.organisation import Visibility as Stated
from verbund.web.core.models import AuditEntry
from verbund.web.directory.models import ContactPerson, Figures, Offer
from verbund.web.directory.services import take_over_member
from verbund.web.directory.services.lists import take_over_members
from verbund.web.directory.signals import profile_changed
from verbund.web.networks.models import Alias, Membership, Network, Organisation, Visibility

TODAY = factories.TODAY
FULL = Record(
    id="M7",
    name="Licht & Form GmbH",
    employees=45,
    turnover_eur=9_400_000.0,
    city="Jena",
    postal_code="07745",
    website="https://www.licht-form.example",
    language="de",
    profile="Wir fertigen\nFreiformspiegel.",
    offers=("Freiformoptik; Diamantdrehen", "Optikdesign"),
    requests=("Lichtleiter",),
    topics=("Lidar", "Head-up-Display"),
    segment="Optik",
    contact_name="Erika Muster",
    contact_email="e.muster@licht-form.example",
)


def take(member: Record, network: Network, existing: Organisation | None = None) -> Organisation:
    return take_over_member(member, network, existing=existing, by=None, on=TODAY)


def state_of(organisation: Organisation) -> dict[str, Any]:
    """Everything a row can touch, as it stands in the database."""
    organisation = Organisation.objects.get(pk=organisation.pk)
    return {
        "identity": (organisation.name, organisation.kind, organisation.city, organisation.website),
        "aliases": [alias.name for alias in organisation.aliases.all()],
        "profile": (organisation.profile.text_de, organisation.profile.topics),
        "figures": list(
            Figures.objects.filter(organisation=organisation).values_list(
                "employees", "turnover_eur", "as_of"
            )
        ),
        "contacts": list(organisation.contact_persons.values_list("name", "email")),
        "offers": list(organisation.offers.values_list("text_de", "visibility")),
        "requests": list(organisation.requests.values_list("text_de", "visibility")),
        "numbers": list(organisation.memberships.values_list("network__slug", "number")),
        "competences": sorted(organisation.competences.values_list("concept", flat=True)),
    }


def test_new_row_becomes_a_member_with_all_it_says(world: World) -> None:
    made = take(FULL, world.a)

    state = state_of(made)
    competences = state.pop("competences")
    assert state == {
        "identity": ("Licht & Form GmbH", "company", "Jena", "https://www.licht-form.example"),
        "aliases": [],
        "profile": ("Wir fertigen\nFreiformspiegel.", "Lidar\nHead-up-Display"),
        "figures": [(45, 9_400_000, TODAY)],
        "contacts": [("Erika Muster", "e.muster@licht-form.example")],
        "offers": [("Freiformoptik; Diamantdrehen", "own"), ("Optikdesign", "own")],
        "requests": [("Lichtleiter", "own")],
        "numbers": [("a", "M7")],
    }
    assert "lidar" in competences
    assert made.search.startswith("licht & form gmbh")
    assert made.offers.get(text_de="Optikdesign").search.startswith("optikdesign\n")


def test_same_row_again_changes_nothing(world: World) -> None:
    made = take(FULL, world.a)
    before, audit = state_of(made), AuditEntry.objects.count()

    (taken,) = take_over_members([(FULL, made)], world.a, by=None, on=TODAY + dt.timedelta(days=9))

    assert (taken.created, taken.changed) == (False, False)
    assert (state_of(made), AuditEntry.objects.count()) == (before, audit)


def test_empty_cells_never_erase(world: World) -> None:
    made = take(FULL, world.a)
    before = state_of(made)

    take(Record(id="#3", name="Licht & Form GmbH"), world.a, made)

    assert state_of(made) == before


WHOLE = replace(
    FULL,
    legal_form="GmbH",
    type=OrganisationType.RESEARCH,
    balance_eur=5_000_000.0,
    street="Lichtweg 1",
    country="DE",
    state="TH",
    lat=50.93,
    lon=11.59,
    profile="",
    profile_de="Wir fertigen.",
    profile_en="We make.",
    vat="DE136695976",
    register="HRB 501234 Jena",
    ror="05qpz1x62",
    pic="999999999",
    lei="506700GE1G29325QX363",
    contact_function="Leiterin",
    contact_phone="03641 1",
    member_status="associated",
    member_since="2019-05-01",
    aliases=("Lichtform",),
    details=(
        Detail(field="offers", text="Optikdesign", trl=4, capacity="2", until="2027-01-01"),
        Detail(field="aliases", text="Lichtform", until="2020-01-01"),
    ),
)


@pytest.mark.parametrize("field", [one for one in Record.__slots__ if one not in ("id", "name")])
def test_no_empty_column_erases_anything(world: World, field: str) -> None:
    made = take(WHOLE, world.a)
    before = everything()

    emptied: dict[str, Any] = {field: Record.__dataclass_fields__[field].default}
    if field in ("lat", "lon"):
        emptied = {"lat": None, "lon": None}
    take(replace(WHOLE, **emptied), world.a, made)

    assert everything() == before


def test_row_adds_and_overwrites_only_what_it_says(world: World) -> None:
    made = take(FULL, world.a)

    row = Record(
        id="M8",
        name="Licht & Form AG",
        employees=52,
        offers=("Diamantdrehen", "Prägespritzen"),
        topics=("lidar", "Kunststoff"),
        contact_name="Paul Beispiel",
        visibility=Stated.PARTNERS,
    )
    take(row, world.a, made)

    state = state_of(made)
    assert state["identity"][0] == "Licht & Form AG"
    assert state["aliases"] == ["Licht & Form GmbH"]
    assert state["profile"] == (
        "Wir fertigen\nFreiformspiegel.",
        "Lidar\nHead-up-Display\nKunststoff",
    )
    assert state["figures"] == [(52, 9_400_000, TODAY)]
    assert state["contacts"][1:] == [("Paul Beispiel", "")]
    assert state["offers"][2:] == [("Prägespritzen", "partners")]
    assert state["numbers"] == [("a", "M8")]


def test_spelling_without_legal_form_is_an_alias_not_a_new_name(world: World) -> None:
    made = take(FULL, world.a)

    take(Record(id="#1", name="Licht und Form"), world.a, made)
    take(Record(id="#1", name="Licht und Form"), world.a, made)

    made.refresh_from_db()
    assert made.name == "Licht & Form GmbH"
    assert list(Alias.objects.values_list("name", flat=True)) == ["Licht und Form"]


def test_hand_set_position_stays_unless_the_place_changes(world: World) -> None:
    made = take(FULL, world.a)
    Organisation.objects.filter(pk=made.pk).update(lat=50.9, lon=11.6)

    take(FULL, world.a, Organisation.objects.get(pk=made.pk))
    made.refresh_from_db()
    stayed = (made.lat, made.lon)
    take(Record(id="#1", name=FULL.name, city="Erfurt"), world.a, made)
    made.refresh_from_db()

    assert stayed == (50.9, 11.6)
    assert made.lat == pytest.approx(50.98, abs=0.05)


def test_member_of_two_networks_is_one_organisation(world: World) -> None:
    take(Record(id="X1", name=world.member_b.name, city="Jena"), world.a, world.member_b)

    numbers = Membership.objects.filter(organisation=world.member_b).values_list(
        "network__slug", "number"
    )
    assert sorted(numbers) == [("a", "X1"), ("b", "")]


def test_member_who_left_is_a_member_again(world: World) -> None:
    membership = world.member_a.memberships.get()
    membership.valid_until = dt.date(2025, 12, 31)
    membership.save()

    take(Record(id="#1", name=world.member_a.name), world.a, world.member_a)

    membership.refresh_from_db()
    assert membership.valid_until is None


def test_an_announced_leaving_is_not_taken_back(world: World) -> None:
    membership = world.member_a.memberships.get()
    membership.valid_until = dt.date(2026, 12, 31)
    membership.save()

    take(Record(id="#1", name=world.member_a.name), world.a, world.member_a)

    membership.refresh_from_db()
    assert membership.valid_until == dt.date(2026, 12, 31)


def test_same_person_twice_in_the_database_is_no_stumbling_block(world: World) -> None:
    factories.contact(world.member_a, name="Erika Muster", email="")
    factories.contact(world.member_a, name="Erika  Muster", email="")

    row = Record(
        id="#1",
        name=world.member_a.name,
        contact_name="Erika Muster",
        contact_email="e@example.org",
    )
    take(row, world.a, world.member_a)

    assert list(ContactPerson.objects.values_list("email", flat=True)) == ["e@example.org", ""]


def test_many_rows_are_announced_once(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    heard: list[frozenset[int]] = []

    def listen(networks: frozenset[int], **_: object) -> None:
        heard.append(networks)

    profile_changed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            rows = [(Record(id=f"#{n}", name=f"Firma Nummer {n}"), None) for n in range(3)]
            take_over_members(rows, world.a, by=None, on=TODAY)
    finally:
        profile_changed.disconnect(listen)

    assert heard == [frozenset((world.a.pk,))]


def test_two_rows_on_one_organisation_both_count(world: World) -> None:
    rows = [
        (Record(id="#1", name=world.member_a.name, offers=("Stanzen",)), world.member_a),
        (Record(id="#2", name=world.member_a.name, offers=("Stanzen", "Fügen")), world.member_a),
    ]

    take_over_members(rows, world.a, by=None, on=TODAY, entries_default=Visibility.PARTNERS)

    offers = Offer.objects.filter(organisation=world.member_a)
    assert list(offers.values_list("text_de", "visibility")) == [
        ("Stanzen", "partners"),
        ("Fügen", "partners"),
    ]


def test_query_count_grows_only_with_what_is_written(world: World, count_queries: Any) -> None:
    members = [factories.organisation(world.a) for _ in range(3)]
    rows = [(Record(id="#1", name=member.name), member) for member in members]

    one = count_queries(lambda: take_over_members(rows[:1], world.a, by=None, on=TODAY))
    three = count_queries(lambda: take_over_members(rows, world.a, by=None, on=TODAY))

    assert one == three
