"""What counts in the suggestions of a pair of networks, and what its decisions would change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from verbund.matching.learning import Decision, moved
from verbund.matching.weights import PRIOR, Weights
from verbund.web.accounts.models import User
from verbund.web.core import toasts
from verbund.web.core.services import today
from verbund.web.networks.requests import Request
from verbund.web.partnering import queries, services, tasks
from verbund.web.partnering import weights as weighing
from verbund.web.partnering.models import Suggestion, WeightVersion
from verbund.web.partnering.queries import Bond
from verbund.web.partnering.rules import can_weigh
from verbund.web.partnering.views.saying import language
from verbund.wording import Phrase


@login_required
def weights(request: Request, left: int | None = None, right: int | None = None) -> HttpResponse:
    on = today()
    found = queries.bonds(on, of=request.viewer.offices)
    bond = next((b for b in found if (b.left.pk, b.right.pk) == (left, right)), None)
    if bond is None:
        if left is not None or not found:
            raise Http404
        return redirect("weights_of", found[0].left.pk, found[0].right.pk)
    versions = list(weighing.versions_of(bond))
    decisions = weighing.decisions_of(bond)
    shown = _shown(versions, request.GET.get("version", ""))
    context = {
        "bond": bond,
        "bonds": [(one, capfirst(str(one)), one.key == bond.key) for one in found],
        "versions": versions,
        "used": next((row for row in versions if row.is_used), None),
        "shown": shown,
        "decisions": len(decisions),
        "new": max(0, len(decisions) - (versions[0].decisions if versions else 0)),
        "can_weigh": can_weigh(request.viewer, bond),
        "rows": _rows(weighing.weights_of(bond), weighing.as_weights(shown) if shown else PRIOR),
    }
    if shown:
        context |= _compared(request, bond, shown, decisions, on)
    return render(request, "partnering/weights.html", context)


def _shown(versions: Sequence[WeightVersion], asked: str) -> WeightVersion | None:
    """Return the version asked for, else the newest one."""
    wanted = next((row for row in versions if str(row.pk) == asked), None)
    return wanted or next(iter(versions), None)


def _compared(
    request: Request, bond: Bond, shown: WeightVersion, decisions: Sequence[Decision], on: dt.date
) -> dict[str, Any]:
    """Say what a version moves against what is in use, or if it is, against what came with it."""
    before = PRIOR if shown.is_used else weighing.weights_of(bond)
    after = weighing.as_weights(shown)
    own = queries.suggestions_of_office(request.viewer, on)
    listed = queries.with_standing(queries.filtered(own, pair=bond.key), "check")
    return {
        "moved": [
            one.say(language()) for one in moved(before, after, decisions[: shown.decisions])
        ],
        "effect": weighing.effect(bond, queries.in_order(listed), after),
    }


def _rows(used: Weights, shown: Weights) -> list[dict[str, object]]:
    return [
        {
            "label": capfirst(Phrase(f"comparison.{name}").say(language())),
            "shipped": value,
            "used": used.of(name),
            "shown": shown.of(name),
        }
        for name, value in PRIOR.values.items()
    ]


# ---------------------------------------------------------------- switching


@require_POST
@login_required
def propose(request: Request, left: int, right: int) -> HttpResponse:
    found = queries.bonds(today(), of=request.viewer.offices)
    bond = next((b for b in found if (b.left.pk, b.right.pk) == (left, right)), None)
    if bond is None:
        raise Http404
    if not can_weigh(request.viewer, bond):
        raise PermissionDenied
    row = services.propose(bond, by=cast("User", request.user))
    if row is None:
        toasts.warn(request, _("No decision says anything about the fit yet. Nothing was changed."))
        return redirect("weights_of", left, right)
    text = _("Proposed from %(n)d decisions. Nothing has changed yet.")
    toasts.say(request, text % {"n": row.decisions})
    return redirect(_address(row))


@require_POST
@login_required
def use(request: Request, pk: int) -> HttpResponse:
    row, bond = _own(request, pk)
    before = weighing.versions_of(bond).filter(is_used=True).first()
    services.use_weights(row, by=cast("User", request.user))
    tasks.ask_for(bond)
    undo = reverse("weights_use", args=[before.pk]) if before else _shipped(row)
    text = _("Suggestions %(bond)s are being computed with the new weights. Decisions stay.")
    toasts.say(request, text % {"bond": bond}, undo=undo)
    return redirect(_address(row))


@require_POST
@login_required
def use_shipped(request: Request, pk: int) -> HttpResponse:
    row, bond = _own(request, pk)
    services.use_shipped_weights(row, by=cast("User", request.user))
    tasks.ask_for(bond)
    text = _("Suggestions %(bond)s are being computed with the weights that Verbund brings.")
    toasts.say(request, text % {"bond": bond}, undo=reverse("weights_use", args=[row.pk]))
    return redirect(_address(row))


def _own(request: Request, pk: int) -> tuple[WeightVersion, Bond]:
    row = get_object_or_404(weighing.versions_known_to(request.viewer, today()), pk=pk)
    bond = queries.bond_between(row.left_network, row.right_network, today())
    if bond is None:
        raise Http404
    if not can_weigh(request.viewer, bond):
        raise PermissionDenied
    return row, bond


def _shipped(row: WeightVersion) -> str:
    return reverse("weights_shipped", args=[row.pk])


def _address(row: WeightVersion) -> str:
    address = reverse("weights_of", args=[row.left_network_id, row.right_network_id])
    return f"{address}?version={row.pk}"


def said_weights(suggestion: Suggestion, bond: Bond | None) -> dict[str, object]:
    """Say by which weights a suggestion was computed; they stand on the page of the pair."""
    version = suggestion.weights_version
    row = weighing.versions_of(bond).filter(version=version).first() if bond else None
    address = reverse("weights_of", args=[bond.left.pk, bond.right.pk]) if bond else ""
    return {"made_at": row.made_at if row else None, "address": address, "version": version}
