from __future__ import annotations

from django.urls import path

from verbund.web.directory.identity import views

urlpatterns = [
    path("", views.organisation_identity, name="organisation_identity"),
    path("belongs/", views.belongs_edit, name="belongs_edit"),
    path("memberships/<slug:slug>/", views.membership_edit, name="membership_edit"),
    path("<slug:part>/new/", views.part_new, name="part_new"),
    path("<slug:part>/<int:row>/", views.part_edit, name="part_edit"),
    path("<slug:part>/<int:row>/delete/", views.part_delete, name="part_delete"),
]
