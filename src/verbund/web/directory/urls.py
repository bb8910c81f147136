from __future__ import annotations

from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from verbund.web.directory.views import editing, reading, sharing


class EntryKind(StringConverter):
    regex = "offers|requests"


register_converter(EntryKind, "entry_kind")
_ENTRY = "members/<int:pk>/<entry_kind:kind>/"

urlpatterns = [
    path("import/", include("verbund.web.directory.member_lists.urls")),
    path("claims/", include("verbund.web.directory.claims.urls")),
    path("duplicates/", include("verbund.web.directory.duplicates.urls")),
    path("", include("verbund.web.directory.approaches.urls")),
    path("", include("verbund.web.directory.reasons.urls")),
    path("", include("verbund.web.directory.sightings.urls")),
    path("", include("verbund.web.directory.confirming.urls")),
    path("", include("verbund.web.directory.vocabularies.urls")),
    path("members/visibility/", include("verbund.web.directory.opening.urls")),
    path("members/", reading.members, name="members"),
    path("members/map/", reading.members_map, name="members_map"),
    path("members/new/", editing.organisation_new, name="organisation_new"),
    path("members/<int:pk>/", reading.organisation, name="organisation"),
    path("members/<int:pk>/edit/", editing.organisation_edit, name="organisation_edit"),
    path("members/<int:pk>/confirm/", editing.organisation_confirm, name="organisation_confirm"),
    path("members/<int:pk>/entries/", editing.organisation_entries, name="organisation_entries"),
    path(_ENTRY + "new/", editing.entry_new, name="entry_new"),
    path(_ENTRY + "<int:entry>/", editing.entry_edit, name="entry_edit"),
    path(_ENTRY + "<int:entry>/end/", editing.entry_end, name="entry_end"),
    path(_ENTRY + "<int:entry>/delete/", editing.entry_delete, name="entry_delete"),
    path("members/<int:pk>/contacts/", editing.organisation_contacts, name="organisation_contacts"),
    path("members/<int:pk>/contacts/new/", editing.contact_new, name="contact_new"),
    path("members/<int:pk>/contacts/<int:person>/", editing.contact_edit, name="contact_edit"),
    path(
        "members/<int:pk>/contacts/<int:person>/delete/",
        editing.contact_delete,
        name="contact_delete",
    ),
    path("members/<int:pk>/competences/", include("verbund.web.directory.competences.urls")),
    path("members/<int:pk>/identity/", include("verbund.web.directory.identity.urls")),
    path("members/<int:pk>/figures/", include("verbund.web.directory.size.urls")),
    path("members/<int:pk>/sharing/", sharing.organisation_sharing, name="organisation_sharing"),
    path(
        "members/<int:pk>/sharing/<slug:slug>/<slug:data_class>/<slug:answer>/",
        sharing.consent_set,
        name="consent_set",
    ),
    path(
        "members/<int:pk>/consents/<int:consent>/<slug:answer>/",
        sharing.consent_to_one_set,
        name="consent_to_one_set",
    ),
    path("members/<int:pk>/leave/<slug:slug>/", sharing.member_leave, name="member_leave"),
    path("members/<int:pk>/return/<slug:slug>/", sharing.member_return, name="member_return"),
]
