from __future__ import annotations

from typing import Any

import pytest
from django.core import signing

from tests.web import factories
from verbund.web.core import outbox
from verbund.web.core.models import Mail
from verbund.web.core.services import end_run, start_run, today
from verbund.web.networks.rules import viewer_of
from verbund.web.portal.plugs import waiting_mails

LETTER = '<html><head><title>x</title></head><body><a href="/answer/1/">Ja</a></body></html>'


@pytest.fixture
def mails(world: Any) -> dict[str, Mail]:
    post = outbox.post
    return {
        "a": post("a@example.org", "Für A", "Text A", about="introduction", network_key="a"),
        "b": post("b@example.org", "Für B", "Text B", about="invitation", network_key="b"),
        "code": post("c@example.org", "Ihr Code", "GEHEIM", about="account"),
    }


def subjects(client: Any, address: str = "/outbox/") -> list[str]:
    shown = client.get(address).content.decode()
    return [subject for subject in ("Für A", "Für B", "Ihr Code") if subject in shown]


def test_office_reads_the_mails_of_its_own_network(
    world: Any, signed_in: Any, mails: dict[str, Mail]
) -> None:
    client = signed_in(world.manager_a)

    assert subjects(client) == ["Für A"]
    assert "Text A" in client.get(f"/outbox/{mails['a'].pk}/").content.decode()
    assert client.get(f"/outbox/{mails['b'].pk}/").status_code == 404
    assert client.get(f"/outbox/{mails['code'].pk}/").status_code == 404


def test_operator_reads_all_but_codes(world: Any, signed_in: Any, mails: dict[str, Mail]) -> None:
    client = signed_in(factories.user(is_superuser=True))

    assert subjects(client) == ["Für A", "Für B", "Ihr Code"]
    code = client.get(f"/outbox/{mails['code'].pk}/").content.decode()
    assert "Only the receiver reads this" in code
    assert "GEHEIM" not in code


def test_contact_persons_in_a_mail_are_for_its_receiver_alone(world: Any, signed_in: Any) -> None:
    mail = outbox.post("a@example.org", "Beta", "GEHEIM", about="contact", network_key="a")
    mail.html = "<html>GEHEIM</html>"
    mail.save()

    for person in (world.manager_a, factories.user(is_superuser=True)):
        client = signed_in(person)
        shown = client.get(f"/outbox/{mail.pk}/").content.decode()
        assert "agreed that the receiver sees them and nobody else" in shown
        assert "GEHEIM" not in shown
        assert client.get(f"/outbox/{mail.pk}/letter/").status_code == 404


def test_members_and_visitors_read_none(world: Any, signed_in: Any, mails: dict[str, Mail]) -> None:
    assert signed_in(world.person_a).get("/outbox/").status_code == 403
    assert signed_in(None).get("/outbox/")["Location"].startswith("/account/login/")
    for person in (world.person_a, None):
        assert signed_in(person).get(f"/outbox/{mails['a'].pk}/").status_code == 404
        assert signed_in(person).get(f"/outbox/{mails['a'].pk}/letter/").status_code == 404


def test_in_the_demo_everybody_reads_everything(
    world: Any, signed_in: Any, mails: dict[str, Mail], settings: Any
) -> None:
    settings.DEMO = True
    client = signed_in(None)

    assert subjects(client) == ["Für A", "Für B", "Ihr Code"]
    assert "GEHEIM" in client.get(f"/outbox/{mails['code'].pk}/").content.decode()


def test_link_that_answers_for_the_receiver_is_kept_back(
    world: Any, signed_in: Any, settings: Any
) -> None:
    token = signing.dumps([7, "left", "Erika"], salt="x")
    link = f"http://127.0.0.1:8000/answer/{token}/"
    mail = outbox.post("a@example.org", "A", link, html=f"<p>{link}", network_key="a")
    client = signed_in(world.manager_a)

    for address in (f"/outbox/{mail.pk}/", f"/outbox/{mail.pk}/letter/"):
        shown = client.get(address).content.decode()
        assert token not in shown
        assert "http://127.0.0.1:8000/answer/…/" in shown
    settings.DEMO = True
    assert token in client.get(f"/outbox/{mail.pk}/").content.decode()


def test_list_is_narrowed_by_state_and_subject_matter(
    world: Any, signed_in: Any, mails: dict[str, Mail]
) -> None:
    Mail.objects.filter(pk=mails["b"].pk).update(state=Mail.State.SENT)
    client = signed_in(factories.user(is_superuser=True))

    assert subjects(client, "/outbox/?state=sent") == ["Für B"]
    assert subjects(client, "/outbox/?about=introduction") == ["Für A"]
    assert subjects(client, "/outbox/?state=waiting&about=account") == ["Ihr Code"]
    assert len(subjects(client, "/outbox/?state=x&about=y&page=z")) == 3


def test_list_takes_as_many_queries_for_three_mails_as_for_one(
    world: Any, signed_in: Any, count_queries: Any
) -> None:
    client = signed_in(world.manager_a)
    outbox.post("a@example.org", "Eins", "x", network_key="a")
    few = count_queries(lambda: client.get("/outbox/"))
    for _number in range(2):
        outbox.post("a@example.org", "Mehr", "x", network_key="a")

    assert count_queries(lambda: client.get("/outbox/")) == few


def test_letter_is_shown_alone_without_scripts(world: Any, signed_in: Any) -> None:
    mail = outbox.post("a@example.org", "A", "Text", html=LETTER, network_key="a")
    client = signed_in(world.manager_a)

    page, letter = client.get(f"/outbox/{mail.pk}/"), client.get(f"/outbox/{mail.pk}/letter/")

    assert f'src="/outbox/{mail.pk}/letter/" sandbox=' in page.content.decode()
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert "script-src 'none'" in letter["Content-Security-Policy"]
    assert "default-src 'none'" in letter["Content-Security-Policy"]
    assert "sandbox allow-top-navigation-by-user-activation" in letter["Content-Security-Policy"]
    assert letter["X-Frame-Options"] == "SAMEORIGIN"
    assert '<base target="_top">' in letter.content.decode()


def test_mail_without_html_has_no_letter(
    world: Any, signed_in: Any, mails: dict[str, Mail]
) -> None:
    client = signed_in(world.manager_a)

    assert client.get(f"/outbox/{mails['a'].pk}/letter/").status_code == 404
    assert "<iframe" not in client.get(f"/outbox/{mails['a'].pk}/").content.decode()


def test_why_mails_wait_is_explained(
    world: Any, signed_in: Any, mails: dict[str, Mail], settings: Any
) -> None:
    client = signed_in(world.manager_a)
    settings.EMAIL_HOST = ""
    assert "VERBUND_MAIL_HOST" in client.get("/outbox/").content.decode()
    assert "no mail server is set" in client.get(f"/outbox/{mails['a'].pk}/").content.decode()

    settings.EMAIL_HOST = "mail.example.org"

    assert "VERBUND_MAIL_HOST" not in client.get("/outbox/").content.decode()


def test_mail_is_shown_as_text(world: Any, signed_in: Any) -> None:
    mail = outbox.post("a@example.org", "<b>A</b>", "<script>x</script>", network_key="a")

    shown = signed_in(world.manager_a).get(f"/outbox/{mail.pk}/").content.decode()

    assert "<script>x" not in shown
    assert "&lt;b&gt;A&lt;/b&gt;" in shown


def test_offices_are_told_while_the_mail_server_is_away(world: Any, mails: dict[str, Mail]) -> None:
    def told(person: Any) -> list[int]:
        return [task.count for task in waiting_mails(viewer_of(person, today()), today())]

    assert told(world.manager_a) == []
    end_run(start_run("mails", ""), "ConnectionRefusedError: [Errno 111]")

    assert [told(one) for one in (world.manager_a, world.manager_c, world.person_a)] == [
        [1],
        [],
        [],
    ]
    end_run(start_run("mails", ""))
    assert told(world.manager_a) == []
