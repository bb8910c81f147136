"""The audit log is only added to: the model refuses, and so does the database."""

from __future__ import annotations

import ast
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone, translation

import verbund.web
from tests.web import factories
from verbund.web.core.append_only import AUDIT, guard
from verbund.web.core.auditing import NoWords, audited
from verbund.web.core.models import AuditEntry, NeverChanged, Removal
from verbund.web.core.services import record

pytestmark = pytest.mark.django_db
YEARS = dt.timedelta(days=4000)


@pytest.fixture
def entry() -> AuditEntry:
    guard(connection)
    person = factories.user()
    return AuditEntry.objects.create(
        actor=person, verb="create", kind="organisation", key="1", at=timezone.now() - YEARS
    )


def sql(statement: str, *values: str | int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_the_model_refuses_to_change_or_delete(entry: AuditEntry) -> None:
    for refused in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(verb="x"),
    ):
        with pytest.raises(NeverChanged):
            refused()


@pytest.mark.parametrize("field", ["verb", "kind", "key", "name", "networks", "actor_id"])
def test_the_database_refuses_to_change(entry: AuditEntry, field: str) -> None:
    value: str | int = factories.user().pk if field == "actor_id" else "x"
    with pytest.raises(IntegrityError, match="only added to"):
        sql(f"UPDATE core_auditentry SET {field} = %s", value)  # noqa: S608  # field of ours


def test_the_database_refuses_to_delete(entry: AuditEntry) -> None:
    with pytest.raises(IntegrityError, match="only added to"):
        sql("DELETE FROM core_auditentry")
    with pytest.raises(IntegrityError, match="only added to"):
        QuerySet(AuditEntry).filter(pk=entry.pk).delete()


def test_a_deleted_account_leaves_its_entries(entry: AuditEntry) -> None:
    assert entry.actor
    entry.actor.delete()

    assert AuditEntry.objects.get().actor is None


def test_a_removal_that_goes_on_takes_older_entries_alone(entry: AuditEntry) -> None:
    AuditEntry.objects.create(verb="create", kind="organisation", key="2")
    removal = Removal.objects.create(key=AUDIT, before=timezone.now() - YEARS / 2)

    with pytest.raises(IntegrityError):
        sql("DELETE FROM core_auditentry")
    sql("DELETE FROM core_auditentry WHERE key = '1'")
    assert AuditEntry.objects.get().key == "2"

    removal.finished_at = timezone.now()
    removal.save()
    with pytest.raises(IntegrityError):
        sql("DELETE FROM core_auditentry")


def test_another_removal_opens_nothing(entry: AuditEntry) -> None:
    Removal.objects.create(key="mails", before=timezone.now())
    with pytest.raises(IntegrityError):
        sql("DELETE FROM core_auditentry")


# ---------------------------------------------------------------- words


def test_what_has_no_words_warns_where_it_is_recorded() -> None:
    with pytest.raises(NoWords, match="network: paint has no words"):
        record(None, "paint", factories.network())


def recorded() -> Iterator[tuple[str, str]]:
    """Read from the services which verbs they record, as far as they stand there in letters."""
    root = Path(verbund.web.__file__).parent
    for path in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if is_call and node.func.id == "record" and len(node.args) > 2:  # type: ignore[attr-defined]
                for part in ast.walk(node.args[1]):  # type: ignore[attr-defined]
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield path.relative_to(root).as_posix(), part.value


def test_every_recorded_verb_has_words() -> None:
    known = {verb for about in audited for verb in about.said}

    assert [(place, verb) for place, verb in recorded() if verb not in known] == []


def test_words_name_what_changed_in_both_languages() -> None:
    samples: list[dict[str, Any]] = [{}, {"allows": True}, {"visibility": "own"}, {"answer": "yes"}]
    texts = []
    for language in ("de", "en"):
        with translation.override(language):
            texts += [
                str(words(changes) if callable(words) else words)
                for about in audited
                for words in about.said.values()
                for changes in samples
            ]

    assert [text for text in texts if "X" not in text % {"who": "Anna", "what": "X"}] == []
