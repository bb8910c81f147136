from __future__ import annotations

from typing import Any

import pytest

from tests.web import factories
from tests.web.agreements.factories import held
from tests.web.conftest import World
from verbund.web.agreements import rules
from verbund.web.agreements.models import Party
from verbund.web.core.services import today
from verbund.web.networks.rules import STRANGER, viewer_of

# person: manages, sees the result, sees the file, knows it before all parties confirmed
POLICY = {
    "manager_a": (True, True, True, True),
    "manager_b": (True, True, True, True),
    "person_a": (False, True, False, True),
    "person_b": (False, True, False, True),
    "manager_c": (False, False, False, False),
    "stranger": (False, False, False, False),
    "": (False, False, False, False),
}


@pytest.mark.parametrize("who", POLICY)
def test_policy_by_role(world: World, who: str) -> None:
    viewer = viewer_of(getattr(world, who), today()) if who else STRANGER
    activity = held(world.agreement)
    may = (
        rules.can_manage_agreement(viewer, world.agreement),
        rules.can_see_inside(viewer, activity),
        rules.can_see_file(viewer, activity),
    )
    assert rules.can_change_activity(viewer, activity) == may[0]
    assert rules.can_see_agreement(viewer, world.agreement)

    Party.objects.filter(network=world.b).update(is_confirmed=False)

    assert (*may, rules.can_see_agreement(viewer, world.agreement)) == POLICY[who]


def test_the_office_of_a_further_partner_sees_the_file_its_members_do_not(world: World) -> None:
    activity = held(world.agreement, partners=[world.c])
    office = viewer_of(world.manager_c, today())
    member = viewer_of(factories.representative_of(world.member_c), today())

    assert rules.can_see_file(office, activity)
    assert rules.can_see_inside(office, activity)
    assert not rules.can_see_inside(member, activity)
    assert not rules.can_change_activity(office, activity)


def test_an_unconfirmed_party_confirms_and_does_not_manage(world: World) -> None:
    Party.objects.filter(network=world.b).update(is_confirmed=False)
    agreement: Any = world.agreement
    a, b = (viewer_of(person, today()) for person in (world.manager_a, world.manager_b))

    assert [rules.can_manage_agreement(v, agreement) for v in (a, b)] == [True, False]
    assert [rules.can_confirm_agreement(v, agreement) for v in (a, b)] == [False, True]
