from __future__ import annotations

from django.urls import path

from verbund.web.directory.approaches import views

urlpatterns = [
    path("requests/", views.unnamed, name="unnamed_requests"),
    path("requests/<int:pk>/", views.unnamed_request, name="unnamed_request"),
    path("approaches/", views.approaches, name="approaches"),
    path("approaches/answer/<str:token>/", views.approach_by_mail, name="approach_by_mail"),
    path("approaches/<int:pk>/", views.approach, name="approach"),
    path("approaches/<int:pk>/contact/", views.approach_contact, name="approach_contact"),
    path("approaches/<int:pk>/<slug:step>/", views.approach_step, name="approach_step"),
]
