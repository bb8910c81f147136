"""Activities: what is planned and held under a clause, typed in or recorded by another part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import override

from verbund.web.agreements.models import Activity, Clause
from verbund.web.core.services import record
from verbund.web.networks.models import Network

if TYPE_CHECKING:
    from verbund.web.accounts.models import User


@transaction.atomic
def plan_activity(activity: Activity, *, partners: Iterable[Network], by: User) -> Activity:
    """Write down something planned or held; the same thing typed in twice stays one."""
    Clause.objects.select_for_update().get(pk=activity.clause_id)
    twin = (
        Activity.objects.exclude(state=Activity.State.CANCELLED)
        .filter(
            clause=activity.clause,
            kind=activity.kind,
            date=activity.date,
            title_de=activity.title_de,
            title_en=activity.title_en,
        )
        .first()
    )
    if twin:
        return twin
    activity.recorded_by = by
    activity.save()
    activity.partners.set(partners)
    record(by, "plan_activity", activity, {"state": activity.state, "date": activity.date})
    return activity


@transaction.atomic
def change_activity(
    activity: Activity,
    *,
    by: User,
    changed: Iterable[str],
    partners: Iterable[Network] | None = None,
) -> Activity:
    """Change an activity; a file that was replaced or removed is deleted."""
    old_file = Activity.objects.get(pk=activity.pk).file
    activity.save()
    if partners is not None:
        activity.partners.set(partners)
    if old_file.name and old_file.name != activity.file.name:
        transaction.on_commit(partial(old_file.storage.delete, old_file.name))
    record(by, "change_activity", activity, {"fields": list(changed)})
    return activity


@transaction.atomic
def hold_activity(activity: Activity, *, by: User) -> Activity:
    """Keep that an activity took place, with its result."""
    activity.state = Activity.State.HELD
    activity.save()
    record(by, "hold_activity", activity, {"participants": activity.participants})
    return activity


def cancel_activity(activity: Activity, *, by: User) -> bool:
    """Cancel what is planned; tell whether that changed anything."""
    return _move(activity, "cancel_activity", Activity.State.CANCELLED, by, Activity.State.PLANNED)


def reopen_activity(activity: Activity, *, by: User) -> bool:
    """Plan again what was cancelled or held by mistake; tell whether that changed anything."""
    closed = (Activity.State.CANCELLED, Activity.State.HELD)
    return _move(activity, "reopen_activity", Activity.State.PLANNED, by, *closed)


@transaction.atomic
def _move(
    activity: Activity, verb: str, to: Activity.State, by: User, *come_from: Activity.State
) -> bool:
    moved = Activity.objects.filter(pk=activity.pk, state__in=come_from).update(state=to)
    if moved:
        activity.state = to
        record(by, verb, activity, {"state": to})
    return bool(moved)


@transaction.atomic
def record_activity(
    clause: Clause,
    *,
    kind: Activity.Kind,
    date: dt.date,
    state: Activity.State,
    link: str,
    title_de: str = "",
    title_en: str = "",
    by: User | None = None,
) -> Activity:
    """Record below a clause what another part did; recorded again under its link, it is updated.

    Titles are public, so they name no member; without any, the kind's name stands there.
    """
    Clause.objects.select_for_update().get(pk=clause.pk)
    activity = Activity.objects.filter(clause=clause, kind=kind, link=link).first() or Activity(
        clause=clause, kind=kind, link=link, recorded_by=by
    )
    is_new = activity.pk is None
    before = (activity.state, activity.date, activity.title_de, activity.title_en)
    if not (title_de or title_en):
        title_de, title_en = _kind_in("de", kind), _kind_in("en", kind)
    activity.title_de, activity.title_en = title_de, title_en
    activity.state, activity.date = state, date
    if is_new or before != (activity.state, activity.date, title_de, title_en):
        activity.save()
        record(by, "record_activity", activity, {"state": state, "date": date, "link": link})
    return activity


def _kind_in(language: str, kind: Activity.Kind) -> str:
    with override(language):
        name = str(Activity.Kind(kind).label)
    return name[:1].upper() + name[1:]
