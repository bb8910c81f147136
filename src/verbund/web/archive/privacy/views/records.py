"""What a network accounts for: consents, processing with others, how long things are kept."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from verbund.web.accounts.models import User
from verbund.web.archive.privacy import consents, processing, services
from verbund.web.archive.privacy.audit import can_read_audit
from verbund.web.archive.privacy.forms import PeriodForm
from verbund.web.core import toasts
from verbund.web.core.exports import as_file, wanted_kind
from verbund.web.core.models import Removal
from verbund.web.core.pdf import pdf_response
from verbund.web.core.retention import months_of, periods
from verbund.web.core.services import today
from verbund.web.networks.requests import Request
from verbund.web.networks.rules import can_run_installation

_STATES = ("holds", "withdrawn")
_DIGITS = 18


@login_required
def privacy(request: Request) -> HttpResponse:
    context = {
        "may_audit": can_read_audit(request.viewer),
        "may_read_log": bool(request.viewer.managed or request.viewer.organisations),
    }
    return render(request, "privacy/privacy.html", context)


@login_required
def consent_log(request: Request) -> HttpResponse:
    if not (request.viewer.managed or request.viewer.organisations):
        raise PermissionDenied
    on, asked = today(), request.GET.get("organisation", "")
    organisation = int(asked) if asked.isdecimal() and len(asked) <= _DIGITS else None
    state = request.GET.get("state", "")
    state = state if state in _STATES else ""
    found = consents.consents_of(request.viewer, on, organisation=organisation, state=state)
    if kind := wanted_kind(request.GET.get("export")):
        rows = [_consent_row(one) for one in consents.named(list(found), request.viewer, on)]
        return as_file("consents", _consent_headings(), rows, kind=kind)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "entries": consents.named(list(page.object_list), request.viewer, on),
        "state": state,
        "organisation": organisation,
        "organisations": consents.own_organisations(request.viewer, on).filter(
            pk__in=consents.consents_of(request.viewer, on).order_by().values("organisation")
        ),
        "on": on,
    }
    return render(request, "privacy/consents.html", context)


def _consent_headings() -> tuple[str, ...]:
    return (
        _("Organisation"), _("Data"), _("Decision"), _("To whom"), _("Given on"), _("By whom"),
        _("Occasion"), _("Withdrawn on"),
    )  # fmt: skip


def _consent_row(entry: consents.Entry) -> tuple[object, ...]:
    one = entry.consent
    return (
        one.organisation.name, one.get_data_class_display(), entry.said, entry.receiver,
        one.given_on, entry.given_by, one.occasion, one.withdrawn_on,
    )  # fmt: skip


@login_required
def processing_record(request: Request) -> HttpResponse:
    if not request.viewer.managed:
        raise PermissionDenied
    on, kind = today(), request.GET.get("export", "")
    found = processing.records(request.viewer, on)
    if kind == "pdf":
        return pdf_response(processing.as_document(found, on), name="processing")
    if kind := wanted_kind(kind):
        rows = [
            (one.title, "; ".join(one.contacts), *shared.cells, one.term, one.erasure)
            for one in found
            for shared in one.shared
        ]
        names = (_("Agreement"), _("Responsible"), *processing.headings(), _("Term"), _("Erasure"))
        return as_file("processing", names, rows, kind=kind)
    context = {"records": found, "headings": processing.headings(), "on": on}
    return render(request, "privacy/processing.html", context)


@login_required
def arrangement(request: Request, slug: str) -> HttpResponse:
    on = today()
    found = (one for one in processing.records(request.viewer, on) if one.agreement.slug == slug)
    record = next(found, None)
    if record is None:
        raise Http404
    document = processing.arrangement(record, on)
    if request.GET.get("export") == "pdf":
        return pdf_response(document, name=f"arrangement-{slug}")
    return render(request, "privacy/arrangement.html", {"document": document, "record": record})


@login_required
def retention(request: Request) -> HttpResponse:
    on, may_set = today(), can_run_installation(request.viewer)
    if request.method == "POST" and not may_set:
        raise PermissionDenied
    asked = request.POST.get("period", "") if request.method == "POST" else ""
    rows = []
    for period in periods:
        sent = request.POST if asked == period.key else None
        form = PeriodForm(period, sent, months=months_of(period, on))
        if sent and form.is_valid():
            months = form.cleaned_data["months"]
            services.set_period(period, months=months, by=cast("User", request.user), on=on)
            text = _("%(label)s: kept for %(months)d months from today on.")
            toasts.say(request, text % {"label": period.label, "months": months})
            return redirect("retention")
        rows.append((period, months_of(period, on), form))
    removals = Removal.objects.filter(finished_at__isnull=False)[:20]
    labels = {period.key: period.label for period in periods}
    context = {
        "rows": rows,
        "may_set": may_set,
        "removals": [(one, labels.get(one.key, one.key)) for one in removals],
    }
    return render(request, "privacy/retention.html", context)
