"""How fresh the suggestions are, and computing them anew."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from verbund.web.core import toasts
from verbund.web.core.models import BackgroundRun
from verbund.web.core.services import today
from verbund.web.networks.requests import Request
from verbund.web.partnering import queries, tasks


def freshness_of(request: Request, on: dt.date) -> dict[str, Any]:
    runs = queries.runs_of(queries.bonds(on, of=request.viewer.offices))
    state = BackgroundRun.State
    done = [run.finished_at for _bond, run in runs if run and run.finished_at]
    return {
        "computed_at": min(done) if done else None,
        "profiles_of": min((r.started_at for _b, r in runs if r and r.started_at), default=None),
        "busy": [(b, r) for b, r in runs if r and r.state in (state.WAITING, state.RUNNING)],
        "failed": [(b, r) for b, r in runs if r and r.state == state.FAILED],
        "never": [b for b, r in runs if r is None],
    }


@login_required
def freshness(request: Request) -> HttpResponse:
    if not request.viewer.offices:
        raise PermissionDenied
    context = freshness_of(request, today()) | {"was_polled": True}
    return render(request, "partnering/_freshness.html", context)


@require_POST
@login_required
def recompute(request: Request, left: int, right: int) -> HttpResponse:
    wanted = (left, right)
    found = queries.bonds(today(), of=request.viewer.edited)
    bond = next((bond for bond in found if (bond.left.pk, bond.right.pk) == wanted), None)
    if bond is None:
        raise PermissionDenied
    tasks.ask_for(bond, again=True)
    toasts.say(request, _("Suggestions are being computed anew. Decisions stay as they are."))
    return redirect("suggestions")
