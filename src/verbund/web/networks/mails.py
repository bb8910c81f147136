"""Mails about people and their roles."""

from __future__ import annotations

import datetime as dt
from typing import cast

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from verbund.web.core import outbox
from verbund.web.core.models import Mail
from verbund.web.core.services import today
from verbund.web.networks.models import Membership, Network, Organisation, Role, holds
from verbund.web.networks.queries import answers_to, other_homes_of, representatives_of
from verbund.web.networks.roles import WHAT_IT_DOES

INVITATION = "invitation"


def invitation(role: Role, network: Network, *, by: str) -> Mail:
    """Tell a person which role they have, who gave it, and how to come in without a password."""
    with translation.override(role.user.language):
        door = f"{settings.URL}{reverse('account_request_login_code')}"
        context = {
            "role": role,
            "network": network,
            "by": by,
            "door": door,
            "does": WHAT_IT_DOES[Role.Kind(role.kind)],
        }
        return outbox.post(
            role.user.email,
            gettext("%(network)s invites you to Verbund") % {"network": network.name},
            render_to_string("networks/mail_invitation.txt", context),
            about=INVITATION,
            language=role.user.language,
            reply_to=answers_to(network, today()),
            sender=network.name,
            network_key=network.slug,
        )


def role_ended(role: Role, *, by: str) -> Mail:
    """Tell a person that a role of theirs has ended, and who ended it."""
    with translation.override(role.user.language):
        what, network = role.network or role.organisation, role.network or _home_of(role)
        return outbox.post(
            role.user.email,
            gettext("Your role for %(what)s has ended") % {"what": what},
            render_to_string("networks/mail_role_ended.txt", {"role": role, "by": by}),
            about=INVITATION,
            language=role.user.language,
            reply_to=answers_to(network, today()) if network else "",
            sender=network.name if network else "",
            network_key=network.slug if network else "",
        )


def _home_of(role: Role) -> Network | None:
    inside = Membership.objects.filter(holds(today()), organisation=role.organisation)
    membership = inside.select_related("network").order_by("network__name").first()
    return membership.network if membership else None


def ask_about_person(role: Role, network: Network, *, on: dt.date) -> None:
    """Ask those who speak for an organisation about one more; where nobody does, its offices."""
    organisation = cast("Organisation", role.organisation)
    asked = representatives_of(organisation, on)
    if not asked.exists():
        offices = other_homes_of(organisation, network, on)
        asked = Role.objects.filter(holds(on), network__in=offices, kind=Role.Kind.MANAGER)
    for one in asked.select_related("user"):
        with translation.override(one.user.language):
            where = f"{settings.URL}{reverse('people_asked')}"
            outbox.post(
                one.user.email,
                gettext("May this person speak for %(organisation)s?")
                % {"organisation": organisation},
                render_to_string(
                    "networks/mail_asked.txt",
                    {"role": role, "network": network, "reader": one.user, "where": where},
                ),
                about=INVITATION,
                language=one.user.language,
                reply_to=answers_to(network, on),
                sender=network.name,
                network_key=network.slug,
            )
