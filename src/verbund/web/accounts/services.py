"""Writes to a person's own account."""

from __future__ import annotations

from django.db import transaction

from verbund.web.accounts.models import User
from verbund.web.core.services import record


@transaction.atomic
def change_account(user: User, *, name: str, language: str) -> None:
    """Change how a person is called and in which language the site and its mails speak to them."""
    before = {"name": user.name, "language": user.language}
    user.name, user.language = name, language
    user.save(update_fields=["name", "language"])
    changed = {key: [old, getattr(user, key)] for key, old in before.items()}
    changed = {key: pair for key, pair in changed.items() if pair[0] != pair[1]}
    if changed:
        record(user, "change_account", user, changed)


@transaction.atomic
def remember_language(user: User, language: str) -> None:
    """Keep the language a person switched to, for the next visit and for mails."""
    if user.language != language:
        change_account(user, name=user.name, language=language)


@transaction.atomic
def person_with_mail(email: str, *, name: str, language: str, by: User | None) -> User:
    """Return the person with this address, or make an account without a password.

    Nobody has to choose a password: a code by mail opens the door. An existing account keeps its
    name and language.
    """
    known = User.objects.filter(email__iexact=email).first()
    if known:
        return known
    made = User.objects.create_user(email, name=name, language=language)
    record(by, "make_account", made)
    return made
