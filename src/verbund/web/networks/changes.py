"""Words of the audit log for networks, legal pages, accounts and roles."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from verbund.web.accounts.models import User
from verbund.web.core.auditing import INSTALLATION, Audited, Changes, announce_kind
from verbund.web.core.services import today
from verbund.web.networks.models import LegalPage, Membership, Network, Organisation, Role, holds
from verbund.web.networks.queries import people_known_to, roles_known_to


def announce_changes() -> None:
    announce_kind(Network, _NETWORK)
    announce_kind(LegalPage, _LEGAL_PAGE)
    announce_kind(User, _ACCOUNT)
    announce_kind(Role, _ROLE)


def homes_of(organisation: Organisation | int | None) -> Iterable[int]:
    """Return the networks that hold an organisation today: their offices know what it does."""
    rows = Membership.objects.filter(holds(today()), organisation=organisation)
    return rows.values_list("network_id", flat=True)


def _offices_of_role(role: Role, verb: str, changes: Changes) -> Iterable[int | None]:
    return [role.network_id] if role.network_id else homes_of(role.organisation_id)


def _offices_of_person(person: User, verb: str, changes: Changes) -> Iterable[int]:
    """Return where a person has a role; an account that has none yet is the operator's affair."""
    roles = Role.objects.filter(holds(today()), user=person)
    found = {office for role in roles for office in _offices_of_role(role, verb, changes) if office}
    return found or {INSTALLATION}


_NETWORK = Audited(
    _("network"),
    said={
        "make_network": _("%(who)s began the network %(what)s"),
        "change_network": _("%(who)s changed the appearance or addresses of %(what)s"),
        "set_up": _("%(who)s set up the installation with %(what)s"),
        "recompute": _("%(who)s looked for suggestions for members of %(what)s"),
        "archive": _("%(who)s wrote an archive of %(what)s"),
        "take_in_archive": _("%(who)s read an archive of %(what)s into the installation"),
    },
    offices=lambda network, verb, changes: [network.pk],
    seen=lambda viewer, on: Network.objects.all(),
    keeps_name=True,
)
_LEGAL_PAGE = Audited(
    _("legal page"),
    said={"write_legal_page": _("%(who)s published the legal page %(what)s")},
    offices=lambda page, verb, changes: [page.network_id],
    seen=lambda viewer, on: LegalPage.objects.select_related("network"),
    keeps_name=True,
)
_ACCOUNT = Audited(
    _("account"),
    said={
        "make_account": _("%(who)s made an account for %(what)s"),
        "change_sign_in": _("%(who)s changed how the account of %(what)s is opened"),
        "erase": _("%(who)s erased a person: %(what)s"),
        "change_account": _("%(who)s changed name or language of the account of %(what)s"),
    },
    offices=_offices_of_person,
    seen=people_known_to,
)
_ROLE = Audited(
    _("role"),
    said={
        "invite_person": _("%(who)s gave a role: %(what)s"),
        "ask_for_person": _("%(who)s asked the other side to agree to a role: %(what)s"),
        "agree_to_person": _("%(who)s agreed to a role: %(what)s"),
        "refuse_person": _("%(who)s refused a role: %(what)s"),
        "change_role": _("%(who)s changed a role: %(what)s"),
        "remind_person": _("%(who)s sent an invitation once more: %(what)s"),
        "end_role": _("%(who)s ended a role: %(what)s"),
        "restore_role": _("%(who)s gave a role back: %(what)s"),
    },
    offices=_offices_of_role,
    seen=roles_known_to,
)
