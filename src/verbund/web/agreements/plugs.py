"""What this app announces to the others."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from verbund.web.agreements import services
from verbund.web.agreements.changes import announce_changes
from verbund.web.agreements.follows import announce_consequences
from verbund.web.agreements.hits import find_activities, find_agreements
from verbund.web.agreements.kept import announce_kept
from verbund.web.agreements.mails import AGREEMENT
from verbund.web.agreements.models import Activity, Agreement, Party, is_in_force
from verbund.web.agreements.queries import (
    clauses_to_fill,
    overdue,
)
from verbund.web.agreements.waiting import to_mend, to_renew, to_sign
from verbund.web.core.registries import (
    MailKind,
    NavEntry,
    PeriodicJob,
    SearchKind,
    Task,
    jobs,
    mail_kinds,
    navigation,
    searches,
    tasks,
)
from verbund.web.core.services import today
from verbund.web.core.texts import text_of
from verbund.web.networks.rules import Viewer

_REVIEW_AHEAD = dt.timedelta(days=60)


def announce() -> None:
    """Announce navigation, tasks and searches."""
    announce_changes()
    announce_kept()
    announce_consequences()
    navigation.add(
        "agreements",
        NavEntry(
            "cooperation",
            gettext_lazy("Agreements"),
            "agreements",
            covers=(
                "agreement",
                "agreement_new",
                "agreement_clone",
                "agreement_narrow",
                "agreement_confirm",
                "agreement_end",
                "agreement_history",
                "clause",
                "version",
                "version_edit",
                "version_record",
            ),
        ),
        place=10,
    )
    navigation.add(
        "activities",
        NavEntry(
            "cooperation",
            gettext_lazy("Activities"),
            "activities",
            covers=("activity", "activity_new", "activity_edit", "activity_hold"),
        ),
        place=40,
    )
    tasks.add("signing", to_sign, place=10)
    tasks.add("refused", to_mend, place=15)
    tasks.add("agreements", waiting_for, place=20)
    tasks.add("terms", to_renew, place=25)
    mail_kinds.add(
        AGREEMENT,
        MailKind(
            AGREEMENT,
            gettext_lazy("Agreements"),
            gettext_lazy("A text waits for your signature, was refused, or is signed by all."),
        ),
        place=15,
    )
    jobs.add("terms", PeriodicJob("terms", dt.timedelta(hours=6), keep_terms))
    tasks.add("clauses", idle_clauses, place=60)  # the year is longer than the day
    searches.add(
        "agreements",
        SearchKind("agreements", gettext_lazy("Agreements"), find_agreements),
        place=30,
    )
    searches.add(
        "activities",
        SearchKind("activities", gettext_lazy("Activities"), find_activities),
        place=40,
    )


def keep_terms() -> None:
    """Let signed changes take effect, and extend what goes on by itself; twice does no harm."""
    services.take_effect(today())
    services.go_on(today())


def waiting_for(viewer: Viewer, on: dt.date) -> list[Task]:
    """List what agreements ask of a network's office today."""
    if not viewer.edited:
        return []
    return [
        *_to_confirm(viewer),
        *_to_review(viewer, on),
        *_to_close(viewer, on),
    ]


def _to_confirm(viewer: Viewer) -> list[Task]:
    waiting = Party.objects.filter(network__in=viewer.managed, is_confirmed=False)
    return [
        Task(
            count=1,
            title=_("Check the agreement “%s”") % text_of(party.agreement, "title"),
            reason=_(
                "Another party's office recorded it. Your members' data stay with you until you"
                " confirm."
            ),
            action=_("Check"),
            url=reverse("agreement_confirm", args=[party.agreement.slug]),
            is_urgent=True,
        )
        for party in waiting.select_related("agreement")
    ]


def _to_review(viewer: Viewer, on: dt.date) -> list[Task]:
    own = Party.objects.filter(
        agreement=OuterRef("pk"), network__in=viewer.managed, is_confirmed=True
    )
    due = Agreement.objects.filter(is_in_force(on), Exists(own), review_on__lte=on + _REVIEW_AHEAD)
    return [
        Task(
            count=1,
            title=_("Review the agreement “%s”") % text_of(agreement, "title"),
            reason=_("The review was agreed for %s. Then set the next one.")
            % date_format(agreement.review_on or on),
            action=_("Open"),
            url=agreement.get_absolute_url(),
            deadline=agreement.review_on,
            is_urgent=agreement.review_on is not None and agreement.review_on < on,
        )
        for agreement in due
    ]


def _to_close(viewer: Viewer, on: dt.date) -> list[Task]:
    own = Party.objects.filter(
        agreement=OuterRef("clause__agreement"), network__in=viewer.edited, is_confirmed=True
    )
    past = list(Activity.objects.filter(overdue(on), Exists(own)).values_list("pk", flat=True))
    if not past:
        return []
    url = f"{reverse('activities')}?state=overdue"
    return [
        Task(
            count=len(past),
            title=ngettext("activity: was it held?", "activities: were they held?", len(past)),
            reason=_("Planned, and the day is past. With a result it counts for its clause."),
            action=_("Say what came of it"),
            url=reverse("activity_hold", args=past) if len(past) == 1 else url,
        )
    ]


def idle_clauses(viewer: Viewer, on: dt.date) -> list[Task]:
    """Remind an office of the clauses for which nothing was done or planned this year."""
    if not viewer.edited:
        return []
    going = Activity.objects.filter(clause=OuterRef("pk"), date__year=on.year).exclude(
        state=Activity.State.CANCELLED
    )
    idle = list(clauses_to_fill(viewer, on).filter(~Exists(going), planned_a_year__gt=0))
    if not idle:
        return []
    agreements = {clause.agreement for clause in idle}
    only = next(iter(agreements))
    return [
        Task(
            count=len(idle),
            title=ngettext(
                "clause without any activity in %(year)s",
                "clauses without any activity in %(year)s",
                len(idle),
            )
            % {"year": on.year},
            reason=_("Agreed, but neither held nor planned so far."),
            action=_("Plan something"),
            url=only.get_absolute_url() if len(agreements) == 1 else reverse("agreements"),
        )
    ]
