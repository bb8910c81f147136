"""The mails that ask whether a profile is still right, or invite to a first one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from verbund.web.core import letters
from verbund.web.core.addresses import address_row
from verbund.web.core.letters import Button, Letter
from verbund.web.core.models import Mail
from verbund.web.core.texts import LANGUAGES
from verbund.web.directory.confirming import tokens
from verbund.web.directory.confirming.queries import CONFIRM
from verbund.web.directory.models import Profile
from verbund.web.directory.recipients import Recipient
from verbund.web.networks.models import Network


@dataclass(frozen=True)
class Question:
    """A profile somebody is asked about, and in whose name."""

    profile: Profile
    network: Network
    signature: str
    reply_to: str
    is_reminder: bool = False

    @property
    def language(self) -> str:
        own = self.profile.organisation.language
        return own if own in LANGUAGES else self.network.language


def ask(question: Question, people: list[Recipient]) -> list[Mail]:
    with translation.override(question.language):
        return [
            letters.post(
                _letter(question, person),
                person.email,
                about=CONFIRM,
                language=question.language,
                reply_to=question.reply_to,
                network_key=question.network.slug,
            )
            for person in people
        ]


def _letter(question: Question, person: Recipient) -> Letter:
    profile, link = question.profile, link_for(question.profile, person)
    subject, paragraphs, buttons = (
        _again(question, link, profile.confirmed_on)
        if profile.confirmed_on
        else _first(question, link)
    )
    if question.is_reminder:
        subject = _("Reminder: %(subject)s") % {"subject": subject}
    return Letter(
        subject=subject,
        greeting=_("Dear %(name)s,") % {"name": person.name},
        paragraphs=paragraphs,
        sender=str(question.network),
        signature=question.signature,
        buttons=buttons,
        note=_(
            "No sign-in is needed. The link is for you, for this profile, and for %(days)d days."
        )
        % {"days": tokens.DAYS},
        basis=_("You get this because %(name)s is a member of %(network)s.")
        % {"name": profile.organisation, "network": question.network},
    )


def link_for(profile: Profile, person: Recipient) -> str:
    ticket = tokens.Ticket(
        profile.organisation_id,
        address_row(person.email).pk,
        person.name,
        profile.asked_on,
        profile.confirmed_on,
    )
    return settings.URL + reverse("profile_by_link", args=[tokens.sign(ticket)])


_Content = tuple[str, list[str], list[Button]]


def _first(question: Question, link: str) -> _Content:
    names = {"name": question.profile.organisation, "network": question.network}
    return (
        _("What does %(name)s offer, what is it looking for?") % names,
        [
            _(
                "%(network)s brings members together with each other and with partner networks."
                " For that it helps to know what %(name)s does, offers and is looking for."
            )
            % names,
            _(
                "What we know already is filled in. There are five questions; it takes about ten"
                " minutes, and you can stop and go on later."
            ),
        ],
        [
            Button(_("Answer the five questions"), f"{link}about/", is_primary=True),
            Button(_("See what is there"), link),
        ],
    )


def _again(question: Question, link: str, confirmed_on: dt.date) -> _Content:
    names = {"name": question.profile.organisation}
    return (
        _("Is everything about %(name)s still right?") % names,
        [
            _(
                "The profile of %(name)s was last confirmed on %(day)s. Twice a year we ask whether"
                " it is still right: others rely on it, and a confirmed profile stands further up."
            )
            % (names | {"day": date_format(confirmed_on, "DATE_FORMAT")}),
            _("One look is enough: you see the whole profile and who can see it."),
        ],
        [
            Button(_("Look and confirm"), link, is_primary=True),
            Button(_("Change something"), f"{link}#profile"),
        ],
    )
