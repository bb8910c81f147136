"""Erasing a person (Art. 17 GDPR): what has to stay says why, everything else goes."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import Model, Q
from django.utils.translation import gettext

from verbund.errors import VerbundError
from verbund.language.spelling import fold
from verbund.web.accounts.models import User
from verbund.web.accounts.services import make_nameless
from verbund.web.archive.privacy.people import own_rows
from verbund.web.core.consequences import tell_affected, what_follows
from verbund.web.core.models import AuditEntry
from verbund.web.core.personal import Fate, Person, Personal, personal, rows_about
from verbund.web.core.services import record
from verbund.web.directory.models import ContactPerson
from verbund.web.directory.services import delete_contact
from verbund.web.networks.rules import Viewer

GONE = "…"  # stands where a text named the person
_TEXTS = (models.CharField, models.TextField, models.JSONField)


class Refused(VerbundError):  # noqa: N818  # the name says what happened
    """What stands against an erasure; the text is for the person who asked."""

    def __init__(self, text: str) -> None:
        super().__init__(text, code="privacy.refused", values={})


@transaction.atomic
def erase_person(
    person: Person, *, by: User, on: dt.date, contact: ContactPerson | None = None
) -> None:
    """Erase an account, the contact rows with its address, and the name wherever it is written.

    Rows that others count (introductions, activities, sightings) stay without the name. Those
    affected are told what it means for them, without it, too. `contact` is the row by which an
    office asked.

    Raises
    ------
    Refused
        If a consequence prevents it, such as a network left without a manager.
    """
    follows = what_follows(person, on)
    if prevented := [one.text for one in follows if one.prevents]:
        raise Refused(" ".join(prevented))
    tell_affected(person, on, subject=_subject, but=by.email)
    user = User.objects.filter(pk=person.user_id).first() if person.user_id else None
    if user:
        record(by, "erase", user)
    elif contact:
        record(by, "delete", contact.organisation, {"contact_person": contact.pk})
    for kind in personal:
        _let_go(kind, person)
    if user:
        make_nameless(user)
    _sweep(person)


@transaction.atomic
def erase_contacts(contact: ContactPerson, viewer: Viewer, *, by: User, on: dt.date) -> None:
    """Erase what an office's own members keep of a person who is also known elsewhere."""
    for row in own_rows(viewer, contact, on).select_related("organisation"):
        delete_contact(row, by=by, on=on)


def _subject() -> str:
    return gettext("A person's data were erased at their request")


def _let_go(kind: Personal, person: Person) -> None:
    if kind.fate is Fate.DELETED:
        rows_about(kind, person).delete()
    elif kind.fate is Fate.EMPTIED and kind.emptied:
        rows_about(kind, person).update(**dict.fromkeys(kind.emptied, ""))


# ---------------------------------------------------------------- wherever the name is written


def _sweep(person: Person) -> None:
    """Take name and address out of every text, except where they are kept for a reason."""
    words = _words(person)
    if not words:
        return
    pattern = re.compile(
        "|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in words), re.IGNORECASE
    )
    for model in apps.get_models():
        if model is AuditEntry or not model._meta.managed:
            continue  # entries hold no names, and nobody could change them
        fields = list(_swept(model))
        if fields:
            _sweep_model(model, fields, words, pattern)


def _words(person: Person) -> list[str]:
    """Return what stands for a person: the address, and a name of at least two words."""
    names = [person.name] if " " in person.name.strip() else []
    found = [word for word in (person.email, *names) if word]
    return list(dict.fromkeys([*found, *(fold(word) for word in found)]))


def _swept(model: type[Model]) -> Iterator[models.Field[Any, Any]]:
    kind = personal.get(model._meta.label)
    kept = kind.kept if kind else ()
    for field in model._meta.concrete_fields:
        is_text = isinstance(field, _TEXTS) and not field.choices and not field.primary_key
        if is_text and field.name not in kept:
            yield field


def _sweep_model(
    model: type[Model],
    fields: Iterable[models.Field[Any, Any]],
    words: Iterable[str],
    pattern: re.Pattern[str],
) -> None:
    fields = list(fields)
    asked = {word for one in words for word in (one, json.dumps(one)[1:-1])}
    says = reduce(or_, (Q(**{f"{f.name}__icontains": word}) for f in fields for word in asked))
    names = [field.name for field in fields]
    for row in model._default_manager.filter(says).values("pk", *names):
        swept = {name: _without(row[name], pattern) for name in names}
        changed = {name: value for name, value in swept.items() if value != row[name]}
        if changed:
            model._default_manager.filter(pk=row["pk"]).update(**changed)


def _without(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(GONE, value)
    if isinstance(value, list):
        return [_without(item, pattern) for item in value]
    if isinstance(value, dict):
        return {_without(key, pattern): _without(item, pattern) for key, item in value.items()}
    return value
