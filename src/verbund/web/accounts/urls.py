from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from verbund.web.accounts import views

_to_security = RedirectView.as_view(pattern_name="security")

# Where they name addresses of the library, these stand before its own and so take their place.
urlpatterns = [
    path("language/setlang/", views.set_language, name="set_language"),
    path("me/security/", views.security, name="security"),
    path("me/security/places/end/", views.places_end, name="places_end"),
    path("me/security/places/<int:pk>/end/", views.place_end, name="place_end"),
    path("account/login/link/<str:token>/", views.sign_in_link, name="sign_in_link"),
    path("account/", RedirectView.as_view(pattern_name="account")),
    path("account/signup/", views.not_offered),
    path("account/email/", views.not_offered),
    path("account/confirm-email/", views.not_offered),
    path("account/confirm-email/<str:key>/", views.not_offered),
    path("account/3rdparty/", views.not_offered),
    path("account/3rdparty/signup/", views.not_offered),
    path("account/2fa/", _to_security),
    path("account/2fa/webauthn/", _to_security),
    path("account/sessions/", _to_security),
]
