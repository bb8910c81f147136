"""The sharing rule, case by case; over random worlds in `test_sharing_worlds`."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.web import factories
from tests.web.conftest import World
from tests.web.factories import TODAY
from verbund.web.accounts.models import User
from verbund.web.agreements.models import (
    Agreement,
    Consent,
    Document,
    Field,
    Party,
    SharingRule,
)
from verbund.web.agreements.sharing import (
    Why,
    grants,
    is_visible,
    partner_networks,
    visible,
    why,
    whys,
)
from verbund.web.networks.models import DataClass, Membership, Organisation, Role, Visibility
from verbund.web.networks.rules import STRANGER, Viewer, viewer_of

DAY = dt.timedelta(days=1)


def sees(person: User | Viewer, thing: Any, on: dt.date = TODAY, **how: Any) -> bool:
    viewer = person if isinstance(person, Viewer) else viewer_of(person, on)
    return is_visible(thing, to=viewer, on=on, **how)


def everything_of(organisation: Organisation) -> dict[str, Any]:
    return {
        "organisation": organisation,
        "profile": organisation.profile,
        "offer": factories.offer(organisation),
        "request": factories.request(organisation),
        "contact": factories.contact(organisation),
        "figures": factories.figures(organisation),
    }


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("manager_a", "organisation profile offer request contact figures"),
        ("person_a", "organisation profile offer request contact figures"),
        ("manager_b", "organisation profile offer request"),
        ("person_b", "organisation profile offer request"),
        ("manager_c", ""),
        ("stranger", ""),
    ],
)
def test_member_of_a_is_seen_as_the_design_says(world: World, who: str, expected: str) -> None:
    things = everything_of(world.member_a)

    seen = {name for name, thing in things.items() if sees(getattr(world, who), thing)}

    assert seen == set(expected.split())


def test_colleague_in_the_network_sees_all_but_figures(world: World) -> None:
    things = everything_of(world.member_a)
    colleague = factories.representative_of(factories.organisation(world.a))

    seen = {name for name, thing in things.items() if sees(colleague, thing)}

    assert seen == {"organisation", "profile", "offer", "request", "contact"}


def test_stranger_sees_what_is_public_of_a_public_organisation(world: World) -> None:
    firm = factories.organisation(world.a, visibility=Visibility.PUBLIC)
    public = factories.offer(firm, visibility=Visibility.PUBLIC)
    shared = factories.offer(firm, visibility=Visibility.PARTNERS)
    hidden_firm = factories.organisation(world.a)
    hidden = factories.offer(hidden_firm, visibility=Visibility.PUBLIC)

    seen = [sees(STRANGER, thing) for thing in (firm, firm.profile, public, shared, hidden)]

    assert seen == [True, True, True, False, False]


@pytest.mark.parametrize("visibility", list(Visibility))
def test_entry_kept_to_the_own_network_stays_there(world: World, visibility: Visibility) -> None:
    entry = factories.request(world.member_a, visibility=visibility)

    assert sees(world.manager_a, entry)
    assert sees(world.manager_b, entry) is (visibility is not Visibility.OWN)


def test_profile_kept_to_the_own_network_takes_its_entries_along(world: World) -> None:
    firm = factories.organisation(world.a, visibility=Visibility.OWN)
    entry = factories.offer(firm, visibility=Visibility.PARTNERS)

    assert [sees(world.manager_b, thing) for thing in (firm, entry)] == [False, False]


def test_objection_hides_from_that_partner_only(world: World) -> None:
    third = factories.network()
    factories.agreement(world.a, third, shares=tuple(DataClass))
    in_third = factories.manager_of(third)
    entry = factories.offer(world.member_a)
    factories.consent(world.member_a, DataClass.PROFILE, world.b, allows=False)

    assert [sees(world.manager_b, thing) for thing in (world.member_a, entry)] == [False, False]
    assert [sees(in_third, thing) for thing in (world.member_a, entry)] == [True, True]


def test_figures_and_contact_need_consent_which_ends_when_withdrawn(world: World) -> None:
    things = (factories.contact(world.member_a), factories.figures(world.member_a))
    consents = [
        factories.consent(world.member_a, data_class, world.b)
        for data_class in (DataClass.CONTACT, DataClass.FIGURES)
    ]
    with_consent = [sees(world.person_b, thing) for thing in things]
    Consent.objects.filter(pk__in=[consent.pk for consent in consents]).update(withdrawn_on=TODAY)

    assert with_consent == [True, True]
    assert [sees(world.person_b, thing) for thing in things] == [False, False]


def test_contact_is_shown_to_the_organisation_it_was_given_to(world: World) -> None:
    contact = factories.contact(world.member_a)
    colleague = factories.representative_of(factories.organisation(world.b))
    Consent.objects.create(
        organisation=world.member_a,
        data_class=DataClass.CONTACT,
        to_organisation=world.member_b,
        given_on=TODAY,
    )

    assert sees(world.person_b, contact)
    assert not sees(colleague, contact)
    found = why(contact, to=viewer_of(world.person_b, TODAY), on=TODAY)
    assert found is not None
    assert found.code == "consent"


def test_agreement_shares_from_its_first_to_its_last_day(world: World) -> None:
    entry = factories.offer(world.member_a)
    first, last = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
    Agreement.objects.update(valid_from=first, valid_until=last)

    seen = [sees(world.manager_b, entry, on=day) for day in (first - DAY, first, last, last + DAY)]

    assert seen == [False, True, True, False]


def test_rule_gives_only_in_its_direction_and_to_its_audience(world: World) -> None:
    offer_a, offer_b = factories.offer(world.member_a), factories.offer(world.member_b)
    SharingRule.objects.filter(data_class=DataClass.OFFERS).update(
        giver=world.a, audience=SharingRule.Audience.MANAGERS
    )

    seen = {
        "manager of b": sees(world.manager_b, offer_a),
        "member of b": sees(world.person_b, offer_a),
        "manager of a": sees(world.manager_a, offer_b),
    }

    assert seen == {"manager of b": True, "member of b": False, "manager of a": False}


def test_purpose_asks_for_clauses_of_that_field_alone(world: World) -> None:
    entry = factories.offer(world.member_a)

    assert sees(world.manager_b, entry, purpose=Field.PROJECTS)
    assert not sees(world.manager_b, entry, purpose=Field.EDUCATION)
    assert sees(world.manager_a, entry, purpose=Field.EDUCATION)


def test_firm_in_two_networks_leaves_one_and_stays_in_the_other(world: World) -> None:
    firm = factories.organisation(world.a, world.c)
    Membership.objects.filter(organisation=firm, network=world.a).update(valid_until=TODAY - DAY)

    seen = [sees(person, firm) for person in (world.manager_a, world.manager_b, world.manager_c)]

    assert seen == [False, False, True]


def test_why_names_the_way(world: World) -> None:
    offer = factories.offer(world.member_a)
    people = (world.person_a, world.manager_a, world.manager_b, world.manager_c)

    ways = [why(offer, to=viewer_of(person, TODAY), on=TODAY) for person in people]

    assert [way and way.code for way in ways] == ["own", "home", "agreement", None]
    assert ways[2] is not None
    assert ways[2].rule is not None
    assert ways[2].rule.clause.agreement == world.agreement


def test_partner_networks_are_the_givers(world: World) -> None:
    viewers = [viewer_of(person, TODAY) for person in (world.manager_a, world.manager_c)]

    assert [partner_networks(viewer, on=TODAY) for viewer in viewers] == [{world.b.pk}, set()]


def test_grants_take_two_queries_once_however_many_agreements(
    world: World, count_queries: Any
) -> None:
    one = viewer_of(world.manager_a, TODAY)
    for_one = count_queries(lambda: grants(one, DataClass.OFFERS, on=TODAY))
    for _ in range(2):
        factories.agreement(world.a, factories.network(), shares=tuple(DataClass))
    three = viewer_of(world.manager_a, TODAY)
    for_three = count_queries(lambda: grants(three, DataClass.OFFERS, on=TODAY))
    again = count_queries(lambda: grants(three, DataClass.CONTACT, on=TODAY))

    assert (for_one, for_three, again) == (2, 2, 0)


@pytest.mark.parametrize("kind", [*Role.Kind.values, "former manager", "member of neither"])
def test_documents_are_for_the_offices_and_signatories_of_the_parties(
    world: World, kind: str
) -> None:
    """No clause opens them and no end of the agreement closes them."""
    Agreement.objects.update(valid_until=TODAY - DAY)
    document = Document.objects.create(agreement=world.agreement, title="Scan", file="scan.pdf")
    if kind == "representative":
        person = world.person_b
    elif kind == "member of neither":
        person = world.manager_c
    else:
        person = factories.user()
        until = TODAY - DAY if kind == "former manager" else None
        held = "manager" if until else kind
        Role.objects.create(user=person, kind=held, network=world.b, valid_until=until)
    viewer = viewer_of(person, TODAY)

    listed = document in visible(Document.objects.all(), to=viewer, on=TODAY)

    is_office = kind in ("manager", "editor", "reader", "signatory")
    assert (listed, is_visible(document, to=viewer, on=TODAY)) == (is_office, is_office)


def test_every_way_is_named_where_agreements_overlap(world: World) -> None:
    """One clause gives to the office only, the other to all: the union is seen, with both."""
    second = factories.agreement(world.a, world.b, shares=(DataClass.OFFERS,))
    SharingRule.objects.filter(clause__agreement=second).update(
        audience=SharingRule.Audience.MANAGERS
    )
    offer = factories.offer(world.member_a)

    office, member = (
        [way.rule and way.rule.clause.agreement for way in _ways(offer, person)]
        for person in (world.manager_b, world.person_b)
    )

    assert (office, member) == ([world.agreement, second], [world.agreement])


def _ways(thing: Any, person: User) -> list[Why]:
    return whys(thing, to=viewer_of(person, TODAY), on=TODAY)


def test_who_has_not_confirmed_an_agreement_gives_nothing(world: World) -> None:
    Party.objects.filter(network=world.a).update(is_confirmed=False)
    theirs, others = factories.offer(world.member_a), factories.offer(world.member_b)

    assert (sees(world.manager_b, theirs), sees(world.manager_a, others)) == (False, True)
