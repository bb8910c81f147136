"""Why two members fit, or why they are not suggested: an answer for any pair."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from verbund.matching import Explanation
from verbund.matching import Introduction as Found
from verbund.web.core.services import today
from verbund.web.directory.models import Request as Wanted
from verbund.web.directory.models import Sighting
from verbund.web.directory.sightings.services import note_sightings
from verbund.web.networks.models import Membership, holds
from verbund.web.networks.requests import Request
from verbund.web.partnering import queries
from verbund.web.partnering.matchers import SIDES, KeptMatcher, matcher_of
from verbund.web.partnering.models import Suggestion
from verbund.web.partnering.problems import pair_of, quotes_of
from verbund.web.partnering.queries import Bond
from verbund.web.partnering.services.computing import sizes_of
from verbund.web.partnering.views.saying import decision_of, language
from verbund.wording import Phrase


@login_required
def why(request: Request) -> HttpResponse:
    """Explain a pair to an office, from nothing but what both sides show each other."""
    on = today()
    found = queries.bonds(on, of=request.viewer.offices)
    if not found:
        raise Http404
    bond = _bond_asked_for(request, found, on)
    context: dict[str, Any] = {
        "bond": bond,
        "bonds": [(one, capfirst(str(one)), one.key == bond.key) for one in found],
        "sides": [],
    }
    with matcher_of(bond, on) as kept:
        if kept:
            kept.renew()
            context["sides"] = [_side(request, bond, kept, side) for side in SIDES]
            ids = [side["chosen"] for side in context["sides"]]
            if all(ids) and (not bond.is_within or ids[0] != ids[1]):
                context |= _explained(request, kept, *ids)
    return render(request, "partnering/why.html", context)


def _bond_asked_for(request: Request, found: list[Bond], on: dt.date) -> Bond:
    """Return the bond asked for, else the first that the member asked for belongs to."""
    asked = next((b for b in found if b.key == request.GET.get("pair")), None)
    if asked:
        return asked
    member = request.GET.get("left") or request.GET.get("right") or ""
    if member.isdecimal() and len(member) < queries.DIGITS:
        homes = Membership.objects.filter(holds(on), organisation=int(member))
        networks = set(homes.values_list("network_id", flat=True))
        found = [b for b in found if networks & {b.left.pk, b.right.pk}] or found
    return found[0]


def _side(request: Request, bond: Bond, kept: KeptMatcher, side: str) -> dict[str, Any]:
    shown = kept.shown["left" if side == "left" else "right"]
    named = sorted((record.name.casefold(), record.name, id_) for id_, record in shown.items())
    asked = {request.GET.get("left"), request.GET.get("right")} - {None}
    own = request.GET.get(side)
    if own not in shown and not bond.is_within:  # a member named on the other side of the address
        own = next((id_ for id_ in asked if id_ in shown), None)
    return {
        "key": side,
        "network": bond.left if side == "left" else bond.right,
        "members": [(id_, name) for _folded, name, id_ in named],
        "chosen": own if own in shown else None,
    }


# ---------------------------------------------------------------- the answer


@dataclass(frozen=True, slots=True)
class Part:
    """What one comparison adds to the score."""

    label: str
    value: float


def _explained(request: Request, kept: KeptMatcher, one: str, other: str) -> dict[str, Any]:
    bond, on = kept.basis.bond, kept.basis.on
    if bond.is_within and int(one) > int(other):
        one, other = other, one
    sizes = sizes_of(bond)
    result = kept.matcher.result(top=sizes.top, per_organisation=sizes.per_organisation)
    explanation, standing = result.explain(one, other), result.standing(one, other)
    pair = Found(1, kept.shown["left"][one], kept.shown["right"][other], explanation)
    _note_seen(request, pair, on)
    parts = _parts(explanation)
    own = queries.suggestions_of_office(request.viewer, on)
    row = own.filter(left=int(one), right=int(other), left_network=bond.left).first()
    return {
        "left": pair.left,
        "right": pair.right,
        "summary": explanation.summary.say(language()),
        "reasons": [reason.phrase.say(language()) for reason in explanation.reasons],
        "distance": explanation.distance and explanation.distance.say(language()),
        "doubts": [doubt.say(language()) for doubt in _true(explanation, bond)],
        "standing": standing,
        "suggestion": row,
        "absent": _absent(row, kept, pair, standing.absent),
        "parts": parts,
        "score": explanation.score,
        "speaks_for": [part.label for part in parts if part.value > 0],
        "speaks_against": [part.label for part in parts if part.value < 0],
        "strength": queries.STRENGTHS.get(explanation.strength, _("none")),
    }


def _true(explanation: Explanation, bond: Bond) -> list[Phrase]:
    """Leave out that somebody stands on both lists where there is only one list."""
    return [
        doubt
        for doubt in explanation.doubts
        if not (bond.is_within and doubt.code == "doubt.in_both")
    ]


def _parts(explanation: Explanation) -> list[Part]:
    parts = [
        Part(capfirst(Phrase(f"comparison.{name}").say(language())), value)
        for name, value in explanation.contributions.items()
        if abs(value) >= 0.005
    ]
    return sorted(parts, key=lambda part: -abs(part.value))


def _absent(row: Suggestion | None, kept: KeptMatcher, pair: Found, absent: Phrase | None) -> str:
    """Say why the pair is not on the list to be checked; empty if it is on it."""
    if row and row.state != Suggestion.State.OPEN:
        return decision_of(row)
    if row and row.is_current:
        return ""
    for record in (pair.left, pair.right):
        if record.id in kept.at_home:
            return _("%(name)s belongs to both networks and needs no introduction across.") % {
                "name": record.name
            }
    return absent.say(language()) if absent else _("The next run will put it on the list.")


def _note_seen(request: Request, pair: Found, on: dt.date) -> None:
    """Note, for the owners of requests that are quoted, who has read them."""
    quotes = quotes_of([pair], on)[pair_of(pair)]
    note_sightings(
        Wanted.objects.filter(pk__in=[quote.request_id for quote in quotes if quote.request_id]),
        viewer=request.viewer,
        place=Sighting.Place.SUGGESTION,
        on=on,
    )
