"""Pages about what came of agreements."""

from __future__ import annotations

from pathlib import PurePath

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from verbund.web.agreements import queries, rules, services
from verbund.web.agreements.forms.activities import (
    ActivityForm,
    HoldForm,
    initial_activity,
    origin_of,
)
from verbund.web.agreements.models import Activity, Clause
from verbund.web.agreements.views.access import user_of
from verbund.web.agreements.views.listing import activities_file, listing
from verbund.web.core import toasts
from verbund.web.core.exports import wanted_kind
from verbund.web.core.services import today
from verbund.web.core.texts import text_of
from verbund.web.networks.requests import Request


def activities(request: Request) -> HttpResponse:
    """List all activities, filtered by the address."""
    known = queries.known_activities(request.viewer)
    if kind := wanted_kind(request.GET.get("export")):
        return activities_file(request, known, within=None, kind=kind)
    return render(
        request,
        "agreements/activities.html",
        {
            "can_plan": queries.clauses_to_fill(request.viewer, today()).exists(),
            **listing(request, known, within=None),
        },
    )


def activity(request: Request, pk: int) -> HttpResponse:
    """Show an activity; its result and file only to those who may see them."""
    found = get_object_or_404(queries.known_activities(request.viewer), pk=pk)
    parties = [party.network for party in found.clause.agreement.signing.all()]
    return render(
        request,
        "agreements/activity.html",
        {
            "activity": found,
            "agreement": found.clause.agreement,
            "parties": parties,
            "further": [network for network in found.partners.all() if network not in parties],
            "has_begun": found.date <= today(),
            "is_overdue": found.state == Activity.State.PLANNED
            and (found.until or found.date) < today(),
            "can_change": rules.can_change_activity(request.viewer, found),
            "can_see_inside": rules.can_see_inside(request.viewer, found),
            "can_see_file": rules.can_see_file(request.viewer, found),
        },
    )


def activity_file(request: Request, pk: int) -> FileResponse:
    """Hand out the file of an activity, always as a download."""
    found = get_object_or_404(queries.known_activities(request.viewer), pk=pk)
    if not found.file.name or not rules.can_see_file(request.viewer, found):
        raise Http404
    try:
        opened = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(opened, as_attachment=True, filename=PurePath(found.file.name).name)


def _changeable(request: Request, pk: int) -> Activity:
    activity = get_object_or_404(queries.known_activities(request.viewer), pk=pk)
    if not rules.can_change_activity(request.viewer, activity):
        raise PermissionDenied
    return activity


@login_required
def activity_new(request: Request) -> HttpResponse:
    """Plan an activity, or write down one that was held; the address may fill the form in."""
    clauses = queries.clauses_to_fill(request.viewer, today())
    if not clauses.exists():
        raise PermissionDenied
    origin = origin_of(request.POST or request.GET)
    form = ActivityForm(
        request.POST or None,
        request.FILES or None,
        clauses=clauses,
        initial=initial_activity(request.GET, clauses),
    )
    if form.is_valid():
        form.instance.link = origin
        made = services.plan_activity(
            form.instance, partners=form.cleaned_data["partners"], by=user_of(request)
        )
        toasts.say(request, _said_of(made))
        return redirect(made)
    return render(request, "agreements/activity_form.html", {"form": form, "origin": origin})


def _said_of(made: Activity) -> str:
    said = _("“%(title)s” is planned for %(day)s and stands in the public list.")
    if made.state == Activity.State.HELD:
        said = _("“%(title)s” counts as held below clause %(clause)s.")
    return said % {
        "title": text_of(made, "title"),
        "day": date_format(made.date),
        "clause": made.clause.number,
    }


@login_required
def activity_edit(request: Request, pk: int) -> HttpResponse:
    found = _changeable(request, pk)
    own = queries.clauses_to_fill(request.viewer, today()) | Clause.objects.filter(
        pk=found.clause_id
    )
    form = ActivityForm(request.POST or None, request.FILES or None, instance=found, clauses=own)
    if form.is_valid():
        services.change_activity(
            form.instance,
            by=user_of(request),
            changed=form.changed_data,
            partners=form.cleaned_data["partners"],
        )
        toasts.say(request, _("“%s” is changed for everyone.") % text_of(found, "title"))
        return redirect(found)
    return render(request, "agreements/activity_form.html", {"form": form, "activity": found})


@login_required
def activity_hold(request: Request, pk: int) -> HttpResponse:
    """Ask what came of an activity, and keep it as held."""
    found = _changeable(request, pk)
    form = HoldForm(request.POST or None, request.FILES or None, instance=found)
    if form.is_valid():
        services.hold_activity(form.instance, by=user_of(request))
        said = _("“%(title)s” counts as held below clause %(clause)s.")
        values = {"title": text_of(found, "title"), "clause": found.clause.number}
        toasts.say(request, said % values, undo=reverse("activity_reopen", args=[pk]))
        return redirect(found)
    return render(request, "agreements/activity_hold.html", {"form": form, "activity": found})


@require_POST
@login_required
def activity_cancel(request: Request, pk: int) -> HttpResponse:
    found = _changeable(request, pk)
    if services.cancel_activity(found, by=user_of(request)):
        said = _("“%s” is cancelled and stays in the list as such.") % text_of(found, "title")
        toasts.say(request, said, undo=reverse("activity_reopen", args=[pk]))
    return redirect(found)


@require_POST
@login_required
def activity_reopen(request: Request, pk: int) -> HttpResponse:
    found = _changeable(request, pk)
    if services.reopen_activity(found, by=user_of(request)):
        toasts.say(request, _("“%s” is planned again.") % text_of(found, "title"))
    return redirect(found)
