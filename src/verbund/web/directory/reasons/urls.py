from __future__ import annotations

from django.urls import path

from verbund.web.directory.reasons import views

urlpatterns = [path("members/<int:pk>/why/", views.organisation_why, name="organisation_why")]
