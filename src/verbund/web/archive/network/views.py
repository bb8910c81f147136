"""The page on which an office takes its network's archive along."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from verbund.web.accounts.models import User
from verbund.web.archive.network.parts import PARTS
from verbund.web.archive.network.writing import write_archive
from verbund.web.core.services import today
from verbund.web.networks.models import Network
from verbund.web.networks.requests import Request


@login_required
def archives(request: Request) -> HttpResponse:
    if not request.viewer.managed:
        raise Http404
    networks = Network.objects.filter(pk__in=request.viewer.managed)
    held = [(network, _counted(network)) for network in networks]
    return render(request, "archive/archives.html", {"held": held})


def _counted(network: Network) -> list[tuple[str, int]]:
    """Count what people look for in an archive; the rest is in it all the same."""
    labels = {
        "organisations": _("Members"),
        "contact-persons": _("Contact persons"),
        "offers": _("Offers"),
        "requests": _("Requests"),
        "consents": _("Consents and objections"),
        "agreements": _("Agreements"),
        "documents": _("Documents"),
        "activities": _("Activities"),
        "introductions": _("Introductions"),
        "indicators": _("Indicators"),
        "people": _("People with roles"),
        "audit-entries": _("Entries of the audit log"),
    }
    parts = {part.name: part for part in PARTS}
    return [(label, parts[name].rows(network).count()) for name, label in labels.items()]


@require_POST
@login_required
def archive_download(request: Request, slug: str) -> FileResponse:
    network = get_object_or_404(Network, slug=slug, pk__in=request.viewer.managed)
    by = request.user if isinstance(request.user, User) else None
    # Stays readable until it is sent, though its name is gone by then.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        out = Path(folder) / "archive.zip"
        write_archive(network, out, by=by)
        file = out.open("rb")
    name = f"{network.slug}-{today():%Y-%m-%d}.zip"
    return FileResponse(file, as_attachment=True, filename=name)
