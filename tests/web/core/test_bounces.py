"""Delivery reports as mail servers write them: marked if they are about a mail of ours."""

from __future__ import annotations

import mailbox
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from verbund.web.core import bounces, plugs
from verbund.web.core.models import Mail, MailAddress
from verbund.web.core.outbox import message_id, post

pytestmark = pytest.mark.django_db
ADDRESS = "h.alt@werk.example"

REPORT = """\
Return-Path: <>
From: MAILER-DAEMON@mx.werk.example (Mail Delivery System)
To: post@verbund.example
Subject: Undelivered Mail Returned to Sender
Date: Mon, 2 Nov 2026 08:14:07 +0100 (CET)
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
 boundary="9B095B5ADSN=_01CE5A"

--9B095B5ADSN=_01CE5A
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients.

--9B095B5ADSN=_01CE5A
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.werk.example
Arrival-Date: Mon, 2 Nov 2026 08:14:05 +0100 (CET)

Final-Recipient: rfc822; {address}
Original-Recipient: rfc822;{address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {said}

--9B095B5ADSN=_01CE5A
Content-Description: Undelivered Message
Content-Type: {returned}

{headers}

--9B095B5ADSN=_01CE5A--
"""


def report(mail_id: str, **changes: str) -> bytes:
    values = {
        "address": ADDRESS,
        "action": "failed",
        "status": "5.1.1",
        "said": "550 5.1.1 <h.alt@werk.example>: Recipient address\n    rejected: User unknown",
        "returned": "message/rfc822",
        "headers": f"From: post@verbund.example\nTo: {ADDRESS}\nSubject: Frage\n"
        f"Message-ID: {mail_id}\nMIME-Version: 1.0\n\nGuten Tag,",
    }
    return REPORT.format(**values | changes).encode()


@pytest.fixture
def mail() -> Mail:
    made = post(ADDRESS, "Frage", "Guten Tag,", about="introduction")
    Mail.objects.filter(pk=made.pk).update(state=Mail.State.SENT)
    return made


def _seen(mail: Mail) -> tuple[str, str, list[str]]:
    mail.refresh_from_db()
    bad = MailAddress.objects.exclude(bounced_at=None).order_by("address")
    return mail.state, mail.problem, list(bad.values_list("address", flat=True))


def test_report_marks_the_mail_and_its_address_once(mail: Mail) -> None:
    raw = report(message_id(mail))

    assert [bounces.take([raw]) for _ in range(2)] == [bounces.Taken(marked=1)] * 2
    said = "5.1.1 550 5.1.1 <h.alt@werk.example>: Recipient address rejected: User unknown"
    assert _seen(mail) == ("bounced", said, [ADDRESS])


def test_report_with_headers_alone_and_other_line_ends_is_understood(mail: Mail) -> None:
    headers = f"Received: from verbund.example\nMessage-Id:\n {message_id(mail)}\nSubject: Frage"
    raw = report(message_id(mail), returned="text/rfc822-headers", headers=headers)

    assert bounces.take([raw.replace(b"\n", b"\r\n")]) == bounces.Taken(marked=1)
    assert _seen(mail)[0] == "bounced"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("5.2.2", "552 5.2.2 mailbox full"),
        ("5.7.1", "554 5.7.1 rejected by policy"),
        ("4.4.7", "delivery time expired"),
    ],
)
def test_mail_came_back_but_the_address_may_be_right(mail: Mail, status: str, said: str) -> None:
    bounces.take([report(message_id(mail), status=status, said=said)])

    assert _seen(mail) == ("bounced", f"{status} {said}", [])


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe not a mail",
        b"Subject: Abwesend\nAuto-Submitted: auto-replied\n\nIch bin im Urlaub.",
        b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: text/plain\n\n?",
        report("<1.forged-signature@verbund.example>"),
        report("<8842@werk.example>"),
    ],
)
def test_what_is_no_report_about_our_mail_changes_nothing(mail: Mail, raw: bytes) -> None:
    assert bounces.take([raw]) == bounces.Taken(others=1)
    assert _seen(mail) == ("sent", "", [])


@pytest.mark.parametrize("change", [{"action": "delayed", "status": "4.4.1"}, {"status": ""}])
def test_delay_or_report_without_status_changes_nothing(mail: Mail, change: dict[str, str]) -> None:
    assert bounces.take([report(message_id(mail), **change)]) == bounces.Taken(others=1)
    assert _seen(mail) == ("sent", "", [])


def test_id_of_another_mail_cannot_be_made_from_a_known_one(mail: Mail) -> None:
    other = post("b@werk.example", "Frage", "Guten Tag,")
    forged = message_id(mail).replace(f"<{mail.pk}.", f"<{other.pk}.")

    assert bounces.take([report(forged)]) == bounces.Taken(others=1)
    assert _seen(mail) == ("sent", "", [])


def test_folder_is_read_once(mail: Mail, tmp_path: Path, settings: Any) -> None:
    folder = mailbox.Maildir(tmp_path / "returned", create=True)
    folder.add(report(message_id(mail)))
    folder.add(b"Subject: Hallo\n\nKein Bericht")

    first, second = (bounces.take(bounces.messages_of(tmp_path / "returned")) for _ in range(2))

    assert (first, second) == (bounces.Taken(marked=1, others=1), bounces.Taken())
    settings.MAIL_BOUNCES = str(tmp_path / "returned")
    folder.add(report(message_id(mail)))
    plugs.read_bounces()
    assert {message.get_subdir() for message in folder} == {"cur"}


def test_file_mbox_and_folder_of_mails_are_read(mail: Mail, tmp_path: Path) -> None:
    raw = report(message_id(mail))
    (tmp_path / "one.eml").write_bytes(raw)
    with closing(mailbox.mbox(tmp_path / "all.mbox", create=True)) as box:
        box.add(raw)
        box.add(raw)

    taken = [
        bounces.take(bounces.messages_of(path))
        for path in (tmp_path / "one.eml", tmp_path / "all.mbox", tmp_path)
    ]

    assert [one.marked for one in taken] == [1, 2, 1]
