"""Mails about people and their roles."""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from verbund.web.core import outbox
from verbund.web.core.models import Mail
from verbund.web.networks.models import Network, Role

INVITATION = "invitation"


def invitation(role: Role, network: Network, *, by: str) -> Mail:
    """Tell a person which role they have, who gave it, and how to come in without a password."""
    with translation.override(role.user.language):
        door = f"{settings.URL}{reverse('account_request_login_code')}"
        context = {"role": role, "network": network, "by": by, "door": door}
        return outbox.post(
            role.user.email,
            gettext("%(network)s invites you to Verbund") % {"network": network.name},
            render_to_string("networks/mail_invitation.txt", context),
            about=INVITATION,
            language=role.user.language,
            reply_to=network.email,
            network_key=network.slug,
        )
