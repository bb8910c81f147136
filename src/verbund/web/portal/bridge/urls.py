from __future__ import annotations

from django.urls import path

from verbund.web.portal.bridge import views

urlpatterns = [
    path("", views.bridge, name="bridge"),
    path("<slug:row>/<slug:column>/", views.bridge_cell, name="bridge_cell"),
]
