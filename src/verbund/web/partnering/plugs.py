"""What this app announces to the others."""

from __future__ import annotations

import datetime as dt

from django.core.cache import caches
from django.db.models import Count, F, Max, Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from verbund.web.core import registries
from verbund.web.core.models import AuditEntry
from verbund.web.core.registries import (
    Hit,
    MailKind,
    NavEntry,
    Panel,
    PeriodicJob,
    SearchKind,
    Task,
)
from verbund.web.core.services import today
from verbund.web.networks.models import Organisation
from verbund.web.networks.rules import Viewer
from verbund.web.partnering import mails, queries, services
from verbund.web.partnering.changes import announce_changes
from verbund.web.partnering.follows import announce_consequences
from verbund.web.partnering.kept import announce_kept
from verbund.web.partnering.merging import announce_merging
from verbund.web.partnering.models import Introduction, Suggestion
from verbund.web.partnering.weights import newly_proposed

_NEW = dt.timedelta(days=7)
_MOST_IN_PANEL = 5


_MENU_SECONDS = 60  # what changes without a person, such as a day's end, shows after this


def announce() -> None:
    """Announce navigation, tasks, the search for introductions, and the daily reopening."""
    announce_changes()
    announce_kept()
    announce_consequences()
    registries.navigation.add(
        "suggestions",
        NavEntry(
            "cooperation",
            gettext_lazy("Suggestions"),
            "suggestions",
            registries.offices,
            _to_check,
            covers=("suggestion", "suggestions_why", "weights", "weights_of"),
        ),
        place=30,
    )
    registries.navigation.add(
        "own_suggestions",
        NavEntry(
            "cooperation",
            gettext_lazy("Suggestions for us"),
            "own_suggestions",
            lambda viewer: bool(viewer.organisations) and not viewer.offices,
            covers=("organisation_suggestions",),
        ),
        place=31,
    )
    registries.navigation.add(
        "introductions",
        NavEntry(
            "cooperation",
            gettext_lazy("Introductions"),
            "introductions",
            registries.signed_in,
            covers=("introduction",),
        ),
        place=35,
    )
    registries.navigation.add(
        "found",
        NavEntry("cooperation", gettext_lazy("What it found"), "found", _has_hindsight),
        place=38,
    )
    registries.tasks.add("partnering", waiting_for, place=30)
    registries.searches.add(
        "introductions",
        SearchKind("introductions", gettext_lazy("Introductions"), find_introductions),
        place=50,
    )
    registries.organisation_panels.add("introductions", introductions_of, place=40)
    _announce_mails()
    announce_merging()
    registries.jobs.add(
        "postponed suggestions",
        PeriodicJob("postponed suggestions", dt.timedelta(hours=6), reopen_expired),
    )


def _announce_mails() -> None:
    registries.mail_kinds.add(
        mails.INTRODUCTION,
        MailKind(
            mails.INTRODUCTION,
            gettext_lazy("Introduction"),
            gettext_lazy("Your office asks whether you want to talk to somebody."),
            is_necessary=False,
        ),
        place=20,
    )
    registries.mail_kinds.add(
        mails.CONTACT,
        MailKind(
            mails.CONTACT,
            gettext_lazy("Contact persons"),
            gettext_lazy("Both sides said yes: whom to write to."),
        ),
        place=21,
    )


def reopen_expired() -> None:
    services.reopen_expired(today())


def _to_check(viewer: Viewer, on: dt.date) -> int:
    """Count for the menu; asked anew after every change, since each leaves an audit entry.

    The rule behind it is the dearest part of a plain page, and the menu stands on all of them.
    """
    newest = AuditEntry.objects.aggregate(Max("pk"))["pk__max"]
    offices = "-".join(map(str, sorted(viewer.offices)))
    key = f"suggestions to check {offices} {on} {newest}".replace(" ", ":")
    return int(caches["process"].get_or_set(key, lambda: _counted(viewer, on), _MENU_SECONDS) or 0)


def _counted(viewer: Viewer, on: dt.date) -> int:
    return queries.with_standing(queries.suggestions_of_office(viewer, on), "check").count()


def _has_hindsight(viewer: Viewer) -> bool:
    return viewer.is_signed_in and queries.hindsights_for(viewer).exists()


def waiting_for(viewer: Viewer, on: dt.date) -> list[Task]:
    """List what suggestions and introductions ask of somebody today."""
    found: list[Task] = []
    if viewer.edited:
        found += _for_offices(viewer, on)
    if viewer.organisations:
        found += _for_members(viewer, on)
    return [task for task in found if task.count]


def _for_offices(viewer: Viewer, on: dt.date) -> list[Task]:
    to_check = queries.with_standing(queries.suggestions_of_office(viewer, on), "check")
    either = Q(left_network__in=viewer.edited) | Q(right_network__in=viewer.edited)
    rows = queries.introductions_for(viewer, on).filter(either)
    silent = list(queries.unanswered(rows, on))
    open_ended = list(queries.without_outcome(rows, on))
    total, reason = _queue_of(to_check, on)
    proposed = list(newly_proposed(viewer, on))
    return [
        Task(
            total,
            ngettext("check a suggestion", "check suggestions", total),
            reason,
            _("Open the queue"),
            reverse("suggestions"),
        ),
        Task(
            len(silent),
            ngettext(
                "introduction waits for an answer", "introductions wait for an answer", len(silent)
            ),
            _("Asked more than ten days ago. A call often helps."),
            _("Remind them"),
            _where(silent, "unanswered"),
        ),
        Task(
            len(open_ended),
            ngettext("talk without an outcome", "talks without an outcome", len(open_ended)),
            _("Agreed or held more than 30 days ago. What came of it?"),
            _("Note the outcome"),
            _where(open_ended, "no-outcome"),
        ),
        Task(
            len(proposed),
            ngettext(
                "proposal what should count in suggestions",
                "proposals what should count in suggestions",
                len(proposed),
            ),
            _("Learned from what your offices decided. Nothing changes before you say so."),
            _("Have a look at it"),
            reverse("weights_of", args=[proposed[0].left_network_id, proposed[0].right_network_id])
            if proposed
            else "",
        ),
    ]


def _where(found: list[Introduction], state: str) -> str:
    """Lead to the one there is, or to the list that holds just these."""
    if len(found) == 1:
        return found[0].get_absolute_url()
    return f"{reverse('introductions')}?state={state}"


def _queue_of(to_check: QuerySet[Suggestion], on: dt.date) -> tuple[int, str]:
    """Count the queue, and say what it consists of: between networks or within, wanted, new."""
    interested = Suggestion.Wish.INTERESTED
    counts = to_check.order_by().aggregate(
        total=Count("pk"),
        within=Count("pk", filter=Q(left_network=F("right_network"))),
        wanted=Count("pk", filter=Q(left_wish=interested) | Q(right_wish=interested)),
        new=Count("pk", filter=Q(found_at__date__gt=on - _NEW)),
    )
    total, within, wanted, new = (counts[key] for key in ("total", "within", "wanted", "new"))
    parts = []
    if within:
        parts.append(
            _("%(across)d with members of partner networks, %(within)d within your own network.")
            % {"across": total - within, "within": within}
        )
    if wanted:
        parts.append(
            ngettext("A member wants one of them.", "Members want %(n)d of them.", wanted)
            % {"n": wanted}
        )
    if new and (new < total or not parts):
        parts.append(
            ngettext("%(n)d is new this week.", "%(n)d are new this week.", new) % {"n": new}
        )
    return total, " ".join(parts) or _("Who fits whom, and why.")


def _for_members(viewer: Viewer, on: dt.date) -> list[Task]:
    asked = queries.waiting_for_answer_of(viewer, on)
    waiting = asked.count()
    where = asked.first() if waiting == 1 else None
    organisations = Organisation.objects.filter(pk__in=viewer.organisations)
    unanswered = sum(
        1
        for organisation in organisations
        for row in queries.suggestions_of_organisation(organisation, viewer, on)
        if _wish_of(row, organisation) == Suggestion.Wish.NONE
    )
    return [
        Task(
            waiting,
            ngettext(
                "introduction waits for your answer", "introductions wait for your answer", waiting
            ),
            _("Somebody would like to talk to you. Yes or no is enough."),
            _("Answer"),
            where.get_absolute_url() if where else reverse("introductions"),
            is_urgent=True,
        ),
        Task(
            unanswered,
            ngettext("suggestion for you", "suggestions for you", unanswered),
            _("Firms that fit what you offer or look for, with the reasons."),
            _("Have a look"),
            reverse("own_suggestions"),
        ),
    ]


def _wish_of(suggestion: Suggestion, organisation: Organisation) -> str:
    is_left = suggestion.left_id == organisation.pk
    return suggestion.left_wish if is_left else suggestion.right_wish


def find_introductions(viewer: Viewer, words: str, on: dt.date, most: int) -> tuple[int, list[Hit]]:
    """Find introductions by subject or by the name of either side."""
    rows = queries.introductions_for(viewer, on)
    for word in words.split():
        rows = rows.filter(
            Q(subject__icontains=word)
            | Q(left__name__icontains=word)
            | Q(right__name__icontains=word)
        )
    hits = [
        Hit(
            row.subject,
            row.get_absolute_url(),
            f"{row.left} – {row.right}, {row.get_state_display()}",
            (row.left_network.slug, row.right_network.slug),
        )
        for row in rows[:most]
    ]
    return rows.count(), hits


def introductions_of(viewer: Viewer, organisation: int, on: dt.date) -> list[Panel]:
    """Show on the page of an organisation the introductions of it that this person may see."""
    if not viewer.is_signed_in:
        return []
    own = Q(left=organisation) | Q(right=organisation)
    rows = queries.introductions_for(viewer, on).filter(own)
    lines = tuple(
        format_html(
            '<a href="{}">{}</a>, {} <span class="tag">{}</span>',
            row.get_absolute_url(),
            row.subject,
            row.right if row.left_id == organisation else row.left,
            row.get_state_display(),
        )
        for row in rows[:_MOST_IN_PANEL]
    )
    return [Panel(gettext_lazy("Introductions"), lines)] if lines else []
