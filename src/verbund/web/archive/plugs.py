"""What this app announces to the others."""

from __future__ import annotations

from verbund.web.archive.network import plugs as network
from verbund.web.archive.privacy import plugs as privacy


def announce() -> None:
    privacy.announce()
    network.announce()
