"""What this app announces to the others."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from verbund.web.core.registries import (
    NavEntry,
    SearchKind,
    Task,
    navigation,
    searches,
    tasks,
)
from verbund.web.directory import queries
from verbund.web.directory.approaches.plugs import announce_approaches
from verbund.web.directory.changes import announce_changes
from verbund.web.directory.claims.plugs import announce_claims
from verbund.web.directory.confirming.plugs import announce_confirming, for_the_office
from verbund.web.directory.confirming.queries import is_waiting
from verbund.web.directory.duplicates.plugs import announce_duplicates
from verbund.web.directory.follows import announce_consequences
from verbund.web.directory.hits import find_offers, find_organisations, find_requests
from verbund.web.directory.kept import announce_kept
from verbund.web.directory.member_lists.plugs import announce_member_lists
from verbund.web.directory.vocabularies.plugs import announce_vocabulary
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
    "organisation_identity",
    "organisation_competences",
    "organisation_figures",
    "figures_edit",
    "organisation_sharing",
    "organisation_why",
    "request_seen",
    "claims",
    "profiles_to_confirm",
    "question",
)


def announce() -> None:
    """Announce navigation, tasks and searches."""
    announce_changes()
    announce_kept()
    announce_consequences()
    announce_member_lists()
    announce_claims()
    announce_confirming()
    announce_approaches()
    announce_duplicates()
    announce_vocabulary()
    entry = NavEntry("network", _("Members"), "members", covers=_PAGES)
    navigation.add("members", entry, place=10)
    tasks.add("profiles", profile_tasks, place=30)
    searches.add(
        "organisations",
        SearchKind("organisations", _("Organisations"), find_organisations),
        place=10,
    )
    searches.add("offers", SearchKind("offers", _("Offers"), find_offers), place=20)
    searches.add("requests", SearchKind("requests", _("Requests"), find_requests), place=30)


def profile_tasks(viewer: Viewer, on: dt.date) -> list[Task]:
    return [*for_the_office(viewer, on), *_for_representatives(viewer, on)]


def _for_representatives(viewer: Viewer, on: dt.date) -> list[Task]:
    if not viewer.organisations:
        return []
    found = []
    open_requests = queries.sight_of(viewer, on).requests
    with_requests = set(open_requests.values_list("organisation_id", flat=True).distinct())
    for profile in queries.represented(viewer):
        name = {"name": profile.organisation}
        if queries.is_unconfirmed(profile, on) or is_waiting(profile):
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
