"""Addresses; each app brings its own."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("verbund.web.portal.urls")),
    path("", include("verbund.web.accounts.urls")),
    path("", include("verbund.web.networks.urls")),
    path("", include("verbund.web.agreements.urls")),
    path("", include("verbund.web.directory.urls")),
    path("", include("verbund.web.partnering.urls")),
    path("", include("verbund.web.indicators.urls")),
    path("", include("verbund.web.archive.urls")),
    path("account/", include("allauth.urls")),
    path("language/", include("django.conf.urls.i18n")),
]
handler404 = "verbund.web.portal.views.not_found"
handler403 = "verbund.web.portal.views.refused"
handler400 = "verbund.web.portal.views.bad_request"
handler500 = "verbund.web.portal.views.broken"
