"""What agreements keep about persons: signatures above all, which stay."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from verbund.web.agreements.models import Activity, Consent, Document, Party, Signature, Version
from verbund.web.core.personal import Fate, Personal, announce_personal

_SIGNED = _(
    "A signed agreement proves who bound a network, and to what; the networks need it to assert"
    " and defend their rights (Art. 17(3)(b) and (e) GDPR)."
)


def announce_kept() -> None:
    for place, kind in enumerate(
        (_SIGNATURES, _CONSENTS, _VERSIONS, _PARTIES, _DOCUMENTS, _ACTIVITIES), start=20
    ):
        announce_personal(kind, place=place)


_SIGNATURES = Personal(
    _("signatures"),
    Signature,
    _SIGNED,
    Fate.KEPT,
    by_user=("user",),
    told=("version", "network", "name", "role", "at", "is_refusal", "reason"),
    kept=("name", "role"),
)
_CONSENTS = Personal(
    _("consents given or withdrawn"),
    Consent,
    _("Networks must be able to show that a consent was given (Art. 7(1) GDPR)."),
    Fate.NUMBERED,
    by_user=("given_by",),
    told=(
        "organisation", "data_class", "allows", "to_network", "to_organisation", "given_on",
        "withdrawn_on", "occasion",
    ),
)  # fmt: skip
_VERSIONS = Personal(
    _("texts of agreements"),
    Version,
    _SIGNED,
    Fate.NUMBERED,
    by_user=("made_by",),
    told=("agreement", "number", "made_at"),
    kept=("content",),
)
_PARTIES = Personal(
    _("signatories of agreements on paper"),
    Party,
    _SIGNED,
    Fate.KEPT,
    kept=("signatory", "signatory_role"),
)
_DOCUMENTS = Personal(
    _("documents of agreements"),
    Document,
    _("Who added a file to an agreement."),
    Fate.NUMBERED,
    by_user=("added_by",),
    told=("agreement", "title", "added_at"),
)
_ACTIVITIES = Personal(
    _("activities"),
    Activity,
    _("Who wrote down what came of a clause."),
    Fate.NUMBERED,
    by_user=("recorded_by",),
    told=("title_de", "title_en", "date"),
)
