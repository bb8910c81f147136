"""Whose imports somebody reaches, and what is said to those who come too late."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from verbund.web.core import toasts
from verbund.web.directory.models import ImportRun
from verbund.web.networks.requests import Request


def run_of(request: Request, pk: int) -> ImportRun:
    """Return an import of a network this person edits; to others it does not exist."""
    mine = ImportRun.objects.filter(network__in=request.viewer.edited)
    return get_object_or_404(mine.select_related("network", "made_by", "ended_by"), pk=pk)


def too_late(request: Request, run: ImportRun) -> HttpResponse:
    run.refresh_from_db()
    values = {
        "time": date_format(localtime(run.ended_at), "DATETIME_FORMAT") if run.ended_at else "–",
        "person": run.ended_by or _("a person no longer here"),
    }
    if run.state == ImportRun.State.UNDONE:
        toasts.warn(request, _("This import was taken back already."))
    elif run.state == ImportRun.State.TAKEN:
        toasts.warn(request, _("Already taken over on %(time)s by %(person)s.") % values)
    else:
        toasts.warn(request, _("Already discarded on %(time)s by %(person)s.") % values)
    return redirect(run)
