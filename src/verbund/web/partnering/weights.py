"""What each comparison counts for a pair of networks, and what its decisions say about that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from verbund.matching.learning import Decision, Outcome, RejectReason, telling
from verbund.matching.weights import PRIOR, Weights
from verbund.web.networks.rules import Viewer
from verbund.web.partnering.models import Introduction, Suggestion, WeightVersion
from verbund.web.partnering.queries import Bond

_NEWS = dt.timedelta(days=14)
FIRST = 50  # suggestions of the present list that a proposal is held against
_State, _Result = Introduction.State, Introduction.Outcome
_BY_STATE = {
    _State.ASKED: Outcome.ACCEPTED,
    _State.DECLINED: Outcome.DECLINED,
    _State.ACCEPTED: Outcome.AGREED,
    _State.MET: Outcome.MET,
}
_BY_RESULT = {
    _Result.NOTHING: Outcome.NOTHING,
    _Result.CONTACT: Outcome.CONTINUED,
    _Result.IDEA: Outcome.CONTINUED,
    _Result.PROJECT: Outcome.PROJECT,
    _Result.ORDER: Outcome.PROJECT,
}


def versions_of(bond: Bond) -> QuerySet[WeightVersion]:
    own = WeightVersion.objects.filter(left_network=bond.left, right_network=bond.right)
    return own.select_related("made_by", "used_by")


def versions_known_to(viewer: Viewer, on: dt.date) -> QuerySet[WeightVersion]:
    """Return the weights that concern the offices of a viewer; they name no members."""
    either = Q(left_network__in=viewer.offices) | Q(right_network__in=viewer.offices)
    return WeightVersion.objects.filter(either)


def newly_proposed(viewer: Viewer, on: dt.date) -> list[WeightVersion]:
    """Return what Verbund proposed lately by itself, to the offices that may switch.

    Of a pair only the newest version: an older proposal is no news.
    """
    either = Q(left_network__in=viewer.edited) | Q(right_network__in=viewer.edited)
    newest: dict[tuple[int, int], WeightVersion] = {}
    for row in WeightVersion.objects.filter(either):
        newest.setdefault((row.left_network_id, row.right_network_id), row)
    return [
        row
        for row in newest.values()
        if row.made_by_id is None and row.used_at is None and row.made_at.date() > on - _NEWS
    ]


def weights_of(bond: Bond) -> Weights:
    """Return the weights that count for a bond: those in use, else what Verbund brings."""
    used = versions_of(bond).filter(is_used=True).first()
    return as_weights(used) if used else PRIOR


def as_weights(row: WeightVersion) -> Weights:
    """Read stored weights; a comparison they do not know yet counts as Verbund brings it."""
    known = {name: value for name, value in row.values.items() if name in PRIOR.values}
    return Weights(row.version, {**PRIOR.values, **known})


def decisions_of(bond: Bond) -> list[Decision]:
    """Return the decisions about the suggestions of a bond that say something about the fit."""
    weights = _known(bond)
    decided = Suggestion.objects.filter(
        left_network=bond.left,
        right_network=bond.right,
        state__in=(Suggestion.State.REJECTED, Suggestion.State.INTRODUCED),
        weights_version__in=weights,
    ).select_related("introduction")
    return telling(
        Decision.of(row.contributions, weights[row.weights_version], *_what_became_of(row))
        for row in decided
    )


def _known(bond: Bond) -> dict[str, Weights]:
    """Return the weights by which stored suggestions may have been computed."""
    return {PRIOR.version: PRIOR} | {row.version: as_weights(row) for row in versions_of(bond)}


def _what_became_of(suggestion: Suggestion) -> tuple[Outcome, RejectReason]:
    if suggestion.state == Suggestion.State.REJECTED:
        return Outcome.REJECTED, RejectReason(suggestion.reject_reason or "other")
    introduction = getattr(suggestion, "introduction", None)
    if introduction is None:
        return Outcome.ACCEPTED, RejectReason.OTHER
    outcome = _BY_RESULT.get(introduction.outcome) or _BY_STATE[introduction.state]
    if outcome is Outcome.MET and introduction.second_met_on:
        outcome = Outcome.CONTINUED
    return outcome, RejectReason.OTHER


@dataclass(frozen=True, slots=True)
class Effect:
    """What other weights would change in the present list, as far as its own pairs tell."""

    first: int
    replaced: int  # of the first, how many make way for pairs further down
    moved: int  # of the others among the first, how many change their place


def effect(bond: Bond, suggestions: Iterable[Suggestion], after: Weights) -> Effect:
    """Hold the first of a list, best first, against its order by other weights.

    What was compared is stored with each pair; what a new run would find besides is not in it.
    """
    known = _known(bond)
    listed = [row for row in suggestions if row.weights_version in known]
    scores = {
        row.pk: sum(
            value / known[row.weights_version].of(name) * after.of(name)
            for name, value in row.contributions.items()
            if known[row.weights_version].of(name)
        )
        for row in listed
    }
    first = [row.pk for row in listed][:FIRST]
    then = sorted(scores, key=lambda key: -scores[key])[:FIRST]
    stay = set(first) & set(then)
    moved = sum(first.index(key) != then.index(key) for key in stay)
    return Effect(len(first), len(first) - len(stay), moved)
