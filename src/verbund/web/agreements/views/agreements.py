"""Pages about agreements and their clauses."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from verbund.web.agreements import queries, rules, services
from verbund.web.agreements.days import months_after
from verbund.web.agreements.differences import share_said
from verbund.web.agreements.exposure import Given, given_by, loss, preview
from verbund.web.agreements.forms.deciding import EndForm, NarrowForm
from verbund.web.agreements.models import Agreement, Clause
from verbund.web.agreements.terms import Share, live_terms, terms_of
from verbund.web.agreements.views.access import agreement_or_404, managed_agreement, user_of
from verbund.web.agreements.views.listing import activities_file, listing
from verbund.web.agreements.views.papers import papers
from verbund.web.core import toasts
from verbund.web.core.exports import wanted_kind
from verbund.web.core.services import today
from verbund.web.core.texts import text_of
from verbund.web.networks.models import DataClass
from verbund.web.networks.requests import Request


def agreements(request: Request) -> HttpResponse:
    """List what is being prepared, in force, coming, and what has ended."""
    on = today()
    known = queries.known_agreements(request.viewer).exclude(stage=Agreement.Stage.WITHDRAWN)
    found = list(known)
    tallies = queries.tallies_of(found, on.year)
    headings = {
        queries.PREPARED: _("Being prepared"),
        queries.IN_FORCE: _("In force"),
        queries.COMING: _("Coming"),
        queries.ENDED: _("Ended"),
    }
    rows = [
        (queries.standing(agreement, on), agreement, tallies[agreement.pk]) for agreement in found
    ]
    groups = [
        {"key": key, "heading": heading, "rows": [row for row in rows if row[0] == key]}
        for key, heading in headings.items()
    ]
    return render(
        request,
        "agreements/agreements.html",
        {
            "groups": [group for group in groups if group["rows"]],
            "year": on.year,
            "can_record": rules.can_record_agreement(request.viewer),
        },
    )


def agreement(request: Request, slug: str) -> HttpResponse:
    """Show an agreement: what was promised and held, and who sees what because of it."""
    found, on = agreement_or_404(request, slug), today()
    newest = found.versions.first()
    if found.stage != Agreement.Stage.SIGNED and newest:
        return redirect("version", slug, newest.number)
    years = queries.years_of(found, on)
    asked = request.GET.get("year", "")
    year = next((y for y in years if str(y) == asked), queries.day_in_term(found, on).year)
    progress = queries.progress_of(queries.clauses_in(found, year), year)
    given = given_by(found, viewer=request.viewer, on=on)
    return render(
        request,
        "agreements/agreement.html",
        {
            "agreement": found,
            "standing": queries.standing(found, on),
            "years": years,
            "year": year,
            "progress": [(line, _shared_for(line.clause, given)) for line in progress],
            "activities": sum(line.tally.held + line.tally.planned for line in progress),
            "kept": sum(line.tally.state == "kept" for line in progress),
            "open": next((line.clause for line in progress if line.tally.state == "open"), None),
            "directions": _directions(given),
            "can_manage": rules.can_manage_agreement(request.viewer, found),
            "can_plan": rules.can_plan(request.viewer, found),
            "can_clone": rules.can_record_agreement(request.viewer),
            "can_confirm": rules.can_confirm_agreement(request.viewer, found),
            "waiting": [p.network for p in found.signing.all() if not p.is_confirmed],
            **papers(request, found, newest),
        },
    )


def _shared_for(clause: Clause, given: list[Given]) -> list[DataClass]:
    """Name the classes of data that a clause shares, in their order."""
    shared = {line.data_class for line in given if clause in line.clauses}
    return [data_class for data_class in DataClass if data_class in shared]


def _by_class(clause: Clause, given: list[Given]) -> list[tuple[DataClass, list[Given]]]:
    by_clause = [line for line in given if clause in line.clauses]
    return [
        (data_class, lines)
        for data_class in DataClass
        if (lines := [line for line in by_clause if line.data_class == data_class])
    ]


def _directions(given: list[Given]) -> list[tuple[Any, Any, list[Given]]]:
    return [
        (giver, receiver, list(lines))
        for (giver, receiver), lines in groupby(given, key=lambda g: (g.giver, g.receiver))
    ]


def clause(request: Request, slug: str, number: int) -> HttpResponse:
    """Show a clause: its aim, what is shared for it, and its activities."""
    found, on = agreement_or_404(request, slug), today()
    this = get_object_or_404(found.clauses, number=number)
    activities = queries.known_activities(request.viewer).filter(clause=this)
    if kind := wanted_kind(request.GET.get("export")):
        return activities_file(request, activities, within=this, kind=kind)
    return render(
        request,
        "agreements/clause.html",
        {
            "agreement": found,
            "clause": this,
            "given": _by_class(this, given_by(found, viewer=request.viewer, on=on)),
            "standing": queries.standing(found, on),
            "tally": queries.progress_of([this], on.year)[0].tally,
            "year": on.year,
            "can_see_measures": rules.can_see_measures(request.viewer, found),
            "can_plan": queries.clauses_to_fill(request.viewer, on).contains(this),
            **listing(request, activities, within=this),
        },
    )


@login_required
def agreement_confirm(request: Request, slug: str) -> HttpResponse:
    """Let the office of a party check what another one recorded, and what it then gives."""
    found, on = agreement_or_404(request, slug), today()
    if not rules.can_confirm_agreement(request.viewer, found):
        if rules.can_manage_agreement(request.viewer, found):
            return redirect(found)
        raise PermissionDenied
    if request.method == "POST" and _confirmed(request, found, request.POST.get("seen", "")):
        return redirect(found)
    seen = services.fingerprint_of(found)
    try:
        changes = preview(
            found,
            lambda: _confirm(request, found, seen),
            viewer=request.viewer,
            on=queries.day_in_term(found, on),
        )
    except services.Refused:
        changes = []
    version = queries.text_in_force(found, on)
    context = {"agreement": found, "changes": changes, "seen": seen, "version": version}
    context["terms"] = terms_of(version.content) if version else None
    return render(request, "agreements/agreement_confirm.html", context)


def _confirm(request: Request, found: Agreement, seen: str) -> None:
    services.confirm_agreement(
        found, networks=request.viewer.managed, seen=seen, by=user_of(request), on=today()
    )


def _confirmed(request: Request, found: Agreement, seen: str) -> bool:
    try:
        _confirm(request, found, seen)
    except services.Refused as refusal:
        toasts.warn(request, str(refusal))
        return False
    toasts.say(request, _("“%s” is confirmed and in the public list.") % text_of(found, "title"))
    return True


@login_required
def agreement_narrow(request: Request, slug: str) -> HttpResponse:
    """End at once some of what one's own network gives; nobody else has to agree."""
    found, on = managed_agreement(request, slug), today()
    own = [p.network for p in found.signing.all() if p.network_id in request.viewer.managed]
    pieces = _pieces(found, {network.slug for network in own}, on)
    form = NarrowForm(
        request.POST or None, choices=[(key, said) for key, (_, said) in pieces.items()]
    )
    if form.is_valid():
        ended = [pieces[key][0] for key in form.cleaned_data["ended"]]
        for network in own:
            services.stop_giving(found, network, ended, by=user_of(request), on=on)
        said = _("Ended at once; what another clause or agreement shares as well stays visible.")
        toasts.say(request, said)
        return redirect(found)
    given = given_by(found, viewer=request.viewer, on=on)
    directions = [one for one in _directions(given) if one[0] in own]
    context = {"agreement": found, "form": form, "directions": directions, "pieces": pieces}
    return render(request, "agreements/agreement_narrow.html", context)


def _pieces(
    found: Agreement, givers: set[str], on: dt.date
) -> dict[str, tuple[tuple[int, Share], str]]:
    """Return what these parties give, clause by clause, each with its words."""
    terms = live_terms(found, on)
    return {
        f"{clause.number}:{share.data_class}:{share.giver}:{share.receiver}:{share.audience}": (
            (clause.number, share),
            f"{clause.number} {text_of(clause, 'title')}: {share_said(share, terms)}",
        )
        for clause in terms.clauses
        for share in clause.shares
        if share.giver in givers
    }


@login_required
def agreement_end(request: Request, slug: str) -> HttpResponse:
    """Bring the end of an agreement forward, after saying what disappears then."""
    found, on = agreement_or_404(request, slug), today()
    if not rules.can_end_agreement(request.viewer, found):
        raise PermissionDenied
    agreed = months_after(on, found.notice_months)
    first = min(agreed, found.valid_until or agreed)
    form = EndForm(request.POST or None, initial={"last_day": first})
    if form.is_valid() and _ended(request, found, form):
        return redirect(found)
    context = {
        "agreement": found,
        "form": form,
        "agreed": agreed,
        "changes": loss(found, viewer=request.viewer, on=queries.day_in_term(found, on)),
    }
    return render(request, "agreements/agreement_end.html", context)


def _ended(request: Request, found: Agreement, form: EndForm) -> bool:
    """End the agreement with the day typed in and say so; or say in the form why not."""
    last_day = form.cleaned_data["last_day"]
    own = (p.network for p in found.signing.all() if p.network_id in request.viewer.managed)
    try:
        services.end_agreement(
            found, last_day=last_day, party=next(own), by=user_of(request), on=today()
        )
    except services.Refused as refusal:
        form.add_error("last_day", str(refusal))
        return False
    said = _("“%(title)s” ends with %(day)s; from the day after nothing of it is shared.")
    values = {"title": text_of(found, "title"), "day": date_format(last_day)}
    toasts.say(request, said % values, undo=reverse("agreement_resume", args=[found.slug]))
    return True


@require_POST
@login_required
def agreement_resume(request: Request, slug: str) -> HttpResponse:
    found = agreement_or_404(request, slug)
    if not rules.can_end_agreement(request.viewer, found):
        raise PermissionDenied
    try:
        services.take_back_end(found, by=user_of(request))
    except services.Refused as refusal:
        toasts.warn(request, str(refusal))
    else:
        toasts.say(request, _("“%s” goes on as agreed.") % text_of(found, "title"))
    return redirect(found)
