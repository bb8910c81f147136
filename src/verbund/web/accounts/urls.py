from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from verbund.web.accounts import views

# These stand before the library's own addresses and so take their place.
urlpatterns = [
    path("language/setlang/", views.set_language, name="set_language"),
    path("account/", RedirectView.as_view(pattern_name="account")),
    path("account/signup/", views.not_offered),
    path("account/email/", views.not_offered),
    path("account/confirm-email/", views.not_offered),
    path("account/confirm-email/<str:key>/", views.not_offered),
    path("account/reauthenticate/", views.not_offered),
]
