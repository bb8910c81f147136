"""What claims announce to the others: the task of those who are asked."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from verbund.web.core.registries import Task, tasks
from verbund.web.directory.claims.queries import waiting_claims
from verbund.web.networks.models import MembershipClaim
from verbund.web.networks.rules import Viewer


def announce_claims() -> None:
    tasks.add("claims", _tasks, place=15)


def _tasks(viewer: Viewer, on: dt.date) -> list[Task]:
    """Return one task for each network that asks."""
    if not (viewer.managed or viewer.organisations):
        return []
    by_network: dict[str, list[MembershipClaim]] = defaultdict(list)
    for claim in waiting_claims(viewer, on):
        by_network[claim.network.name].append(claim)
    return [_task(network, claims) for network, claims in by_network.items()]


def _task(network: str, claims: list[MembershipClaim]) -> Task:
    values = {"network": network, "name": claims[0].organisation.name, "n": len(claims)}
    return Task(
        len(claims),
        ngettext(
            "%(network)s says that %(name)s is a member there, too",
            "%(network)s says that %(n)s organisations are members there, too",
            len(claims),
        )
        % values,
        _("Until somebody here says yes, it sees no more of it than before."),
        _("Say yes or no"),
        reverse("claims"),
    )
