"""The page on which an office opens, or closes, offers and requests of many members at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from verbund.web.core import toasts
from verbund.web.core.services import today
from verbund.web.directory.opening import queries
from verbund.web.directory.opening.services import open_entries, take_back_opening
from verbund.web.directory.queries import partners_of
from verbund.web.networks.models import Network, Visibility
from verbund.web.networks.requests import Request

if TYPE_CHECKING:
    from verbund.web.accounts.models import User

_KEY = "opened entries"
_SHOWN = 20


@login_required
def entries_visibility(request: Request, slug: str) -> HttpResponse:
    network = _managed(request, slug)
    run = queries.import_of(request.viewer, request.GET.get("import", ""))
    run = run if run and run.network_id == network.pk else None
    asked = request.POST.get("visibility") or request.GET.get("visibility", "")
    known = asked in Visibility.values
    visibility = Visibility(asked) if known else Visibility.PARTNERS
    everything = "everything" in (request.POST if request.method == "POST" else request.GET)
    found = queries.affected(network, visibility, today(), brought_by=run, everything=everything)
    if request.method == "POST" and known:
        return _opened(request, network, found, visibility)
    context: dict[str, Any] = {
        "network": network,
        "run": run,
        "visibility": visibility,
        "choices": Visibility.choices,
        "everything": everything,
        "found": found,
        "partners": partners_of([network], today()),
        "names": queries.names_of(found.entries)[:_SHOWN],
        "theirs": queries.names_of(found.theirs)[:_SHOWN],
    }
    return render(request, "directory/opening/entries.html", context)


def _managed(request: Request, slug: str) -> Network:
    """Return a network whose manager this is; to others the page does not exist."""
    return get_object_or_404(Network, slug=slug, pk__in=request.viewer.managed)


def _opened(
    request: Request, network: Network, found: queries.Affected, visibility: Visibility
) -> HttpResponse:
    by = cast("User", request.user)
    before = open_entries(found.entries, visibility, by=by, on=today())
    request.session[_KEY] = {"network": network.pk, "visibility": visibility, "before": before}
    said = ngettext(
        "%(n)s offer or request of %(members)s members may now be seen by: %(who)s.",
        "%(n)s offers and requests of %(members)s members may now be seen by: %(who)s.",
        len(found.entries),
    )
    values = {"n": len(found.entries), "members": found.members, "who": visibility.label}
    if not found.entries:
        toasts.say(request, _("Nothing had to be changed."))
    else:
        undo = reverse("entries_visibility_undo", args=[network.slug])
        toasts.say(request, said % values, undo=undo)
    return redirect("members")


@require_POST
@login_required
def entries_visibility_undo(request: Request, slug: str) -> HttpResponse:
    network = _managed(request, slug)
    kept = request.session.pop(_KEY, None)
    if not kept or kept["network"] != network.pk:
        raise Http404
    number = take_back_opening(
        kept["before"],
        Visibility(kept["visibility"]),
        queries.own_members(network, today()),
        by=cast("User", request.user),
        on=today(),
    )
    said = ngettext(
        "%(n)s offer or request may be seen as before.",
        "%(n)s offers and requests may be seen as before.",
        number,
    )
    toasts.say(request, said % {"n": number})
    return redirect("members")
