from __future__ import annotations

from django.urls import path

from verbund.web.directory.member_lists import views

urlpatterns = [
    path("", views.imports, name="import"),
    path("sample/<str:language>/", views.sample, name="import_sample"),
    path("<int:pk>/", views.check, name="import_check"),
    path("<int:pk>/decide/", views.decide, name="import_decide"),
    path("<int:pk>/take-over/", views.take_over, name="import_take_over"),
    path("<int:pk>/discard/", views.discard, name="import_discard"),
]
