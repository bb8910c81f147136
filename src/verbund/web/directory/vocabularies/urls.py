from __future__ import annotations

from django.urls import path

from verbund.web.directory.vocabularies import views

urlpatterns = [
    path("vocabulary/", views.vocabulary_page, name="vocabulary"),
    path("vocabulary.<slug:kind>", views.vocabulary_file, name="vocabulary_file"),
    path("vocabulary/import/", views.vocabulary_import, name="vocabulary_import"),
    path("vocabulary/own/", views.vocabulary_own, name="vocabulary_own"),
    path("vocabulary/<int:pk>/", views.vocabulary_version, name="vocabulary_version"),
    path("vocabulary/<int:pk>/use/", views.vocabulary_use, name="vocabulary_use"),
    path("vocabulary/<int:pk>/discard/", views.vocabulary_discard, name="vocabulary_discard"),
]
