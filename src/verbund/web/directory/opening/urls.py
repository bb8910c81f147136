from __future__ import annotations

from django.urls import path

from verbund.web.directory.opening import views

urlpatterns = [
    path("<slug:slug>/", views.entries_visibility, name="entries_visibility"),
    path("<slug:slug>/undo/", views.entries_visibility_undo, name="entries_visibility_undo"),
]
