"""Who changed what: the audit log of the own network."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from verbund.web.archive.privacy import audit as log
from verbund.web.core.exports import Row, as_file, wanted_kind
from verbund.web.core.models import AuditEntry
from verbund.web.core.services import today
from verbund.web.networks.requests import Request

_AT_ONCE = 500


@login_required
def audit(request: Request) -> HttpResponse:
    if not log.can_read_audit(request.viewer):
        raise PermissionDenied
    on, wanted = today(), log.Wanted.read(request.GET.dict())
    found = log.entries(request.viewer, wanted, on)
    if kind := wanted_kind(request.GET.get("export")):
        return as_file("audit-log", _headings(), _rows(request, found), kind=kind)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": log.lines(page.object_list, request.viewer, on),
        "wanted": wanted,
        "actors": log.actors(request.viewer, on),
        "kinds": log.kinds(),
        "is_filtered": wanted != log.Wanted(),
    }
    return render(request, "privacy/audit.html", context)


def _headings() -> tuple[str, ...]:
    return _("Date"), _("Time"), _("Who"), _("What happened"), _("Kind"), _("Number"), _("Details")


def _rows(request: Request, found: QuerySet[AuditEntry]) -> Iterator[Row]:
    """Put a long log into words piece by piece, with a few queries each."""
    for start in range(0, found.count(), _AT_ONCE):
        for line in log.lines(found[start : start + _AT_ONCE], request.viewer, today()):
            at = timezone.localtime(line.entry.at)
            yield (
                at.date(),
                f"{at:%H:%M}",
                line.who,
                line.text,
                line.kind,
                line.entry.key,
                line.fields,
            )
