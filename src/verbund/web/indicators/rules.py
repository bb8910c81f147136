"""Figures are public; the office that publishes them looks after them."""

from __future__ import annotations

from verbund.web.indicators.models import Indicator
from verbund.web.networks.rules import Viewer, can_edit, can_run_installation


def can_make_indicator(viewer: Viewer) -> bool:
    return bool(viewer.edited)


def can_edit_indicator(viewer: Viewer, indicator: Indicator) -> bool:
    """Who edits for a network looks after its figures, the operator after those of none."""
    if indicator.network_id is None:
        return can_run_installation(viewer)
    return can_edit(viewer, indicator.network_id)
