"""Who may change what: the first line of every view that writes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.shortcuts import get_object_or_404

from verbund.web.accounts.models import User
from verbund.web.core.services import today
from verbund.web.directory.queries import home_networks, partners_of, sight_of
from verbund.web.networks.models import Network, Organisation
from verbund.web.networks.requests import Request
from verbund.web.networks.rules import can_consent_for, can_edit, can_edit_organisation


@dataclass(frozen=True)
class Desk:
    """An organisation that somebody may change, who that is, and on which day."""

    organisation: Organisation
    person: User
    on: dt.date
    homes: list[Network]
    partners: list[Network]
    is_office: bool
    edited: list[Network]
    may_release: bool

    @property
    def ends_in(self) -> list[Network]:
        """The networks in which this person may end the membership: members leave by themselves."""
        return self.edited if self.is_office else self.homes


def person_of(request: Request) -> User:
    """Return who is signed in; for views behind `login_required`."""
    return cast("User", request.user)


def posted(request: Request) -> QueryDict | None:
    """Return what was sent, an empty form too; None where the page was only asked for."""
    return request.POST if request.method == "POST" else None


def desk_of(request: Request, pk: int) -> Desk:
    """Return what editing needs; 404 if the organisation is not seen, 403 if it is not theirs."""
    viewer, on = request.viewer, today()
    organisation = get_object_or_404(sight_of(viewer, on).organisations, pk=pk)
    if not can_edit_organisation(viewer, organisation, on):
        raise PermissionDenied
    homes = home_networks(organisation, on)
    return Desk(
        organisation,
        person_of(request),
        on,
        homes,
        partners_of(homes, on),
        is_office=organisation.pk not in viewer.organisations,
        edited=[network for network in homes if can_edit(viewer, network)],
        may_release=can_consent_for(viewer, organisation, on),
    )
