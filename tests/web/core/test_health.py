"""What the doctor finds, and that each finding is a sentence in both languages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from verbund.web.core import background, database
from verbund.web.core.health import Level, examine
from verbund.web.core.models import AuditEntry, Mail
from verbund.web.core.outbox import post
from verbund.web.core.services import end_run, start_run
from verbund.wording import LANGUAGES, sentence

pytestmark = pytest.mark.django_db

OIDC = {"OIDC_SERVER": "http://127.0.0.1:1", "OIDC_CLIENT_ID": "verbund"}
LONG_AGO = dt.timedelta(hours=2)


def found(check: str) -> tuple[Level, str]:
    """Return what a check found, after making sure that everything found can be said."""
    findings = list(examine())
    for finding in findings:
        for language in LANGUAGES:
            assert finding.phrase.say(language)
            assert sentence(f"doctor.{finding.check}", language)
    return next((one.level, one.code) for one in findings if one.check == check)


def test_fresh_installation_has_nothing_wrong(tmp_path: Any) -> None:
    assert [finding.check for finding in examine() if finding.level is Level.WRONG] == []


def old_task() -> None:
    task = DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}}, task_path="x.y", backend_name="default"
    )
    DBTaskResult.objects.filter(pk=task.pk).update(enqueued_at=timezone.now() - LONG_AGO)


def old_tick() -> None:
    run = start_run("tick", "")
    end_run(run)
    type(run).objects.filter(pk=run.pk).update(finished_at=timezone.now() - LONG_AGO)


def failed_job() -> None:
    end_run(start_run("job", "reminders"), "ValueError: x")


def entry_of_the_future() -> None:
    AuditEntry.objects.create(verb="make_network", at=timezone.now() + LONG_AGO)


def failed_mail() -> None:
    post("a@example.org", "a", "b")
    Mail.objects.update(state="failed", problem="refused")


@pytest.mark.parametrize(
    ("happened", "check", "level", "code"),
    [
        (lambda: None, "worker", Level.NOTICE, "never"),
        (background.tick, "worker", Level.WELL, "well"),
        (old_tick, "worker", Level.NOTICE, "asleep"),
        (old_task, "worker", Level.WRONG, "wrong"),
        (failed_job, "jobs", Level.WRONG, "wrong"),
        (entry_of_the_future, "clock", Level.WRONG, "wrong"),
        (lambda: post("a@example.org", "a", "b"), "mails", Level.NOTICE, "waiting"),
        (failed_mail, "mails", Level.NOTICE, "failed"),
    ],
)
def test_finding_follows_what_happened(
    happened: Callable[[], Any], check: str, level: Level, code: str
) -> None:
    happened()

    assert found(check) == (level, code)


@pytest.mark.parametrize(
    ("changed", "check", "level", "code"),
    [
        ({"EMAIL_HOST": ""}, "server", Level.NOTICE, "none"),
        ({"OIDC_SERVER": ""}, "oidc", Level.WELL, "none"),
        ({**OIDC, "OIDC_IS_INSTALLED": False}, "oidc", Level.WRONG, "extra"),
        ({**OIDC, "OIDC_CLIENT_ID": ""}, "oidc", Level.WRONG, "client"),
        (OIDC, "oidc", Level.WRONG, "wrong"),
        ({"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": 1}, "server", Level.WRONG, "wrong"),
        ({"DEBUG": True, "URL": "https://verbund.example.org"}, "debug", Level.WRONG, "wrong"),
        ({"DEBUG": True, "URL": "http://127.0.0.1:8000"}, "debug", Level.WELL, "well"),
        ({"URL": "http://verbund.example.org"}, "address", Level.NOTICE, "open"),
        ({"URL": "https://verbund.example.org"}, "address", Level.WELL, "well"),
        (
            {"URL": "https://verbund.example.org", "ALLOWED_HOSTS": ["localhost"]},
            "hosts",
            Level.WRONG,
            "wrong",
        ),
        (
            {"URL": "https://verbund.example.org", "ALLOWED_HOSTS": [".example.org"]},
            "hosts",
            Level.WELL,
            "well",
        ),
        ({"URL": "http://[::1]:8000", "ALLOWED_HOSTS": ["[::1]"]}, "hosts", Level.WELL, "well"),
    ],
)
def test_finding_follows_the_settings(
    changed: dict[str, Any], check: str, level: Level, code: str, settings: Any
) -> None:
    for name, value in changed.items():
        setattr(settings, name, value)

    assert found(check) == (level, code)


def test_key_others_may_read_is_wrong(settings: Any) -> None:
    key = settings.DATA / "secret-key"
    key.write_text("x", encoding="utf-8")

    key.chmod(0o644)
    open_key = found("secret")
    key.chmod(0o600)

    assert (open_key, found("secret")) == ((Level.WRONG, "wrong"), (Level.WELL, "well"))


@pytest.mark.parametrize(
    ("free_mb", "level"), [(100, Level.WRONG), (1000, Level.NOTICE), (9000, Level.WELL)]
)
def test_little_room_is_told(free_mb: int, level: Level, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type("Usage", (), {"free": free_mb * 1_000_000})
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage)

    assert found("disk")[0] is level


def test_damaged_database_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "damage", lambda: "row 3 missing from index")

    assert found("whole") == (Level.WRONG, "wrong")


def test_newer_database_is_wrong_and_stays_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "applied_migrations", lambda: ["core.0999_later"])

    assert found("database") == (Level.WRONG, "newer")
    assert "worker" not in [finding.check for finding in examine()]
