"""What this app announces to the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from verbund.web.directory.changes import announce_changes
from verbund.web.core.registries import (
    Hit,
    NavEntry,
    SearchKind,
    Task,
    navigation,
    searches,
    tasks,
)
from verbund.web.core.texts import text_of
from verbund.web.directory import queries
from verbund.web.directory.claims.plugs import announce_claims
from verbund.web.directory.finding import Wanted, entries_saying, narrowed, ordered
from verbund.web.directory.member_lists.plugs import announce_member_lists
from verbund.web.networks.rules import Viewer

_PAGES = (
    "members_map",
    "organisation",
    "organisation_new",
    "organisation_edit",
    "organisation_entries",
    "entry_new",
    "entry_edit",
    "organisation_contacts",
    "contact_new",
    "contact_edit",
    "organisation_sharing",
    "claims",
)


def announce() -> None:
    """Announce navigation, tasks and searches."""
    announce_changes()
    announce_member_lists()
    announce_claims()
    entry = NavEntry("network", _("Members"), "members", covers=_PAGES)
    navigation.add("members", entry, place=10)
    tasks.add("profiles", profile_tasks, place=30)
    searches.add(
        "organisations",
        SearchKind("organisations", _("Organisations"), find_organisations),
        place=10,
    )
    searches.add("offers", SearchKind("offers", _("Offers"), _finder("offers")), place=20)
    searches.add("requests", SearchKind("requests", _("Requests"), _finder("requests")), place=30)


def profile_tasks(viewer: Viewer, on: dt.date) -> list[Task]:
    return [*_for_the_office(viewer, on), *_for_representatives(viewer, on)]


def _for_the_office(viewer: Viewer, on: dt.date) -> list[Task]:
    count = queries.unconfirmed_members(viewer, on).count() if viewer.managed else 0
    if not count:
        return []
    return [
        Task(
            count,
            ngettext("profile not confirmed", "profiles not confirmed", count),
            gettext("In the last 12 months nobody has said that what they tell is right."),
            gettext("Look through the list"),
            reverse("members") + Wanted(confirmed="old").address(),
        )
    ]


def _for_representatives(viewer: Viewer, on: dt.date) -> list[Task]:
    if not viewer.organisations:
        return []
    found = []
    open_requests = queries.sight_of(viewer, on).requests
    with_requests = set(open_requests.values_list("organisation_id", flat=True).distinct())
    for profile in queries.represented(viewer):
        name = {"name": profile.organisation}
        if queries.is_unconfirmed(profile, on):
            found.append(
                Task(
                    1,
                    gettext("Is everything about %(name)s still right?") % name,
                    gettext("Partners trust a profile more that was confirmed this year."),
                    gettext("Look and confirm"),
                    profile.organisation.get_absolute_url(),
                )
            )
        if profile.organisation_id not in with_requests:
            found.append(
                Task(
                    1,
                    gettext("Say what %(name)s looks for") % name,
                    gettext("Without a request nobody can propose a partner for it."),
                    gettext("Write a request"),
                    reverse("entry_new", args=[profile.organisation_id, "requests"]),
                )
            )
    return found


def find_organisations(viewer: Viewer, text: str, on: dt.date, limit: int) -> tuple[int, list[Hit]]:
    sight = queries.sight_of(viewer, on)
    wanted = Wanted.read({"q": text})
    if not wanted.q:
        return 0, []
    found = ordered(narrowed(sight, wanted), "name")
    shown = list(found[:limit])
    networks = queries.networks_by_organisation(sight, shown)
    hits = [
        Hit(
            one.name,
            one.get_absolute_url(),
            ", ".join(filter(None, (str(one.get_kind_display()), one.city))),
            tuple(network.slug for network in networks[one.pk]),
        )
        for one in shown
    ]
    return found.count(), hits


def _finder(kind: str) -> Callable[[Viewer, str, dt.date, int], tuple[int, list[Hit]]]:
    def find(viewer: Viewer, text: str, on: dt.date, limit: int) -> tuple[int, list[Hit]]:
        sight = queries.sight_of(viewer, on)
        wanted = Wanted.read({"q": text})
        if not wanted.q:
            return 0, []
        entries: QuerySet[Any] = getattr(sight, kind)
        inside = entries.filter(organisation__in=sight.organisations.values("pk"))
        found = entries_saying(inside, wanted.q)
        shown = list(
            found.select_related("organisation").order_by("organisation__name", "pk")[:limit]
        )
        networks = queries.networks_by_organisation(sight, [e.organisation for e in shown])
        hits = [
            Hit(
                str(text_of(entry, "text")),
                f"{entry.organisation.get_absolute_url()}#{kind}",
                entry.organisation.name,
                tuple(network.slug for network in networks[entry.organisation_id]),
            )
            for entry in shown
        ]
        return found.count(), hits

    return find
