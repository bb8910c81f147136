"""Writes to a person's own account."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from verbund.web.accounts import mails
from verbund.web.accounts.models import ERASED, User
from verbund.web.core.services import record


@transaction.atomic
def change_account(user: User, *, name: str, language: str) -> None:
    """Change how a person is called and in which language the site and its mails speak to them."""
    before = {"name": user.name, "language": user.language}
    user.name, user.language = name, language
    user.save(update_fields=["name", "language"])
    changed = [field for field, old in before.items() if getattr(user, field) != old]
    if changed:
        record(user, "change_account", user, {"fields": changed})


@transaction.atomic
def remember_language(user: User, language: str) -> None:
    """Keep the language a person switched to, for the next visit and for mails."""
    if user.language != language:
        change_account(user, name=user.name, language=language)


@transaction.atomic
def note_sign_in_change(user: User, what: str) -> None:
    """Keep that a password, a second factor or a passkey changed, never what it is; tell them."""
    record(user, "change_sign_in", user, {"what": what})
    mails.sign_in_changed(user, what)


@transaction.atomic
def remove_second_factors(email: str) -> int | None:
    """Take away app, passkeys and recovery codes of an account and tell its person.

    Returns how many there were; None if there is no such account.
    """
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        return None
    count: int = Authenticator.objects.filter(user=user).delete()[0]
    if count:
        record(None, "change_sign_in", user, {"what": "factors_removed"})
        mails.sign_in_changed(user, "factors_removed")
    return count


@transaction.atomic
def end_place(user: User, pk: int) -> bool:
    """Sign a person out of one browser; False if it has ended already."""
    place = UserSession.objects.filter(user=user, pk=pk).first()
    if place:
        place.end()
    return place is not None


@transaction.atomic
def end_other_places(user: User, *, but: str | None) -> int:
    """Sign a person out of every browser except one; return of how many."""
    others = list(UserSession.objects.filter(user=user).exclude(session_key=but))
    for place in others:
        place.end()
    return len(others)


@transaction.atomic
def person_with_mail(email: str, *, name: str, language: str, by: User | None) -> User:
    """Return the person with this address, or make an account without a password.

    Nobody has to choose a password: a code by mail opens the door. An existing account keeps its
    name and language.
    """
    known = User.objects.filter(email__iexact=email).first()
    if known:
        if not known.is_active:  # closed because it had no role for long
            known.is_active = True
            known.save(update_fields=["is_active"])
        return known
    made = User.objects.create_user(email, name=name, language=language)
    record(by, "make_account", made)
    return made


@transaction.atomic
def forget_sign_in(user: User) -> None:
    """Close an account: password, second factors and signed-in browsers are gone, the name stays.

    An invitation opens it again.
    """
    for place in UserSession.objects.filter(user=user):
        place.end()
    Authenticator.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    user.set_unusable_password()
    user.is_active, user.last_login = False, None
    user.save(update_fields=["password", "is_active", "last_login"])


@transaction.atomic
def make_nameless(user: User) -> None:
    """Leave of an account nothing but its number, which entries of the audit log point at."""
    forget_sign_in(user)
    user.name, user.email, user.is_superuser = "", f"{user.pk}{ERASED}", False
    user.save(update_fields=["name", "email", "is_superuser"])
