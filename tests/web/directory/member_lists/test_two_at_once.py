"""Two people import at once; an import that is cut off in the middle leaves nothing behind."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.web import factories
from tests.web.conftest import World
from tests.web.directory.member_lists.files import as_csv
from tests.web.directory.member_lists.states import everything
from tests.web.directory.member_lists.test_views import imported, text_of
from verbund.web.core.models import AuditEntry
from verbund.web.directory.member_lists import services
from verbund.web.directory.models import ImportRun
from verbund.web.networks.models import Organisation

READ, TAKEN = ImportRun.State.READ, ImportRun.State.TAKEN


def seen_on(page: Any) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', page.content.decode())
    assert found
    return found[1]


def test_second_of_two_is_told_what_changed_since_its_preview(world: World, signed_in: Any) -> None:
    factories.figures(world.member_a, employees=100)
    colleague = factories.manager_of(world.a, name="Kollege A")
    first, second = signed_in(world.manager_a), signed_in(colleague)
    one = imported(
        first, world.a, as_csv(";Alpha Karosserie GmbH;110;Zwickau;Stanzen;", name="1.csv")
    )
    two = imported(
        second, world.a, as_csv(";Alpha Karosserie GmbH;120;Zwickau;Fügen;", name="2.csv")
    )
    page = second.get(f"/import/{two.pk}/?show=changed")
    assert "employees 100 becomes 120" in text_of(page)
    first.post(f"/import/{one.pk}/take-over/")

    told = second.post(f"/import/{two.pk}/take-over/", {"seen": seen_on(page)}, follow=True)

    two.refresh_from_db()
    assert two.state == READ
    assert (
        "members changed since you looked at them. Alpha Karosserie GmbH (Managerin A)"
        in told.content.decode()
    )
    assert "employees 110 becomes 120" in text_of(told)
    second.post(f"/import/{two.pk}/take-over/", {"seen": seen_on(told)})
    two.refresh_from_db()
    offers = world.member_a.offers.order_by("text_de").values_list("text_de", flat=True)
    assert (two.state, list(offers)) == (TAKEN, ["Fügen", "Stanzen"])


def test_new_member_of_both_lists_is_made_once(world: World, signed_in: Any) -> None:
    colleague = factories.manager_of(world.a, name="Kollege A")
    first, second = signed_in(world.manager_a), signed_in(colleague)
    one = imported(first, world.a, as_csv(";Neuling AG;7;Suhl;Stanzen;", name="1.csv"))
    two = imported(second, world.a, as_csv(";Neuling AG;;Suhl;Fügen;", name="2.csv"))
    first.post(f"/import/{one.pk}/take-over/")

    second.post(f"/import/{two.pk}/take-over/")
    second.post(f"/import/{two.pk}/take-over/")

    made = Organisation.objects.get(name="Neuling AG")
    assert sorted(made.offers.values_list("text_de", flat=True)) == ["Fügen", "Stanzen"]
    assert ImportRun.objects.get(pk=two.pk).state == TAKEN


def test_a_problem_in_the_middle_leaves_nothing_behind(
    world: World, signed_in: Any, monkeypatch: Any
) -> None:
    office = signed_in(world.manager_a)
    office.raise_request_exception = False
    run = imported(
        office,
        world.a,
        as_csv(";Alpha Karosserie GmbH;210;Zwickau;Stanzen;", ";Neuling AG;7;Suhl;;"),
    )
    before, log = everything(), AuditEntry.objects.count()

    def broken(*args: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(services, "_end", broken)  # all members are written by then
    assert office.post(f"/import/{run.pk}/take-over/").status_code == 500

    run.refresh_from_db()
    assert (everything(), AuditEntry.objects.count(), run.state) == (before, log, READ)


SETTINGS = {"DJANGO_SETTINGS_MODULE": "verbund.web.settings", "VERBUND_SECRET_KEY": "k" * 50}
SETUP = """
    import datetime as dt, os
    import django
    django.setup()
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.core.management import call_command
    from verbund.web.accounts.models import User
    from verbund.web.directory.member_lists import services
    from verbund.web.directory.member_lists.reading import Chosen, read_upload
    from verbund.web.directory.models import ImportRun
    from verbund.web.networks.models import Network, Organisation, Role, Visibility
    from verbund.web.networks.rules import viewer_of
    day = dt.date(2026, 11, 22)
"""
BEGIN = """
    call_command("migrate", verbosity=0)
    person = User.objects.create_user("m@example.org", name="M")
    network = Network.objects.create(slug="a", name="A")
    Role.objects.create(user=person, kind="manager", network=network)
    list_ = "\\n".join(["Firma;Ort", *(f"Firma Nummer {n};Jena" for n in range(30))])
    content = read_upload(SimpleUploadedFile("l.csv", list_.encode()), Chosen())
    run = services.start_import(
        content, network, file_name="l.csv", entries_visibility=Visibility.OWN, by=person,
        viewer=viewer_of(person, day), on=day,
    )
    services._end = lambda *args: os._exit(9)  # the power goes off before the last write
    services.accept_proposals(run, viewer=viewer_of(person, day), on=day)
    services.take_over(run, by=person, viewer=viewer_of(person, day), on=day)
"""
LOOK = """
    run = ImportRun.objects.get()
    print(Organisation.objects.count(), run.state)
    person = User.objects.get()
    run = services.take_over(run, by=person, viewer=viewer_of(person, day), on=day)
    print(Organisation.objects.count(), run.state)
"""


def run_python(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if "VERBUND" not in key}
    environment.pop("DATABASE_URL", None)
    return subprocess.run(  # noqa: S603  # our own words
        [sys.executable, "-c", textwrap.dedent(SETUP) + textwrap.dedent(script)],
        env=environment | SETTINGS | {"VERBUND_DATA": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.thorough
def test_a_killed_import_is_as_if_it_had_never_begun(tmp_path: Path) -> None:
    killed = run_python(BEGIN, tmp_path)
    looked = run_python(LOOK, tmp_path)

    assert killed.returncode == 9, killed.stderr
    assert looked.stdout.split() == ["0", "read", "30", "taken"], looked.stderr


def test_whoever_comes_second_finds_it_taken(world: World, signed_in: Any) -> None:
    office: Client = signed_in(world.manager_a)
    run = imported(office, world.a, as_csv(";Neuling AG;7;Suhl;Stanzen;"))
    office.post(f"/import/{run.pk}/take-over/")
    again = office.post(f"/import/{run.pk}/take-over/", follow=True)

    assert "Already taken over" in again.content.decode()
