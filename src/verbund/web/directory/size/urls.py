from __future__ import annotations

from django.urls import path

from verbund.web.directory.size import views

urlpatterns = [
    path("", views.organisation_figures, name="organisation_figures"),
    path("edit/", views.figures_edit, name="figures_edit"),
    path("years/<int:year>/delete/", views.year_delete, name="year_delete"),
    path("links/new/", views.link_new, name="link_new"),
    path("links/<int:link>/", views.link_edit, name="link_edit"),
    path("links/<int:link>/delete/", views.link_delete, name="link_delete"),
]
