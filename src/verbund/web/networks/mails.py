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
from verbund.web.networks.models import Network, Organisation, Role, holds
from verbund.web.networks.queries import other_homes_of, representatives_of
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
            reply_to=network.email,
            network_key=network.slug,
        )


def role_ended(role: Role, *, by: str) -> Mail:
    """Tell a person that a role of theirs has ended, and who ended it."""
    with translation.override(role.user.language):
        what = role.network or role.organisation
        return outbox.post(
            role.user.email,
            gettext("Your role for %(what)s has ended") % {"what": what},
            render_to_string("networks/mail_role_ended.txt", {"role": role, "by": by}),
            about=INVITATION,
            language=role.user.language,
            reply_to=role.network.email if role.network else "",
            network_key=role.network.slug if role.network else "",
        )


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
                reply_to=network.email,
                network_key=network.slug,
            )
