"""Services of the directory: what they write, whom they tell, that twice is once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.web import factories
from tests.web.conftest import World
from tests.web.directory.cast import offer
from verbund.web.agreements.models import Consent
from verbund.web.agreements.signals import sharing_changed
from verbund.web.core.models import AuditEntry
from verbund.web.directory import services
from verbund.web.directory.signals import profile_changed
from verbund.web.networks.models import DataClass, Visibility

TODAY = factories.TODAY


@pytest.fixture
def heard() -> Iterator[list[tuple[str, frozenset[int]]]]:
    told: list[tuple[str, frozenset[int]]] = []

    def on_sharing(networks: frozenset[int], **_: Any) -> None:
        told.append(("sharing", networks))

    def on_profile(networks: frozenset[int], **_: Any) -> None:
        told.append(("profile", networks))

    sharing_changed.connect(on_sharing)
    profile_changed.connect(on_profile)
    yield told
    sharing_changed.disconnect(on_sharing)
    profile_changed.disconnect(on_profile)


@pytest.mark.parametrize("data_class", [DataClass.CONTACT, DataClass.FIGURES])
def test_consent_keeps_its_history(world: World, data_class: DataClass) -> None:
    def answer(*, allows: bool) -> bool:
        return services.set_consent(
            world.member_a, data_class, world.b, allows=allows, by=world.person_a, on=TODAY
        )

    changes = [answer(allows=allows) for allows in (False, True, True, False, False, True)]

    assert changes == [False, True, False, True, False, True]
    rows = Consent.objects.order_by("pk").values_list("data_class", "allows", "withdrawn_on")
    assert list(rows) == [(data_class, True, TODAY), (data_class, True, None)]
    assert AuditEntry.objects.filter(verb="consent").count() == 3


def test_objection_is_the_profiles_way(world: World) -> None:
    def answer(*, allows: bool) -> bool:
        return services.set_consent(
            world.member_a, DataClass.PROFILE, world.b, allows=allows, by=None, on=TODAY
        )

    assert [answer(allows=allows) for allows in (True, False, False, True)] == [
        False,
        True,
        False,
        True,
    ]
    assert list(Consent.objects.values_list("allows", "withdrawn_on")) == [(False, TODAY)]


def test_offers_have_no_consent(world: World) -> None:
    with pytest.raises(ValueError, match="offers"):
        services.set_consent(
            world.member_a, DataClass.OFFERS, world.b, allows=True, by=None, on=TODAY
        )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            lambda w: services.set_consent(
                w.member_a, DataClass.CONTACT, w.b, allows=True, by=None, on=TODAY
            ),
            [("sharing", "ab")],
        ),
        (
            lambda w: services.set_visibility(w.member_a, Visibility.OWN, by=None, on=TODAY),
            [("sharing", "a"), ("profile", "a")],
        ),
        (lambda w: services.leave_network(w.member_a, w.a, by=None, on=TODAY), [("sharing", "a")]),
        (
            lambda w: services.save_entry(offer(w.member_a, "Neu"), w.member_a, by=None, on=TODAY),
            [("profile", "a")],
        ),
    ],
)
def test_others_are_told_after_the_commit(
    world: World,
    heard: list[tuple[str, frozenset[int]]],
    django_capture_on_commit_callbacks: Any,
    change: Callable[[World], object],
    expected: list[tuple[str, str]],
) -> None:
    with django_capture_on_commit_callbacks(execute=False):
        change(world)
    assert heard == []
    with django_capture_on_commit_callbacks(execute=True):
        change(world)

    told = dict.fromkeys(heard)
    by_slug = {world.a.pk: "a", world.b.pk: "b"}
    seen = [(kind, "".join(sorted(by_slug[pk] for pk in networks))) for kind, networks in told]
    assert seen in (expected, [])


def test_leaving_ends_yesterday_and_returning_opens_again(world: World) -> None:
    assert services.leave_network(world.member_a, world.a, by=None, on=TODAY)
    assert not services.leave_network(world.member_a, world.a, by=None, on=TODAY)
    (membership,) = world.member_a.memberships.all()
    assert str(membership.valid_until) == "2026-11-21"

    assert services.return_to_network(world.member_a, world.a, by=None, on=TODAY)
    assert not services.return_to_network(world.member_a, world.a, by=None, on=TODAY)
    membership.refresh_from_db()
    assert membership.valid_until is None
