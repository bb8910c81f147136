from __future__ import annotations

from django.urls import path

from verbund.web.directory.member_lists import choosing_views, undoing_views, views

urlpatterns = [
    path("", views.imports, name="import"),
    path("sample/<str:language>/", views.sample, name="import_sample"),
    path("<int:pk>/", views.check, name="import_check"),
    path("<int:pk>/columns/", choosing_views.columns, name="import_columns"),
    path("<int:pk>/terms/", choosing_views.terms, name="import_terms"),
    path("<int:pk>/undo/", undoing_views.undo, name="import_undo"),
    path("<int:pk>/decide/", views.decide, name="import_decide"),
    path("<int:pk>/take-over/", views.take_over, name="import_take_over"),
    path("<int:pk>/working/", views.working, name="import_working"),
    path("<int:pk>/stop/", views.stop, name="import_stop"),
    path("<int:pk>/discard/", views.discard, name="import_discard"),
]
