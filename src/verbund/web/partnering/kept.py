"""What suggestions and introductions keep about persons."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from verbund.web.core.personal import Fate, Person, Personal, announce_personal
from verbund.web.networks.models import Organisation
from verbund.web.partnering.models import Introduction, Suggestion


def announce_kept() -> None:
    announce_personal(_INTRODUCTIONS, place=31)
    announce_personal(_SUGGESTIONS, place=32)


def _took_part_in(person: Person) -> QuerySet[Introduction]:
    """Return what a person asked for as an office, or answered for an organisation."""
    spoken_for = Organisation.objects.filter(
        Q(roles__user=person.user_id or 0) | Q(contact_persons__email__iexact=person.email or "-")
    ).values("pk")
    own = Q(left__in=spoken_for) | Q(right__in=spoken_for)
    return Introduction.objects.filter(own | Q(asked_by=person.user_id or 0))


_INTRODUCTIONS = Personal(
    _("introductions"),
    Introduction,
    _("Who was introduced to whom, and what came of it; outcomes are counted without names."),
    Fate.NUMBERED,
    by_user=("asked_by",),
    told=("subject", "state", "asked_at", "met_on", "outcome"),
    rows=_took_part_in,
)
_SUGGESTIONS = Personal(
    _("decisions about suggestions"),
    Suggestion,
    _("So that a decision can be traced."),
    Fate.NUMBERED,
    by_user=("decided_by",),
    told=("topic_de", "topic_en", "state", "decided_at"),
)
