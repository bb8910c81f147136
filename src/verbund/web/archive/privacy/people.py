"""Whom a data file or an erasure is about, and who may ask for it."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from verbund.web.accounts.models import User
from verbund.web.core.personal import Person
from verbund.web.directory.models import ContactPerson
from verbund.web.networks.models import Membership, Role, holds
from verbund.web.networks.rules import Viewer


def person_of(user: User) -> Person:
    return Person(user.email, user.name, user.pk)


def person_behind(contact: ContactPerson) -> Person:
    """Return the person a contact row is about, with the account of the same address if any."""
    user = User.objects.filter(email__iexact=contact.email).first() if contact.email else None
    return Person(contact.email, contact.name, user.pk if user else None)


def can_act_for(viewer: Viewer, contact: ContactPerson, on: dt.date) -> bool:
    """Managers answer contact persons of their own members who ask for their data or erasure."""
    return own_members(viewer, on).filter(organisation=contact.organisation_id).exists()


def own_members(viewer: Viewer, on: dt.date) -> QuerySet[Membership, int]:
    held = Membership.objects.filter(holds(on), network__in=viewer.managed)
    return held.values_list("organisation", flat=True)


def own_rows(viewer: Viewer, contact: ContactPerson, on: dt.date) -> QuerySet[ContactPerson]:
    """Return the rows of the same address with the office's own members."""
    same = Q(email__iexact=contact.email) if contact.email else Q(pk=contact.pk)
    return ContactPerson.objects.filter(same, organisation__in=own_members(viewer, on))


def is_all_own(viewer: Viewer, contact: ContactPerson, on: dt.date) -> bool:
    """Tell whether everything about a person lies with the office's own members.

    Only then an office erases the whole person; of others it erases its own part, and neither
    answer says that there is more elsewhere.
    """
    if not contact.email:
        return False
    own = own_members(viewer, on)
    elsewhere = ContactPerson.objects.filter(email__iexact=contact.email).exclude(
        organisation__in=own
    )
    roles = Role.objects.filter(holds(on), user__email__iexact=contact.email)
    foreign = roles.exclude(network__in=viewer.managed).exclude(organisation__in=own)
    is_operator = User.objects.filter(email__iexact=contact.email, is_superuser=True).exists()
    return not (elsewhere.exists() or foreign.exists() or is_operator)
