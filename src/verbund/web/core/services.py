"""Writes that every app needs: the audit log, and the state of background runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

from verbund.web.core.auditing import checked, kind_of
from verbund.web.core.models import AuditEntry, BackgroundRun

_way: ContextVar[dict[str, int]] = ContextVar("way in", default={})  # noqa: B039  # never changed

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from verbund.web.accounts.models import User
    from verbund.web.core.models import MailAddress


def record(
    actor: User | AnonymousUser | None,
    verb: str,
    thing: models.Model,
    changes: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Write down who did what to which thing; called inside the transaction of the change.

    `changes` holds no names and addresses of persons: entries outlive them. Say which fields
    changed, or numbers (`core.auditing`).
    """
    about, changes = checked(thing, verb), {**(changes or {}), **_way.get()}
    offices = about.offices(thing, verb, changes) if about else ()
    return AuditEntry.objects.create(
        actor_id=actor.pk if actor else None,
        verb=verb,
        kind=kind_of(thing),
        key=str(thing.pk),
        name=str(thing)[:300] if about and about.keeps_name else "",
        changes=_plain(changes),
        networks=between_bars(offices),
    )


@contextmanager
def through_link(address: MailAddress) -> Iterator[None]:
    """Note with all that is recorded meanwhile that somebody came by a link sent to an address."""
    token = _way.set({"link_to": address.pk})
    try:
        yield
    finally:
        _way.reset(token)


def between_bars(networks: Iterable[int | None]) -> str:
    """Write networks as an entry keeps them: `|3|7|`."""
    keys = sorted({key for key in networks if key is not None})
    return f"|{'|'.join(map(str, keys))}|" if keys else ""


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_plain(item) for item in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def today() -> dt.date:
    """Return the day in the time zone of the installation; views pass it on."""
    return timezone.localdate()


def ask_run(kind: str, key: str) -> BackgroundRun:
    """Note that a run is wanted; one that waits already is enough for both."""
    return _set_run(kind, key, state=BackgroundRun.State.WAITING, asked_at=timezone.now())


def start_run(kind: str, key: str) -> BackgroundRun:
    """Note that a run has begun; one that nobody asked for counts as asked for now."""
    return _set_run(kind, key, state=BackgroundRun.State.RUNNING, started_at=timezone.now())


def _set_run(kind: str, key: str, **changes: Any) -> BackgroundRun:
    changes |= {"share_done": 0, "problem": ""}
    run, _ = BackgroundRun.objects.update_or_create(
        kind=kind,
        key=key,
        defaults=changes,
        create_defaults={"asked_at": timezone.now()} | changes,
    )
    return run


def note_progress(run: BackgroundRun, share: float) -> None:
    BackgroundRun.objects.filter(pk=run.pk).update(share_done=share)


def end_run(run: BackgroundRun, problem: str = "") -> None:
    run.state = BackgroundRun.State.FAILED if problem else BackgroundRun.State.DONE
    run.share_done = 0 if problem else 1
    run.finished_at = timezone.now()
    run.problem = problem
    run.save(update_fields=["state", "share_done", "finished_at", "problem"])
