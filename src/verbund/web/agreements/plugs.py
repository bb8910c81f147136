"""What this app announces to the others."""

from __future__ import annotations


def announce() -> None:
    """Announce navigation, tasks and searches."""
