"""Sign-in as this product wants it: accounts come by invitation, mails in the reader's language."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from verbund.web.accounts.links import link_for
from verbund.web.accounts.models import User
from verbund.web.accounts.services import note_sign_in_change
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
        known = {"site_url": settings.URL}
        if user and template_prefix == "account/email/login_code":
            known["link"] = link_for(user)
        with translation.override(user.language if user else current_language()):
            super().send_mail(template_prefix, email, known | context)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: object = None, email: str | None = None
    ) -> None:
        note_sign_in_change(user, template_prefix.rpartition("/")[2])

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """Name the ways to prove who one is as the pages do; codes come last."""
        names = {
            "reauthenticate": _("With your password"),
            "mfa_reauthenticate": _("With a code of the app or a recovery code"),
            "mfa_reauthenticate:webauthn": _("With a passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        methods.sort(key=lambda one: one["id"] == "mfa_reauthenticate")
        return [one | {"description": names[one["id"]]} for one in methods]

    def post_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse:
        """Go on in the language the person once chose."""
        response: HttpResponse = super().post_login(request, user, **details)
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax")
        return response

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("security")


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    error_messages: ClassVar[dict[str, str | Promise]] = DefaultMFAAdapter.error_messages | {
        "cannot_generate_recovery_codes": _("First set up an app or add a passkey."),
        "incorrect_code": _("This code or passkey does not fit. Please try again."),
    }

    def generate_authenticator_name(self, user: User, type: str) -> str:  # its name
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey %(number)s") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Name the site as devices show it."""
        known: dict[str, str] = super().get_public_key_credential_rp_entity()
        return known | {"name": "Verbund"}
