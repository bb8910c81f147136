"""Mails that came back: delivery reports (RFC 3464) from a pipe, a file or a mailbox folder.

A report counts only if it carries the id of a mail that we sent (`outbox.message_id`), so nobody
else can say that an address is bad. Reading one twice does no harm.
"""

from __future__ import annotations

import email
import mailbox
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import cast

from verbund.web.core import addresses
from verbund.web.core.models import Mail
from verbund.web.core.outbox import mail_with_id, names_bad_address


@dataclass(frozen=True)
class Failure:
    """One mail that was not delivered: which, with what status, and what the server said."""

    mail: Mail
    status: str
    said: str


@dataclass(frozen=True)
class Taken:
    """What came of reading: reports that concern a mail of ours, and messages that do not."""

    marked: int = 0
    others: int = 0


def take(messages: Iterable[bytes]) -> Taken:
    """Mark the mails that came back, and the addresses at which nobody is."""
    marked = others = 0
    for raw in messages:
        failure = failure_in(raw)
        if failure is None:
            others += 1
        else:
            _mark(failure)
            marked += 1
    return Taken(marked, others)


def _mark(failure: Failure) -> None:
    said = f"{failure.status} {failure.said}".strip()
    mail = failure.mail
    mail.state, mail.problem = Mail.State.BOUNCED, said[:500]
    mail.save(update_fields=["state", "problem"])
    if names_bad_address(failure.status):
        addresses.note_bounce(mail.to, said)


def failure_in(raw: bytes) -> Failure | None:
    """Read a delivery report; None if it is none, tells of no failure, or is not about our mail."""
    message = email.message_from_bytes(raw)
    if message.get_content_type() != "multipart/report" or not message.is_multipart():
        return None
    parts = cast("list[Message]", message.get_payload())
    refused = next(_refusals(parts), None)
    if refused is None:
        return None
    mail = _mail_in(parts)
    if mail is None:
        return None
    diagnostic = str(refused.get("Diagnostic-Code", ""))
    said = " ".join(diagnostic.split(";", 1)[-1].split())
    return Failure(mail, str(refused.get("Status", "")).split()[0], said)


def _refusals(parts: list[Message]) -> Iterator[Message]:
    """Find the recipients for whom delivery has failed for good; a delay is no failure."""
    for part in parts:
        if part.get_content_type() != "message/delivery-status" or not part.is_multipart():
            continue
        for fields in cast("list[Message]", part.get_payload()):
            if str(fields.get("Action", "")).strip().lower() == "failed" and fields.get("Status"):
                yield fields


def _mail_in(parts: list[Message]) -> Mail | None:
    """Find our mail by the id of the returned mail, of which the headers are enough."""
    for part in parts:
        if part.get_content_type() == "message/rfc822" and part.is_multipart():
            returned = cast("list[Message]", part.get_payload())[0]
        elif part.get_content_type() == "text/rfc822-headers":
            returned = email.message_from_bytes(cast("bytes", part.get_payload(decode=True)))
        else:
            continue
        return mail_with_id(str(returned.get("Message-ID", "")))
    return None


def messages_of(path: Path) -> Iterator[bytes]:
    """Yield the messages of a file, an mbox file or a maildir; a maildir's then count as read."""
    if (path / "new").is_dir():
        yield from _new_in(mailbox.Maildir(path, create=False))
    elif path.is_dir():
        for file in sorted(path.glob("*.eml")):
            yield file.read_bytes()
    elif path.read_bytes()[:5] == b"From ":
        with closing(mailbox.mbox(path, create=False)) as box:
            yield from (message.as_bytes() for message in box)
    else:
        yield path.read_bytes()


def _new_in(folder: mailbox.Maildir) -> Iterator[bytes]:
    for key in list(folder.keys()):
        message = folder[key]
        if message.get_subdir() != "new":
            continue
        yield message.as_bytes()
        message.set_subdir("cur")
        message.add_flag("S")
        folder[key] = message
