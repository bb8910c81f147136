"""What follows for agreements when a person or a clause goes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from verbund.web.agreements.models import Clause, Consent, Responsible, Signature
from verbund.web.core.consequences import Consequence, consequences
from verbund.web.core.personal import Person


def announce_consequences() -> None:
    consequences.add("agreements", _follows, place=20)


def _follows(thing: object, on: dt.date) -> Iterator[Consequence]:
    if isinstance(thing, Person):
        yield from _without_person(thing)
    elif isinstance(thing, Clause):
        yield from _without_clause(thing)


def _without_person(person: Person) -> Iterator[Consequence]:
    signed = Signature.objects.filter(user=person.user_id or 0).count()
    if signed:
        text = ngettext(
            "%(count)d signature stays with its name: a signed agreement proves who bound the"
            " network (Art. 17(3)(b) and (e) GDPR).",
            "%(count)d signatures stay with their name: a signed agreement proves who bound the"
            " network (Art. 17(3)(b) and (e) GDPR).",
            signed,
        )
        yield Consequence(text % {"count": signed})
    for responsible in Responsible.objects.filter(name__iexact=person.name or "-"):
        values = {"clause": responsible.clause, "agreement": responsible.clause.agreement}
        text = _("Nobody is named as responsible for clause %(clause)s of %(agreement)s any more.")
        yield Consequence(text % values)
    given = Consent.objects.filter(given_by=person.user_id or 0).count()
    if given:
        text = ngettext(
            "%(count)d consent stays in force and in the log, without the name of who gave it.",
            "%(count)d consents stay in force and in the log, without the name of who gave them.",
            given,
        )
        yield Consequence(text % {"count": given})


def _without_clause(clause: Clause) -> Iterator[Consequence]:
    if count := clause.activities.count():
        text = ngettext(
            "%(count)d activity stands below it and stays: the clause cannot be removed.",
            "%(count)d activities stand below it and stay: the clause cannot be removed.",
            count,
        )
        yield Consequence(text % {"count": count}, prevents=True, url=clause.get_absolute_url())
    if clause.rules.exists():
        yield Consequence(_("What it shares is no longer shared."))
