"""Computing suggestions anew, without touching what somebody decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from verbund.matching import Introduction as Found
from verbund.web.core.services import end_run, note_progress, record, start_run
from verbund.web.networks.models import Network
from verbund.web.partnering.models import Quote, Suggestion
from verbund.web.partnering.problems import Pair, Sizes, as_suggestion, find, quotes_of
from verbund.web.partnering.queries import AT_MOST_FOR_A_MEMBER, RUN_KIND, Bond, bond_between

# An office looks through about fifty pairs an hour: two hours' work across networks. Inside one
# network people know each other more often, so fewer. A member is never shown more than five.
ACROSS = Sizes(top=100, per_organisation=AT_MOST_FOR_A_MEMBER)
WITHIN = Sizes(top=30, per_organisation=3)
_PLAIN = [
    "rank", "score", "strength", "topic_de", "topic_en", "search", "reasons", "doubts", "distance",
    "computed_at", "is_current",
]  # fmt: skip
_PAIR = ["left_network", "right_network", "left", "right"]


def recompute(left: Network, right: Network, on: dt.date) -> int:
    """Compute who of two networks (or of one, given twice) should meet; return how many pairs.

    Decisions stay; pairs that are not found again are kept but no longer current. The state of
    the run says how far it is. May run twice without harm.
    """
    left, right = sorted((left, right), key=lambda network: network.pk)
    run = start_run(RUN_KIND, f"{left.pk}-{right.pk}")
    try:
        bond = bond_between(left, right, on)
        found = _find(bond, on, partial(note_progress, run)) if bond else []
        _keep(found, bond, (left, right), on)
    except Exception as problem:
        end_run(run, problem=f"{type(problem).__name__}: {problem}")
        raise
    end_run(run)
    return len(found)


def _find(bond: Bond, on: dt.date, progress: partial[None]) -> list[Found]:
    own = Suggestion.objects.filter(left_network=bond.left, right_network=bond.right)
    wish, state = Suggestion.Wish.INTERESTED, Suggestion.State
    decided = own.filter(state__in=(state.REJECTED, state.INTRODUCED))
    wished = own.filter(Q(left_wish=wish) | Q(right_wish=wish)).exclude(pk__in=decided)
    return find(
        bond,
        on,
        sizes=WITHIN if bond.is_within else ACROSS,
        decided=set(decided.values_list("left_id", "right_id")),
        wished=set(wished.values_list("left_id", "right_id")),
        progress=progress,
    )


@transaction.atomic
def _keep(
    found: Sequence[Found], bond: Bond | None, networks: tuple[Network, Network], on: dt.date
) -> None:
    now = timezone.now()
    own = Suggestion.objects.filter(left_network=networks[0], right_network=networks[1])
    own.update(is_current=False)
    rows = [as_suggestion(one, bond, rank) for rank, one in enumerate(found, start=1) if bond]
    for row in rows:
        row.computed_at = now
    Suggestion.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=_PAIR, update_fields=_PLAIN
    )
    _link(found, dict(_keys(own.filter(is_current=True))), on)
    record(None, "recompute", networks[0], {"with": networks[1].slug, "found": len(rows)})


def _keys(suggestions: object) -> list[tuple[Pair, int]]:
    rows = suggestions.values_list("left_id", "right_id", "pk")  # type: ignore[attr-defined]
    return [((left, right), key) for left, right, key in rows]


def _link(found: Sequence[Found], keys: dict[Pair, int], on: dt.date) -> None:
    Quote.objects.filter(suggestion__in=keys.values()).delete()
    quotes = quotes_of(found, on)
    for pair, own in quotes.items():
        for quote in own:
            quote.suggestion_id = keys[pair]
    Quote.objects.bulk_create(quote for own in quotes.values() for quote in own)
