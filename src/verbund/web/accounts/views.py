"""Sign-in is the library's; here stands what we add to it, and what we do not offer."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import check_for_language
from django.views import i18n

from verbund.web.accounts.models import User
from verbund.web.accounts.services import remember_language


def set_language(request: HttpRequest) -> HttpResponseBase:
    """Switch the language; for somebody signed in also the one kept for next time and for mails."""
    wanted = request.POST.get("language", "")
    known = wanted in dict(settings.LANGUAGES) and check_for_language(wanted)
    if known and isinstance(request.user, User):
        remember_language(request.user, wanted)
    return i18n.set_language(request)


def not_offered(request: HttpRequest, **parts: str) -> HttpResponseBase:
    """Accounts come by invitation and belong to one address: no page to sign up or change it."""
    raise Http404
