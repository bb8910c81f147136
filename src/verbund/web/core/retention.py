"""How long what is kept: each app announces its periods, a daily job carries them out.

A period has a default in the code; from a day on the operator may have set another
(`RetentionPeriod`).
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from verbund.web.core.models import Removal, RetentionPeriod
from verbund.web.core.registries import Registry, Text


@dataclass(frozen=True)
class Retention:
    """A period and what its end means; `remove` takes what is older than a moment, and counts."""

    key: str
    label: Text
    why: Text
    months: int
    remove: Callable[[dt.datetime], int]
    least: int = 1
    most: int = 36


periods: Registry[Retention] = Registry()


def announce_retention(period: Retention) -> None:
    periods.add(period.key, period, place=period.months)


def months_of(period: Retention, on: dt.date) -> int:
    """Return the period that holds on a day."""
    chosen = RetentionPeriod.objects.filter(key=period.key, valid_from__lte=on)
    newest = chosen.order_by("-valid_from").first()
    return newest.months if newest else period.months


def months_before(moment: dt.datetime, months: int) -> dt.datetime:
    """Return the same time of day so many months ago, at the end of a month that is shorter."""
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))


def carry_out(now: dt.datetime | None = None) -> list[Removal]:
    """Remove what is older than its period; return what was removed.

    Each period is a transaction of its own: one that fails leaves the others done.
    """
    now = now or timezone.now()
    return [removal for period in periods if (removal := _carry_out(period, now)).pk]


@transaction.atomic
def _carry_out(period: Retention, now: dt.datetime) -> Removal:
    before = months_before(now, months_of(period, timezone.localdate(now)))
    removal = Removal.objects.create(key=period.key, before=before, started_at=now)
    removal.removed = period.remove(before)
    if not removal.removed:
        removal.delete()
        return removal
    removal.finished_at = now
    removal.save(update_fields=["removed", "finished_at"])
    return removal
