"""Computing suggestions beside the web process: after changes, and every day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django_tasks import task

from verbund.web.agreements.signals import sharing_changed
from verbund.web.core.models import BackgroundRun
from verbund.web.core.registries import PeriodicJob, jobs
from verbund.web.core.services import ask_run, today
from verbund.web.directory.signals import profile_changed
from verbund.web.networks.models import Network
from verbund.web.partnering import services
from verbund.web.partnering.queries import RUN_KIND, Bond, bonds


@task()
def recompute_pair(left_id: int, right_id: int) -> int:
    """Recompute two networks that are still there; anything new a second run finds as well."""
    networks = Network.objects.in_bulk((left_id, right_id))
    if {left_id, right_id} - networks.keys():
        return 0
    return services.recompute(networks[left_id], networks[right_id], today())


@transaction.atomic
def ask_for(bond: Bond, *, again: bool = False) -> None:
    """Have a pair of networks recomputed; a run that waits already will see this change as well.

    `again` asks in any case, should a waiting run have been lost.
    """
    waiting = BackgroundRun.objects.filter(
        kind=RUN_KIND, key=bond.key, state=BackgroundRun.State.WAITING
    )
    if again or not waiting.exists():
        ask_run(RUN_KIND, bond.key)
        recompute_pair.enqueue(bond.left.pk, bond.right.pk)


def ask_for_networks(networks: Iterable[int], **signal: Any) -> None:
    for bond in bonds(today(), of=set(networks)):
        ask_for(bond)


def ask_for_all() -> None:
    """Agreements begin and end, entries expire: the day itself changes what may be suggested."""
    for bond in bonds(today()):
        ask_for(bond)


def listen() -> None:
    """Recompute when members' data or the rules of sharing change, and once a day."""
    for signal in (profile_changed, sharing_changed):
        signal.connect(ask_for_networks, dispatch_uid="partnering recomputes")
    jobs.add("suggestions", PeriodicJob("suggestions", dt.timedelta(days=1), ask_for_all))
