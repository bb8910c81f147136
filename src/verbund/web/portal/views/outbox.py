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
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from verbund.web.core import toasts
from verbund.web.core.background import mail_trouble
from verbund.web.core.models import Mail
from verbund.web.core.outbox import STUCK, can_send, send_again
from verbund.web.core.registries import mail_kinds
from verbund.web.networks.requests import Request
from verbund.web.portal.outbox import can_read_outbox, can_read_text, mails_for, without_keys


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
        "abouts": [(key, _said(key), n) for key, n in abouts.items()],
        "about": about if about in abouts else "all",
        "total": readable.count(),
        "waits_for_server": not can_send() and not settings.DEMO,
        "trouble": mail_trouble(),
    }
    return render(request, "portal/outbox.html", context)


def _said(about: str) -> str | Promise:
    """Name a kind of mails; one that nobody announced by its key."""
    labels = {kind.key: kind.label for kind in mail_kinds}
    return labels.get(about) or about or _("Other")


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
        "about": _said(shown.about),
        "may_read": can_read_text(shown),
        "text": without_keys(shown.text),
        "can_send": can_send(),
        "is_stuck": shown.state in STUCK,
    }
    return render(request, "portal/mail.html", context)


@require_POST
def mail_again(request: Request, pk: int) -> HttpResponse:
    shown = _readable(request, pk)
    if send_again(shown):
        toasts.say(request, gettext("It goes out again at the next round."))
    else:
        toasts.warn(request, gettext("It cannot go there: see the reason below."))
    return redirect("outbox_mail", pk)


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
