"""The vocabulary as a file, another one with its preview, and the way back; the operator alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.web import factories
from tests.web.conftest import World
from tests.web.directory.cast import member, offer
from verbund.language.skos import compare, read_skos, write_skos
from verbund.language.vocabulary import Concept, ConceptKind, vocabulary
from verbund.web.core.models import AuditEntry
from verbund.web.directory.concepts import vocabulary_in_use
from verbund.web.directory.models import Competence, Offer, VocabularyVersion
from verbund.web.directory.vocabularies.queries import preview_of
from verbund.web.directory.vocabularies.services import (
    find_concepts_anew,
    read_version,
    use_version,
)
from verbund.web.networks.models import Organisation

SHIPPED = vocabulary().concepts
QUANTUM = Concept("quantum", ConceptKind.TECHNOLOGY, "Quantensensorik", "quantum sensing")


def file(concepts: Iterable[Concept], *, title: str = "Neu") -> SimpleUploadedFile:
    text = write_skos(concepts, base="https://example.org/v#", title=title)
    return SimpleUploadedFile("neu.rdf", text.encode())


@pytest.fixture
def operator(world: World, signed_in: Any) -> Client:
    browser: Client = signed_in(factories.user(name="Betrieb", is_superuser=True))
    return browser


def version(*concepts: Concept, title: str = "Neu") -> VocabularyVersion:
    read = read_skos(write_skos(concepts, base="x:y#", title=title).encode(), name="neu.rdf")
    return read_version(read, name="neu.rdf", by=None)


@pytest.mark.parametrize("kind", ["rdf", "ttl"])
def test_everybody_gets_the_file_and_it_is_the_vocabulary(
    world: World, signed_in: Any, kind: str
) -> None:
    answer = signed_in(None).get(f"/vocabulary.{kind}")

    read = read_skos(answer.content, name="file")
    assert not compare(SHIPPED.values(), read.concepts)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="vocabulary.{kind}"'
    assert signed_in(None).get("/vocabulary.exe").status_code == 404
    shown = signed_in(None).get("/vocabulary/").content.decode()
    assert "/vocabulary.rdf" in shown
    assert "Read in another one" not in shown


def test_export_read_in_again_changes_nothing(operator: Client) -> None:
    exported = SimpleUploadedFile("v.rdf", operator.get("/vocabulary.rdf").content)

    shown = operator.post("/vocabulary/import/", {"file": exported}, follow=True).content.decode()

    assert "Nothing changes" in shown
    assert not preview_of(VocabularyVersion.objects.get()).differences


def test_preview_use_and_the_way_back(
    world: World, operator: Client, django_capture_on_commit_callbacks: Any
) -> None:
    Competence.objects.create(organisation=world.member_a, concept="lidar", evidence="project")
    kept = [concept for concept in SHIPPED.values() if concept.id != "lidar"]
    kept = [concept for concept in kept if concept.broader != "lidar"]

    answer = operator.post("/vocabulary/import/", {"file": file([*kept, QUANTUM])}, follow=True)
    shown = answer.content.decode()
    assert "1 member states a competence under a concept that goes" in shown
    assert "Quantensensorik" in shown
    assert "lidar" in vocabulary_in_use().concepts  # nothing is taken over before
    made = VocabularyVersion.objects.get()

    with django_capture_on_commit_callbacks(execute=True):
        operator.post(f"/vocabulary/{made.pk}/use/")
        operator.post(f"/vocabulary/{made.pk}/use/")
    assert "quantum" in vocabulary_in_use().concepts
    page = f"/members/{world.member_a.pk}/"
    assert "topic=lidar" not in operator.get(page).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        operator.post("/vocabulary/own/")
    assert vocabulary_in_use() is vocabulary()
    assert Competence.objects.get(concept="lidar").evidence == "project"
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["read", "use", "use"]


def test_texts_are_searched_anew(world: World, django_capture_on_commit_callbacks: Any) -> None:
    named = member(world.a, name="Q GmbH", profile="Wir bauen Scheinwerfer und Quantensensorik.")
    Competence.objects.create(organisation=named, concept="lidar", evidence="declared")
    offer(named, "Quantensensorik für Messungen")
    with django_capture_on_commit_callbacks(execute=True):
        use_version(version(QUANTUM), by=None)

    for _ in range(2):
        find_concepts_anew()

    rows = Competence.objects.filter(organisation=named).order_by("concept")
    assert list(rows.values_list("concept", "evidence")) == [
        ("lidar", "declared"),
        ("quantum", "text"),
    ]
    assert Offer.objects.get().concept_ids == ["quantum"]


def test_only_the_operator_changes_it(world: World, signed_in: Any) -> None:
    made = version(QUANTUM)
    addresses = [f"/vocabulary/{made.pk}/{act}/" for act in ("use", "discard")]
    addresses += ["/vocabulary/import/", "/vocabulary/own/"]

    for person, answer in ((world.manager_a, 403), (world.person_a, 403), (None, 302)):
        browser = signed_in(person)
        assert {browser.post(one).status_code for one in addresses} == {answer}
        assert browser.get(f"/vocabulary/{made.pk}/").status_code == answer

    assert VocabularyVersion.objects.values_list("title", "used_from").get() == ("Neu", None)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"<rdf", b"\xff\xfe\x00"])
def test_a_file_that_is_none_is_refused_with_a_sentence(operator: Client, content: bytes) -> None:
    upload = SimpleUploadedFile("v.rdf", content)

    shown = operator.post("/vocabulary/import/", {"file": upload}, follow=True).content.decode()

    assert "v.rdf" in shown or "empty" in shown
    assert not VocabularyVersion.objects.exists()


def test_a_version_never_used_is_discarded_another_is_not(operator: Client) -> None:
    used, waiting = version(QUANTUM, title="Gilt"), version(QUANTUM, title="Wartet")
    use_version(used, by=None)

    for one in (used, waiting, waiting):
        operator.post(f"/vocabulary/{one.pk}/discard/")

    assert list(VocabularyVersion.objects.values_list("title", flat=True)) == ["Gilt"]


def test_members_who_left_the_concept_are_not_named(world: World, operator: Client) -> None:
    """The preview counts; it names nobody, as members' data stay the networks' own."""
    Organisation.objects.filter(pk=world.member_a.pk).update(name="Geheim GmbH")
    Competence.objects.create(organisation=world.member_a, concept="lidar", evidence="declared")
    made = version(QUANTUM)

    shown = operator.get(f"/vocabulary/{made.pk}/").content.decode()

    assert "1 member states" in shown
    assert "Geheim" not in shown
