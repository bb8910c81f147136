from __future__ import annotations

from django.urls import path

from verbund.web.networks import views

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/invite/", views.person_invite, name="person_invite"),
    path("people/asked/", views.people_asked, name="people_asked"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/change/", views.person_change, name="person_change"),
    path("people/<int:pk>/answer/", views.person_answer, name="person_answer"),
    path("people/<int:pk>/end/", views.person_end, name="person_end"),
    path("people/<int:pk>/restore/", views.person_restore, name="person_restore"),
    path("people/<int:pk>/remind/", views.person_remind, name="person_remind"),
    path("networks/<slug:slug>/settings/", views.network_settings, name="network_settings"),
    path("legal/<slug:slug>/<slug:kind>/", views.legal, name="legal"),
    path("legal/<slug:slug>/<slug:kind>/edit/", views.legal_edit, name="legal_edit"),
]
