"""PDF files and workbooks: the text of an agreement, and the review of a year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from verbund.web.agreements.answers import Answer, answers_to
from verbund.web.agreements.days import signed_day
from verbund.web.agreements.differences import Difference, differences, renewal_of, shares_said
from verbund.web.agreements.models import Activity, Agreement, Clause, SharingRule, Version
from verbund.web.agreements.queries import (
    Progress,
    clauses_in,
    progress_of,
    terms_before,
    versions_of,
)
from verbund.web.agreements.terms import ClauseTerms, Terms, live_terms, terms_of
from verbund.web.core.exports import Sheet
from verbund.web.core.pdf import Block, Document, Facts, Heading, Listing, Paragraph, Table
from verbund.web.core.texts import current_language, text_of


def text_of_version(version: Version) -> Document:
    """Return the whole text of a version with the record of its signatures."""
    terms = terms_of(version.content)
    before = terms_before(version)
    said = _("Version %(number)s, %(state)s") % {
        "number": version.number,
        "state": version.get_state_display(),
    }
    return Document(
        title=str(text_of(terms, "title")),
        language=current_language(),
        subtitle=f"{terms.get_kind_display()}\n{said}",
        author=" · ".join(party.name for party in terms.parties),
        footer=f"SHA-256 {version.digest[:16]}…" if version.digest else _("Draft"),
        blocks=[
            *_head(version.agreement, terms),
            *(block for clause in terms.clauses for block in _clause(clause, terms)),
            *(_changed(before, version) if before else ()),
            *_signatures(version),
        ],
    )


def _head(agreement: Agreement, terms: Terms) -> Iterator[Block]:
    yield Heading(_("The parties"))
    yield Listing(
        [
            ": ".join(
                filter(
                    None,
                    (
                        party.full_name or party.name,
                        ", ".join(filter(None, (party.signatory, party.signatory_role))),
                    ),
                )
            )
            for party in terms.parties
        ]
    )
    if aim := text_of(terms, "aim"):
        yield Heading(_("Aim"))
        yield Paragraph(str(aim))
    yield Heading(_("Term"))
    facts = [
        (_("Signed"), ", ".join(filter(None, (signed_day(agreement), terms.signed_at)))),
        (_("In force from"), _day(terms.valid_from) or _("the day of signing")),
        (_("In force until"), _day(terms.valid_until) or _("it is ended")),
        (_("Takes effect on"), _day(terms.takes_effect_on)),
        (_("At the end of the term"), renewal_of(terms)),
        (_("Next review"), _day(terms.review_on)),
    ]
    yield Facts([(name, value) for name, value in facts if value])


def _clause(clause: ClauseTerms, terms: Terms) -> Iterator[Block]:
    title = str(text_of(clause, "title")) or clause.get_field_display()
    yield Heading(_("Clause %(number)s: %(title)s") % {"number": clause.number, "title": title})
    for text in (text_of(clause, "aim"), text_of(clause, "measures")):
        if text:
            yield Paragraph(str(text))
    yield Facts(
        [
            (_("Field of cooperation"), clause.get_field_display()),
            (_("Activities planned a year"), str(clause.planned_a_year)),
            *(
                (_("Responsible at %s") % terms.party(slug).name, name)
                for slug, name in clause.responsible
            ),
        ]
    )
    if clause.shares:
        yield Paragraph(_("For this clause the parties share of their members' data:"))
        yield Listing(shares_said(clause.shares, terms))
    else:
        yield Paragraph(_("For this clause no members' data are shared."))


def _changed(before: Terms, version: Version) -> Iterator[Block]:
    yield Heading(_("What this version changes"))
    if version.reason:
        yield Paragraph(version.reason)
    for one in differences(before, terms_of(version.content)):
        yield Heading(one.place, level=2)
        yield Listing(one.sentences)


def _signatures(version: Version) -> Iterator[Block]:
    yield Heading(_("Signatures"))
    answers = answers_to(version)
    if version.is_signed_on_paper:
        yield Paragraph(_("Signed on paper."))
    elif not any(answer.signature for answer in answers):
        yield Paragraph(_("Nobody has signed this version yet."))
    else:
        yield Table(
            [
                _("Party"),
                _("Name and role"),
                pgettext("to a text", "Answer"),
                _("Fingerprint of the text"),
            ],
            [_answer(answer) for answer in answers],
            [3, 5, 4, 5],
        )
    if version.digest:
        yield Paragraph(
            _("Fingerprint of this text (SHA-256 of its canonical form): %s") % version.digest
        )


def _answer(answer: Answer) -> list[str]:
    signature = answer.signature
    if signature is None:
        return [answer.network.name, "–", _("not signed yet"), "–"]
    at = date_format(localtime(signature.at), "DATETIME_FORMAT")
    said = _("refused on %s") if signature.is_refusal else _("signed on %s")
    match = _("matches this text") if answer.matches else _("does not match this text")
    return [
        answer.network.name,
        "\n".join(filter(None, (signature.name, signature.role))),
        said % at,
        f"{signature.digest}\n{match}",
    ]


def _day(day: dt.date | None) -> str:
    return date_format(day) if day else ""


# ---------------------------------------------------------------- the review of a year


def review_of(agreement: Agreement, year: int, on: dt.date) -> Document:
    """Return what became of an agreement in a year."""
    progress = progress_of(clauses_in(agreement, year), year)
    title = str(text_of(agreement, "title"))
    return Document(
        title=_("Review of %(year)s: %(title)s") % {"year": year, "title": title},
        language=current_language(),
        subtitle=_("As of %s") % date_format(on),
        author=" · ".join(party.network.name for party in agreement.signing.all()),
        footer=title,
        blocks=[
            Heading(_("Promised and held")),
            _overview(progress),
            *(block for line in progress for block in _held(line.clause, year)),
            *_changes_in(agreement, year),
            *_outlook(agreement),
        ],
    )


def _state_of(line: Progress) -> str:
    return {"kept": _("kept"), "going": _("under way"), "open": _("open")}[line.tally.state]


def _title_of(clause: Clause) -> str:
    return f"{clause.number} {text_of(clause, 'title') or clause.get_field_display()}"


def _overview(progress: Iterable[Progress]) -> Block:
    return Table(
        [_("Clause"), _("Promised"), _("Held"), _("Planned"), _("State")],
        [
            [
                _title_of(line.clause),
                str(line.tally.promised),
                str(line.tally.held),
                str(line.tally.planned),
                _state_of(line),
            ]
            for line in progress
        ],
        [8, 2, 3, 2, 3],
    )


def _held(clause: Clause, year: int) -> Iterator[Block]:
    """Tell what was done under a clause; introductions, of which there are many, as a number."""
    done = _activities(clause, year)
    if not done:
        return
    yield Heading(_title_of(clause), level=2)
    introductions = [one for one in done if one.kind == Activity.Kind.INTRODUCTION]
    others = [one for one in done if one.kind != Activity.Kind.INTRODUCTION]
    if introductions:
        yield Paragraph(_introduced(introductions))
    if others:
        yield Table(
            [_("Date"), _("Activity"), _("State"), _("Participants"), _("Result")],
            [_activity(one) for one in others],
            [3, 6, 3, 3, 7],
        )


def _activities(clause: Clause, year: int) -> list[Activity]:
    return list(clause.activities.filter(date__year=year).order_by("date", "pk"))


def _introduced(introductions: list[Activity]) -> str:
    held = sum(one.state == Activity.State.HELD for one in introductions)
    return ngettext(
        "%(all)s introduction of members, of which %(held)s led to a talk.",
        "%(all)s introductions of members, of which %(held)s led to a talk.",
        len(introductions),
    ) % {"all": len(introductions), "held": held}


def _activity(activity: Activity) -> list[str]:
    where = ", ".join(filter(None, (str(activity.get_kind_display()), activity.place)))
    return [
        date_format(activity.date, "SHORT_DATE_FORMAT"),
        f"{text_of(activity, 'title')}\n{where}",
        str(activity.get_state_display()),
        "–" if activity.participants is None else str(activity.participants),
        str(text_of(activity, "result")) or "–",
    ]


def _changes_in(agreement: Agreement, year: int) -> Iterator[Block]:
    yield Heading(_("What changed in %s") % year)
    said = list(changes_of(agreement, year))
    if said:
        yield Listing([f"{date_format(day)}: {what}" for day, what in said])
    else:
        yield Paragraph(_("Nothing: text and sharing stayed as they were."))


def changes_of(agreement: Agreement, year: int) -> Iterator[tuple[dt.date, str]]:
    """Tell what changed in a year: texts that took effect, and what a party ended by itself."""
    found: list[tuple[dt.date, str]] = []
    for version in versions_of(agreement).filter(takes_effect_on__year=year):
        day = version.takes_effect_on or dt.date(year, 1, 1)
        before = terms_before(version)
        if before is None:
            found.append((day, _("The agreement takes effect.")))
            continue
        changed = differences(before, terms_of(version.content))
        number = _("Version %s takes effect.") % version.number
        found.append((day, f"{number} {_said(changed)}"))
    found += _narrowed(agreement, year)
    if agreement.terminated_on and agreement.terminated_on.year == year:
        found.append((agreement.terminated_on, _terminated(agreement)))
    yield from sorted(found)


def _narrowed(agreement: Agreement, year: int) -> Iterator[tuple[dt.date, str]]:
    """Tell what a party stopped giving by itself; what an amendment ended stands with its text."""
    rules = SharingRule.objects.filter(clause__agreement=agreement)
    ended = {rule.valid_until + dt.timedelta(days=1) for rule in rules if rule.valid_until}
    amended = set(agreement.versions.values_list("takes_effect_on", flat=True))
    for day in sorted(day for day in ended - amended if day.year == year):
        before = live_terms(agreement, day - dt.timedelta(days=1))
        yield day, _said(differences(before, live_terms(agreement, day)))


def _said(changed: Iterable[Difference]) -> str:
    return "; ".join(f"{one.place}: {' '.join(one.sentences)}" for one in changed)


def _terminated(agreement: Agreement) -> str:
    return _("%(party)s ended the agreement with %(day)s.") % {
        "party": agreement.terminated_by,
        "day": _day(agreement.valid_until),
    }


def _outlook(agreement: Agreement) -> Iterator[Block]:
    yield Heading(_("What comes next"))
    yield Facts(
        [
            (_("Next review"), _day(agreement.review_on) or _("not agreed")),
            (_("In force until"), _day(agreement.valid_until) or _("it is ended")),
            (_("At the end of the term"), renewal_of(agreement)),
        ]
    )


def sheets_of_review(agreement: Agreement, year: int) -> Iterator[Sheet]:
    """Return the same as tables: clauses, activities, changes."""
    progress = progress_of(clauses_in(agreement, year), year)
    yield (
        _("Clauses"),
        [
            _("Clause"),
            _("Field of cooperation"),
            _("Promised"),
            _("Held"),
            _("Planned"),
            _("State"),
        ],
        [
            [
                _title_of(line.clause),
                line.clause.get_field_display(),
                line.tally.promised,
                line.tally.held,
                line.tally.planned,
                _state_of(line),
            ]
            for line in progress
        ],
    )
    yield (
        _("Activities"),
        [
            _("Clause"),
            _("Date"),
            _("Kind"),
            _("Title"),
            _("Place"),
            _("State"),
            _("Participants"),
            _("Result"),
        ],
        [
            [
                _title_of(line.clause),
                one.date,
                str(one.get_kind_display()),
                str(text_of(one, "title")),
                one.place,
                str(one.get_state_display()),
                one.participants,
                str(text_of(one, "result")),
            ]
            for line in progress
            for one in _activities(line.clause, year)
        ],
    )
    yield _("Changes"), [_("Date"), _("What changed")], list(changes_of(agreement, year))
