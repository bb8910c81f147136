"""Sign-in is the library's; here stands what we add to it, and what we do not offer."""

from __future__ import annotations

from ipaddress import ip_address
from typing import cast
from urllib.parse import urlsplit

from allauth.account.utils import perform_login
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import check_for_language, ngettext
from django.utils.translation import gettext as _
from django.views import i18n
from django.views.decorators.http import require_POST

from verbund.web.accounts import services
from verbund.web.accounts.links import person_of
from verbund.web.accounts.models import User
from verbund.web.accounts.queries import sign_in_of
from verbund.web.core import toasts


def set_language(request: HttpRequest) -> HttpResponseBase:
    """Switch the language; for somebody signed in also the one kept for next time and for mails."""
    wanted = request.POST.get("language", "")
    known = wanted in dict(settings.LANGUAGES) and check_for_language(wanted)
    if known and isinstance(request.user, User):
        services.remember_language(request.user, wanted)
    return i18n.set_language(request)


def not_offered(request: HttpRequest, **parts: str) -> HttpResponseBase:
    """Accounts come by invitation and belong to one address: no page to sign up or change it."""
    raise Http404


def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in by the link of a mail; a click does it, for programs open links to check them."""
    person = person_of(token)
    if person is None:
        return render(request, "account/sign_in_link_gone.html", status=410)
    if request.method == "POST":
        answer: HttpResponse = perform_login(request, person, email=person.email)
        return answer
    return render(request, "account/sign_in_link.html", {"person": person})


@login_required
def security(request: HttpRequest) -> HttpResponse:
    """Show what opens the account and where it is open."""
    person = cast("User", request.user)
    UserSession.objects.create_from_request(request)  # this browser, however it came in
    context = {
        "sign_in": sign_in_of(person, request.session.session_key),
        **_where_passkeys_work(request),
    }
    return render(request, "accounts/security.html", context)


def _where_passkeys_work(request: HttpRequest) -> dict[str, object]:
    """Say that they belong to a name, never to a number, and what this computer's name is."""
    host = urlsplit(f"//{request.get_host()}")
    try:
        number = ip_address(host.hostname or "")
    except ValueError:
        return {"address_is_number": False}
    port = f":{host.port}" if host.port else ""
    named = f"http://localhost{port}{request.path}" if number.is_loopback else ""
    return {"address_is_number": True, "named_address": named}


@login_required
@require_POST
def place_end(request: HttpRequest, pk: int) -> HttpResponse:
    if services.end_place(cast("User", request.user), pk):
        toasts.say(request, _("You are signed out there."))
    return redirect("security")


@login_required
@require_POST
def places_end(request: HttpRequest) -> HttpResponse:
    """End every session but this one."""
    here = request.session.session_key
    count = services.end_other_places(cast("User", request.user), but=here)
    text = ngettext(
        "You are signed out of one other browser.",
        "You are signed out of %(count)s other browsers.",
        count,
    )
    toasts.say(request, text % {"count": count})
    return redirect("security")
