"""What follows when the sign-in library says that something happened."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.signals import authenticator_added
from django.dispatch import receiver
from django.http import HttpRequest

from verbund.web.accounts.models import User


@receiver(authenticator_added, dispatch_uid="accounts.proven_by_adding")
def proven_by_adding(sender: object, request: HttpRequest, user: User, **more: Any) -> None:
    """Let who has just shown a new app or passkey read the recovery codes without asking again."""
    record_authentication(request, user, method="mfa", reauthenticated=True)
