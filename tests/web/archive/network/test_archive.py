from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from tests.web import factories
from tests.web.conftest import World
from tests.web.factories import TODAY
from verbund.errors import InvalidInput
from verbund.web.accounts.models import User
from verbund.web.agreements.models import (
    Activity,
    Agreement,
    Document,
    Party,
    SharingRule,
    Signature,
    Version,
)
from verbund.web.agreements.sharing import grants
from verbund.web.archive.network import package
from verbund.web.archive.network.parts import NOT_ARCHIVED, PARTS
from verbund.web.archive.network.taking_in import take_in
from verbund.web.archive.network.writing import write_archive
from verbund.web.core.append_only import AUDIT
from verbund.web.core.models import AuditEntry, Removal
from verbund.web.core.services import record
from verbund.web.directory.models import Competence, Offer
from verbund.web.directory.services import index_entry, index_organisation
from verbund.web.indicators.models import Indicator, Observation
from verbund.web.networks.models import (
    DataClass,
    Identifier,
    LegalPage,
    Membership,
    Network,
    Organisation,
    Site,
)
from verbund.web.networks.rules import Viewer
from verbund.web.partnering.models import Introduction, IntroductionStep

pytestmark = pytest.mark.django_db
_APPS = {"core", "accounts", "networks", "agreements", "directory", "partnering", "indicators"}


@pytest.fixture
def full(world: World) -> World:
    """Network A with rows of every kind."""
    member = world.member_a
    Organisation.objects.filter(pk=member.pk).update(
        street="Ring 1", lat=50.5, lon=12.25, website="https://alpha.example", legal_form="GmbH"
    )
    daughter = factories.organisation(world.a, name="Alpha Guss GmbH", parent=member)
    former = factories.organisation(name="Ehemalig GmbH", website="https://weg.example")
    Membership.objects.create(
        network=world.a, organisation=former, valid_until=TODAY - dt.timedelta(days=9)
    )
    LegalPage.objects.create(network=world.a, kind="imprint", text_de="Impressum")
    Identifier.objects.create(organisation=member, scheme="vat", value="DE1")
    Site.objects.create(organisation=member, city="Ulm")
    Competence.objects.create(organisation=member, concept="lidar", evidence="product")
    factories.contact(member)
    factories.figures(member, turnover_eur="1234567.50", as_of=TODAY)
    factories.offer(member, "Blechteile")
    factories.request(daughter, "Kleber", is_anonymous=True)
    factories.consent(member, DataClass.CONTACT, world.b, given_by=world.manager_a)
    clause = world.agreement.clauses.get()
    version = Version.objects.create(
        agreement=world.agreement, number=1, content={"text": "ä"}, made_by=world.manager_a
    )
    Version.objects.update(made_at=timezone.now() - dt.timedelta(days=500))
    Signature.objects.create(
        version=version, network=world.b, user=world.manager_b, name="B", at=timezone.now()
    )
    document = Document(agreement=world.agreement, title="Scan", digest="0" * 64)
    document.file.save("scan.pdf", ContentFile(b"%PDF-1.7 x"))
    activity = Activity.objects.create(clause=clause, date=TODAY, title_de="Werkstatt")
    activity.partners.set([world.b])
    introduction = Introduction.objects.create(
        left=member,
        right=world.member_b,
        left_network=world.a,
        right_network=world.b,
        subject="s",
        text="t",
        clause=clause,
        asked_at=timezone.now(),
        asked_by=world.manager_b,
    )
    IntroductionStep.objects.create(introduction=introduction, at=timezone.now(), what="asked")
    indicator = Indicator.objects.create(network=world.a, slug="export", name_de="Export")
    Observation.objects.create(indicator=indicator, year=2022, value=72, source="Bericht")
    record(world.manager_a, "update", member, {"fields": ["name"]})
    for one in Organisation.objects.all():
        index_organisation(one)
    for entry in Offer.objects.all():
        index_entry(entry)
    return world


@pytest.fixture
def archive(full: World, tmp_path: Path) -> Path:
    out = tmp_path / "a.zip"
    write_archive(full.a, out, by=full.manager_a)
    return out


def contents(path: Path) -> dict[str, bytes]:
    """Everything but the day; the log grows by the export itself."""
    with zipfile.ZipFile(path) as file:
        found = {name: file.read(name) for name in file.namelist() if name != package.MANIFEST}
    log = found.pop("rows/audit-entries.jsonl").splitlines()
    rest = [line for line in log if b"archive" not in line]
    found.pop(package.README)
    return found | {"log": b"\n".join(rest)}


def emptied() -> None:
    Removal.objects.create(key=AUDIT, before=timezone.now() + dt.timedelta(days=1))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_auditentry")
    for model in (Removal, Agreement, Organisation, Network, User):
        model.objects.all().delete()
    shutil.rmtree(settings.MEDIA_ROOT)


def altered(path: Path, change: Callable[[dict[str, Any]], None], **parts: str) -> Path:
    """Write an archive anew with other parts, its manifest in step, and then changed."""
    with zipfile.ZipFile(path) as file:
        held = {name: file.read(name) for name in file.namelist()}
    held |= {name.replace("__", "/"): text.encode() for name, text in parts.items()}
    manifest = json.loads(held.pop(package.MANIFEST))
    manifest["sha256"] = {name: hashlib.sha256(text).hexdigest() for name, text in held.items()}
    change(manifest)
    out = path.with_name("altered.zip")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in (held | {package.MANIFEST: json.dumps(manifest).encode()}).items():
            file.writestr(name, text)
    return out


def nothing(manifest: dict[str, Any]) -> None:
    """Leave the manifest as it is."""


def test_every_model_is_archived_or_named_as_left_out() -> None:
    models = {m._meta.label_lower for m in apps.get_models() if m._meta.app_label in _APPS}

    assert models - {p.model._meta.label_lower for p in PARTS} == NOT_ARCHIVED


def test_an_empty_installation_becomes_the_same_network(archive: Path, tmp_path: Path) -> None:
    before = contents(archive)
    emptied()
    preview = take_in(archive, overwrite=None)
    again = tmp_path / "again.zip"
    write_archive(Network.objects.get(slug="a"), again, by=None)

    assert preview.different == []
    assert contents(again) == before
    member = Organisation.objects.get(name="Alpha Karosserie GmbH")
    assert member.search
    assert not User.objects.get(name="Managerin A").has_usable_password()


def test_archive_holds_what_the_network_answers_for_and_names_of_others(archive: Path) -> None:
    with zipfile.ZipFile(archive) as file:
        rows = [json.loads(line) for line in file.open("rows/organisations.jsonl")]
        people = [json.loads(line)["name"] for line in file.open("rows/people.jsonl")]
        text = b"".join(file.read(name) for name in file.namelist())

    named = {row["name"]: sorted(row) for row in rows if row.get("only_named")}
    assert {row["name"] for row in rows} - set(named) == {
        "Alpha Karosserie GmbH",
        "Alpha Guss GmbH",
    }
    only = ["id", "name", "only_named", "uid"]
    assert named == {"Beta Optik GmbH": only, "Ehemalig GmbH": only}
    assert sorted(people) == ["Managerin A", "Person A"]
    assert b"Gamma" not in text
    assert b"weg.example" not in text
    assert b"scan.pdf" in text


def test_importing_where_everything_is_changes_nothing(full: World, archive: Path) -> None:
    before = AuditEntry.objects.count()
    preview = take_in(archive, overwrite=None)

    assert (sum(preview.new.values()), preview.different) == (0, [])
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize(
    ("overwrite", "kept"),
    [(None, "Neuer Name"), (False, "Neuer Name"), (True, "Alpha Karosserie GmbH")],
)
def test_what_differs_is_shown_and_never_overwritten_silently(
    full: World, archive: Path, overwrite: bool | None, kept: str
) -> None:
    Organisation.objects.filter(pk=full.member_a.pk).update(name="Neuer Name")
    Offer.objects.all().delete()
    preview = take_in(archive, overwrite=overwrite)
    full.member_a.refresh_from_db()

    assert [(one.part, one.fields) for one in preview.different] == [
        ("organisations", {"name": ("Neuer Name", "Alpha Karosserie GmbH")})
    ]
    assert full.member_a.name == kept
    assert Offer.objects.exists() is (overwrite is not None)


def test_a_check_changes_nothing(full: World, archive: Path) -> None:
    Offer.objects.all().delete()
    preview = take_in(archive, overwrite=False, is_test=True)

    assert preview.new["offers"] == 1
    assert not Offer.objects.exists()


def test_an_archive_opens_no_other_networks_data(full: World, archive: Path) -> None:
    """A network with members here says itself that it is a party to what an archive brings."""
    Agreement.objects.all().delete()
    take_in(archive, overwrite=False)
    viewer = Viewer(networks=frozenset((full.a.pk,)), offices=frozenset((full.a.pk,)))

    assert not Party.objects.get(network=full.b).is_confirmed
    assert {rule.giver for rule in SharingRule.objects.all()} == {full.a}
    assert grants(viewer, None, on=TODAY) == []


def refused(path: Path) -> str:
    before = Organisation.objects.count()
    with pytest.raises(InvalidInput) as error:
        take_in(path, overwrite=True)
    assert Organisation.objects.count() == before
    return error.value.code


def test_what_is_no_whole_archive_of_ours_is_refused(archive: Path, tmp_path: Path) -> None:
    text, cut, other = (tmp_path / name for name in ("text.zip", "cut.zip", "other.zip"))
    text.write_text("kein Archiv")
    cut.write_bytes(archive.read_bytes()[:-200])
    with zipfile.ZipFile(other, "w") as file:
        file.writestr("fremd.txt", "x")
    rows = "rows__organisations.jsonl"

    assert refused(tmp_path / "fehlt.zip") == "file.missing"
    assert [refused(one) for one in (text, cut)] == ["archive.broken"] * 2
    assert refused(other) == "archive.foreign"
    assert refused(altered(archive, lambda said: said.update(kind="x"))) == "archive.foreign"
    assert refused(altered(archive, lambda said: said.update(format=99))) == "archive.newer"
    assert refused(altered(archive, lambda said: said.update(network="x"))) == "archive.foreign"
    assert refused(altered(archive, nothing, rows__ufos="x")) == "archive.changed"
    assert refused(altered(archive, nothing, **{"rows__ufos.jsonl": ""})) == "archive.newer"
    assert refused(altered(archive, nothing, **{rows: "{nein}\n"})) == "archive.row"
    assert refused(altered(archive, nothing, **{rows: '{"id": 1, "ufo": 2}\n'})) == "archive.row"
    assert (
        refused(altered(archive, nothing, **{rows: '{"id": 1, "uid": "x", "name": "y"}\n'}))
        == "archive.row"
    )


def test_changed_bytes_are_noticed(archive: Path) -> None:
    def forge(manifest: dict[str, Any]) -> None:
        manifest["sha256"]["rows/offers.jsonl"] = "0" * 64

    assert refused(altered(archive, forge)) == "archive.changed"


@pytest.mark.parametrize("name", ["../../evil", "files/../x", "/etc/passwd", "files/1/2"])
def test_paths_that_lead_elsewhere_are_refused(archive: Path, name: str) -> None:
    assert refused(altered(archive, nothing, **{name: "x"})) == "archive.changed"


def test_bombs_are_refused_before_they_are_read(archive: Path) -> None:
    bomb = altered(archive, nothing, **{"files__1.bin": "0" * 40_000_000})

    assert refused(bomb) == "archive.too_large"


def test_a_row_that_names_nothing_leaves_nothing_behind(full: World, archive: Path) -> None:
    before = set(archive.parent.rglob("*.pdf"))
    Document.objects.all().delete()
    rows = '{"id": 1, "organisation": 999, "name": "x", "email": ""}\n'

    assert (
        refused(altered(archive, nothing, **{"rows__contact-persons.jsonl": rows})) == "archive.row"
    )
    assert not Document.objects.exists()
    assert set(archive.parent.rglob("*.pdf")) == before
