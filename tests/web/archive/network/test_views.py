from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from tests.web import factories
from tests.web.conftest import World
from verbund.web.core.models import AuditEntry
from verbund.web.networks.models import Role

pytestmark = pytest.mark.django_db


def test_a_manager_takes_the_archive_along(world: World, signed_in: Any) -> None:
    client = signed_in(world.manager_a)
    body = client.get("/archive/").content.decode()
    answer = client.post("/archive/a/")
    file = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))

    assert "Download the archive of Netz A" in body
    assert b"Alpha Karosserie GmbH" in file.read("rows/organisations.jsonl")
    assert AuditEntry.objects.get(verb="archive").actor == world.manager_a


@pytest.mark.parametrize("who", ["manager_b", "manager_c", "person_a", "stranger"])
def test_nobody_else_does(world: World, signed_in: Any, who: str) -> None:
    assert signed_in(getattr(world, who)).post("/archive/a/").status_code == 404


def test_an_editor_does_not(world: World, signed_in: Any) -> None:
    editor = factories.user()
    Role.objects.create(user=editor, kind=Role.Kind.EDITOR, network=world.a)
    client = signed_in(editor)

    assert (client.get("/archive/").status_code, client.post("/archive/a/").status_code) == (
        404,
        404,
    )
