from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from tests.web import factories
from verbund.web.accounts.models import User
from verbund.web.core.models import AuditEntry, Mail
from verbund.web.networks import services
from verbund.web.networks.models import LegalPage, Network, Role
from verbund.web.networks.queries import gaps_in, starting_text
from verbund.web.networks.rules import viewer_of


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Calls without a request speak whatever language the last request left."""
    with translation.override("en"):
        yield


TODAY = factories.TODAY


def invite(world: Any, **fields: Any) -> Role:
    given = {
        "email": "neu@example.org",
        "name": "Nora Neu",
        "language": "de",
        "organisation": world.member_a,
        "by": world.manager_a,
        "on": TODAY,
    }
    return services.invite_person(world.a, **given | fields)


def test_invited_person_speaks_for_the_organisation_from_that_day(world: Any) -> None:
    role = invite(world)

    viewer = viewer_of(role.user, TODAY)
    assert viewer.organisations == {world.member_a.pk}
    assert viewer.managed == frozenset()
    assert not viewer_of(role.user, TODAY - dt.timedelta(days=1)).organisations
    assert not role.user.has_usable_password()


def test_invitation_says_who_invites_whom_for_what_and_how_to_come_in(world: Any) -> None:
    invite(world)

    mail = Mail.objects.get()
    assert (mail.to, mail.about, mail.network_key, mail.language) == (
        "neu@example.org",
        "invitation",
        world.a.slug,
        "de",
    )
    assert mail.subject == "Netz A lädt Sie zu Verbund ein"
    for said in ("Managerin A", "Alpha Karosserie GmbH", "/account/login/code/"):
        assert said in mail.text


def test_inviting_twice_changes_nothing(world: Any) -> None:
    first = invite(world)

    assert invite(world, name="Other Name", email="NEU@example.org") == first
    assert Mail.objects.count() == 1
    assert User.objects.get(email="neu@example.org").name == "Nora Neu"


def test_invited_colleague_manages_the_network(world: Any) -> None:
    role = invite(world, organisation=None, language="en")

    assert viewer_of(role.user, TODAY).managed == {world.a.pk}
    assert "invites you to the office of Netz A" in Mail.objects.get().text


def test_ended_role_ends_at_once_and_comes_back(world: Any) -> None:
    role = invite(world)

    services.end_role(role, by=world.manager_a, on=TODAY)
    assert not viewer_of(role.user, TODAY).organisations

    services.restore_role(role, world.a, by=world.manager_a, on=TODAY)
    assert viewer_of(role.user, TODAY).organisations == {world.member_a.pk}
    assert list(
        AuditEntry.objects.filter(kind="role").order_by("pk").values_list("verb", flat=True)
    ) == ["invite_person", "end_role", "restore_role"]


def test_ending_twice_is_ending_once(world: Any) -> None:
    role = invite(world)
    services.end_role(role, by=world.manager_a, on=TODAY)

    services.end_role(role, by=world.manager_a, on=TODAY + dt.timedelta(days=5))

    role.refresh_from_db()
    assert role.valid_until == TODAY - dt.timedelta(days=1)


def test_invitation_after_the_end_begins_anew(world: Any) -> None:
    services.end_role(invite(world), by=world.manager_a, on=TODAY)
    later = TODAY + dt.timedelta(days=30)

    role = invite(world, on=later)

    assert (role.valid_from, role.valid_until) == (later, None)
    assert Mail.objects.filter(subject__contains="Verbund ein").count() == 2


def test_last_manager_stays(world: Any) -> None:
    last = Role.objects.get(user=world.manager_b)

    with pytest.raises(services.LastManagerStays, match="Netz B would be without a manager"):
        services.end_role(last, by=world.manager_a, on=TODAY)

    last.refresh_from_db()
    assert last.valid_until is None


def test_manager_whose_role_ended_does_not_count_as_another(world: Any) -> None:
    other = invite(world, organisation=None)
    services.end_role(other, by=world.manager_a, on=TODAY)

    with pytest.raises(services.LastManagerStays):
        services.end_role(Role.objects.get(user=world.manager_a), by=other.user, on=TODAY)


def test_own_role_in_the_office_is_ended_by_others(world: Any) -> None:
    invite(world, organisation=None)

    with pytest.raises(services.OwnRoleStays):
        services.end_role(Role.objects.get(user=world.manager_a), by=world.manager_a, on=TODAY)


def test_new_network_gets_its_first_manager(world: Any) -> None:
    operator = factories.user(is_superuser=True)
    fresh = Network(slug="neu", name="Netz Neu", language="en")

    role = services.make_network(
        fresh, email="boss@example.org", name="Bo Boss", by=operator, on=TODAY
    )

    assert viewer_of(role.user, TODAY).managed == {fresh.pk}
    assert role.user.language == "en"
    assert Mail.objects.get().to == "boss@example.org"


def test_legal_page_is_written_and_written_again(world: Any) -> None:
    for text in ("erst", "dann"):
        services.write_legal_page(world.a, "imprint", text_de=text, text_en="", by=world.manager_a)

    assert LegalPage.objects.get(network=world.a).text_de == "dann"


@pytest.mark.parametrize("kind", LegalPage.Kind.values)
@pytest.mark.parametrize("language", ["de", "en"])
def test_starting_text_names_the_network_and_leaves_gaps(
    world: Any, kind: str, language: str
) -> None:
    world.a.email = "buero@netz-a.example"

    text = starting_text(world.a, kind, language)

    assert "Netz A" in text
    assert "buero@netz-a.example" in text
    assert gaps_in(text)


def test_starting_texts_have_the_same_parts_in_both_languages(world: Any) -> None:
    for kind in LegalPage.Kind.values:
        parts = [
            [len(gaps_in(part)) for part in starting_text(world.a, kind, language).split("\n## ")]
            for language in ("de", "en")
        ]
        assert parts[0] == parts[1], kind


def test_links_are_no_gaps() -> None:
    assert gaps_in("[street] and [a link](https://example.org) and [street]") == ["[street]"]
