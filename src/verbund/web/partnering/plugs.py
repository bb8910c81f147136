"""What this app announces to the others."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from verbund.web.core import registries
from verbund.web.core.registries import Hit, NavEntry, Panel, PeriodicJob, SearchKind, Task
from verbund.web.core.services import today
from verbund.web.networks.models import Organisation
from verbund.web.networks.rules import Viewer
from verbund.web.partnering import queries, services
from verbund.web.partnering.models import Introduction, Suggestion

_ANSWER_DUE = dt.timedelta(days=10)
_OUTCOME_DUE = dt.timedelta(days=30)
_NEW = dt.timedelta(days=7)
_MOST_IN_PANEL = 5


def announce() -> None:
    """Announce navigation, tasks, the search for introductions, and the daily reopening."""
    registries.navigation.add(
        "suggestions",
        NavEntry(
            "cooperation",
            gettext_lazy("Suggestions"),
            "suggestions",
            registries.managers,
            _to_check,
            covers=("suggestion",),
        ),
        place=30,
    )
    registries.navigation.add(
        "own_suggestions",
        NavEntry(
            "cooperation",
            gettext_lazy("Suggestions for us"),
            "own_suggestions",
            lambda viewer: bool(viewer.organisations) and not viewer.managed,
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
    registries.jobs.add(
        "postponed suggestions",
        PeriodicJob("postponed suggestions", dt.timedelta(hours=6), reopen_expired),
    )


def reopen_expired() -> None:
    services.reopen_expired(today())


def _to_check(viewer: Viewer, on: dt.date) -> int:
    return queries.with_standing(queries.suggestions_of_office(viewer, on), "check").count()


def _has_hindsight(viewer: Viewer) -> bool:
    return viewer.is_signed_in and queries.hindsights_for(viewer).exists()


def waiting_for(viewer: Viewer, on: dt.date) -> list[Task]:
    """List what suggestions and introductions ask of somebody today."""
    found: list[Task] = []
    if viewer.managed:
        found += _for_offices(viewer, on)
    if viewer.organisations:
        found += _for_members(viewer, on)
    return [task for task in found if task.count]


def _for_offices(viewer: Viewer, on: dt.date) -> list[Task]:
    to_check = queries.with_standing(queries.suggestions_of_office(viewer, on), "check")
    new = to_check.filter(found_at__date__gt=on - _NEW).count()
    either = Q(left_network__in=viewer.managed) | Q(right_network__in=viewer.managed)
    rows = queries.introductions_for(viewer, on).filter(either)
    state = Introduction.State
    silent = rows.filter(state=state.ASKED, asked_at__date__lt=on - _ANSWER_DUE).count()
    agreed = Q(state=state.MET, met_on__lt=on - _OUTCOME_DUE)
    agreed |= Q(state=state.ACCEPTED, changed_at__date__lt=on - _OUTCOME_DUE)
    open_ended = rows.filter(agreed).count()
    total = to_check.count()
    return [
        Task(
            total,
            ngettext("check a suggestion", "check suggestions", total),
            ngettext("%(n)d is new this week.", "%(n)d are new this week.", new) % {"n": new},
            _("Open the queue"),
            reverse("suggestions"),
        ),
        Task(
            silent,
            ngettext(
                "introduction waits for an answer", "introductions wait for an answer", silent
            ),
            _("Asked more than ten days ago. A call often helps."),
            _("Remind them"),
            f"{reverse('introductions')}?state={state.ASKED}",
        ),
        Task(
            open_ended,
            ngettext("talk without an outcome", "talks without an outcome", open_ended),
            _("Agreed or held more than 30 days ago. What came of it?"),
            _("Note the outcome"),
            f"{reverse('introductions')}?state={state.ACCEPTED}",
        ),
    ]


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
