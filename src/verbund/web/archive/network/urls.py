from __future__ import annotations

from django.urls import path

from verbund.web.archive.network import views

urlpatterns = [
    path("", views.archives, name="archives"),
    path("<slug:slug>/", views.archive_download, name="archive_download"),
]
