"""Pages about agreements and their clauses."""

from __future__ import annotations

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
from verbund.web.agreements.exposure import Given, given_by, preview
from verbund.web.agreements.forms.agreements import AgreementPaper, EndForm
from verbund.web.agreements.models import Agreement, Clause
from verbund.web.agreements.views.access import agreement_or_404, managed_agreement, user_of
from verbund.web.agreements.views.listing import activities_file, listing
from verbund.web.core import toasts
from verbund.web.core.exports import wanted_kind
from verbund.web.core.services import today
from verbund.web.core.texts import text_of
from verbund.web.networks.models import DataClass
from verbund.web.networks.requests import Request


def agreements(request: Request) -> HttpResponse:
    """List what is in force, what is coming and what has ended."""
    on = today()
    found = list(queries.known_agreements(request.viewer))
    tallies = queries.tallies_of(found, on.year)
    headings = {
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
    years = queries.years_of(found, on)
    asked = request.GET.get("year", "")
    year = next((y for y in years if str(y) == asked), queries.day_in_term(found, on).year)
    progress = queries.progress_of(found.clauses.all(), year)
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
            "can_confirm": rules.can_confirm_agreement(request.viewer, found),
            "waiting": [p.network for p in found.signing.all() if not p.is_confirmed],
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
    found = agreement_or_404(request, slug)
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
            "given": _by_class(this, given_by(found, viewer=request.viewer, on=today())),
            "standing": queries.standing(found, today()),
            "tally": queries.progress_of([this], today().year)[0].tally,
            "year": today().year,
            "can_manage": rules.can_manage_agreement(request.viewer, found),
            "can_plan": rules.can_plan(request.viewer, found),
            **listing(request, activities, within=this),
        },
    )


@login_required
def agreement_new(request: Request) -> HttpResponse:
    """Type in an agreement signed on paper; a preview says who will see what before it is kept."""
    if not rules.can_record_agreement(request.viewer):
        raise PermissionDenied
    template = (
        queries.known_agreements(request.viewer)
        .filter(slug=request.GET.get("template", ""))
        .first()
    )
    return _on_paper(
        request, AgreementPaper(request.POST or None, viewer=request.viewer, template=template)
    )


@login_required
def agreement_edit(request: Request, slug: str) -> HttpResponse:
    found = managed_agreement(request, slug)
    return _on_paper(
        request, AgreementPaper(request.POST or None, viewer=request.viewer, agreement=found)
    )


def _on_paper(request: Request, paper: AgreementPaper) -> HttpResponse:
    """Show the sheet, then the preview, then keep it."""
    context: dict[str, Any] = {"paper": paper, "agreement": paper.agreement}
    if request.method != "POST" or not paper.is_valid() or "back" in request.POST:
        return render(request, "agreements/agreement_form.html", context)
    draft, on, by = paper.draft(), today(), user_of(request)
    write = services.change_agreement if paper.agreement else services.record_agreement
    try:
        if "keep" in request.POST:
            kept = write(draft, givers=paper.givers, by=by, on=on)
            toasts.say(request, _said_of_kept(kept, is_new=paper.agreement is None))
            return redirect(kept)
        changes = preview(
            lambda: write(draft, givers=paper.givers, by=by, on=on), viewer=request.viewer, on=on
        )
    except services.Refused as refusal:
        paper.problems.append(str(refusal))
        return render(request, "agreements/agreement_form.html", context)
    others = [p.network for p in draft.parties if p.network.pk not in paper.givers]
    context |= {"draft": draft, "changes": changes, "others": others}
    return render(request, "agreements/agreement_preview.html", context)


def _said_of_kept(kept: Agreement, *, is_new: bool) -> str:
    title = text_of(kept, "title")
    if not is_new:
        return _("“%s” is changed.") % title
    waiting = kept.signing.filter(is_confirmed=False).select_related("network")
    if not waiting:
        return _("“%s” is recorded.") % title
    return _("“%(title)s” is recorded. The office of %(networks)s is asked to confirm it.") % {
        "title": title,
        "networks": ", ".join(party.network.name for party in waiting),
    }


@login_required
def agreement_confirm(request: Request, slug: str) -> HttpResponse:
    """Let the office of a party check what another one recorded, and what it then gives."""
    found, on = agreement_or_404(request, slug), today()
    if not rules.can_confirm_agreement(request.viewer, found):
        if rules.can_manage_agreement(request.viewer, found):
            return redirect(found)
        raise PermissionDenied

    def write() -> Agreement:
        return services.confirm_agreement(
            found, networks=request.viewer.managed, by=user_of(request), on=on
        )

    if request.method == "POST":
        write()
        toasts.say(
            request, _("“%s” is confirmed and in the public list.") % text_of(found, "title")
        )
        return redirect(found)
    changes = preview(write, viewer=request.viewer, on=on)
    return render(
        request, "agreements/agreement_confirm.html", {"agreement": found, "changes": changes}
    )


@login_required
def agreement_end(request: Request, slug: str) -> HttpResponse:
    """Bring the end of an agreement forward, after saying what disappears then."""
    found, on = agreement_or_404(request, slug), today()
    if not rules.can_end_agreement(request.viewer, found):
        raise PermissionDenied
    form = EndForm(request.POST or None, initial={"last_day": on})
    if form.is_valid() and _ended(request, found, form):
        return redirect(found)
    given = given_by(found, viewer=request.viewer, on=on)
    context = {"agreement": found, "form": form, "directions": _directions(given)}
    return render(request, "agreements/agreement_end.html", context)


def _ended(request: Request, found: Agreement, form: EndForm) -> bool:
    """End the agreement with the day typed in and say so; or say in the form why not."""
    last_day = form.cleaned_data["last_day"]
    try:
        services.end_agreement(found, last_day=last_day, by=user_of(request))
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
