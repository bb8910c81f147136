from __future__ import annotations

from django.urls import path

from verbund.web.portal.setup import views

urlpatterns = [
    path("members/", views.setup_members, name="setup_members"),
    path("<str:token>/", views.setup_network, name="setup_network"),
    path("<str:token>/manager/", views.setup_manager, name="setup_manager"),
]
