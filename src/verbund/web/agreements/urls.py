from __future__ import annotations

from django.urls import URLPattern, path

from verbund.web.agreements.views import activities, agreements, drafts, papers

_TEXT = "agreements/<slug:slug>/versions/<int:number>/"

urlpatterns: list[URLPattern] = [
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/new/", drafts.agreement_new, name="agreement_new"),
    path("agreements/<slug:slug>/", agreements.agreement, name="agreement"),
    path("agreements/<slug:slug>/clone/", drafts.agreement_clone, name="agreement_clone"),
    path("agreements/<slug:slug>/renew/", drafts.agreement_renew, name="agreement_renew"),
    path("agreements/<slug:slug>/amend/", drafts.agreement_amend, name="agreement_amend"),
    path("agreements/<slug:slug>/narrow/", agreements.agreement_narrow, name="agreement_narrow"),
    path("agreements/<slug:slug>/confirm/", agreements.agreement_confirm, name="agreement_confirm"),
    path("agreements/<slug:slug>/end/", agreements.agreement_end, name="agreement_end"),
    path("agreements/<slug:slug>/resume/", agreements.agreement_resume, name="agreement_resume"),
    path("agreements/<slug:slug>/history/", papers.agreement_history, name="agreement_history"),
    path("agreements/<slug:slug>/review/", papers.agreement_review, name="agreement_review"),
    path("agreements/<slug:slug>/reviewed/", papers.agreement_reviewed, name="agreement_reviewed"),
    path("agreements/<slug:slug>/documents/", papers.document_add, name="document_add"),
    path("agreements/<slug:slug>/clauses/<int:number>/", agreements.clause, name="clause"),
    path(_TEXT, drafts.version, name="version"),
    path(f"{_TEXT}edit/", drafts.version_edit, name="version_edit"),
    path(f"{_TEXT}propose/", drafts.version_propose, name="version_propose"),
    path(f"{_TEXT}withdraw/", drafts.version_withdraw, name="version_withdraw"),
    path(f"{_TEXT}discard/", drafts.version_discard, name="version_discard"),
    path(f"{_TEXT}sign/", drafts.version_sign, name="version_sign"),
    path(f"{_TEXT}refuse/", drafts.version_refuse, name="version_refuse"),
    path(f"{_TEXT}record/", drafts.version_record, name="version_record"),
    path(f"{_TEXT}pdf/", papers.version_pdf, name="version_pdf"),
    path("documents/<int:pk>/", papers.document, name="document"),
    path("documents/<int:pk>/remove/", papers.document_remove, name="document_remove"),
    path("activities/", activities.activities, name="activities"),
    path("activities/new/", activities.activity_new, name="activity_new"),
    path("activities/<int:pk>/", activities.activity, name="activity"),
    path("activities/<int:pk>/edit/", activities.activity_edit, name="activity_edit"),
    path("activities/<int:pk>/held/", activities.activity_hold, name="activity_hold"),
    path("activities/<int:pk>/cancel/", activities.activity_cancel, name="activity_cancel"),
    path("activities/<int:pk>/reopen/", activities.activity_reopen, name="activity_reopen"),
    path("activities/<int:pk>/file/", activities.activity_file, name="activity_file"),
]
