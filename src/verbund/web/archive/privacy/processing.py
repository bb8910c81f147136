"""The record of processing between networks, and an arrangement to begin with.

Both are made of the agreements in force (Art. 26 and 30 GDPR): who is responsible with whom, what
for, which data of whom, who receives them, on what basis and for how long.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from verbund.web.agreements.models import Agreement, Clause, SharingRule, is_in_force
from verbund.web.core.pdf import Block, Document, Facts, Heading, Listing, Paragraph, Table
from verbund.web.core.registries import Text
from verbund.web.core.retention import months_of, periods
from verbund.web.core.texts import current_language, text_of
from verbund.web.networks.models import DataClass, Network
from verbund.web.networks.rules import Viewer

_BY_CONSENT = gettext_lazy("consent of the organisation and the person (Art. 6(1)(a) GDPR)")
_BY_INTEREST = gettext_lazy(
    "purpose of the membership and legitimate interest in the cooperation (Art. 6(1)(b) and (f)"
    " GDPR); an objection takes effect at once"
)
_DATA: dict[str, tuple[Text, Text, Text]] = {
    # what it consists of, whose data they are, legal basis
    DataClass.PROFILE: (
        gettext_lazy("name, place, website, texts and topics of the organisation"),
        gettext_lazy("organisations; persons only where a firm bears their name"),
        _BY_INTEREST,
    ),
    DataClass.OFFERS: (
        gettext_lazy("offers with quantity, readiness and deadline"),
        gettext_lazy("organisations"),
        _BY_INTEREST,
    ),
    DataClass.REQUESTS: (
        gettext_lazy("requests with deadline; without a name where they are anonymous"),
        gettext_lazy("organisations"),
        _BY_INTEREST,
    ),
    DataClass.CONTACT: (
        gettext_lazy("name, function, mail address, phone"),
        gettext_lazy("contact persons of members"),
        _BY_CONSENT,
    ),
    DataClass.FIGURES: (
        gettext_lazy("employees, turnover, balance-sheet total"),
        gettext_lazy("organisations"),
        _BY_CONSENT,
    ),
    DataClass.DOCUMENTS: (
        gettext_lazy("results of activities, who took part, documents of the agreement"),
        gettext_lazy("people who take part in activities, staff of the offices"),
        _BY_INTEREST,
    ),
}


@dataclass(frozen=True)
class Shared:
    """One class of data that one clause shares."""

    purpose: str
    data_class: str
    content: str
    persons: str
    giver: str
    receiver: str
    basis: str

    @property
    def cells(self) -> tuple[str, ...]:
        return (
            self.purpose, self.data_class, self.content, self.persons, self.giver,
            self.receiver, self.basis,
        )  # fmt: skip


@dataclass(frozen=True)
class Processing:
    """What is processed under one agreement."""

    agreement: Agreement
    controllers: list[Network]
    shared: list[Shared]
    term: str
    erasure: str

    @property
    def title(self) -> str:
        return str(text_of(self.agreement, "title"))

    @property
    def contacts(self) -> list[str]:
        return [
            ", ".join(filter(None, (one.full_name or one.name, one.email, one.website)))
            for one in self.controllers
        ]

    @property
    def facts(self) -> list[tuple[str, str]]:
        return [
            (_("Responsible"), "; ".join(self.contacts)),
            (_("Purposes"), "; ".join(dict.fromkeys(one.purpose for one in self.shared))),
            (_("Term"), self.term),
            (_("Erasure"), self.erasure),
            (
                _("Third countries"),
                _("none: data stay on the server of this installation"),
            ),
        ]


def headings() -> tuple[str, ...]:
    return (
        _("Purpose"), _("Data"), _("Content"), _("Whose data"), _("From"), _("To"),
        _("Legal basis"),
    )  # fmt: skip


def records(viewer: Viewer, on: dt.date) -> list[Processing]:
    """Return what an office's network processes together with others, agreement by agreement."""
    found = (
        Agreement.objects.filter(is_in_force(on), signing__network__in=viewer.managed)
        .distinct()
        .prefetch_related("signing__network", "clauses__rules__giver", "clauses__rules__receiver")
    )
    return [_processing(agreement, on) for agreement in found]


def _processing(agreement: Agreement, on: dt.date) -> Processing:
    parties = [party.network for party in agreement.signing.all()]
    clauses = [clause for clause in agreement.clauses.all() if _holds(clause, on)]
    return Processing(
        agreement,
        parties,
        [
            _shared(clause, rule)
            for clause in clauses
            for rule in clause.rules.all()
            if _holds(rule, on)
        ],
        _term(agreement),
        _erasure(on),
    )


def _holds(thing: Clause | SharingRule, on: dt.date) -> bool:
    has_begun = thing.valid_from is None or thing.valid_from <= on
    return has_begun and (thing.valid_until is None or thing.valid_until >= on)


def _shared(clause: Clause, rule: SharingRule) -> Shared:
    content, persons, basis = _DATA[rule.data_class]
    to = rule.receiver.name if rule.receiver else _("every other party")
    audience = _("office") if rule.audience == SharingRule.Audience.MANAGERS else _("members")
    return Shared(
        purpose=f"{clause.number}. {text_of(clause, 'title') or clause.get_field_display()}",
        data_class=capfirst(str(rule.get_data_class_display())),
        content=str(content),
        persons=str(persons),
        giver=rule.giver.name if rule.giver else _("every party"),
        receiver=f"{to} ({audience})",
        basis=str(basis),
    )


def _term(agreement: Agreement) -> str:
    first = date_format(agreement.valid_from) if agreement.valid_from else _("signing")
    if agreement.valid_until is None:
        return _("from %(first)s, open-ended") % {"first": first}
    return _("from %(first)s to %(last)s") % {
        "first": first,
        "last": date_format(agreement.valid_until),
    }


def _erasure(on: dt.date) -> str:
    months = {period.key: months_of(period, on) for period in periods}
    return _(
        "The day after the end, or at once after an objection or withdrawal, the data are gone from"
        " the partner's pages. Mails are kept for %(mails)d months, who saw a request for"
        " %(sightings)d months, the audit log for %(audit)d months."
    ) % {key: months.get(key, 0) for key in ("mails", "sightings", "audit")}


def as_document(found: Iterable[Processing], on: dt.date) -> Document:
    """Return the record as a document, for supervisory authorities and binders."""
    blocks: list[Block] = []
    for one in found:
        blocks += [
            Heading(one.title),
            Facts(one.facts),
            Table(headings(), [shared.cells for shared in one.shared], (3, 2, 4, 3, 2, 3, 4)),
        ]
    if not blocks:
        blocks = [Paragraph(_("No agreement is in force: nothing is processed between networks."))]
    return Document(
        _("Record of processing between networks"),
        current_language(),
        subtitle=_("Art. 30 GDPR, as of %(day)s") % {"day": date_format(on)},
        blocks=blocks,
    )


def arrangement(one: Processing, on: dt.date) -> Document:
    """Return a text for an arrangement between joint controllers, made of one agreement."""
    names = _(" and ").join(network.full_name or network.name for network in one.controllers)
    purposes = "; ".join(dict.fromkeys(shared.purpose for shared in one.shared))
    classes = ", ".join(dict.fromkeys(shared.data_class for shared in one.shared))
    values = {"names": names, "purposes": purposes, "classes": classes, "title": one.title}
    sections: tuple[tuple[str, str], ...] = (
        (
            _("Parties and subject"),
            _(
                "%(names)s process personal data together as far as the agreement “%(title)s” says"
                " so. This arrangement says who does what (Art. 26(1) GDPR)."
            ),
        ),
        (_("Purposes"), _("The purposes are those of the clauses: %(purposes)s.")),
        (
            _("Data"),
            _(
                "Shared are: %(classes)s. Contact persons and figures are shared only after"
                " consent, everything else unless the organisation objects."
            ),
        ),
        (
            _("Who does what"),
            _(
                "Each party collects the data of its own members, informs them (Art. 13 and 14"
                " GDPR), asks for their consent and keeps it in the consent log. The parties run"
                " Verbund together or have it run by a processor (Art. 28 GDPR)."
            ),
        ),
        (
            _("Rights of persons"),
            _(
                "Persons may turn to either party. The party whose member they belong to answers"
                " within a month: information and a copy by the data file, correction, erasure,"
                " objection. The other party helps without delay."
            ),
        ),
        (
            _("Security and breaches"),
            _(
                "The parties protect the data as the state of the art requires (Art. 32 GDPR). Who"
                " learns of a breach tells the other parties within 24 hours; the party whose"
                " members are concerned reports it (Art. 33 and 34 GDPR)."
            ),
        ),
        (_("Term and erasure"), f"{capfirst(one.term)}. {one.erasure}"),
        (
            _("Information of the persons"),
            _(
                "The essence of this arrangement stands in the privacy notice of each party"
                " (Art. 26(2) GDPR)."
            ),
        ),
    )
    blocks: list[Block] = [
        Paragraph(
            _(
                "A text to begin with, made of the agreement as it is in force. Have it checked by"
                " your data protection officer before you sign it."
            )
        )
    ]
    for number, (title, text) in enumerate(sections, start=1):
        blocks += [Heading(f"{number}. {title}"), Paragraph(text % values)]
    return Document(
        _("Arrangement between joint controllers"),
        current_language(),
        subtitle=one.title,
        blocks=[*blocks, Heading(_("Responsible")), Listing(one.contacts)],
        footer=date_format(on),
    )
