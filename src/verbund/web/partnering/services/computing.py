"""Computing suggestions anew, without touching what somebody decided."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from verbund.matching import Introduction as Found
from verbund.matching.weights import PRIOR
from verbund.web.core.services import end_run, note_progress, record, start_run
from verbund.web.networks.models import Network
from verbund.web.partnering.finding import Said, Sizes, find, find_for
from verbund.web.partnering.matchers import matcher_of
from verbund.web.partnering.models import Quote, Suggestion
from verbund.web.partnering.problems import Pair, as_suggestion, pair_of, quotes_of
from verbund.web.partnering.queries import AT_MOST_FOR_A_MEMBER, RUN_KIND, Bond, bond_between
from verbund.web.partnering.services.weighing import propose_if_due

# An office looks through about fifty pairs an hour: two hours' work across networks. Inside one
# network people know each other more often, so fewer. A member is never shown more than five.
ACROSS = Sizes(top=100, per_organisation=AT_MOST_FOR_A_MEMBER)
WITHIN = Sizes(top=30, per_organisation=3)
_PLAIN = [
    "rank", "score", "strength", "topic_de", "topic_en", "search", "reasons", "doubts", "distance",
    "computed_at", "is_current",
]  # fmt: skip
_COMPARED = ["contributions", "weights_version"]
_PAIR = ["left_network", "right_network", "left", "right"]
_DECIDED = (Suggestion.State.REJECTED, Suggestion.State.INTRODUCED)


def recompute(left: Network, right: Network, on: dt.date) -> int:
    """Compute who of two networks (or of one, given twice) should meet; return how many pairs.

    Decisions stay; pairs that are not found again are kept but no longer current. The state of
    the run says how far it is. May run twice without harm.
    """
    left, right = sorted((left, right), key=lambda network: network.pk)
    run = start_run(RUN_KIND, f"{left.pk}-{right.pk}")
    try:
        bond = bond_between(left, right, on)
        found, weights = [], PRIOR.version
        if bond:
            with matcher_of(bond, on, anew=True) as kept:
                if kept:
                    weights = kept.basis.weights.version
                    progress = partial(note_progress, run)
                    found = find(kept, on, sizes_of(bond), _said(bond), progress)
        _keep(found, bond, weights, (left, right), on)
        if bond:
            propose_if_due(bond)
    except Exception as problem:
        end_run(run, problem=f"{type(problem).__name__}: {problem}")
        raise
    end_run(run)
    return len(found)


def recompute_member(left: Network, right: Network, organisation: int, on: dt.date) -> int:
    """Compute the suggestions of one member anew; return how many pairs.

    Those of other members stay as they are, with two consequences until the next full run: a place
    that becomes free stays free, and a partner may have one suggestion more than its share.
    """
    bond = bond_between(left, right, on)
    if bond is None:
        return 0
    with matcher_of(bond, on) as kept:
        if kept is None:
            return 0
        partners = {key for pair in _current(_of(bond, organisation)) for key in pair}
        kept.renew({str(key) for key in (organisation, *partners)})
        said = _said(bond)
        listed = _current(_of(bond).exclude(state__in=_DECIDED))
        found = find_for(organisation, kept, on, sizes_of(bond), said, listed)
        _keep_of(found, bond, kept.basis.weights.version, organisation, on)
    return len(found)


def sizes_of(bond: Bond) -> Sizes:
    return WITHIN if bond.is_within else ACROSS


def _of(bond: Bond, organisation: int | None = None) -> QuerySet[Suggestion]:
    own = Suggestion.objects.filter(left_network=bond.left, right_network=bond.right)
    return own.filter(_involves(organisation)) if organisation else own


def _involves(organisation: int) -> Q:
    return Q(left=organisation) | Q(right=organisation)


def _current(suggestions: QuerySet[Suggestion]) -> dict[Pair, float]:
    rows = suggestions.filter(is_current=True).order_by()
    return {
        (left, right): score
        for left, right, score in rows.values_list("left_id", "right_id", "score")
    }


def _said(bond: Bond) -> Said:
    wish = Suggestion.Wish.INTERESTED
    decided = _of(bond).filter(state__in=_DECIDED)
    wished = _of(bond).filter(Q(left_wish=wish) | Q(right_wish=wish)).exclude(state__in=_DECIDED)
    return Said(*(frozenset(rows.values_list("left_id", "right_id")) for rows in (decided, wished)))


@transaction.atomic
def _keep(
    found: Sequence[Found],
    bond: Bond | None,
    weights: str,
    networks: tuple[Network, Network],
    on: dt.date,
) -> None:
    Suggestion.objects.filter(left_network=networks[0], right_network=networks[1]).update(
        is_current=False
    )
    if bond:
        _write(found, bond, [*range(1, len(found) + 1)], weights, on)
    record(None, "recompute", networks[0], {"with": networks[1].slug, "found": len(found)})


@transaction.atomic
def _keep_of(
    found: Sequence[Found], bond: Bond, weights: str, organisation: int, on: dt.date
) -> None:
    """Keep the suggestions of one member; each gets the place it would have had in the list."""
    others = _of(bond).filter(is_current=True).exclude(_involves(organisation))
    scores = sorted(others.values_list("score", flat=True))
    ranks = [1 + len(scores) - bisect_right(scores, one.score) + n for n, one in enumerate(found)]
    _of(bond, organisation).exclude(state__in=_DECIDED).update(is_current=False)
    _write(found, bond, ranks, weights, on)
    record(None, "recompute", bond.left, {"with": bond.right.slug, "found": len(found)})


def _write(
    found: Sequence[Found], bond: Bond, ranks: Sequence[int], weights: str, on: dt.date
) -> None:
    """Write what was found; what a decision was made on stays for the learning of weights."""
    now = timezone.now()
    decided = frozenset(_of(bond).filter(state__in=_DECIDED).values_list("left_id", "right_id"))
    rows = [as_suggestion(one, bond, rank, weights) for one, rank in zip(found, ranks, strict=True)]
    for row in rows:
        row.computed_at = now
    for fields, wanted in ((_PLAIN, True), (_COMPARED + _PLAIN, False)):
        Suggestion.objects.bulk_create(
            [row for row in rows if ((row.left_id, row.right_id) in decided) == wanted],
            update_conflicts=True,
            unique_fields=_PAIR,
            update_fields=fields,
        )
    pairs = set(map(pair_of, found))
    keys = {
        (left, right): key
        for left, right, key in _of(bond).values_list("left_id", "right_id", "pk")
        if (left, right) in pairs
    }
    Quote.objects.filter(suggestion__in=keys.values()).delete()
    quotes = quotes_of(found, on)
    for pair, own in quotes.items():
        for quote in own:
            quote.suggestion_id = keys[pair]
    Quote.objects.bulk_create(quote for own in quotes.values() for quote in own)
