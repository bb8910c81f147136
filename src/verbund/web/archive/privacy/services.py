"""Writes: how long things are kept."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from verbund.web.core.models import RetentionPeriod
from verbund.web.core.retention import Retention, carry_out, months_of
from verbund.web.core.services import record

if TYPE_CHECKING:
    from verbund.web.accounts.models import User


@transaction.atomic
def set_period(period: Retention, *, months: int, by: User, on: dt.date) -> int:
    """Keep something for another time from today on; return how long it was kept before."""
    before = months_of(period, on)
    if before != months:
        chosen, _ = RetentionPeriod.objects.update_or_create(
            key=period.key, valid_from=on, defaults={"months": months, "set_by": by}
        )
        record(by, "set_period", chosen, {"months": [before, months]})
    return before


def remove_what_is_over() -> None:
    """Carry the periods out, as the daily job does."""
    carry_out()
