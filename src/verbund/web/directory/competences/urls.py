from __future__ import annotations

from django.urls import path

from verbund.web.directory.competences import views

urlpatterns = [
    path("", views.organisation_competences, name="organisation_competences"),
    path("<slug:concept>/", views.competence_edit, name="competence_edit"),
    path("<slug:concept>/declare/", views.competence_declare, name="competence_declare"),
    path("<slug:concept>/delete/", views.competence_delete, name="competence_delete"),
]
