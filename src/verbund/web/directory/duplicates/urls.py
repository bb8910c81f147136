from __future__ import annotations

from django.urls import path

from verbund.web.directory.duplicates import views

urlpatterns = [
    path("", views.duplicates, name="duplicates"),
    path("<int:left>/<int:right>/", views.duplicate, name="duplicate"),
    path("<int:left>/<int:right>/two/", views.distinct, name="duplicate_distinct"),
    path("pairs/<int:pk>/again/", views.look_again, name="duplicate_again"),
    path("merges/<int:pk>/undo/", views.merge_undo, name="merge_undo"),
    path("proposals/<int:pk>/answer/", views.answer, name="merge_answer"),
    path("proposals/<int:pk>/withdraw/", views.withdraw, name="merge_withdraw"),
]
