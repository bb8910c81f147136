"""A member with a contact person, asked whether its profile is right."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable

import pytest

from tests.web import factories
from tests.web.conftest import World
from verbund.web.core.models import Mail
from verbund.web.core.services import today
from verbund.web.directory.confirming import services
from verbund.web.directory.models import Profile
from verbund.web.networks.models import Organisation

Ask = Callable[..., str]


@pytest.fixture
def member(world: World) -> Organisation:
    """Return a member without an account; its contact person is Erika Muster."""
    made = factories.organisation(world.a, name="Delta Werkzeugbau GmbH", city="Gera")
    factories.contact(made, name="Erika Muster", email="erika@delta.example")
    factories.offer(made, "Spritzgusswerkzeuge")
    return made


@pytest.fixture
def ask(member: Organisation, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Ask about the member's profile, some days ago, and return the path of the mail's link."""

    def make(confirmed: dt.date | None = None, *, days_ago: int = 0) -> str:
        profile = Profile.objects.get(organisation=member)
        Profile.objects.filter(pk=profile.pk).update(confirmed_on=confirmed)
        then = time.time() - days_ago * 86_400
        with monkeypatch.context() as past:
            past.setattr("django.core.signing.time.time", lambda: then)
            services.ask(profile, today() - dt.timedelta(days=days_ago), by=None)
        return link_in(Mail.objects.latest("pk"))

    return make


def link_in(mail: Mail) -> str:
    found = re.search(r"https?://[^/\s]+(/profile/[^/\s]+/)", mail.text)
    assert found, mail.text
    return found[1]
