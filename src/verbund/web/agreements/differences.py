"""What one text changes of another, said in sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from verbund.web.agreements.models import Agreement, Clause
from verbund.web.agreements.terms import EVERY_OTHER, ClauseTerms, Share, Terms, flows
from verbund.web.core.texts import text_of
from verbund.web.networks.models import DataClass


@dataclass(frozen=True)
class Difference:
    """What changes in one place of an agreement."""

    place: str
    sentences: tuple[str, ...]


def differences(old: Terms, new: Terms) -> list[Difference]:
    """List what the new text changes, the agreement's own lines first, then clause by clause."""
    found = [Difference(_("The agreement"), tuple(_own(old, new)))]
    before = {clause.number: clause for clause in old.clauses}
    after = {clause.number: clause for clause in new.clauses}
    for number in sorted(before | after):
        if number not in after:
            said = [_("This clause is dropped; what was held under it stays on record.")]
            place = _place(before[number])
        else:
            place = _place(after[number])
            said = list(_of_clause(before.get(number), after[number], new))
        found.append(Difference(place, tuple(said)))
    return [difference for difference in found if difference.sentences]


def _place(clause: ClauseTerms) -> str:
    title = text_of(clause, "title") or clause.get_field_display()
    return _("Clause %(number)s: %(title)s") % {"number": clause.number, "title": title}


def _own(old: Terms, new: Terms) -> Iterator[str]:
    yield from _lines(
        (
            (_label(Agreement, "kind"), old.get_kind_display(), new.get_kind_display()),
            *((_label(Agreement, name), getattr(old, name), getattr(new, name)) for name in _OWN),
            (_("In force from"), said_day(old.valid_from), said_day(new.valid_from)),
            (_("In force until"), said_day(old.valid_until), said_day(new.valid_until)),
            (_label(Agreement, "review_on"), said_day(old.review_on), said_day(new.review_on)),
            (_label(Agreement, "renewal"), renewal_of(old), renewal_of(new)),
            *(
                (
                    _("Who signs for %s") % party.name,
                    _signatory(old, party.slug),
                    _signatory(new, party.slug),
                )
                for party in new.parties
            ),
        )
    )


_OWN = ("title_de", "title_en", "aim_de", "aim_en", "signed_at", "source")
_TEXTS = ("title_de", "title_en", "aim_de", "aim_en", "measures_de", "measures_en")


def _signatory(terms: Terms, slug: str) -> str:
    party = terms.party(slug)
    return ", ".join(filter(None, (party.signatory, party.signatory_role)))


def _of_clause(old: ClauseTerms | None, new: ClauseTerms, terms: Terms) -> Iterator[str]:
    if old is None:
        yield _("This clause is new.")
    else:
        before, after = dict(old.responsible), dict(new.responsible)
        yield from _lines(
            (
                *(
                    (_label(Clause, name), getattr(old, name), getattr(new, name))
                    for name in _TEXTS
                ),
                (
                    _label(Clause, "planned_a_year"),
                    str(old.planned_a_year),
                    str(new.planned_a_year),
                ),
                *(
                    (_("Responsible at %s") % p.name, before.get(p.slug, ""), after.get(p.slug, ""))
                    for p in terms.parties
                ),
            )
        )
    slugs = [party.slug for party in terms.parties]
    gave = flows(old.shares, slugs) if old else set()
    gives = flows(new.shares, slugs)
    for said in shares_said(gives - gave, terms):
        yield _("Newly shared: %s.") % said
    for said in shares_said(gave - gives, terms):
        yield _("No longer shared: %s.") % said


def shares_said(shares: Iterable[Share], terms: Terms) -> list[str]:
    """Say what is shared; a class that every party gives every other is said once."""
    given, slugs, said = set(shares), [party.slug for party in terms.parties], []
    for data_class, audience in sorted({(s.data_class, s.audience) for s in given}):
        of_class = {s for s in given if (s.data_class, s.audience) == (data_class, audience)}
        mutual = [Share(data_class, slug, EVERY_OTHER, audience) for slug in slugs]
        if flows(of_class, slugs) == flows(mutual, slugs):
            values = {"what": data_class.label, "audience": audience.label}
            said.append(_("%(what)s, from each party to every other (%(audience)s)") % values)
        else:
            said += [share_said(share, terms) for share in sorted(of_class)]
    return said


def share_said(share: Share, terms: Terms) -> str:
    """Say a share: "offers, from A to B, for members of the partner network"."""
    receiver = _("all other parties")
    if share.receiver != EVERY_OTHER:
        receiver = terms.party(share.receiver).name
    elif len(terms.parties) == 2:  # then the other has a name
        receiver = terms.others_than(share.giver)[0].name
    return _("%(what)s, from %(giver)s to %(receiver)s (%(audience)s)") % {
        "what": DataClass(share.data_class).label,
        "giver": terms.party(share.giver).name,
        "receiver": receiver,
        "audience": share.audience.label,
    }


def renewal_of(terms: Terms | Agreement) -> str:
    """Say what happens at the end of the term."""
    said = str(terms.get_renewal_display())
    if terms.renewal == Agreement.Renewal.AUTOMATIC:
        said = _("%(said)s; each time for %(months)s months") % {
            "said": said,
            "months": terms.renewal_months,
        }
    return _("%(said)s; notice: %(months)s months") % {
        "said": said,
        "months": terms.notice_months,
    }


def said_day(day: dt.date | None) -> str:
    return date_format(day) if day else ""


def _label(model: type[Agreement] | type[Clause], name: str) -> str:
    label = str(getattr(model._meta.get_field(name), "verbose_name", name))
    return label[:1].upper() + label[1:]


def _lines(rows: tuple[tuple[str, str, str], ...]) -> Iterator[str]:
    for label, old, new in rows:
        if old == new:
            continue
        if not old:
            yield _("%(what)s: “%(new)s” is added.") % {"what": label, "new": new}
        elif not new:
            yield _("%(what)s: “%(old)s” is left out.") % {"what": label, "old": old}
        else:
            values = {"what": label, "old": old, "new": new}
            yield _("%(what)s: “%(old)s” becomes “%(new)s”.") % values
