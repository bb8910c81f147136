"""Mails about a person's own account."""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from verbund.web.accounts.models import User
from verbund.web.core import outbox
from verbund.web.core.models import Mail

ACCOUNT = "account"


def sign_in_changed(user: User, what: str) -> Mail:
    """Tell a person what changed about how their account is opened; one letter for all changes."""
    with translation.override(user.language):
        return outbox.post(
            user.email,
            gettext("Your sign-in to Verbund has changed"),
            render_to_string(
                "accounts/mail_sign_in_changed.txt", {"what": what, "site_url": settings.URL}
            ),
            about=ACCOUNT,
            language=user.language,
        )
