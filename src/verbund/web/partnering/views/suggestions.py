"""The office's queue: who should meet, and what is decided about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from verbund.web.accounts.models import User
from verbund.web.core import toasts
from verbund.web.core.exports import as_file, wanted_kind
from verbund.web.core.models import BackgroundRun
from verbund.web.core.services import today
from verbund.web.core.texts import current_language
from verbund.web.directory.concepts import vocabulary_in_use
from verbund.web.directory.models import Sighting
from verbund.web.directory.sightings.services import note_sightings
from verbund.web.networks.requests import Request
from verbund.web.partnering import queries, services, tasks
from verbund.web.partnering.forms import IntroduceForm, PostponeForm, RejectForm
from verbund.web.partnering.models import Suggestion
from verbund.web.partnering.rules import can_decide
from verbund.wording import Phrase

PER_PAGE = 20  # what a queue beside the open one can show


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for; nonsense falls back to everything to be checked."""

    show: str = "check"
    pair: str = ""
    strength: str = ""
    words: str = ""

    @classmethod
    def of(cls, request: Request) -> Filters:
        asked = request.GET
        show = asked.get("show", "")
        return cls(
            show=show if show in queries.STANDINGS else "check",
            pair=asked.get("pair", ""),
            strength=asked.get("strength", ""),
            words=asked.get("q", "")[:100],
        )

    def address(self, **other: str) -> str:
        values = {"show": self.show, "pair": self.pair, "strength": self.strength, "q": self.words}
        return urlencode({key: value for key, value in (values | other).items() if value})

    def narrowed(self, suggestions: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
        return queries.filtered(
            suggestions, pair=self.pair, strength=self.strength, words=self.words
        )

    def apply(self, suggestions: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
        narrowed = self.narrowed(suggestions)
        return queries.in_order(queries.with_standing(narrowed, self.show))


@login_required
def suggestions(request: Request, pk: int | None = None) -> HttpResponseBase:
    if not request.viewer.offices:
        return _where_others_belong(request)
    on, filters = today(), Filters.of(request)
    office = queries.suggestions_of_office(request.viewer, on)
    rows = filters.apply(office)
    if kind := wanted_kind(request.GET.get("export")):
        return _exported(rows, kind)
    ids = list(rows.values_list("pk", flat=True))
    current = get_object_or_404(office, pk=pk) if pk else rows.first()
    context = _queue(request, filters, rows, ids, current) | {
        "counts": _counts(filters, office),
        "pairs": _pairs(request, filters, office, on),
        "strengths": queries.STRENGTHS,
        **_freshness(request, on),
    }
    if current:
        context |= _opened(request, current, ids, on)
    return render(request, "partnering/suggestions.html", context)


def _where_others_belong(request: Request) -> HttpResponse:
    if not request.viewer.organisations:
        raise PermissionDenied
    return redirect("own_suggestions")


def _counts(filters: Filters, office: QuerySet[Suggestion]) -> list[dict[str, Any]]:
    counts = queries.counted_by_standing(filters.narrowed(office))
    return [
        {
            "label": label,
            "count": counts[key],
            "address": filters.address(show=key),
            "is_current": key == filters.show,
        }
        for key, (label, _condition) in queries.STANDINGS.items()
    ]


def _pairs(
    request: Request, filters: Filters, office: QuerySet[Suggestion], on: dt.date
) -> list[dict[str, Any]]:
    """Say how many are between which networks and within one's own; a click keeps only these."""
    wider = replace(filters, pair="")
    counts = queries.counted_by_pair(wider.apply(office))
    bonds = queries.bonds(on, of=request.viewer.offices)
    shown = [("", _("All"), sum(counts.values()))]
    shown += [(bond.key, capfirst(str(bond)), counts.get(bond.key, 0)) for bond in bonds]
    return [
        {
            "label": label,
            "count": count,
            "address": wider.address(pair=key),
            "is_current": key == filters.pair,
        }
        for key, label, count in shown
        if count or key == filters.pair
    ]


def _queue(
    request: Request,
    filters: Filters,
    rows: QuerySet[Suggestion],
    ids: list[int],
    current: Suggestion | None,
) -> dict[str, Any]:
    asked = request.GET.get("page")
    if not asked and current and current.pk in ids:
        asked = str(ids.index(current.pk) // PER_PAGE + 1)
    page = Paginator(rows, PER_PAGE).get_page(asked)
    return {"filters": filters, "address": filters.address(), "page": page, "current": current}


def _opened(
    request: Request, suggestion: Suggestion, ids: list[int], on: dt.date
) -> dict[str, Any]:
    place = ids.index(suggestion.pk) if suggestion.pk in ids else None
    bond = queries.bond_between(suggestion.left_network, suggestion.right_network, on)
    draft = IntroduceForm(initial=_draft(suggestion, asks="ask" in request.GET))
    note_sightings(
        queries.requests_quoted([suggestion]),
        viewer=request.viewer,
        place=Sighting.Place.SUGGESTION,
        on=on,
    )
    return {
        "sides": queries.sides_of_suggestion(suggestion, request.viewer, on),
        "reasons": _reasons(suggestion),
        "doubt": next(iter(suggestion.doubt_texts), ""),
        "clause": bond.clause if bond else None,
        "place": place + 1 if place is not None else None,
        "total": len(ids),
        "previous": ids[place - 1] if place else None,
        "next": ids[place + 1] if place is not None and place + 1 < len(ids) else None,
        "is_open": suggestion.state in (Suggestion.State.OPEN, Suggestion.State.POSTPONED),
        "can_decide": can_decide(request.viewer, suggestion),
        "decision": decision_of(suggestion),
        "draft": draft,
        "postpone_form": PostponeForm(),
        "reject_form": RejectForm(),
    }


def _reasons(suggestion: Suggestion) -> list[dict[str, str]]:
    """Put each reason under a headline; what the sides quote above is not said twice."""
    heads = {
        "request_met": _("The offer meets the request."),
        "request_in_profile": _("The profile speaks of what is looked for."),
        "request_in_topic": _("The topics name what is looked for."),
        "shared_subject": _("The same field."),
        "same_request": _("Both look for something similar."),
        "common_partners": _("Known by way of others."),
        "project_subjects": _("Projects that are alike."),
    }
    reasons = [
        {"head": heads.get(reason["code"], ""), "text": _unquoted(reason)}
        for reason in suggestion.reasons
    ]
    if suggestion.distance_text:
        reasons.append({"head": _("The way."), "text": suggestion.distance_text})
    return reasons


def _unquoted(reason: dict[str, Any]) -> str:
    if reason["code"] == "same_request":
        return ""
    if "request" not in reason["facts"]:
        return str(reason[current_language()])
    known = vocabulary_in_use().concepts
    shared = [known[id_] for id_ in reason["facts"]["concepts"] if id_ in known]
    number = "one" if len(shared) == 1 else "several"
    phrase = Phrase(f"reason.shared_{number}", {"concepts": shared})
    return phrase.say("de" if _is_german() else "en") if shared else ""


def _draft(suggestion: Suggestion, *, asks: bool) -> dict[str, str]:
    """Prefill subject and text; with the doubt as a question if wanted."""
    topic = suggestion.topic_de if _is_german() else suggestion.topic_en
    facts = suggestion.reasons[0]["facts"] if suggestion.reasons else {}
    names = {str(one.pk): one.name for one in (suggestion.left, suggestion.right)}
    if facts.get("seeker") in names and facts.get("answerer") in names:
        first = _(
            "%(seeker)s is looking for something that %(answerer)s could have: %(topic)s."
        ) % {
            "seeker": names[facts["seeker"]],
            "answerer": names[facts["answerer"]],
            "topic": topic,
        }
    else:
        first = _("%(left)s and %(right)s could have something to talk about: %(topic)s.") % {
            "left": suggestion.left,
            "right": suggestion.right,
            "topic": topic,
        }
    parts = [first, _("Would a talk of 20 minutes in the next two weeks suit you?")]
    if asks and suggestion.doubt_texts:
        parts.insert(1, _("Still open: %(doubt)s") % {"doubt": suggestion.doubt_texts[0]})
    return {"subject": topic, "text": " ".join(parts)}


def _is_german() -> bool:
    return current_language() == "de"


def decision_of(suggestion: Suggestion) -> str:
    """Say who decided what, for whom comes second and for the record."""
    state, reason = suggestion.State, suggestion.RejectReason
    if suggestion.state == state.OPEN:
        return ""
    if suggestion.reject_reason == reason.MEMBER:
        return _("One of the two members does not want this introduction.")
    decided_at = suggestion.decided_at
    values = {
        "who": suggestion.decided_by or _("Somebody"),
        "when": date_format(decided_at, "DATETIME_FORMAT") if decided_at else "",
        "reason": suggestion.get_reject_reason_display(),
        "until": date_format(suggestion.postponed_until) if suggestion.postponed_until else "",
    }
    if suggestion.state == state.POSTPONED:
        return _("%(who)s put this off until %(until)s.") % values
    if suggestion.state == state.REJECTED:
        return _("%(who)s rejected this on %(when)s: %(reason)s.") % values
    return _("%(who)s wrote to both on %(when)s.") % values


# ---------------------------------------------------------------- decisions


@require_POST
@login_required
def introduce(request: Request, pk: int) -> HttpResponse:
    form = IntroduceForm(request.POST)

    def act(suggestion: Suggestion) -> str:
        introduction = services.introduce(
            suggestion,
            **form.cleaned_data,
            by=cast("User", request.user),
            on=today(),
            seen=_seen(request),
        )
        return _("%(pair)s were written to about “%(subject)s”.") % {
            "pair": _pair(suggestion),
            "subject": introduction.subject,
        }

    return _decide(request, pk, act if form.is_valid() else None)


@require_POST
@login_required
def postpone(request: Request, pk: int) -> HttpResponse:
    form = PostponeForm(request.POST)

    def act(suggestion: Suggestion) -> str:
        until = form.until(today())
        services.postpone(
            suggestion, until=until, by=cast("User", request.user), seen=_seen(request)
        )
        return _("%(pair)s put off until %(until)s. Nobody was written to.") % {
            "pair": _pair(suggestion),
            "until": date_format(until),
        }

    return _decide(request, pk, act if form.is_valid() else None)


@require_POST
@login_required
def reject(request: Request, pk: int) -> HttpResponse:
    form = RejectForm(request.POST)

    def act(suggestion: Suggestion) -> str:
        services.reject(
            suggestion, **form.cleaned_data, by=cast("User", request.user), seen=_seen(request)
        )
        return _("%(pair)s rejected. Nobody was written to.") % {"pair": _pair(suggestion)}

    return _decide(request, pk, act if form.is_valid() else None)


@require_POST
@login_required
def reopen(request: Request, pk: int) -> HttpResponse:
    suggestion = get_object_or_404(queries.suggestions_of_office(request.viewer, today()), pk=pk)
    if not can_decide(request.viewer, suggestion):
        raise PermissionDenied
    try:
        services.reopen(suggestion, by=cast("User", request.user))
    except services.Refused as refusal:
        toasts.warn(request, str(refusal))
        return redirect(suggestion.introduction)
    text = _("%(pair)s are to be checked again. Nobody was written to.")
    toasts.say(request, text % {"pair": _pair(suggestion)})
    return redirect(suggestion)


def _seen(request: Request) -> str:
    return request.POST.get("seen", Suggestion.State.OPEN)


def _pair(suggestion: Suggestion) -> str:
    return _("%(one)s and %(other)s") % {"one": suggestion.left, "other": suggestion.right}


def _decide(request: Request, pk: int, act: Callable[[Suggestion], str] | None) -> HttpResponse:
    """Decide about a suggestion of one's office, say what changed, open the next one."""
    office = queries.suggestions_of_office(request.viewer, today())
    suggestion = get_object_or_404(office, pk=pk)
    if not can_decide(request.viewer, suggestion):
        raise PermissionDenied
    filters = Filters.of(request)
    ids = list(filters.apply(office).values_list("pk", flat=True))
    here = f"{suggestion.get_absolute_url()}?{filters.address()}"
    if act is None:
        toasts.warn(request, _("Nothing was changed: please fill in subject, text or reason."))
        return redirect(here)
    try:
        toasts.say(request, act(suggestion), undo=reverse("suggestion_reopen", args=[pk]))
    except services.AlreadyDecided as refusal:
        toasts.warn(request, _was_quicker(refusal.suggestion))
    except services.Refused as refusal:
        toasts.warn(request, str(refusal))
        return redirect(here)
    return redirect(_after(pk, ids, filters))


def _was_quicker(suggestion: Suggestion) -> str:
    said = decision_of(suggestion) or _("It is to be checked again.")
    return _("%(pair)s: somebody was quicker. %(decision)s Your step changed nothing.") % {
        "pair": _pair(suggestion),
        "decision": said,
    }


def _after(pk: int, ids: list[int], filters: Filters) -> str:
    """Return the address of the suggestion that follows in the queue, else the one before it."""
    place = ids.index(pk) if pk in ids else -1
    others = ids[place + 1 :] or ids[:place][-1:]
    address = reverse("suggestion", args=others[:1]) if others else reverse("suggestions")
    return f"{address}?{filters.address()}"


# ---------------------------------------------------------------- how fresh it is


def _freshness(request: Request, on: dt.date) -> dict[str, Any]:
    runs = queries.runs_of(queries.bonds(on, of=request.viewer.offices))
    state = BackgroundRun.State
    done = [run.finished_at for _bond, run in runs if run and run.finished_at]
    return {
        "computed_at": min(done) if done else None,
        "profiles_of": min((r.started_at for _b, r in runs if r and r.started_at), default=None),
        "busy": [(b, r) for b, r in runs if r and r.state in (state.WAITING, state.RUNNING)],
        "failed": [(b, r) for b, r in runs if r and r.state == state.FAILED],
        "never": [b for b, r in runs if r is None],
    }


@login_required
def freshness(request: Request) -> HttpResponse:
    if not request.viewer.offices:
        raise PermissionDenied
    context = _freshness(request, today()) | {"was_polled": True}
    return render(request, "partnering/_freshness.html", context)


@require_POST
@login_required
def recompute(request: Request, left: int, right: int) -> HttpResponse:
    wanted = (left, right)
    found = queries.bonds(today(), of=request.viewer.edited)
    bond = next((bond for bond in found if (bond.left.pk, bond.right.pk) == wanted), None)
    if bond is None:
        raise PermissionDenied
    tasks.ask_for(bond, again=True)
    toasts.say(request, _("Suggestions are being computed anew. Decisions stay as they are."))
    return redirect("suggestions")


def _exported(rows: QuerySet[Suggestion], kind: str) -> HttpResponse:
    headings = [
        _("Rank"), _("Network"), _("Member"), _("Town"), _("Network"), _("Member"), _("Town"),
        _("Topic"), _("Fit"), _("Reasons"), _("Doubt"), _("State"), _("Note"), _("Computed on"),
    ]  # fmt: skip
    lines = (
        [
            row.rank,
            row.left_network.name,
            row.left.name,
            row.left.city,
            row.right_network.name,
            row.right.name,
            row.right.city,
            row.topic_de if _is_german() else row.topic_en,
            queries.STRENGTHS.get(row.strength, ""),
            "\n".join([*row.reason_texts, row.distance_text]),
            "\n".join(row.doubt_texts[:1]),
            row.get_state_display(),
            row.note,
            row.computed_at.date(),
        ]
        for row in rows
    )
    return as_file(_("suggestions"), headings, lines, kind=kind)
