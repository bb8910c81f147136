"""Links in mails that answer an approach without sign-in: for one side and one state of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing

_SALT = "directory.approach"
_DAYS = 120


@dataclass(frozen=True, slots=True)
class Ticket:
    approach: int
    side: str
    state: str
    name: str


def sign(ticket: Ticket) -> str:
    return signing.dumps([ticket.approach, ticket.side, ticket.state, ticket.name], salt=_SALT)


def read(token: str) -> Ticket | None:
    """Return what a link stands for; None if it was not made here or is too old."""
    try:
        return Ticket(*signing.loads(token, salt=_SALT, max_age=_DAYS * 86_400))
    except signing.BadSignature:
        return None
