"""Named reads of the set-up: whether it is done, and which link may do it."""

from __future__ import annotations

import hashlib

from verbund.web.accounts.models import SetupLink
from verbund.web.networks.models import Network, Role


def is_set_up() -> bool:
    return Role.objects.filter(kind=Role.Kind.MANAGER).exists()


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def link_of(token: str) -> SetupLink | None:
    return SetupLink.objects.filter(digest=digest_of(token)).first()


def is_open(link: SetupLink) -> bool:
    """A link opens the installation until it is used or somebody manages a network."""
    return link.used_at is None and not is_set_up()


def begun_network() -> Network | None:
    """Return the network of the first step, if that was done."""
    return Network.objects.order_by("pk").first()
