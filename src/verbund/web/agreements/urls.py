from __future__ import annotations

from django.urls import URLPattern, path

from verbund.web.agreements.views import activities, agreements

urlpatterns: list[URLPattern] = [
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/new/", agreements.agreement_new, name="agreement_new"),
    path("agreements/<slug:slug>/", agreements.agreement, name="agreement"),
    path("agreements/<slug:slug>/edit/", agreements.agreement_edit, name="agreement_edit"),
    path("agreements/<slug:slug>/confirm/", agreements.agreement_confirm, name="agreement_confirm"),
    path("agreements/<slug:slug>/end/", agreements.agreement_end, name="agreement_end"),
    path("agreements/<slug:slug>/resume/", agreements.agreement_resume, name="agreement_resume"),
    path("agreements/<slug:slug>/clauses/<int:number>/", agreements.clause, name="clause"),
    path("activities/", activities.activities, name="activities"),
    path("activities/new/", activities.activity_new, name="activity_new"),
    path("activities/<int:pk>/", activities.activity, name="activity"),
    path("activities/<int:pk>/edit/", activities.activity_edit, name="activity_edit"),
    path("activities/<int:pk>/held/", activities.activity_hold, name="activity_hold"),
    path("activities/<int:pk>/cancel/", activities.activity_cancel, name="activity_cancel"),
    path("activities/<int:pk>/reopen/", activities.activity_reopen, name="activity_reopen"),
    path("activities/<int:pk>/file/", activities.activity_file, name="activity_file"),
]
