"""From suggestion to project under one agreement."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from verbund.web.agreements.models import Agreement
from verbund.web.agreements.queries import known_agreements
from verbund.web.core.exports import as_file, wanted_kind
from verbund.web.core.services import today
from verbund.web.networks.requests import Request
from verbund.web.partnering.funnels import Step, funnel_of, years_of


@login_required
def funnel(request: Request, slug: str) -> HttpResponse:
    """Show it to the offices of the parties."""
    viewer, on = request.viewer, today()
    agreement: Agreement = get_object_or_404(known_agreements(viewer), slug=slug)
    parties = {party.network_id for party in agreement.signing.all()}
    if not parties & viewer.offices:
        raise Http404
    years = years_of(agreement, viewer, on)
    asked = request.GET.get("year", "")
    year = next((one for one in years if str(one) == asked), years[0])
    steps = funnel_of(agreement, viewer, on, year)
    if kind := wanted_kind(request.GET.get("export")):
        return _exported(steps, year, kind)
    context = {
        "agreement": agreement,
        "years": years,
        "year": year,
        "steps": steps,
        "is_empty": not any(step.count for step in steps),
    }
    return render(request, "partnering/funnel.html", context)


def _exported(steps: list[Step], year: int, kind: str) -> HttpResponse:
    headings = [_("Step"), _("Number"), _("Share of the step before in %"), _("Target")]
    lines = (
        [str(step.label), step.count, step.share, str(step.target.text) if step.target else ""]
        for step in steps
    )
    name = _("from suggestion to project %(year)s") % {"year": year}
    return as_file(name, headings, lines, kind=kind)
