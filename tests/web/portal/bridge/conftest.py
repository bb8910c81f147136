"""A bridge small enough to count by hand: network B offers technologies, network A applies them.

| | vehicle body | vehicle HMI |
|---|---|---|
| lasers | 1 offer (+ 1 kept to B), 1 request, 1 pair | |
| displays | | 1 request: a gap |
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.web import factories
from tests.web.conftest import World
from tests.web.factories import TODAY
from tests.web.partnering.factories import suggestion
from verbund.web.directory.models import Competence, Offer, Request
from verbund.web.networks.models import Visibility
from verbund.web.partnering.models import Suggestion

WELDING = ("lasers", "vehicle-body")
SCREENS = ("displays", "vehicle-hmi")


@dataclass
class Counted:
    welds: Offer
    secret: Offer
    wants_welding: Request
    wants_screens: Request
    pair: Suggestion


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verbund.web.portal.bridge.views.today", lambda: TODAY)


@pytest.fixture
def counted(world: World) -> Counted:
    welding, screens = ("|{}|{}|".format(*key) for key in (WELDING, SCREENS))
    welds = factories.offer(world.member_b, "Laserschweißen von Blech", concepts=welding)
    secret = factories.offer(
        world.member_b, "Geheimer Laser", concepts=welding, visibility=Visibility.OWN
    )
    wanted = factories.request(world.member_a, "Wer schweißt Türen?", concepts=welding)
    screen = factories.request(world.member_a, "Wer baut Anzeigen?", concepts=screens)
    Competence.objects.create(organisation=world.member_b, concept="displays")
    networks, ends = (world.a, world.b), (world.member_a, world.member_b)
    pair = suggestion(networks, ends, request=wanted, offer=welds)
    return Counted(welds, secret, wanted, screen, pair)
