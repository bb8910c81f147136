"""Consent log, record of processing, retention periods: contents, and who reads them."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from tests.web import factories
from tests.web.conftest import World
from verbund.web.accounts.models import User
from verbund.web.archive.privacy import processing, services
from verbund.web.core import background, outbox
from verbund.web.core.append_only import AUDIT, guard
from verbund.web.core.models import AuditEntry, Mail, Removal, RetentionPeriod
from verbund.web.core.retention import carry_out, months_before, months_of, periods
from verbund.web.core.services import today
from verbund.web.directory.models import ContactPerson, ImportRun, ProfileDraft, Sighting
from verbund.web.networks.models import DataClass, Membership, Role
from verbund.web.networks.rules import viewer_of

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


def lines(answer: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in answer.content.decode().splitlines()]


# ---------------------------------------------------------------- consents


def test_the_consent_log_says_what_to_whom_when_and_by_whom(world: World, signed_in: Any) -> None:
    factories.consent(
        world.member_a, DataClass.CONTACT, world.b, given_by=world.person_a, occasion="Messe",
        withdrawn_on=dt.date(2026, 5, 1),
    )  # fmt: skip
    factories.consent(world.member_b, DataClass.CONTACT, world.a)

    (line,) = lines(signed_in(world.manager_a).get("/privacy/consents/?export=jsonl"))

    assert line == {
        "Organisation": "Alpha Karosserie GmbH", "Data": "contact person", "Decision": "allowed",
        "To whom": "Netz B", "Given on": "2026-01-01", "By whom": "Person A", "Occasion": "Messe",
        "Withdrawn on": "2026-05-01",
    }  # fmt: skip


@pytest.mark.parametrize(("state", "number"), [("", 2), ("holds", 1), ("withdrawn", 1), ("?", 2)])
def test_the_consent_log_is_filtered(world: World, signed_in: Any, state: str, number: int) -> None:
    factories.consent(world.member_a, DataClass.CONTACT, world.b)
    factories.consent(world.member_a, DataClass.FIGURES, world.b, withdrawn_on=dt.date(2026, 5, 1))

    answer = signed_in(world.person_a).get(f"/privacy/consents/?export=jsonl&state={state}")

    assert len(lines(answer)) == number


def test_a_partner_reads_no_objection_of_a_member(world: World, signed_in: Any) -> None:
    factories.consent(world.member_a, DataClass.PROFILE, world.b, allows=False)

    for who in (world.manager_b, world.person_b, world.manager_c):
        page = signed_in(who).get(f"/privacy/consents/?organisation={world.member_a.pk}")
        assert (page.status_code, b"Alpha" in page.content) == (200, False)
    assert signed_in(world.stranger).get("/privacy/consents/").status_code == 403
    assert b"Alpha" in signed_in(world.manager_a).get("/privacy/consents/").content


def test_who_consented_elsewhere_is_not_named(world: World, signed_in: Any) -> None:
    Membership.objects.create(network=world.c, organisation=world.member_a)
    factories.consent(world.member_a, DataClass.CONTACT, world.b, given_by=world.manager_a)

    (line,) = lines(signed_in(world.manager_c).get("/privacy/consents/?export=jsonl"))

    assert line["By whom"] == "Somebody outside your network"


def test_three_times_as_many_consents_take_the_same_queries(
    world: World, signed_in: Any, count_queries: Any
) -> None:
    browser = signed_in(world.manager_a)
    factories.consent(world.member_a, DataClass.CONTACT, world.b, given_by=world.person_a)
    one = count_queries(lambda: browser.get("/privacy/consents/"))
    for _ in range(2):
        firm = factories.organisation(world.a)
        by = factories.representative_of(firm)
        factories.consent(firm, DataClass.CONTACT, world.b, given_by=by)

    assert count_queries(lambda: browser.get("/privacy/consents/")) == one


# ---------------------------------------------------------------- processing


def test_the_record_is_made_of_agreements_in_force(world: World, signed_in: Any) -> None:
    factories.agreement(world.a, world.c, title_de="Vorbei", valid_until=dt.date(2026, 1, 1))
    factories.agreement(world.b, world.c, title_de="Der anderen")

    (record,) = processing.records(viewer_of(world.manager_a, today()), today())

    assert record.agreement == world.agreement
    assert [one.name for one in record.controllers] == ["Netz A", "Netz B"]
    assert {one.data_class for one in record.shared} == {
        str(label)[:1].upper() + str(label)[1:] for label in DataClass.labels
    }
    page = signed_in(world.manager_a).get("/privacy/processing/").content.decode()
    assert "Art. 6(1)(a)" in page
    assert ("Vorbei" in page, "Der anderen" in page) == (False, False)
    assert signed_in(world.person_a).get("/privacy/processing/").status_code == 403


def test_the_record_and_the_arrangement_are_files(world: World, signed_in: Any) -> None:
    browser, slug = signed_in(world.manager_a), world.agreement.slug

    assert browser.get("/privacy/processing/?export=pdf").content.startswith(b"%PDF")
    assert browser.get("/privacy/processing/?export=xlsx").content.startswith(b"PK")
    page = browser.get(f"/privacy/processing/{slug}/").content.decode()
    assert "Netz A and Netz B process personal data together" in page
    pdf = browser.get(f"/privacy/processing/{slug}/?export=pdf")
    assert pdf.content.startswith(b"%PDF")


@pytest.mark.parametrize("who", ["manager_c", "person_a", "stranger"])
def test_an_arrangement_is_for_the_parties_offices(world: World, signed_in: Any, who: str) -> None:
    address = f"/privacy/processing/{world.agreement.slug}/"
    assert signed_in(getattr(world, who)).get(address).status_code == 404


# ---------------------------------------------------------------- retention


def test_months_before_ends_with_shorter_months() -> None:
    day = dt.datetime(2026, 3, 31, tzinfo=dt.UTC)
    assert months_before(day, 1) == dt.datetime(2026, 2, 28, tzinfo=dt.UTC)
    assert months_before(day, 15) == dt.datetime(2024, 12, 31, tzinfo=dt.UTC)


def removed() -> dict[str, int]:
    return {removal.key: removal.removed for removal in carry_out(NOW)}


def test_what_is_over_goes_and_what_is_not_stays(world: World) -> None:
    guard_audit()
    for months, key in ((119, "young"), (121, "old")):
        at = months_before(NOW, months)
        AuditEntry.objects.create(verb="create", kind="organisation", key=key, at=at)
    for months in (11, 13):
        mail = outbox.post("a@example.org", "a", "b")
        Mail.objects.filter(pk=mail.pk).update(
            written_at=months_before(NOW, months), state=Mail.State.SENT
        )
        day = months_before(NOW, months).date()
        factories.contact(world.member_a, valid_until=day)
        Sighting.objects.create(
            request=factories.request(world.member_b), network=world.a, place="page", on=day
        )
    for months in (5, 7):
        run = ImportRun.objects.create(network=world.a, file_name="l", content={"rows": [1]})
        ImportRun.objects.filter(pk=run.pk).update(made_at=months_before(NOW, months))
    for months, page in ((2, "1"), (4, "2")):
        draft = ProfileDraft.objects.create(
            organisation=world.member_a, user=world.person_a, page=page
        )
        ProfileDraft.objects.filter(pk=draft.pk).update(saved_at=months_before(NOW, months))

    assert removed() == {
        "drafts": 1, "lists": 1, "mails": 1, "sightings": 1, "contacts": 1, AUDIT: 1
    }  # fmt: skip

    assert [entry.key for entry in AuditEntry.objects.all()] == ["young"]
    assert sorted(bool(run.content) for run in ImportRun.objects.all()) == [False, True]
    left = (Mail, ContactPerson, Sighting, ProfileDraft)
    assert [model._default_manager.count() for model in left] == [1, 1, 1, 1]
    assert removed() == {}
    assert Removal.objects.filter(finished_at=None).count() == 0


def guard_audit() -> None:
    from django.db import connection

    guard(connection)


def test_an_account_without_a_role_for_a_year_is_closed(world: World) -> None:
    person = factories.user(password="x")  # noqa: S106  # of a test
    role = Role.objects.create(
        user=person, kind="manager", network=world.a, valid_until=dt.date(2025, 11, 30)
    )
    assert removed() == {}
    role.valid_until = dt.date(2025, 11, 1)
    role.save()

    assert removed() == {"accounts": 1}

    person.refresh_from_db()
    assert (person.name, person.is_active, person.has_usable_password()) == (
        "Person", False, False
    )  # fmt: skip
    assert User.objects.filter(is_active=False).count() == 1
    assert removed() == {}


def test_another_period_holds_from_its_day(world: World) -> None:
    mails = periods["mails"]
    services.set_period(mails, months=6, by=world.manager_a, on=dt.date(2026, 11, 22))

    assert months_of(mails, dt.date(2026, 11, 21)) == 12
    assert months_of(mails, dt.date(2026, 11, 22)) == 6
    services.set_period(mails, months=6, by=world.manager_a, on=dt.date(2026, 11, 23))
    assert RetentionPeriod.objects.count() == 1
    assert AuditEntry.objects.get(verb="set_period").changes == {"months": [12, 6]}


def test_the_clock_carries_the_periods_out(world: World) -> None:
    mail = outbox.post("a@example.org", "a", "b")
    Mail.objects.filter(pk=mail.pk).update(written_at=NOW - dt.timedelta(days=999), state="sent")

    assert "retention" in background.tick().ran
    assert Mail.objects.count() == 0


def test_the_operator_sets_periods_others_read_them(world: World, signed_in: Any) -> None:
    operator = factories.user(is_superuser=True)
    browser = signed_in(operator)

    browser.post("/privacy/retention/", {"period": "mails", "mails-months": "6"})
    assert months_of(periods["mails"], today()) == 6
    for bad in ("0", "999", "x", ""):
        page = browser.post("/privacy/retention/", {"period": "mails", "mails-months": bad})
        assert (page.status_code, b"errorlist" in page.content) == (200, True)
    browser.post("/privacy/retention/", {"period": "nonsense", "mails-months": "3"})
    assert months_of(periods["mails"], today()) == 6

    manager = signed_in(world.manager_a)
    assert b"6 months" in manager.get("/privacy/retention/").content
    refused = manager.post("/privacy/retention/", {"period": "mails", "mails-months": "3"})
    assert (refused.status_code, months_of(periods["mails"], today())) == (403, 6)
