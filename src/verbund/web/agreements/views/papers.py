"""Papers of an agreement, for the parties' offices: documents, versions, PDF files, the review."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from verbund.web.agreements import documents, queries, rules, services
from verbund.web.agreements.answers import answers_to
from verbund.web.agreements.differences import differences
from verbund.web.agreements.forms.deciding import DocumentForm, ReviewForm
from verbund.web.agreements.models import Agreement, Document, Version
from verbund.web.agreements.sharing import visible
from verbund.web.agreements.terms import terms_of
from verbund.web.agreements.views.access import (
    agreement_or_404,
    managed_agreement,
    papers_of,
    user_of,
    version_or_404,
)
from verbund.web.core import toasts
from verbund.web.core.exports import as_workbook
from verbund.web.core.pdf import pdf_response
from verbund.web.core.services import today
from verbund.web.networks.requests import Request


def papers(request: Request, found: Agreement, newest: Version | None) -> dict[str, Any]:
    """Return what only the parties' offices see on the page of an agreement."""
    if not rules.can_see_papers(request.viewer, found):
        return {}
    is_open = newest is not None and newest.state in (Version.State.DRAFT, Version.State.PROPOSED)
    return {
        "can_see_papers": True,
        "documents": found.documents.all(),
        "document_form": DocumentForm(),
        "review_form": ReviewForm(initial={"review_on": found.review_on}),
        "open_version": newest if is_open else None,
        "versions": queries.versions_of(found)[:3],
        "successor": found.renewed_by.first(),
    }


@login_required
def agreement_history(request: Request, slug: str) -> HttpResponse:
    """List the texts of an agreement: what each changed, and whether the signatures match it."""
    found = papers_of(request, slug)
    rows = []
    for version in queries.versions_of(found):
        before = queries.terms_compared(version)
        changed = differences(before, terms_of(version.content)) if before else []
        rows.append((version, changed, answers_to(version)))
    return render(request, "agreements/history.html", {"agreement": found, "rows": rows})


@login_required
def version_pdf(request: Request, slug: str, number: int) -> HttpResponse:
    found = version_or_404(request, slug, number)
    return pdf_response(documents.text_of_version(found), name=f"{slug}-{number}")


@login_required
def agreement_review(request: Request, slug: str) -> HttpResponse:
    """Hand out the review of a year as PDF, or as a workbook."""
    found, on = papers_of(request, slug), today()
    years = queries.years_of(found, on)
    asked = request.GET.get("year", "")
    year = next((y for y in years if str(y) == asked), queries.day_in_term(found, on).year)
    name = f"{slug}-{year}"
    if request.GET.get("export") == "xlsx":
        return as_workbook(name, documents.sheets_of_review(found, year))
    return pdf_response(documents.review_of(found, year, on), name=name)


@require_POST
@login_required
def agreement_reviewed(request: Request, slug: str) -> HttpResponse:
    """Keep when the parties will look at the agreement again."""
    found, form = managed_agreement(request, slug), ReviewForm(request.POST)
    if not form.is_valid():
        toasts.warn(request, _("Please write the day as in 2027-05-31."))
        return redirect(found)
    next_on = form.cleaned_data["review_on"]
    services.note_review(found, next_on=next_on, by=user_of(request))
    if next_on:
        said = _("The next review is on %s; you are reminded 60 days ahead.")
        toasts.say(request, said % date_format(next_on))
    else:
        toasts.say(request, _("No further review is planned."))
    return redirect(found)


@require_POST
@login_required
def document_add(request: Request, slug: str) -> HttpResponse:
    found, form = managed_agreement(request, slug), DocumentForm(request.POST, request.FILES)
    if not form.is_valid():
        toasts.warn(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
        return redirect(found)
    kept = services.add_document(
        found,
        title=form.cleaned_data["title"],
        file=form.cleaned_data["file"],
        by=user_of(request),
    )
    toasts.say(request, _("“%s” is attached, for the parties' offices.") % kept.title)
    return redirect(found)


def _document(request: Request, pk: int) -> Document:
    shown = visible(Document.objects.select_related("agreement"), to=request.viewer, on=today())
    found: Document = get_object_or_404(shown, pk=pk)
    agreement_or_404(request, found.agreement.slug)
    return found


@login_required
def document(request: Request, pk: int) -> FileResponse:
    """Hand out a file of an agreement, always as a download."""
    found = _document(request, pk)
    try:
        opened = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(opened, as_attachment=True, filename=PurePath(found.file.name or "").name)


@require_POST
@login_required
def document_remove(request: Request, pk: int) -> HttpResponse:
    found = _document(request, pk)
    if not rules.can_manage_agreement(request.viewer, found.agreement):
        raise PermissionDenied
    services.remove_document(found, by=user_of(request))
    toasts.say(request, _("“%s” is removed for all parties.") % found.title)
    return redirect(found.agreement)
