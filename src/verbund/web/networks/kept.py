"""What networks keep about persons: roles, and who asked or answered."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from verbund.web.accounts.models import User
from verbund.web.accounts.services import forget_sign_in
from verbund.web.core.personal import Fate, Personal, announce_personal
from verbund.web.core.retention import Retention, announce_retention
from verbund.web.networks.models import Alias, MembershipClaim, Network, Organisation, Role


def announce_kept() -> None:
    announce_personal(_ROLES, place=10)
    announce_personal(_CLAIMS, place=30)
    announce_personal(_OFFICES, place=95)
    announce_personal(_FIRMS, place=96)
    announce_personal(_FIRM_NAMES, place=97)
    announce_retention(_FOR_ACCOUNTS)


def _close_accounts(before: dt.datetime) -> int:
    """Take the sign-in from accounts all of whose roles ended long ago; the name stays."""
    day = timezone.localdate(before)
    roles = Role.objects.filter(user=OuterRef("pk"))
    lasting = roles.filter(Q(valid_until=None) | Q(valid_until__gte=day))
    ended = User.objects.filter(Exists(roles), ~Exists(lasting), is_active=True, is_superuser=False)
    people = list(ended)
    for person in people:
        forget_sign_in(person)
    return len(people)


_ROLES = Personal(
    _("roles"),
    Role,
    _("What somebody may see and do follows from the roles."),
    Fate.DELETED,
    by_user=("user",),
    told=("kind", "network", "organisation", "valid_from", "valid_until"),
)
_CLAIMS = Personal(
    _("questions about memberships"),
    MembershipClaim,
    _("Who asked, and who answered, whether an organisation is a member."),
    Fate.NUMBERED,
    by_user=("asked_by", "answered_by"),
    told=("network", "organisation", "asked_at", "answered_at", "is_granted"),
)
_OFFICES = Personal(
    _("offices"),
    Network,
    _("The address of an office is published by the network and is not a person's."),
    Fate.KEPT,
    by_email=("email",),
    told=("name", "email"),
    kept=("name", "full_name", "email"),
)
_FIRMS = Personal(
    _("names of organisations"),
    Organisation,
    _("A firm may be called like its founder; its name is the firm's."),
    Fate.KEPT,
    kept=("name", "search"),
)
_FIRM_NAMES = Personal(
    _("further names of organisations"),
    Alias,
    _("A firm may be called like its founder; its name is the firm's."),
    Fate.KEPT,
    kept=("name",),
)
_FOR_ACCOUNTS = Retention(
    "accounts",
    _("Sign-in of people without a role"),
    _("For a year a role can be given back without a new invitation; then the account closes."),
    12,
    _close_accounts,
)
