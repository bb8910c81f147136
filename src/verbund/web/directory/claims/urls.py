from __future__ import annotations

from django.urls import path

from verbund.web.directory.claims import views

urlpatterns = [
    path("", views.claims, name="claims"),
    path("<int:pk>/answer/", views.answer, name="claim_answer"),
    path("<int:pk>/withdraw/", views.withdraw, name="claim_withdraw"),
]
