"""What members get by mail: the question, a reminder, the other's contact person, a kind no."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from verbund.web.agreements.sharing import visible
from verbund.web.core import letters
from verbund.web.core.letters import Button, Letter
from verbund.web.core.models import Mail
from verbund.web.core.texts import LANGUAGES, text_of
from verbund.web.directory.models import ContactPerson
from verbund.web.directory.recipients import Recipient, people_to_reach
from verbund.web.networks.models import Network, Organisation, Role, holds
from verbund.web.networks.rules import Viewer
from verbund.web.partnering import tokens
from verbund.web.partnering.models import Introduction

SIDES = ("left", "right")
INTRODUCTION, CONTACT = "introduction", "contact"  # kinds of mails


@dataclass(frozen=True, slots=True)
class Seat:
    """An introduction as one of the two sees it."""

    introduction: Introduction
    side: str

    @property
    def own(self) -> Organisation:
        organisation: Organisation = getattr(self.introduction, self.side)
        return organisation

    @property
    def other(self) -> Organisation:
        organisation: Organisation = getattr(self.introduction, self._other_side)
        return organisation

    @property
    def network(self) -> Network:
        network: Network = getattr(self.introduction, f"{self.side}_network")
        return network

    @property
    def other_network(self) -> Network:
        network: Network = getattr(self.introduction, f"{self._other_side}_network")
        return network

    @property
    def subject(self) -> str:
        """The subject as the office wrote it; left as proposed, in this side's language."""
        suggestion, written = self.introduction.suggestion, self.introduction.subject
        if suggestion and written in (suggestion.topic_de, suggestion.topic_en):
            return text_of(suggestion, "topic", self.language).text
        return written

    @property
    def language(self) -> str:
        own = self.own.language
        return own if own in LANGUAGES else self.network.language

    @property
    def _other_side(self) -> str:
        return "right" if self.side == "left" else "left"


def ask(introduction: Introduction, on: dt.date) -> list[Mail]:
    """Ask both sides whether they want to talk."""
    return [mail for side in SIDES for mail in _send(Seat(introduction, side), _question, on)]


def remind(introduction: Introduction, side: str, on: dt.date) -> list[Mail]:
    return _send(Seat(introduction, side), _reminder, on)


def tell_agreed(introduction: Introduction, on: dt.date) -> list[Mail]:
    """Give each side the contact persons of the other; consent to it must have been noted."""

    def letter(seat: Seat, person: Recipient) -> Letter:
        return _agreed(seat, person, on)

    seats = [Seat(introduction, side) for side in SIDES]
    return [mail for seat in seats for mail in _send(seat, letter, on, about=CONTACT)]


def tell_declined(introduction: Introduction, side: str, on: dt.date) -> list[Mail]:
    """Tell a side that nothing comes of it now; why stays with who said so."""
    return _send(Seat(introduction, side), _declined, on)


def _send(
    seat: Seat,
    letter_for: Callable[[Seat, Recipient], Letter],
    on: dt.date,
    *,
    about: str = INTRODUCTION,
) -> list[Mail]:
    asked_by = seat.introduction.asked_by
    with translation.override(seat.language):
        return [
            letters.post(
                letter_for(seat, person),
                person.email,
                about=about,
                language=seat.language,
                reply_to=seat.network.email or (asked_by.email if asked_by else ""),
                network_key=seat.network.slug,
            )
            for person in people_to_reach(seat.own, on, about=about)
        ]


def _letter(
    seat: Seat, person: Recipient, subject: str, paragraphs: list[str], **parts: Any
) -> Letter:
    """Return a letter with what all of them have: greeting, sender, what it rests on."""
    return Letter(
        subject=subject,
        greeting=_("Dear %(name)s,") % {"name": person.name},
        paragraphs=paragraphs,
        sender=_sender(seat),
        signature=_signature(seat.introduction),
        basis=_basis(seat),
        page=settings.URL + reverse("introduction", args=[seat.introduction.pk]),
        **parts,
    )


def _sender(seat: Seat) -> str:
    if seat.network == seat.other_network:
        return str(seat.network)
    names = {"network": seat.network, "other": seat.other_network}
    return _("%(network)s with %(other)s") % names


def _signature(introduction: Introduction) -> str:
    """Name who asked, and the office they work for."""
    both = (introduction.left_network_id, introduction.right_network_id)
    role = Role.objects.filter(
        user=introduction.asked_by, kind=Role.Kind.MANAGER, network__in=both
    ).first()
    names = (introduction.asked_by, role.network if role else introduction.left_network)
    return ", ".join(str(name) for name in names if name)


def _basis(seat: Seat) -> str:
    clause = seat.introduction.clause
    if clause is None:
        return _("Basis: both are members of %(network)s.") % {"network": seat.network}
    return _("Basis: agreement of %(date)s, clause %(number)s, %(title)s.") % {
        "date": date_format(clause.agreement.day, "DATE_FORMAT"),
        "number": clause.number,
        "title": text_of(clause, "title").text or clause.get_field_display(),
    }


def _question(seat: Seat, person: Recipient) -> Letter:
    suggestion = seat.introduction.suggestion
    names = {"other": seat.other, "own": seat.own, "place": _place_of(seat.own)}
    url = settings.URL + reverse(
        "answer_by_mail",
        args=[tokens.sign(tokens.Ticket(seat.introduction.pk, seat.side, person.name))],
    )
    doubt = next(iter(suggestion.doubt_texts), "") if suggestion else ""
    return _letter(
        seat,
        person,
        _subject(seat),
        [*_language_note(seat), *seat.introduction.text.split("\n\n")],
        points_title=_("Why we write to you"),
        points=[*seat.introduction.reason_texts, suggestion.distance_text if suggestion else ""],
        remark=(_("What is open:"), doubt),
        buttons=[
            Button(_("Yes, introduce us"), f"{url}?answer=yes", is_primary=True),
            Button(_("No, it does not suit us"), f"{url}?answer=no"),
        ],
        note=_(
            "A click opens a page and asks once. No sign-in is needed. Without an answer nothing"
            " happens."
        ),
        box=(
            _("Who sees what?"),
            _(
                "%(other)s sees now: %(place)s, the subject, and what is quoted above. If both say"
                " yes, both see contact person, phone and mail. If you say no, %(other)s only"
                " learns that it does not suit at present."
            )
            % names,
        ),
    )


def _language_note(seat: Seat) -> list[str]:
    """Say which language follows, if it is not the reader's."""
    if seat.introduction.language == seat.language:
        return []
    if seat.introduction.language == "de":
        return [_("Your office wrote the following in German only.")]
    return [_("Your office wrote the following in English only.")]


def _place_of(organisation: Organisation) -> str:
    return ", ".join(filter(None, (organisation.name, organisation.city)))


def _subject(seat: Seat) -> str:
    """Say the news: what the other could do for this side."""
    names = {"other": seat.other, "subject": seat.subject}
    suggestion = seat.introduction.suggestion
    facts = suggestion.reasons[0]["facts"] if suggestion and suggestion.reasons else {}
    if facts.get("seeker") == str(seat.own.pk):
        return _("%(other)s could have what you are looking for: %(subject)s") % names
    if facts.get("answerer") == str(seat.own.pk):
        return _("%(other)s is looking for what you do: %(subject)s") % names
    return _("%(other)s and you could talk about: %(subject)s") % names


def _reminder(seat: Seat, person: Recipient) -> Letter:
    asked = _question(seat, person)
    first = _("On %(date)s we asked you the following and have no answer yet.") % {
        "date": date_format(seat.introduction.asked_at, "DATE_FORMAT")
    }
    return replace(
        asked,
        subject=_("Your answer is missing: %(subject)s") % {"subject": seat.subject},
        paragraphs=[first, *asked.paragraphs],
    )


def _agreed(seat: Seat, person: Recipient, on: dt.date) -> Letter:
    names = {"other": seat.other, "subject": seat.subject}
    theirs = ContactPerson.objects.filter(holds(on), organisation=seat.other)
    viewer = Viewer(organisations=frozenset((seat.own.pk,)))
    return _letter(
        seat,
        person,
        _("%(other)s wants to talk to you: %(subject)s") % names,
        [
            _(
                "You and %(other)s both said yes. This is whom to contact there; they have your"
                " details, too. The easiest thing is to write or call today."
            )
            % names
        ],
        cards=[_card(one, seat.other) for one in visible(theirs, to=viewer, on=on)],
        box=(
            _("Who sees what?"),
            _(
                "%(other)s now sees your contact person with phone and mail, for this introduction."
                " You can take that back at any time, under “Who sees what” on your profile."
            )
            % names,
        ),
    )


def _card(person: ContactPerson, organisation: Organisation) -> list[str]:
    first = ", ".join(filter(None, (person.name, person.function)))
    return [first, *filter(None, (organisation.name, person.phone, person.email))]


def _declined(seat: Seat, person: Recipient) -> Letter:
    names = {"other": seat.other, "subject": seat.subject}
    return _letter(
        seat,
        person,
        _("No talk with %(other)s for now: %(subject)s") % names,
        [
            _(
                "The introduction to %(other)s will not take place: it does not suit at present."
                " That says nothing about you. Nothing of yours was passed on beyond what stood in"
                " our question, and you need not do anything."
            )
            % names
        ],
    )


def linked(introduction: Introduction, mails: Iterable[Mail]) -> None:
    """Remember which mails went out for an introduction."""
    introduction.mails.add(*mails)
