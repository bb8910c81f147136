from __future__ import annotations

from django.urls import path

from verbund.web.indicators import views

urlpatterns = [
    path("figures/", views.figures, name="figures"),
    path("figures/new/", views.indicator_new, name="indicator_new"),
    path("figures/<slug:slug>/", views.indicator, name="indicator"),
    path("figures/<slug:slug>/edit/", views.indicator_edit, name="indicator_edit"),
    path("figures/<slug:slug>/values/new/", views.observation_new, name="observation_new"),
    path("figures/<slug:slug>/values/<int:pk>/", views.observation_edit, name="observation_edit"),
    path(
        "figures/<slug:slug>/values/<int:pk>/remove/",
        views.observation_remove,
        name="observation_remove",
    ),
]
