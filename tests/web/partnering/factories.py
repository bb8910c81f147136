"""Pairs as a run would have left them, without running the engine."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from tests.web import factories
from tests.web.factories import TODAY
from verbund.web.accounts.models import User
from verbund.web.agreements.models import Clause
from verbund.web.directory.models import Offer, Request
from verbund.web.networks.models import Network, Organisation
from verbund.web.partnering.models import Introduction, Quote, Suggestion


def suggestion(
    networks: tuple[Network, Network],
    pair: tuple[Organisation, Organisation],
    *,
    request: Request | None = None,
    offer: Offer | None = None,
    **fields: Any,
) -> Suggestion:
    """Suggest a pair of which the left one requests and the right one offers, both quoted."""
    left, right = pair
    request = request or factories.request(left, f"Gesuch von {left}")
    offer = offer or factories.offer(right, f"Angebot von {right}")
    facts = {
        "seeker": str(left.pk),
        "request": request.text_de,
        "answerer": str(right.pk),
        "answer": offer.text_de,
        "concepts": [],
    }
    said = f"{left} sucht: {request.text_de}. {right} bietet: {offer.text_de}."
    given = {
        "rank": 1,
        "score": 1.0,
        "strength": "strong",
        "topic_de": f"Thema {left}",
        "topic_en": f"Topic {left}",
        "search": f"{left} {right}".lower(),
        "reasons": [
            {"code": "request_met", "de": said, "en": said, "contribution": 1.0, "facts": facts}
        ],
        "doubts": [{"code": "doubt.far", "de": "Weit.", "en": "Far."}],
        "computed_at": timezone.now(),
    }
    made = Suggestion.objects.create(
        left_network=networks[0],
        right_network=networks[1],
        left=left,
        right=right,
        **given | fields,
    )
    Quote.objects.create(suggestion=made, request=request, text=request.text_de)
    Quote.objects.create(suggestion=made, offer=offer, text=offer.text_de)
    return made


def introduction(
    networks: tuple[Network, Network],
    pair: tuple[Organisation, Organisation],
    *,
    clause: Clause | None = None,
    **fields: Any,
) -> Introduction:
    given: dict[str, Any] = {
        "subject": "Freiformoptik",
        "text": "Passt ein Gespräch?",
        "asked_at": dt.datetime.combine(TODAY, dt.time(9), dt.UTC) - dt.timedelta(days=3),
        "clause": clause,
    }
    return Introduction.objects.create(
        left_network=networks[0],
        right_network=networks[1],
        left=pair[0],
        right=pair[1],
        **given | fields,
    )


def reachable(organisation: Organisation, email: str) -> User:
    """Give an organisation a representative with this mail address."""
    return factories.representative_of(organisation, email=email, name=f"Für {organisation}")
