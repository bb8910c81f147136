"""What the confirmation of profiles announces: its job, its mails, what the office must see."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from verbund.web.core.registries import MailKind, PeriodicJob, Task, jobs, mail_kinds
from verbund.web.directory.confirming import queries, services
from verbund.web.networks.rules import Viewer


def announce_confirming() -> None:
    jobs.add(
        "confirm profiles",
        PeriodicJob("confirm profiles", dt.timedelta(days=1), services.ask_all_due),
    )
    kind = MailKind(
        queries.CONFIRM,
        _("Confirm the profile"),
        _("Twice a year: is what your profile says still right?"),
        is_necessary=False,
    )
    mail_kinds.add(kind.key, kind, place=30)


def for_the_office(viewer: Viewer, on: dt.date) -> list[Task]:
    """List what an office does so that profiles stay true."""
    if not viewer.edited:
        return []
    rows, page = queries.profiles_of_office(viewer, on), reverse("profiles_to_confirm")
    unconfirmed = queries.in_state(rows, "unconfirmed", on).count()
    silent = queries.in_state(rows, "silent", on).count()
    bad = queries.with_bad_address(rows, on).count()
    found = [
        Task(
            unconfirmed,
            ngettext("profile not confirmed", "profiles not confirmed", unconfirmed),
            gettext("In the last 12 months nobody has said that what they tell is right."),
            gettext("Look through the list"),
            page,
        ),
        Task(
            silent,
            ngettext("member did not answer twice", "members did not answer twice", silent),
            gettext("Asked and reminded whether the profile is right. A call often helps."),
            gettext("See who"),
            f"{page}?state=silent",
        ),
        Task(
            bad,
            ngettext("check a mail address", "check mail addresses", bad),
            gettext("Mail to members came back; nothing goes there until you have checked."),
            gettext("Check the addresses"),
            f"{page}?state=bad",
        ),
    ]
    return [task for task in found if task.count]
