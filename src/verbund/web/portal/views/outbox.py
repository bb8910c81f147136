"""Mails as their readers get them."""

from __future__ import annotations

from csp.constants import NONE, SELF
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from verbund.web.core.models import Mail
from verbund.web.core.outbox import can_send
from verbund.web.networks.requests import Request
from verbund.web.portal.outbox import can_read_outbox, can_read_text, mails_for, without_keys

_ABOUT: dict[str, str | Promise] = {
    "account": _("Sign-in"),
    "invitation": _("Invitation"),
    "introduction": _("Introduction"),
    "contact": _("Contact persons"),
    "confirm": _("Confirm the profile"),
    "": _("Other"),
}


def outbox(request: Request) -> HttpResponse:
    if not can_read_outbox(request.viewer):
        if request.viewer.is_signed_in:
            raise PermissionDenied
        return redirect_to_login(request.get_full_path())
    readable = mails_for(request.viewer)
    state, about = request.GET.get("state", ""), request.GET.get("about", "all")
    mails = readable.filter(state=state) if state in Mail.State.values else readable
    abouts = _counts(mails, "about")
    if about in abouts:
        mails = mails.filter(about=about)
    context = {
        "page": Paginator(mails, 50).get_page(request.GET.get("page")),
        "states": [(s, s.label, n) for s, n in _states(readable) if n],
        "state": state if state in Mail.State.values else "",
        "abouts": [(key, _ABOUT.get(key, key), n) for key, n in abouts.items()],
        "about": about if about in abouts else "all",
        "total": readable.count(),
        "waits_for_server": not can_send() and not settings.DEMO,
    }
    return render(request, "portal/outbox.html", context)


def _counts(mails: QuerySet[Mail], field: str) -> dict[str, int]:
    rows = mails.order_by(field).values_list(field).annotate(number=Count("pk"))
    return {str(key): number for key, number in rows}


def _states(mails: QuerySet[Mail]) -> list[tuple[Mail.State, int]]:
    counted = _counts(mails, "state")
    return [(state, counted.get(state, 0)) for state in Mail.State]


def _readable(request: Request, pk: int) -> Mail:
    if not can_read_outbox(request.viewer):
        raise Http404
    return get_object_or_404(mails_for(request.viewer), pk=pk)


@csp_update({"frame-src": [SELF]})  # type: ignore[arg-type]  # views know more than a plain request
def mail(request: Request, pk: int) -> HttpResponse:
    shown = _readable(request, pk)
    context = {
        "mail": shown,
        "about": _ABOUT.get(shown.about, shown.about),
        "may_read": can_read_text(shown),
        "text": without_keys(shown.text),
        "can_send": can_send(),
    }
    return render(request, "portal/mail.html", context)


@xframe_options_sameorigin
@csp_replace(  # type: ignore[arg-type]  # as above
    {
        "default-src": [NONE],
        "script-src": [NONE],
        "style-src": ["'unsafe-inline'"],
        "img-src": ["data:"],
        "base-uri": [NONE],
        "frame-ancestors": [SELF],
        "sandbox": ["allow-top-navigation-by-user-activation"],
    }
)
def letter(request: Request, pk: int) -> HttpResponse:
    """Return the HTML alone, for the frame: its own styles, no scripts, links leave the frame."""
    shown = _readable(request, pk)
    if not shown.html or not can_read_text(shown):
        raise Http404
    html = without_keys(shown.html)
    return HttpResponse(html.replace("<head>", '<head><base target="_top">', 1))
