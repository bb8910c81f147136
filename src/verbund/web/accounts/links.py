"""The link of a mail that opens the door once."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.urls import reverse

from verbund.web.accounts.models import User

_SALT = "sign-in link"


def link_for(user: User) -> str:
    """Return an address that signs this person in; it is worthless after their next sign-in."""
    token = signing.dumps([user.pk, _state(user)], salt=_SALT)
    return f"{settings.URL}{reverse('sign_in_link', args=[token])}"


def person_of(token: str) -> User | None:
    """Return whom a link signs in; nobody if it is forged, too old or used already."""
    try:
        pk, state = signing.loads(token, salt=_SALT, max_age=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=pk, is_active=True).first()
    return user if user and _state(user) == state else None


def _state(user: User) -> str:
    """Return what the next sign-in changes."""
    return user.last_login.isoformat() if user.last_login else ""
