from __future__ import annotations

from django.urls import path

from verbund.web.directory.sightings import views

urlpatterns = [
    path("members/<int:pk>/requests/<int:entry>/seen/", views.request_seen, name="request_seen")
]
