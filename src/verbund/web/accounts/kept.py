"""What accounts and sign-in keep about persons."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.utils.translation import gettext_lazy as _

from verbund.web.accounts.models import User
from verbund.web.core.personal import Fate, Personal, announce_personal


def announce_kept() -> None:
    for place, kind in enumerate((_ACCOUNT, _ADDRESS, _FACTORS, _SESSIONS), start=1):
        announce_personal(kind, place=place)
    if apps.is_installed("allauth.socialaccount"):
        announce_personal(_elsewhere(), place=5)


_ACCOUNT = Personal(
    _("account"),
    User,
    _("To sign in, and to be named to those one works with."),
    Fate.EMPTIED,
    by_user=("pk",),
    by_email=("email",),
    told=("name", "email", "language", "joined_at", "last_login", "is_active", "is_superuser"),
)
_ADDRESS = Personal(
    _("mail addresses for signing in"),
    EmailAddress,
    _("To sign in."),
    Fate.DELETED,
    by_user=("user",),
    by_email=("email",),
    told=("email", "verified", "primary"),
)
_FACTORS = Personal(
    _("second factors"),
    Authenticator,
    _("To sign in safely; the secrets themselves are not given out."),
    Fate.DELETED,
    by_user=("user",),
    told=("type", "created_at", "last_used_at"),
)
_SESSIONS = Personal(
    _("signed-in browsers"),
    UserSession,
    _("To show where one is signed in, and to sign out there."),
    Fate.DELETED,
    by_user=("user",),
    told=("created_at", "last_seen_at", "ip", "user_agent"),
)


def _elsewhere() -> Personal:
    return Personal(
        _("sign-in through another service"),
        apps.get_app_config("socialaccount").get_model("SocialAccount"),
        _("To sign in with the account of another service."),
        Fate.DELETED,
        by_user=("user",),
        told=("provider", "uid", "date_joined", "last_login"),
    )
