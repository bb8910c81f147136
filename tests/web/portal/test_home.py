from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone, translation

from tests.web import factories
from tests.web.agreements.factories import activity
from tests.web.partnering.factories import introduction, suggestion
from verbund.web.agreements.models import Activity
from verbund.web.core import registries
from verbund.web.core.models import AuditEntry
from verbund.web.core.registries import Task
from verbund.web.core.services import record, today
from verbund.web.directory.models import Competence
from verbund.web.networks.models import DataClass, Membership, Organisation, Visibility
from verbund.web.networks.rules import viewer_of
from verbund.web.partnering.models import Introduction, IntroductionStep, Suggestion
from verbund.web.portal import member, news, overview


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Calls without a request speak whatever language the last request left."""
    with translation.override("en"):
        yield


def page(client: Any, address: str = "/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def introduced(world: Any, **fields: Any) -> Introduction:
    return introduction(
        (world.a, world.b), (world.member_a, world.member_b), asked_at=timezone.now(), **fields
    )


def steps(viewer: Any) -> list[tuple[int, int | None]]:
    return [(step.count, step.share) for step in overview.funnel(viewer, today())]


@pytest.fixture
def one_task(monkeypatch: pytest.MonkeyPatch) -> None:
    def tasks(viewer: Any, on: dt.date) -> list[Task]:
        calm = Task(2, "Calm thing", "because", "Do it calmly", "/calm/")
        urgent = Task(
            7, "Urgent thing", "soon", "Do it now", "/now/", dt.date(2026, 12, 24), is_urgent=True
        )
        return [calm, urgent] if viewer.is_signed_in else []

    monkeypatch.setattr(registries.tasks, "_entries", {"test": (0, tasks)})


# ---------------------------------------------------------------- somebody passing by


def test_visitor_sees_networks_agreements_and_the_way_in(world: Any, signed_in: Any) -> None:
    shown = page(signed_in(None))

    for said in ("Networks that work together", "Netz A", "Netz B", "Netz C", "4 March 2022"):
        assert said in shown
    assert world.agreement.title_de in shown
    assert 'href="/account/login/"' in shown
    assert "What needs me today" not in shown


def test_visitor_sees_only_public_members_counted(world: Any, signed_in: Any) -> None:
    factories.organisation(world.a, visibility=Visibility.PUBLIC)

    lens = overview.lens(viewer_of(world.stranger, today()), today())

    assert lens
    assert (lens.left.members, lens.right.members, lens.talks) == (1, 0, None)
    shown = page(signed_in(None))
    assert "1 member visible to you" in shown
    assert "Alpha Karosserie" not in shown


def test_visitor_sees_what_is_planned_but_no_introductions(world: Any, signed_in: Any) -> None:
    activity(world.agreement, title_de="Offene Werkstatt")
    activity(world.agreement, title_de="Alpha trifft Beta", kind=Activity.Kind.INTRODUCTION)
    activity(world.agreement, title_de="Lange her", date=today() - dt.timedelta(days=3))
    activity(world.agreement, title_de="Abgesagt", state=Activity.State.CANCELLED)

    shown = page(signed_in(None))

    assert "Offene Werkstatt" in shown
    for hidden in ("Alpha trifft Beta", "Lange her", "Abgesagt"):
        assert hidden not in shown


def test_empty_installation_says_so(db: None, signed_in: Any) -> None:
    assert "This installation is empty" in page(signed_in(None))


# ---------------------------------------------------------------- the office


def test_office_sees_tasks_with_the_urgent_one_first(
    world: Any, signed_in: Any, one_task: None
) -> None:
    shown = page(signed_in(world.manager_a))

    assert "2 tasks. Everything else runs." in shown
    assert shown.index("Urgent thing") < shown.index("Calm thing")
    assert re.findall(r'class="btn primary" href="([^"]+)"', shown) == ["/now/"]


def test_funnel_counts_this_years_own_pairs_step_by_step(world: Any, signed_in: Any) -> None:
    pair = ((world.a, world.b), (world.member_a, world.member_b))
    suggestion(*pair, state=Suggestion.State.REJECTED, decided_at=timezone.now())
    introduced(world)
    introduced(world, met_on=today(), outcome=Introduction.Outcome.IDEA)
    introduced(world, met_on=today(), outcome=Introduction.Outcome.PROJECT)
    introduced(world, state=Introduction.State.WITHDRAWN)
    introduction(
        *pair, met_on=dt.date(2024, 5, 1), asked_at=timezone.now() - dt.timedelta(days=800)
    )

    assert steps(viewer_of(world.manager_a, today())) == [
        (1, None),
        (3, 300),
        (2, 67),
        (2, 100),
        (1, 50),
    ]
    shown = page(signed_in(world.manager_a))
    assert re.findall(r"<b>(\d+)</b>", shown) == ["1", "3", "2", "2", "1"]
    assert re.findall(r'<td class="r">(\d+)</td>', shown) == ["1", "3", "2", "2", "1"]


def test_funnel_does_not_count_pairs_of_others(world: Any) -> None:
    introduced(world, met_on=today())

    assert steps(viewer_of(world.manager_c, today())) == []


def test_funnel_forgets_who_objected(world: Any) -> None:
    introduced(world)
    viewer = viewer_of(world.manager_a, today())
    assert steps(viewer)[1][0] == 1

    factories.consent(world.member_b, DataClass.PROFILE, world.a, allows=False)

    assert steps(viewer) == []


def test_orders_are_told_beside_the_funnel(world: Any, signed_in: Any) -> None:
    introduced(world, met_on=today(), outcome=Introduction.Outcome.ORDER)

    assert "one introduction led to an order" in page(signed_in(world.manager_a))


def test_lens_shows_the_own_agreement_with_visible_members_and_talks(world: Any) -> None:
    factories.organisation(world.b, visibility=Visibility.OWN)
    introduced(world, state=Introduction.State.ACCEPTED)
    introduced(world, state=Introduction.State.DECLINED)

    lens = overview.lens(viewer_of(world.manager_a, today()), today())

    assert lens
    assert (lens.left.network, lens.left.members) == (world.a, 1)
    assert (lens.right.network, lens.right.members) == (world.b, 1)
    assert lens.talks == 1


def test_own_network_stands_left(world: Any) -> None:
    lens = overview.lens(viewer_of(world.manager_b, today()), today())

    assert lens
    assert lens.left.network == world.b


def test_without_an_agreement_there_is_no_lens(world: Any, signed_in: Any) -> None:
    assert overview.lens(viewer_of(world.manager_c, today()), today()) is None
    assert "No agreement is in force. Without one" in page(signed_in(world.manager_c))


def test_ended_agreement_leaves_lens_and_front_page(world: Any, signed_in: Any) -> None:
    world.agreement.valid_until = today() - dt.timedelta(days=1)
    world.agreement.save()

    assert overview.lens(viewer_of(world.manager_a, today()), today()) is None
    assert "No agreement is in force at the moment." in page(signed_in(None))


def test_agenda_of_an_office_is_its_own(world: Any, signed_in: Any) -> None:
    other = factories.agreement(world.c, factories.network())
    activity(other, title_de="Treffen der anderen")
    activity(world.agreement, title_de="Eigenes Treffen")
    guest = activity(other, title_de="Als Gast dabei")
    guest.partners.add(world.a)

    shown = page(signed_in(world.manager_a))

    assert "Eigenes Treffen" in shown
    assert "Als Gast dabei" in shown
    assert "Treffen der anderen" not in shown


def named(one: news.News) -> list[str]:
    return [thing.name for thing in one.things]


def test_news_name_changes_in_the_own_network_only(world: Any, signed_in: Any) -> None:
    record(world.person_a, "confirm", world.member_a)
    record(world.person_b, "confirm", world.member_b)
    record(world.manager_a, "plan_activity", activity(world.agreement, title_de="Werkstatt"))
    IntroductionStep.objects.create(introduction=introduced(world), at=timezone.now(), what="met")

    found = news.since_last_week(viewer_of(world.manager_a, today()), today())

    assert {str(one.words): named(one) for one in found} == {
        "Introduction: talked": ["Alpha Karosserie GmbH – Beta Optik GmbH"],
        "Activity planned": ["Werkstatt"],
        "Profile confirmed": ["Alpha Karosserie GmbH"],
    }
    shown = page(signed_in(world.manager_a))
    link = f'<a href="{world.member_a.get_absolute_url()}">Alpha Karosserie GmbH</a>'
    assert f"Profile confirmed<br>{link}" in shown
    assert news.since_last_week(viewer_of(world.manager_c, today()), today()) == []


def test_news_group_many_and_forget_the_old(world: Any) -> None:
    for number in range(5):
        one = factories.organisation(world.a, name=f"Neu {number}")
        record(None, "create", one)
    AuditEntry.objects.create(
        verb="confirm",
        kind="organisation",
        key=str(world.member_a.pk),
        name="Alt",
        networks=f"|{world.a.pk}|",
        at=timezone.now() - dt.timedelta(days=9),
    )

    (found,) = news.since_last_week(viewer_of(world.manager_a, today()), today())

    assert (named(found), found.more) == (["Neu 4", "Neu 3", "Neu 2"], 2)
    assert found.last_on == timezone.localdate()


def test_member_who_left_is_news_to_the_network_it_left(world: Any) -> None:
    record(None, "leave", world.member_a, {"network": "a"})
    Membership.objects.filter(organisation=world.member_a).update(valid_until=dt.date(2026, 1, 1))

    (found,) = news.since_last_week(viewer_of(world.manager_a, today()), today())

    assert (str(found.words), found.things) == (
        "Left the network",
        (news.Thing("Alpha Karosserie GmbH", url=""),),
    )


def test_what_former_members_do_elsewhere_is_no_news(world: Any) -> None:
    Membership.objects.create(network=world.c, organisation=world.member_a)
    Membership.objects.create(network=world.c, organisation=world.member_b)
    Membership.objects.filter(network=world.a).update(valid_until=dt.date(2026, 1, 1))
    record(None, "update", world.member_a)
    record(None, "leave", world.member_b, {"network": "c"})

    assert news.since_last_week(viewer_of(world.manager_a, today()), today()) == []
    assert news.since_last_week(viewer_of(world.manager_b, today()), today()) == []


# ---------------------------------------------------------------- a member


def test_member_sees_own_card_as_partners_see_it(world: Any, signed_in: Any) -> None:
    factories.offer(world.member_a)
    factories.offer(world.member_a, visibility=Visibility.OWN)
    factories.contact(world.member_a)

    (card,) = member.cards(viewer_of(world.person_a, today()), today())

    assert card.partners == [
        member.PartnerSight(
            world.b, profile=True, offers=1, requests=0, contact=False, figures=False
        )
    ]
    assert (card.offers, card.networks) == (2, [world.a])
    assert card.partners[0].words == ["profile", "1 offer"]
    assert "<br>profile, 1 offer<" in page(signed_in(world.person_a))


def test_objection_and_consent_show_on_the_card(world: Any) -> None:
    factories.contact(world.member_a)
    factories.consent(world.member_a, DataClass.CONTACT, world.b)
    viewer = viewer_of(world.person_a, today())
    assert member.cards(viewer, today())[0].partners[0].contact

    factories.consent(world.member_a, DataClass.PROFILE, world.b, allows=False)

    assert not member.cards(viewer, today())[0].partners[0].profile


def test_member_sees_own_introductions_and_no_others(world: Any, signed_in: Any) -> None:
    introduced(world, subject="Freiform für Alpha")
    other = factories.organisation(world.a)
    introduction((world.a, world.b), (other, world.member_b), subject="Fremdes Thema")

    shown = page(signed_in(world.person_a))

    assert "Freiform für Alpha" in shown
    assert "Beta Optik GmbH" in shown
    assert "Fremdes Thema" not in shown


def test_fitting_requests_share_a_concept_and_are_visible(world: Any, signed_in: Any) -> None:
    Competence.objects.create(organisation=world.member_a, concept="lidar")
    factories.request(world.member_b, "Lidar gesucht", concepts="|lidar|optics|")
    factories.request(world.member_b, "Anderes gesucht", concepts="|lidar-mount|")
    factories.request(
        world.member_b, "Geheim gesucht", concepts="|lidar|", visibility=Visibility.OWN
    )
    factories.request(world.member_a, "Selbst gesucht", concepts="|lidar|")
    factories.request(world.member_c, "Fremd gesucht", concepts="|lidar|")

    found = member.fitting_requests(viewer_of(world.person_a, today()), today())

    assert [one.request.text_de for one in found] == ["Lidar gesucht"]
    shown = page(signed_in(world.person_a))
    assert "Lidar gesucht" in shown
    assert "Requests that fit what you offer" in shown
    assert "Geheim gesucht" not in shown


def test_research_partner_is_spoken_to_as_one(world: Any, signed_in: Any) -> None:
    Organisation.objects.filter(pk=world.member_a.pk).update(kind=Organisation.Kind.RESEARCH)

    shown = page(signed_in(world.person_a))

    assert "Requests that fit your competences" in shown
    assert "companies that look for what you know" in shown


def test_fitting_requests_take_as_many_queries_for_four_as_for_two(
    world: Any, signed_in: Any, count_queries: Any
) -> None:
    Competence.objects.create(organisation=world.member_a, concept="lidar")
    for _number in range(2):  # a single question would have a task of its own
        factories.request(world.member_b, concepts="|lidar|")
        introduced(world)
    client = signed_in(world.person_a)
    few = count_queries(lambda: client.get("/"))
    for _number in range(2):
        factories.request(factories.organisation(world.b), concepts="|lidar|")
        introduced(world)

    assert count_queries(lambda: client.get("/")) == few


# ---------------------------------------------------------------- without a role


def test_without_a_role_one_learns_how_to_get_one(world: Any, signed_in: Any) -> None:
    assert "You have no role at the moment" in page(signed_in(world.stranger))


def test_operator_sees_the_installation_and_no_members(world: Any, signed_in: Any) -> None:
    shown = page(signed_in(factories.user(is_superuser=True)))

    assert "You run the installation." in shown
    assert "Alpha Karosserie" not in shown
