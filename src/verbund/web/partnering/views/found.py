"""What suggestions made on a day in the past would have found."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render

from verbund.web.agreements.sharing import visible
from verbund.web.core.services import today
from verbund.web.networks.models import Organisation
from verbund.web.networks.requests import Request
from verbund.web.partnering.models import Hindsight
from verbund.web.partnering.queries import hindsights_for


@login_required
def found(request: Request) -> HttpResponse:
    looks = [_shown(request, row) for row in hindsights_for(request.viewer)]
    if not looks:
        raise Http404
    return render(request, "partnering/found.html", {"looks": looks})


def _shown(request: Request, row: Hindsight) -> dict[str, Any]:
    """Show the figures, and of the pairs those whose two sides this person may see."""
    pairs = row.result.get("pairs", [])
    ids = {pair[side] for pair in pairs for side in ("left", "right")}
    known = visible(Organisation.objects.filter(pk__in=ids), to=request.viewer, on=today())
    by_id = known.in_bulk()
    shown = [
        pair
        | {
            "left": by_id[pair["left"]],
            "right": by_id[pair["right"]],
            "start": dt.date.fromisoformat(pair["start"]) if pair["start"] else None,
        }
        for pair in pairs
        if pair["left"] in by_id and pair["right"] in by_id
    ]
    last = row.until - dt.timedelta(days=1)
    return {"row": row, "result": row.result, "pairs": shown, "last": last}
