from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("verbund.web.archive.privacy.urls")),
    path("archive/", include("verbund.web.archive.network.urls")),
]
