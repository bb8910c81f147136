"""What this app announces to the others."""

from __future__ import annotations

from verbund.web.accounts import signals  # noqa: F401  # connected by being loaded
from verbund.web.accounts.kept import announce_kept


def announce() -> None:
    """Announce what is kept about persons."""
    announce_kept()
