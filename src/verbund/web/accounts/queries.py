"""How a person gets in, and where they are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from verbund.web.accounts.devices import device_of
from verbund.web.accounts.models import User


@dataclass(frozen=True)
class Passkey:
    pk: int
    name: str
    is_enough: bool  # it signs in alone; else it is asked for beside password or code
    added_at: dt.datetime
    used_at: dt.datetime | None


@dataclass(frozen=True)
class Place:
    """A browser in which the person is signed in."""

    pk: int
    device: str
    address: str
    since: dt.datetime
    is_here: bool


@dataclass(frozen=True)
class SignIn:
    """All that opens a person's account, and every place where it is open."""

    app_since: dt.datetime | None
    codes_left: int | None
    passkeys: list[Passkey]
    places: list[Place]

    @property
    def has_second_factor(self) -> bool:
        return self.app_since is not None or bool(self.passkeys)


def sign_in_of(user: User, session_key: str | None) -> SignIn:
    """Return the second factors of a person and where they are signed in."""
    kind = Authenticator.Type
    found = list(Authenticator.objects.filter(user=user).order_by("created_at", "pk"))
    codes = next((one for one in found if one.type == kind.RECOVERY_CODES), None)
    return SignIn(
        app_since=next((one.created_at for one in found if one.type == kind.TOTP), None),
        codes_left=len(codes.wrap().get_unused_codes()) if codes else None,
        passkeys=[_passkey(one) for one in found if one.type == kind.WEBAUTHN],
        places=[_place(one, session_key) for one in places_of(user)],
    )


def places_of(user: User) -> list[UserSession]:
    """Return where a person is signed in, the newest first; what has ended is forgotten."""
    found = UserSession.objects.purge_and_list(user)
    return sorted(found, key=lambda one: one.created_at, reverse=True)


def _passkey(one: Authenticator) -> Passkey:
    key = one.wrap()
    return Passkey(one.pk, key.name, bool(key.is_passwordless), one.created_at, one.last_used_at)


def _place(one: UserSession, session_key: str | None) -> Place:
    is_here = one.session_key == session_key
    return Place(one.pk, device_of(one.user_agent), one.ip, one.created_at, is_here)
