"""A suggestion between the two agreeing networks, and a day that does not move."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.conftest import World
from tests.web.factories import TODAY
from tests.web.partnering import factories
from verbund.web.partnering.models import Introduction, Suggestion


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every view and task of this app live on the same day."""
    for module in (
        "views.suggestions",
        "views.deciding",
        "views.freshness",
        "views.members",
        "views.introductions",
        "views.answers",
        "views.found",
        "tasks",
        "plugs",
    ):
        monkeypatch.setattr(f"verbund.web.partnering.{module}.today", lambda: TODAY)


@pytest.fixture
def pair(world: World) -> Suggestion:
    return factories.suggestion((world.a, world.b), (world.member_a, world.member_b))


@pytest.fixture
def asked(world: World, pair: Suggestion) -> Introduction:
    """An introduction both were asked about."""
    pair.state = Suggestion.State.INTRODUCED
    pair.save()
    return factories.introduction(
        (world.a, world.b),
        (world.member_a, world.member_b),
        clause=world.agreement.clauses.get(),
        suggestion=pair,
        asked_by=world.manager_a,
    )


@pytest.fixture
def text_of() -> Any:
    """Return the text of a page."""

    def text(response: Any) -> str:
        return str(response.content.decode())

    return text
