"""A network says that the member of another one is its member, too."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation

from tests.web import factories
from tests.web.conftest import World
from verbund.web.agreements.sharing import visible
from verbund.web.agreements.signals import sharing_changed
from verbund.web.core.models import AuditEntry
from verbund.web.core.registries import tasks
from verbund.web.directory import services
from verbund.web.directory.claims.queries import claims_to_answer, to_be_asked
from verbund.web.directory.models import ContactPerson, Figures, Offer
from verbund.web.directory.signals import profile_changed
from verbund.web.networks.models import Membership, MembershipClaim, Organisation, Role
from verbund.web.networks.rules import viewer_of

TODAY = factories.TODAY
TITLE = "Netz A says that Beta Optik GmbH is a member there, too"


@pytest.fixture
def claim(world: World) -> MembershipClaim:
    """A's office says that a member of B is its own, too."""
    return services.claim_member(world.member_b, world.a, number="M9", by=world.manager_a)


def text_of(response: Any) -> str:
    main = response.content.decode().split("<main", 1)[-1].split("<footer", 1)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def answer(client: Client, claim: MembershipClaim, said: str) -> str:
    return text_of(client.post(f"/claims/{claim.pk}/answer/", {"answer": said}, follow=True))


def seen_by(person: Any, *models: Any) -> list[list[str]]:
    viewer = viewer_of(person, TODAY)
    return [
        [str(one) for one in visible(model.objects.all(), to=viewer, on=TODAY)] for model in models
    ]


def memberships_of(organisation: Organisation) -> list[tuple[Any, ...]]:
    return list(
        organisation.memberships.order_by("network__slug").values_list(
            "network__slug", "number", "valid_from", "valid_until"
        )
    )


# ---------------------------------------------------------------- services


def test_a_claim_alone_opens_nothing_and_a_yes_opens_what_members_hold(
    world: World, claim: MembershipClaim
) -> None:
    factories.offer(world.member_b, "Geheimspiegel", visibility="own")
    factories.contact(world.member_b)
    factories.figures(world.member_b)
    of_members = (Offer, ContactPerson)

    asked = [seen_by(world.manager_a, *of_members, Figures), seen_by(world.person_a, *of_members)]
    services.answer_claim(claim, grants=True, by=world.person_b, on=TODAY)
    granted = [seen_by(world.manager_a, *of_members, Figures), seen_by(world.person_a, *of_members)]
    services.leave_network(world.member_b, world.a, by=None, on=TODAY)

    opened = [["Geheimspiegel"], ["Erika Muster"]]
    assert asked == [[[], [], []], [[], []]]
    assert granted == [[*opened, ["Beta Optik GmbH"]], opened]
    assert seen_by(world.manager_a, *of_members, Figures) == [[], [], []]


def test_asking_twice_is_one_claim(world: World, claim: MembershipClaim) -> None:
    again = services.claim_member(world.member_b, world.a, number="X", by=None)

    assert again == claim
    assert list(MembershipClaim.objects.values_list("number", "asked_by")) == [
        ("M9", world.manager_a.pk)
    ]
    assert AuditEntry.objects.filter(verb="claim").count() == 1


def test_the_database_keeps_one_open_claim_and_no_answer_without_a_time(
    world: World, claim: MembershipClaim
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        MembershipClaim.objects.create(network=world.a, organisation=world.member_b)
    with pytest.raises(IntegrityError), transaction.atomic():
        MembershipClaim.objects.filter(pk=claim.pk).update(is_granted=True)


def test_yes_makes_the_membership_once_and_tells_the_others(
    world: World, claim: MembershipClaim, django_capture_on_commit_callbacks: Any
) -> None:
    heard: list[tuple[str, frozenset[int]]] = []

    def sharing(networks: frozenset[int], **_: object) -> None:
        heard.append(("sharing", networks))

    def profile(networks: frozenset[int], **_: object) -> None:
        heard.append(("profile", networks))

    sharing_changed.connect(sharing)
    profile_changed.connect(profile)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            first = services.answer_claim(claim, grants=True, by=world.person_b, on=TODAY)
            second = services.answer_claim(claim, grants=False, by=world.manager_b, on=TODAY)
    finally:
        sharing_changed.disconnect(sharing)
        profile_changed.disconnect(profile)

    both = frozenset((world.a.pk, world.b.pk))
    assert (first, second) == (True, False)
    assert heard == [("sharing", both), ("profile", both)]
    assert memberships_of(world.member_b) == [("a", "M9", TODAY, None), ("b", "", None, None)]
    claim.refresh_from_db()
    assert (claim.is_granted, claim.answered_by) == (True, world.person_b)
    assert AuditEntry.objects.filter(kind="membershipclaim").count() == 2


def test_no_and_withdrawal_change_no_membership(world: World, claim: MembershipClaim) -> None:
    services.answer_claim(claim, grants=False, by=world.person_b, on=TODAY)
    again = services.claim_member(world.member_b, world.a, by=world.manager_a)
    withdrawn = services.withdraw_claim(again, by=world.manager_a)
    late = services.answer_claim(again, grants=True, by=world.person_b, on=TODAY)

    assert (again == claim, withdrawn, late) == (False, True, False)
    assert not services.withdraw_claim(claim, by=world.manager_a)
    assert memberships_of(world.member_b) == [("b", "", None, None)]
    assert sorted(MembershipClaim.objects.values_list("pk", "is_granted")) == [
        (claim.pk, False),
        (again.pk, None),
    ]


def test_former_membership_begins_anew_and_one_that_holds_stays(
    world: World, claim: MembershipClaim
) -> None:
    made = Membership.objects.create(
        network=world.a,
        organisation=world.member_b,
        number="alt",
        valid_from=dt.date(2020, 1, 1),
        valid_until=dt.date(2021, 12, 31),
    )
    services.answer_claim(claim, grants=True, by=world.person_b, on=TODAY)
    anew = memberships_of(world.member_b)[0]
    other = services.claim_member(world.member_b, world.a, number="M10", by=None)
    services.answer_claim(other, grants=True, by=world.person_b, on=TODAY + dt.timedelta(days=1))

    made.refresh_from_db()
    assert anew == ("a", "M9", TODAY, None)
    assert (made.number, made.valid_from) == ("M9", TODAY)


def test_leaving_is_taken_back_on_the_same_day_only(world: World, signed_in: Any) -> None:
    Membership.objects.create(network=world.b, organisation=world.member_a)
    yesterday = TODAY - dt.timedelta(days=1)
    services.leave_network(world.member_a, world.a, by=None, on=yesterday)

    is_back = services.return_to_network(world.member_a, world.a, by=None, on=TODAY)
    address = f"/members/{world.member_a.pk}/return/a/"
    text = text_of(signed_in(world.manager_a).post(address, follow=True))

    assert not is_back
    assert "Nothing changed. Leaving Netz A can be taken back on the same day only." in text
    assert memberships_of(world.member_a)[0][3] is not None


def test_who_has_to_be_asked(world: World) -> None:
    left, coming = (factories.organisation(world.a) for _ in range(2))
    services.leave_network(left, world.a, by=None, on=TODAY)
    coming.memberships.update(valid_from=TODAY + dt.timedelta(days=1))
    there = (world.member_a, world.member_b, left, coming)

    asked = to_be_asked(world.a, [one.pk for one in there], TODAY)

    assert asked == {world.member_b.pk, left.pk, coming.pk}


# ---------------------------------------------------------------- who may


def test_only_those_concerned_see_a_claim(
    world: World, claim: MembershipClaim, signed_in: Any
) -> None:
    colleague = factories.representative_of(factories.organisation(world.b))
    people = {
        "outside": None,
        "stranger": world.stranger,
        "claiming office": world.manager_a,
        "its member": world.person_a,
        "asked office": world.manager_b,
        "asked member": world.person_b,
        "other member of B": colleague,
        "other office": world.manager_c,
    }
    seen = {}
    for name, person in people.items():
        client = signed_in(person)
        page = client.get("/claims/")
        posts = (
            client.post(f"/claims/{claim.pk}/answer/", {"answer": "perhaps"}).status_code,
            client.post(f"/claims/{claim.pk}/withdraw/").status_code
            if name != "claiming office"
            else 0,
        )
        text = text_of(page) if page.status_code == 200 else ""
        seen[name] = (page.status_code, TITLE in text, "Beta Optik GmbH" in text, *posts)

    claim.refresh_from_db()
    assert claim.is_open
    assert seen == {
        "outside": (302, False, False, 302, 302),
        "stranger": (404, False, False, 404, 404),
        "claiming office": (200, False, True, 404, 0),
        "its member": (200, False, False, 404, 404),
        "asked office": (200, True, True, 302, 404),
        "asked member": (200, True, True, 302, 404),
        "other member of B": (200, False, False, 404, 404),
        "other office": (200, False, False, 404, 404),
    }


def test_the_claiming_office_cannot_answer_itself(world: World, claim: MembershipClaim) -> None:
    """Not even once the organisation has become its member by another way."""
    Membership.objects.create(network=world.a, organisation=world.member_b)

    mine = claims_to_answer(viewer_of(world.manager_a, TODAY), TODAY)

    assert not mine.exists()


def test_former_office_and_former_people_are_not_asked(
    world: World, claim: MembershipClaim, signed_in: Any
) -> None:
    past = TODAY - dt.timedelta(days=9)
    Membership.objects.filter(organisation=world.member_b).update(valid_until=past)
    Role.objects.filter(organisation=world.member_b).update(valid_until=past)

    codes = {
        signed_in(person).post(f"/claims/{claim.pk}/answer/", {"answer": "yes"}).status_code
        for person in (world.manager_b, world.person_b)
    }

    assert codes == {404}


def test_name_stays_hidden_once_the_member_keeps_to_its_network(
    world: World, claim: MembershipClaim, signed_in: Any
) -> None:
    Organisation.objects.filter(pk=world.member_b.pk).update(visibility="own")
    office = signed_in(world.manager_a)

    page = office.get("/claims/")
    export = office.get("/claims/?export=csv").content.decode()

    assert "Beta Optik" not in page.content.decode()
    assert "An organisation that you cannot see M9" in text_of(page)
    assert "Beta Optik" not in export
    assert "M9" in export


def test_addresses_that_only_take_posts(
    world: World, claim: MembershipClaim, signed_in: Any
) -> None:
    client = signed_in(world.manager_b)

    assert {
        client.get(f"/claims/{claim.pk}/{verb}/").status_code for verb in ("answer", "withdraw")
    } == {405}


# ---------------------------------------------------------------- pages


@pytest.mark.parametrize("person", ["manager_b", "person_b"])
def test_yes_and_what_it_says(
    world: World, claim: MembershipClaim, signed_in: Any, person: str
) -> None:
    client = signed_in(getattr(world, person))

    once, twice = answer(client, claim, "yes"), answer(client, claim, "yes")
    after = answer(client, claim, "no")

    said = "Beta Optik GmbH is a member of Netz A from today; its members see it as theirs."
    assert said in once
    assert said in twice
    assert "Nothing changed: the question about Beta Optik GmbH is answered" in after
    assert [row[:2] for row in memberships_of(world.member_b)] == [("a", "M9"), ("b", "")]
    assert "Beta Optik GmbH M9" in text_of(signed_in(world.manager_a).get("/claims/"))


def test_no_and_what_it_says(world: World, claim: MembershipClaim, signed_in: Any) -> None:
    text = answer(signed_in(world.person_b), claim, "no")

    assert "Beta Optik GmbH does not become a member of Netz A." in text
    assert "Nobody asks at the moment" in text
    assert "is no member" in text_of(signed_in(world.manager_a).get("/claims/"))
    assert len(memberships_of(world.member_b)) == 1


def test_withdrawing_and_what_it_says(world: World, claim: MembershipClaim, signed_in: Any) -> None:
    office = signed_in(world.manager_a)

    texts = [text_of(office.post(f"/claims/{claim.pk}/withdraw/", follow=True)) for _ in range(2)]
    late = answer(signed_in(world.person_b), claim, "yes")

    assert all("The question is withdrawn. Nobody is asked any more." in text for text in texts)
    assert "Nothing changed: the question about Beta Optik GmbH is answered or withdrawn" in late
    assert len(memberships_of(world.member_b)) == 1


def test_withdrawing_after_the_answer_says_so(
    world: World, claim: MembershipClaim, signed_in: Any
) -> None:
    services.answer_claim(claim, grants=False, by=world.person_b, on=TODAY)

    text = text_of(signed_in(world.manager_a).post(f"/claims/{claim.pk}/withdraw/", follow=True))

    assert "Nothing changed: the question is answered already." in text


@pytest.mark.parametrize("query", ["?page=abc", "?page=99", "?export=pdf"])
def test_nonsense_in_the_address_is_ignored(
    world: World, claim: MembershipClaim, signed_in: Any, query: str
) -> None:
    assert "Beta Optik GmbH M9" in text_of(signed_in(world.manager_a).get(f"/claims/{query}"))


def test_query_count_is_the_same_for_one_and_three_claims(
    world: World, claim: MembershipClaim, signed_in: Any, count_queries: Any
) -> None:
    clients = [signed_in(person) for person in (world.manager_a, world.manager_b)]

    def counted() -> list[int]:
        return [count_queries(lambda c=client: c.get("/claims/")) for client in clients]

    one = counted()
    for _ in range(2):
        services.claim_member(factories.organisation(world.b), world.a, by=world.manager_a)

    assert counted() == one


def test_task_on_the_home_page_of_those_who_are_asked(world: World, claim: MembershipClaim) -> None:
    def told(person: Any) -> list[tuple[int, str, str]]:
        with translation.override("en"):
            found = tasks["claims"](viewer_of(person, TODAY), TODAY)
        return [(task.count, str(task.title), task.url) for task in found]

    alone = [told(person) for person in (world.manager_b, world.person_b)]
    others = [
        told(world.manager_a),
        told(world.person_a),
        told(world.manager_c),
        told(world.stranger),
    ]
    services.claim_member(factories.organisation(world.b), world.a, by=None)

    assert alone == [[(1, TITLE, "/claims/")]] * 2
    assert others == [[], [], [], []]
    assert told(world.manager_b) == [
        (2, "Netz A says that 2 organisations are members there, too", "/claims/")
    ]
    services.answer_claim(claim, grants=False, by=world.person_b, on=TODAY)
    assert told(world.person_b) == []
