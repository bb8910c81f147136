"""The size of an organisation: figures of years, ties to other enterprises, status as an SME."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from verbund.web.core import toasts
from verbund.web.core.services import today
from verbund.web.directory.forms import FiguresForm
from verbund.web.directory.models import EnterpriseLink, Figures, PastFigures
from verbund.web.directory.queries import sight_of
from verbund.web.directory.size import services
from verbund.web.directory.size.forms import LinkForm
from verbund.web.directory.size.queries import size_of
from verbund.web.directory.views.access import Desk, desk_of, posted
from verbund.web.networks.requests import Request
from verbund.web.networks.rules import can_edit_organisation


@login_required
def organisation_figures(request: Request, pk: int) -> HttpResponse:
    viewer, on = request.viewer, today()
    organisation = get_object_or_404(sight_of(viewer, on).organisations, pk=pk)
    desk = desk_of(request, pk) if can_edit_organisation(viewer, organisation, on) else None
    size = size_of(organisation, viewer, on)
    if size is None and desk is None:
        raise Http404
    context = {"desk": desk, "organisation": organisation, "size": size, "today": on}
    return render(request, "directory/size/figures.html", context)


@login_required
def figures_edit(request: Request, pk: int) -> HttpResponse:
    desk = desk_of(request, pk)
    figures = Figures.objects.filter(organisation=pk).first()
    form = FiguresForm(posted(request), instance=figures or Figures(organisation=desk.organisation))
    if request.method == "POST" and form.is_valid():
        services.save_figures(form.instance, changed=form.changed_data, by=desk.person, on=desk.on)
        message = _("The figures of %(name)s are saved, as of %(day)s.")
        day = date_format(form.instance.as_of or desk.on)
        toasts.say(request, message % {"name": desk.organisation, "day": day})
        return redirect("organisation_figures", pk)
    return render(request, "directory/size/figures_edit.html", {"desk": desk, "form": form})


@login_required
@require_POST
def year_delete(request: Request, pk: int, year: int) -> HttpResponse:
    desk = desk_of(request, pk)
    found = PastFigures.objects.filter(pk=year, organisation=desk.organisation).first()
    if found:
        services.delete_year(found, by=desk.person)
        message = _("The figures as of %(day)s are deleted for good.")
        toasts.say(request, message % {"day": date_format(found.as_of)})
    return redirect("organisation_figures", pk)


@login_required
def link_new(request: Request, pk: int) -> HttpResponse:
    desk = desk_of(request, pk)
    return _edit_link(request, desk, EnterpriseLink(organisation=desk.organisation))


@login_required
def link_edit(request: Request, pk: int, link: int) -> HttpResponse:
    desk = desk_of(request, pk)
    found = get_object_or_404(EnterpriseLink, pk=link, organisation=desk.organisation)
    return _edit_link(request, desk, found)


def _edit_link(request: Request, desk: Desk, link: EnterpriseLink) -> HttpResponse:
    form = LinkForm(posted(request), instance=link)
    if request.method == "POST" and form.is_valid():
        services.save_link(link, by=desk.person)
        message = _("The tie to %(name)s is saved; the status as an SME counts it from now on.")
        toasts.say(request, message % {"name": link})
        return redirect("organisation_figures", desk.organisation.pk)
    context = {"desk": desk, "form": form, "link": link}
    return render(request, "directory/size/link.html", context)


@login_required
@require_POST
def link_delete(request: Request, pk: int, link: int) -> HttpResponse:
    desk = desk_of(request, pk)
    found = EnterpriseLink.objects.filter(pk=link, organisation=desk.organisation).first()
    if found:
        services.delete_link(found, by=desk.person)
        toasts.say(request, _("The tie to %(name)s is deleted for good.") % {"name": found})
    return redirect("organisation_figures", pk)
