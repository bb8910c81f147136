"""What each role may do, as invitations, forms and the list of people say it."""

from __future__ import annotations

import datetime as dt

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from verbund.web.networks.models import Role, holds

OFFICE_KINDS = (Role.Kind.MANAGER, Role.Kind.EDITOR, Role.Kind.READER, Role.Kind.SIGNATORY)
WHAT_IT_DOES: dict[Role.Kind, Promise] = {
    Role.Kind.MANAGER: _(
        "does everything for the network: agreements, roles, settings, consents on behalf of"
        " members"
    ),
    Role.Kind.EDITOR: _(
        "keeps members' data and lists, plans activities, decides suggestions and introductions"
    ),
    Role.Kind.READER: _("sees what the office sees and changes nothing"),
    Role.Kind.SIGNATORY: _("reads agreements and signs them for the network"),
    Role.Kind.REPRESENTATIVE: _(
        "speaks for a member: its profile, offers, requests, consents and introductions"
    ),
}


def consequences_of_end(role: Role, on: dt.date) -> list[str]:
    """Say what follows if a role ends, before it does."""
    lines = [gettext("It holds at once. Account and history stay, and the person gets a mail.")]
    where = {"network": role.network} if role.network else {"organisation": role.organisation}
    others = Role.objects.filter(holds(on), kind=role.kind, **where).exclude(pk=role.pk)
    if not others.exists():
        lines += [
            text % {"what": role.network or role.organisation}
            for kind, text in _WITHOUT_ANY
            if kind == role.kind
        ]
    return lines


_WITHOUT_ANY = (
    (Role.Kind.SIGNATORY, _("Nobody can sign agreements for %(what)s then.")),
    (
        Role.Kind.REPRESENTATIVE,
        _("Nobody speaks for %(what)s then: questions to it go to your office."),
    ),
)
