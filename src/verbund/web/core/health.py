"""Is the installation well? Each check answers with a finding: well, worth knowing, or wrong."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import shutil
import sqlite3
import stat
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from smtplib import SMTPException
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend
from django.db import DatabaseError
from django.http.request import validate_host
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from verbund.errors import InvalidInput
from verbund.language.table import encode
from verbund.web.core import background, database, outbox
from verbund.web.core.models import AuditEntry, Mail, MailAddress
from verbund.wording import Phrase

OLDEST_PYTHON = (3, 11)
_LITTLE_MB, _HARDLY_MB = 2000, 300
_PATIENCE = dt.timedelta(minutes=10)
_LOCAL = ("127.0.0.1", "localhost", "::1")


class Level(StrEnum):
    WELL = "well"
    NOTICE = "notice"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """The answer of one check; `code` and `values` make the sentence, in either language."""

    check: str
    level: Level
    code: str
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def phrase(self) -> Phrase:
        return Phrase(f"doctor.{self.check}.{self.code}", self.values)


def examine() -> Iterator[Finding]:
    """Make every check; those that read the database only if it can be read."""
    yield from (check() for check in (_python, _folder, _disk, _secret))
    state = _database()
    yield state
    if state.level is not Level.WRONG:
        yield from (check() for check in (_whole, _worker, _jobs, _clock, _waiting_mails))
    yield from (check() for check in (_mail_server, _provider, _debug, _address, _hosts, _language))


def _well(check: str, **values: Any) -> Finding:
    return Finding(check, Level.WELL, "well", values)


def _wrong(check: str, code: str = "wrong", **values: Any) -> Finding:
    return Finding(check, Level.WRONG, code, values)


def _notice(check: str, code: str, **values: Any) -> Finding:
    return Finding(check, Level.NOTICE, code, values)


def _python() -> Finding:
    values = {"version": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    return _well("python", **values) if sys.version_info >= OLDEST_PYTHON else _wrong("python")


def _folder() -> Finding:
    try:
        with tempfile.TemporaryFile(dir=settings.DATA) as file:
            file.write(b"verbund")
    except OSError as error:
        return _wrong("folder", folder=str(settings.DATA), why=error.strerror or "?")
    return _well("folder", folder=str(settings.DATA))


def _disk() -> Finding:
    free = shutil.disk_usage(settings.DATA).free // 1_000_000
    if free < _HARDLY_MB:
        return _wrong("disk", free=free)
    return _notice("disk", "little", free=free) if free < _LITTLE_MB else _well("disk", free=free)


def _secret() -> Finding:
    path = settings.DATA / "secret-key"
    if not path.exists() or os.name == "nt":
        return _well("secret")
    mode = stat.S_IMODE(path.stat().st_mode)
    return _wrong("secret", file=str(path), mode=f"{mode:o}") if mode & 0o077 else _well("secret")


def _database() -> Finding:
    where = database.place()
    try:
        unknown = database.unknown_migrations(database.applied_migrations())
        missing = [] if unknown else database.missing_migrations()
    except InvalidInput as error:
        return _wrong("database", why=error.values["why"], place=where)
    if unknown:
        return _wrong("database", "newer", names=unknown[:3], place=where)
    if missing:
        return _wrong("database", "older", count=len(missing), place=where)
    return _well("database", place=where)


def _whole() -> Finding:
    try:
        damage = database.damage()
    except DatabaseError as error:
        damage = str(error)
    return _wrong("whole", why=damage) if damage else _well("whole")


def _worker() -> Finding:
    now = timezone.now()
    waiting = DBTaskResult.objects.ready().order_by("enqueued_at").first()
    if waiting and now - waiting.enqueued_at > _PATIENCE:
        return _wrong("worker", since=_when(waiting.enqueued_at))
    last = background.last_tick()
    if last is None:
        return _notice("worker", "never")
    if now - last > _PATIENCE:
        return _notice("worker", "asleep", since=_when(last))
    return _well("worker", since=_when(last))


def _jobs() -> Finding:
    failed = background.failed_jobs()
    for key, why in failed.items():
        return _wrong("jobs", key=key, why=why, count=len(failed))
    return _well("jobs")


def _clock() -> Finding:
    newest = AuditEntry.objects.order_by("-at").values_list("at", flat=True).first()
    if newest and newest - timezone.now() > _PATIENCE:
        return _wrong("clock", at=_when(newest), now=_when(timezone.now()))
    return _well("clock", now=_when(timezone.now()), zone=settings.TIME_ZONE)


def _waiting_mails() -> Finding:
    failed = Mail.objects.filter(state=Mail.State.FAILED)
    if count := failed.count():
        return _notice("mails", "failed", count=count, why=failed[0].problem)
    waiting = Mail.objects.filter(state=Mail.State.WAITING)
    count = waiting.count()
    oldest = waiting.order_by("written_at").first()
    if oldest and outbox.can_send() and timezone.now() - oldest.written_at > _PATIENCE:
        why = background.mail_trouble() or oldest.problem or "–"
        return _wrong("mails", count=count, why=why)
    if count:
        return _notice("mails", "waiting", count=count)
    bad = MailAddress.objects.exclude(bounced_at=None).count()
    return _notice("mails", "bounced", count=bad) if bad else _well("mails")


def _mail_server() -> Finding:
    """Greet the server and sign in there, but send nothing."""
    if not settings.EMAIL_HOST:
        return _notice("server", "none")
    server = EmailBackend(timeout=5)
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        server.open()
        server.close()
    except (OSError, SMTPException) as error:
        return _wrong("server", server=where, why=str(error))
    return _well("server", server=where)


def _provider() -> Finding:
    """Ask the OpenID Connect provider for its addresses; nobody is signed in."""
    server = settings.OIDC_SERVER
    if not server:
        return Finding("oidc", Level.WELL, "none")
    if not settings.OIDC_IS_INSTALLED:
        return _wrong("oidc", "extra")
    if not settings.OIDC_CLIENT_ID:
        return _wrong("oidc", "client")
    known = server if "/.well-known/" in server else f"{server}/.well-known/openid-configuration"
    try:
        with urlopen(known, timeout=5) as answer:  # noqa: S310  # the operator named it
            json.load(answer)["authorization_endpoint"]
    except (OSError, ValueError, LookupError) as error:
        return _wrong("oidc", server=server, why=f"{type(error).__name__}: {error}")
    return _well("oidc", server=server)


def _debug() -> Finding:
    return _wrong("debug") if settings.DEBUG and not _is_local() else _well("debug")


def _address() -> Finding:
    if not _is_local() and urlsplit(settings.URL).scheme != "https":
        return _notice("address", "open", url=settings.URL)
    return _well("address", url=settings.URL)


def _hosts() -> Finding:
    host = urlsplit(settings.URL).hostname or ""
    name = f"[{host}]" if ":" in host else host
    known = ", ".join(settings.ALLOWED_HOSTS)
    if not validate_host(name, settings.ALLOWED_HOSTS):
        return _wrong("hosts", host=name, known=known)
    return _well("hosts", known=known)


def _language() -> Finding:
    try:
        german, english = encode(["Linse", "lens"])
    except Exception as error:  # whatever it is, the operator has to know
        return _wrong("language", why=f"{type(error).__name__}: {error}")
    return _well("language") if float(german @ english) > 0 else _wrong("language", why="–")


def _is_local() -> bool:
    return (urlsplit(settings.URL).hostname or "") in _LOCAL


def _when(moment: dt.datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
