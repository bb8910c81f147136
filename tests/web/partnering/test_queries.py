"""Who is matched with whom, and when a suggestion may be shown."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.web import factories as base
from tests.web.conftest import World
from tests.web.factories import TODAY
from tests.web.partnering import factories
from verbund.web.accounts.models import User
from verbund.web.agreements.models import Agreement, Clause, Field, SharingRule
from verbund.web.networks.models import DataClass, Membership, Network, Visibility
from verbund.web.networks.rules import STRANGER, viewer_of
from verbund.web.partnering import queries
from verbund.web.partnering.models import Introduction, Suggestion

PRIVATE = {"visibility": Visibility.OWN}


def _keys(found: list[queries.Bond]) -> list[tuple[str, str]]:
    return [(bond.left.slug, bond.right.slug) for bond in found]


def _shown(*networks: Network) -> list[Suggestion]:
    return list(queries.shared_suggestions([n.pk for n in networks], TODAY))


def test_networks_with_an_agreement_are_matched_and_each_with_itself(world: World) -> None:
    assert _keys(queries.bonds(TODAY)) == [("a", "b"), ("a", "a"), ("b", "b"), ("c", "c")]
    assert _keys(queries.bonds(TODAY, of=[world.c.pk])) == [("c", "c")]


def test_the_clause_for_projects_is_the_basis_before_others(world: World) -> None:
    other = Clause.objects.create(agreement=world.agreement, number=0, field=Field.EXCHANGE)
    SharingRule.objects.create(clause=other, data_class=DataClass.OFFERS)

    bond = queries.bond_between(world.b, world.a, TODAY)

    assert bond is not None
    assert (bond.clause, bond.purpose) == (world.agreement.clauses.get(number=1), Field.PROJECTS)


@pytest.mark.parametrize("change", ["ended", "to come", "profiles only", "offices only"])
def test_without_shared_entries_there_is_no_bond_across(world: World, change: str) -> None:
    rules = SharingRule.objects.filter(data_class__in=(DataClass.OFFERS, DataClass.REQUESTS))
    if change == "ended":
        Agreement.objects.update(valid_until=TODAY - dt.timedelta(days=1))
    elif change == "to come":
        Agreement.objects.update(valid_from=TODAY + dt.timedelta(days=1))
    elif change == "profiles only":
        rules.delete()
    else:
        rules.update(audience=SharingRule.Audience.MANAGERS)

    assert queries.bond_between(world.a, world.b, TODAY) is None


def test_a_shared_pair_is_shown_to_both_offices_and_to_no_other(
    world: World, pair: Suggestion
) -> None:
    assert (_shown(world.a), _shown(world.b), _shown(world.c)) == ([pair], [pair], [])
    assert list(queries.suggestions_of_office(STRANGER, TODAY)) == []
    assert list(queries.suggestions_of_office(viewer_of(world.person_a, TODAY), TODAY)) == []


def test_a_pair_is_known_to_its_offices_and_its_two_members(world: World, pair: Suggestion) -> None:
    colleague = factories.reachable(base.organisation(world.a), "colleague@example.org")
    people = (world.manager_a, world.manager_b, world.person_a, world.person_b)
    others = (world.manager_c, world.stranger, colleague)

    def known(person: User) -> list[Suggestion]:
        return list(queries.suggestions_known_to(viewer_of(person, TODAY), TODAY))

    assert [known(person) for person in people] == [[pair]] * 4
    assert [known(person) for person in others] == [[]] * 3
    assert list(queries.suggestions_known_to(STRANGER, TODAY)) == []


@pytest.mark.parametrize(
    "change",
    [
        "offer kept to the own network",
        "request kept to the own network",
        "offer deleted",
        "request reworded",
        "offer ended",
        "organisation closed",
        "objection",
        "left the network",
        "agreement over",
    ],
)
def test_a_pair_vanishes_at_once_when_something_it_says_may_no_longer_be_seen(
    world: World, pair: Suggestion, change: str
) -> None:
    quote = pair.quotes.get(offer__isnull=False)
    request = pair.quotes.get(request__isnull=False).request
    assert quote.offer is not None
    assert request is not None
    assert _shown(world.a, world.b) == [pair]

    yesterday = TODAY - dt.timedelta(days=1)
    match change:
        case "offer kept to the own network":
            type(quote.offer).objects.filter(pk=quote.offer.pk).update(**PRIVATE)
        case "request kept to the own network":
            type(request).objects.filter(pk=request.pk).update(**PRIVATE)
        case "offer deleted":
            quote.offer.delete()
        case "request reworded":
            type(request).objects.filter(pk=request.pk).update(text_de="Etwas anderes")
        case "offer ended":
            type(quote.offer).objects.filter(pk=quote.offer.pk).update(ends_on=yesterday)
        case "organisation closed":
            type(world.member_b).objects.filter(pk=world.member_b.pk).update(**PRIVATE)
        case "objection":
            base.consent(world.member_b, DataClass.PROFILE, world.a, allows=False)
        case "left the network":
            Membership.objects.filter(organisation=world.member_a).update(valid_until=yesterday)
        case "agreement over":
            Agreement.objects.update(valid_until=yesterday)

    assert _shown(world.a, world.b) == []
    office = queries.suggestions_of_office(viewer_of(world.manager_b, TODAY), TODAY)
    assert set(queries.counted_by_standing(office).values()) == {0}


def test_a_quoted_profile_must_still_say_so(world: World, pair: Suggestion) -> None:
    profile = world.member_b.profile
    profile.text_de = "Wir messen 100 % aller Teile. Seit 1990."
    profile.save()
    pair.quotes.create(profile=profile, text="Wir messen 100 % aller Teile.")
    assert _shown(world.a) == [pair]

    profile.text_de = "Wir messen 100 mal alle Teile."
    profile.save()

    assert _shown(world.a) == []


def test_a_pair_of_one_network_needs_no_agreement_and_stays_there(world: World) -> None:
    other = base.organisation(world.c, name="Nur intern", visibility=Visibility.OWN)
    pair = factories.suggestion(
        (world.c, world.c),
        (world.member_c, other),
        request=base.request(world.member_c, "intern", visibility=Visibility.OWN),
    )

    assert (_shown(world.c), _shown(world.a)) == ([pair], [])


def test_what_a_member_wants_stands_first(world: World, pair: Suggestion) -> None:
    better = factories.suggestion(
        (world.a, world.b), (world.member_a, base.organisation(world.b)), score=2.0
    )
    everything = queries.shared_suggestions([world.a.pk], TODAY)
    assert list(queries.in_order(everything)) == [better, pair]

    pair.right_wish = Suggestion.Wish.INTERESTED
    pair.save()

    assert list(queries.in_order(everything)) == [pair, better]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, True),
        ({"pair": "nonsense"}, True),
        ({"pair": "9-8"}, False),
        ({"strength": "strong"}, True),
        ({"strength": "good"}, False),
        ({"words": "ALPHA optik"}, True),
        ({"words": "Gamma"}, False),
    ],
)
def test_filters_narrow(
    world: World, pair: Suggestion, filters: dict[str, Any], *, found: bool
) -> None:
    everything = queries.shared_suggestions([world.a.pk], TODAY)

    assert list(queries.filtered(everything, **filters)) == ([pair] if found else [])


def test_an_introduction_is_for_both_offices_and_both_members_only(
    world: World, asked: Introduction
) -> None:
    people = {
        "manager_a": True,
        "manager_b": True,
        "person_a": True,
        "person_b": True,
        "manager_c": False,
        "stranger": False,
    }
    base.representative_of(base.organisation(world.a), email="colleague@example.org")

    seen = {
        name: queries.introductions_for(viewer_of(getattr(world, name), TODAY), TODAY).exists()
        for name in people
    }

    assert seen == people


def test_after_the_agreement_a_member_keeps_only_what_both_agreed_to(
    world: World, asked: Introduction
) -> None:
    Agreement.objects.update(valid_until=TODAY - dt.timedelta(days=1))
    viewer = viewer_of(world.person_a, TODAY)
    assert list(queries.introductions_for(viewer, TODAY)) == []

    asked.state = Introduction.State.ACCEPTED
    asked.save()

    assert list(queries.introductions_for(viewer, TODAY)) == [asked]
    assert not queries.introductions_for(viewer_of(world.manager_b, TODAY), TODAY).exists()
