"""Computing suggestions beside the web process: after changes, and every day."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection, Iterable
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

_AS_ONES = 10  # members computed one by one; for more a full run is asked for
_log = logging.getLogger(__name__)


@task()
def recompute_pair(left_id: int, right_id: int) -> int:
    """Recompute two networks that are still there; anything new a second run finds as well."""
    networks = Network.objects.in_bulk((left_id, right_id))
    if {left_id, right_id} - networks.keys():
        return 0
    return services.recompute(networks[left_id], networks[right_id], today())


@task()
def recompute_members(left_id: int, right_id: int, organisations: list[int]) -> int:
    """Compute the suggestions of some members anew; where that fails, those of all."""
    networks = Network.objects.in_bulk((left_id, right_id))
    if {left_id, right_id} - networks.keys():
        return 0
    left, right, on = networks[left_id], networks[right_id], today()
    try:
        return sum(services.recompute_member(left, right, key, on) for key in organisations)
    except Exception:
        _log.exception("Suggestions of a member could not be computed alone")
        return services.recompute(left, right, on)


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


@transaction.atomic
def ask_for_members(bond: Bond, organisations: Collection[int]) -> None:
    """Have the suggestions of some members recomputed.

    A full run does it where there was none yet, or one that has failed, waits, or has begun and may
    have read them before; and for so many members it is quicker.
    """
    run = BackgroundRun.objects.filter(kind=RUN_KIND, key=bond.key).first()
    is_done = run is not None and run.state == BackgroundRun.State.DONE
    if is_done and len(organisations) <= _AS_ONES:
        recompute_members.enqueue(bond.left.pk, bond.right.pk, sorted(organisations))
    else:
        ask_for(bond)


def ask_for_networks(networks: Iterable[int], **signal: Any) -> None:
    for bond in bonds(today(), of=set(networks)):
        ask_for(bond)


def follow_members(
    networks: Iterable[int], organisations: Collection[int] = (), **signal: Any
) -> None:
    """Follow what members say about themselves; where it is not said who, all is computed."""
    for bond in bonds(today(), of=set(networks)):
        if organisations:
            ask_for_members(bond, organisations)
        else:
            ask_for(bond)


def ask_for_all() -> None:
    """Agreements begin and end, entries expire: the day itself changes what may be suggested."""
    for bond in bonds(today()):
        ask_for(bond)


def listen() -> None:
    """Recompute when members' data or the rules of sharing change, and once a day."""
    profile_changed.connect(follow_members, dispatch_uid="partnering follows members")
    sharing_changed.connect(ask_for_networks, dispatch_uid="partnering recomputes")
    jobs.add("suggestions", PeriodicJob("suggestions", dt.timedelta(days=1), ask_for_all))
