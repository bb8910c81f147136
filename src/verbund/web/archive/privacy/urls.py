from __future__ import annotations

from django.urls import path

from verbund.web.archive.privacy.views import audit, people, records

urlpatterns = [
    path("audit/", audit.audit, name="audit"),
    path("privacy/", records.privacy, name="privacy"),
    path("privacy/consents/", records.consent_log, name="consent_log"),
    path("privacy/processing/", records.processing_record, name="processing"),
    path("privacy/processing/<slug:slug>/", records.arrangement, name="arrangement"),
    path("privacy/retention/", records.retention, name="retention"),
    path("me/data/", people.own_data, name="own_data"),
    path("me/erase/", people.own_erasure, name="own_erasure"),
    path("privacy/contacts/<int:pk>/", people.contact_data, name="contact_data"),
    path("privacy/contacts/<int:pk>/erase/", people.contact_erasure, name="contact_erasure"),
]
