"""What approaches announce to the others."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from verbund.web.core.registries import (
    Hit,
    MailKind,
    NavEntry,
    SearchKind,
    Task,
    mail_kinds,
    navigation,
    searches,
    signed_in,
    tasks,
)
from verbund.web.core.texts import text_of
from verbund.web.directory.approaches.changes import announce_changes
from verbund.web.directory.approaches.mails import APPROACH
from verbund.web.directory.approaches.queries import (
    Seat,
    approaches_for,
    seats,
    told_of,
    unnamed_requests,
)
from verbund.web.directory.finding import Wanted, entries_saying
from verbund.web.directory.models import Approach
from verbund.web.networks.rules import Viewer

_PAGES = ("unnamed_request", "approaches", "approach")


def announce_approaches() -> None:
    """Announce the menu entry, the task of whose turn it is, the search and the mails."""
    announce_changes()
    navigation.add(
        "unnamed_requests",
        NavEntry(
            "cooperation",
            gettext_lazy("Requests without a name"),
            "unnamed_requests",
            signed_in,
            covers=_PAGES,
        ),
        place=33,
    )
    tasks.add("approaches", _tasks, place=20)
    searches.add(
        "unnamed_requests",
        SearchKind("unnamed_requests", gettext_lazy("Requests without a name"), find_unnamed),
        place=31,
    )
    mail_kinds.add(
        APPROACH,
        MailKind(
            APPROACH,
            gettext_lazy("Requests without a name"),
            gettext_lazy("Somebody can contribute to your request, or answers what you wrote."),
            is_necessary=False,
        ),
        place=25,
    )


def _tasks(viewer: Viewer, on: dt.date) -> list[Task]:
    if not viewer.organisations:
        return []
    refused = (Approach.State.REFUSED, Approach.State.WITHDRAWN)
    open_ones = approaches_for(viewer, on).exclude(state__in=refused)
    waiting = [seat for seat in seats(open_ones, viewer, on) if seat.needs_me]
    if not waiting:
        return []
    number = len(waiting)
    return [
        Task(
            number,
            ngettext(
                "answer about a request without a name",
                "answers about requests without a name",
                number,
            ),
            _("No name is shown before you say so."),
            _("Answer"),
            _address(waiting),
            is_urgent=True,
        )
    ]


def _address(waiting: list[Seat]) -> str:
    if len(waiting) == 1:
        return reverse("approach", args=[waiting[0].approach.pk])
    return reverse("approaches")


def find_unnamed(viewer: Viewer, text: str, on: dt.date, limit: int) -> tuple[int, list[Hit]]:
    """Find requests by what they say; the name of their owner finds nothing."""
    wanted = Wanted.read({"q": text})
    if not wanted.q:
        return 0, []
    found = entries_saying(unnamed_requests(viewer, on), wanted.q)
    return found.count(), [
        Hit(
            text_of(one.request, "text").text,
            reverse("unnamed_request", args=[one.request.pk]),
            ", ".join(one.topics),
            (one.network.slug,) if one.network else (),
        )
        for one in told_of(list(found[:limit]), viewer, on)
    ]
