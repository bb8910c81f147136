"""Sign-in as this product wants it: accounts come by invitation, mails in the reader's language."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from verbund.web.accounts.models import User
from verbund.web.core.texts import current_language


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    error_messages: ClassVar[dict[str, str | Promise]] = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed. Please ask the office of your network."),
        "email_password_mismatch": _(
            "Mail address and password do not match. You can also have a code sent to you by mail."
        ),
        "enter_current_password": _("This is not your current password."),
        "incorrect_code": _("This is not the code of the newest mail."),
        "rate_limited": _("Too many attempts. Please wait a few minutes, then try again."),
        "too_many_login_attempts": _(
            "Too many attempts. Please wait five minutes, then try again."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write in the language of the receiver, whoever asked for the mail."""
        user = User.objects.filter(email__iexact=email).first()
        with translation.override(user.language if user else current_language()):
            super().send_mail(template_prefix, email, {"site_url": settings.URL} | context)

    def post_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse:
        """Go on in the language the person once chose."""
        response: HttpResponse = super().post_login(request, user, **details)
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax")
        return response

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")
