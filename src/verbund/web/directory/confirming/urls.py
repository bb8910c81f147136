from __future__ import annotations

from django.urls import path

from verbund.web.directory.confirming import question_views, views

urlpatterns = [
    path("members/confirming/", views.profiles_to_confirm, name="profiles_to_confirm"),
    path("members/confirming/ask/", views.profiles_ask, name="profiles_ask"),
    path("members/confirming/vouch/", views.profiles_vouch, name="profiles_vouch"),
    path("members/confirming/trust/", views.address_trust, name="address_trust"),
    path("members/<int:pk>/questions/<slug:step>/", question_views.question, name="question"),
    path("members/<int:pk>/questions/<slug:step>/draft/", question_views.draft, name="draft"),
    path("profile/<str:token>/", views.profile_by_link, name="profile_by_link"),
    path("profile/<str:token>/again/", views.fresh_link, name="fresh_link"),
    path(
        "profile/<str:token>/<slug:step>/", question_views.question_by_link, name="question_by_link"
    ),
    path(
        "profile/<str:token>/<slug:step>/draft/", question_views.draft_by_link, name="draft_by_link"
    ),
]
