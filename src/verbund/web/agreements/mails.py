"""Mails about a text that is to be signed: laid before a signatory, refused, signed by all."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from verbund.web.accounts.models import User
from verbund.web.agreements.models import Version
from verbund.web.core import letters
from verbund.web.core.letters import Button, Letter
from verbund.web.core.services import today
from verbund.web.core.texts import text_of
from verbund.web.networks.models import Network, Role, holds
from verbund.web.networks.queries import answers_to

AGREEMENT = "agreement"

Written = Callable[[Version], tuple[str, str]]  # subject and text, in the reader's language


def ask_to_sign(version: Version) -> None:
    """Tell each party's signatories that a text waits for their answer."""

    def written(version: Version) -> tuple[str, str]:
        return _("To be signed: “%s”"), _(
            "The text is laid before you for signing. Please read it and sign it, or say why not:"
            " it holds once all parties have signed."
        )

    for party in version.agreement.signing.all():
        _post(version, party.network, written, button=True, to=[Role.Kind.SIGNATORY])


def tell_in_force(version: Version) -> None:
    """Tell the offices and signatories of all parties that all have signed."""
    day = version.takes_effect_on or version.agreement.valid_from

    def written(version: Version) -> tuple[str, str]:
        return _("Signed by all: “%s”"), _(
            "All parties have signed. The text holds from %(day)s, and so does what it shares."
        ) % {"day": date_format(day or today())}

    for party in version.agreement.signing.all():
        _post(version, party.network, written, to=[Role.Kind.MANAGER, Role.Kind.SIGNATORY])


def tell_refused(version: Version, network: Network, reason: str) -> None:
    """Tell the offices of all parties who did not sign, and why."""

    def written(version: Version) -> tuple[str, str]:
        return _("Not signed: “%s”"), _(
            "%(network)s has not signed. The reason given: “%(reason)s” The text is a draft again."
        ) % {"network": network, "reason": reason}

    for party in version.agreement.signing.all():
        _post(version, party.network, written, to=[Role.Kind.MANAGER])


def _post(
    version: Version,
    network: Network,
    written: Written,
    *,
    to: Iterable[Role.Kind],
    button: bool = False,
) -> None:
    roles = Role.objects.filter(holds(today()), network=network, kind__in=list(to))
    for person in User.objects.filter(is_active=True, pk__in=roles.values("user")).order_by("pk"):
        with translation.override(person.language):
            letters.post(
                _letter(version, network, person, written, _("Read and sign") if button else ""),
                person.email,
                about=AGREEMENT,
                language=person.language,
                reply_to=answers_to(network, today()),
                network_key=network.slug,
            )


def _letter(
    version: Version, network: Network, person: User, written: Written, button: str
) -> Letter:
    subject, text = written(version)
    agreement = version.agreement
    page = settings.URL + reverse("version", args=[agreement.slug, version.number])
    return Letter(
        subject=subject % text_of(agreement, "title"),
        greeting=_("Dear %(name)s,") % {"name": person},
        paragraphs=[text],
        sender=network.name,
        signature=network.full_name or network.name,
        cards=[[str(text_of(agreement, "title")), _parties(version)]],
        buttons=[Button(button or _("Read the text"), page, is_primary=True)],
        basis=_("You get this because you manage %(network)s or sign for it.")
        % {"network": network},
    )


def _parties(version: Version) -> str:
    return ", ".join(party.network.name for party in version.agreement.signing.all())
