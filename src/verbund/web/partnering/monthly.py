"""How often a member hears of others in a calendar month: not so often that it stops reading."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from verbund.web.networks.models import Organisation
from verbund.web.partnering.models import Introduction, Suggestion

AT_MOST_A_MONTH = 5


def asked_in_month(organisation: Organisation, on: dt.date) -> int:
    """Count what a member was asked in the month of a day, whoever asked: each was a mail."""
    own = Q(left=organisation) | Q(right=organisation)
    asked = Introduction.objects.filter(own, asked_at__year=on.year, asked_at__month=on.month)
    return asked.count()


def asked_enough(suggestion: Suggestion, on: dt.date) -> list[Organisation]:
    """Return who of the two is not to be asked again before the next month."""
    both = (suggestion.left, suggestion.right)
    return [one for one in both if asked_in_month(one, on) >= AT_MOST_A_MONTH]


def told_enough(organisation: Organisation, on: dt.date) -> str:
    """Say so to an office, and from when on it may ask."""
    text = _(
        "%(name)s has had %(most)d introductions this month already. From %(day)s on there is room"
        " for more."
    )
    day = date_format(next_month(on))
    return text % {"name": organisation, "most": AT_MOST_A_MONTH, "day": day}


def next_month(on: dt.date) -> dt.date:
    """Return the first day of the month after."""
    return (on.replace(day=28) + dt.timedelta(days=4)).replace(day=1)


def new_left(organisation: Organisation, on: dt.date) -> int:
    """Return how many suggestions a member may yet see for the first time in the month."""
    month = {"year": on.year, "month": on.month}
    seen = Q()
    for side in ("left", "right"):
        shown = {f"{side}_shown_on__{part}": value for part, value in month.items()}
        seen |= Q(**{side: organisation}, **shown)
    return max(0, AT_MOST_A_MONTH - Suggestion.objects.filter(seen).count())
