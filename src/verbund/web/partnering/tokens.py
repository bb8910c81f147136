"""Links in mails that answer without sign-in: signed, for one introduction and one side."""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing

_SALT = "partnering.answer"
_DAYS = 120


@dataclass(frozen=True, slots=True)
class Ticket:
    introduction: int
    side: str
    name: str


def sign(ticket: Ticket) -> str:
    return signing.dumps([ticket.introduction, ticket.side, ticket.name], salt=_SALT)


def read(token: str) -> Ticket | None:
    """Return what a link stands for; None if it was not made here or is too old."""
    try:
        return Ticket(*signing.loads(token, salt=_SALT, max_age=_DAYS * 86_400))
    except signing.BadSignature:
        return None
