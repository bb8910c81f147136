"""What suggestions and introductions keep about persons."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from verbund.web.accounts.models import User
from verbund.web.core.personal import Fate, Person, Personal, announce_personal
from verbund.web.core.services import today
from verbund.web.networks.rules import viewer_of
from verbund.web.partnering.models import Introduction, Suggestion, WeightVersion
from verbund.web.partnering.queries import introductions_for


def announce_kept() -> None:
    announce_personal(_INTRODUCTIONS, place=31)
    announce_personal(_SUGGESTIONS, place=32)
    announce_personal(_WEIGHTS, place=33)


def _took_part_in(person: Person) -> QuerySet[Introduction]:
    """Return what a person asked for as an office, or answered for an organisation.

    Only what they may see today: an introduction tells of another member, too.
    """
    user = User.objects.filter(pk=person.user_id or 0).first()
    if user is None:
        return Introduction.objects.none()
    viewer = viewer_of(user, today())
    own = Q(left__in=viewer.organisations) | Q(right__in=viewer.organisations)
    return introductions_for(viewer, today()).filter(own | Q(asked_by=user))


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
    told=("state", "decided_at"),
)
_WEIGHTS = Personal(
    _("weights of the suggestions"),
    WeightVersion,
    _("So that it can be traced who proposed them and who switched."),
    Fate.NUMBERED,
    by_user=("made_by", "used_by"),
    told=("version", "made_at", "used_at"),
)
