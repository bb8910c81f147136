"""Data file and erasure: everything about a person, and nothing left of them."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection, models
from django.utils import timezone

from tests.web import factories
from tests.web.conftest import World
from verbund.web.accounts.models import User
from verbund.web.agreements.models import Activity, Agreement, Responsible, Signature, Version
from verbund.web.archive.privacy.data_file import LABELS
from verbund.web.archive.privacy.erasing import Refused, erase_person
from verbund.web.archive.privacy.people import person_of
from verbund.web.core import outbox
from verbund.web.core.models import AuditEntry, Mail, MailAddress
from verbund.web.core.personal import Fate, personal
from verbund.web.core.services import record, today
from verbund.web.directory.models import ContactPerson, ImportRun, ProfileDraft, Sighting
from verbund.web.networks.models import DataClass, Membership, Role
from verbund.web.networks.services import invite_person
from verbund.web.partnering.models import Introduction, IntroductionStep

NAME, MAIL = "Änne Weberknecht", "aenne.weberknecht@example.org"


def test_no_model_with_a_person_is_forgotten() -> None:
    user = get_user_model()
    forgotten = []
    for model in apps.get_models():
        kind = personal.get(model._meta.label)
        declared = (*kind.by_user, *kind.by_email) if kind else ()
        forgotten += [
            f"{model._meta.label}.{field.name}"
            for field in model._meta.concrete_fields
            if (field.related_model is user or isinstance(field, models.EmailField))
            and field.name not in declared
        ]
    assert forgotten == []


def test_what_is_declared_exists_and_can_be_erased() -> None:
    for kind in personal:
        fields = {field.name: field for field in kind.model._meta.concrete_fields}
        told = () if callable(kind.told) else kind.told
        named = (
            *kind.by_user,
            *kind.by_email,
            *told,
            *kind.told_to_self,
            *kind.emptied,
            *kind.kept,
        )
        assert set(named) - {*fields, "pk"} == set(), kind.model
        assert all(isinstance(fields[n], models.CharField | models.TextField) for n in kind.emptied)


@pytest.fixture
def person(world: World) -> User:
    """Somebody who left traces in every table that keeps persons."""
    user = factories.representative_of(world.member_a, name=NAME, email=MAIL)
    contact = factories.contact(world.member_a, name=NAME, email=MAIL.upper(), phone="0123")
    factories.contact(world.member_a, name="Wer bleibt", email="bleibt@example.org")
    request = factories.request(world.member_b)
    Sighting.objects.create(
        request=request, network=world.a, user=user, place=Sighting.Place.PAGE, on=today()
    )
    factories.consent(world.member_a, DataClass.CONTACT, world.b, given_by=user, occasion=NAME)
    version = Version.objects.create(
        agreement=world.agreement, number=1, made_by=user, content={"responsible": NAME}
    )
    Signature.objects.create(
        version=version, network=world.a, user=user, name=NAME, at=timezone.now(), digest="0"
    )
    Responsible.objects.create(clause=world.agreement.clauses.get(), network=world.a, name=NAME)
    Activity.objects.create(
        clause=world.agreement.clauses.get(), date=today(), title_de="Treffen", participants=12,
        result_de=f"{NAME} hat vorgetragen ({MAIL}).", recorded_by=user,
    )  # fmt: skip
    introduction = Introduction.objects.create(
        left_network=world.a, right_network=world.b, left=world.member_a, right=world.member_b,
        subject="Optik", text=f"Guten Tag, {NAME}", asked_at=timezone.now(), asked_by=user,
    )  # fmt: skip
    IntroductionStep.objects.create(
        introduction=introduction, at=timezone.now(), what="asked", by=NAME
    )
    ImportRun.objects.create(
        network=world.a, file_name="l.xlsx", made_by=user, content={"rows": [{NAME: [MAIL, 1]}]}
    )
    ProfileDraft.objects.create(
        organisation=world.member_a, user=user, page="1", content={"contact": NAME}
    )
    outbox.post(MAIL, f"Hallo {NAME}", f"Text an {NAME}", network_key="a", reply_to="a@b.example")
    outbox.post("other@example.org", "Hallo", f"{NAME}, {MAIL}, hat ja gesagt.", network_key="b")
    MailAddress.objects.create(address=MAIL)
    record(user, "confirm", world.member_a)
    record(world.manager_a, "update", contact, {"organisation": world.member_a.pk})
    return user


def columns_with(word: str) -> set[str]:
    """Look through all columns of all tables, as they lie in the database."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  # a table's name
            names = [column[0] for column in cursor.description or ()]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    if word in str(value).lower():
                        found.add(f"{table}.{name}")
    return found


def test_after_an_erasure_only_what_was_signed_names_the_person(world: World, person: User) -> None:
    assert len(columns_with("weberknecht")) > 10

    erase_person(person_of(person), by=person, on=today())

    assert columns_with("weberknecht") == {
        "agreements_signature.name",
        "agreements_version.content",
    }
    person.refresh_from_db()
    assert (person.name, person.is_active, person.has_usable_password()) == ("", False, False)
    assert "Weberknecht" not in str(person)


def test_counts_stay_right_and_entries_keep_the_number(world: World, person: User) -> None:
    def counts() -> tuple[int, ...]:
        counted = (Sighting, Introduction, Activity, Signature, IntroductionStep, AuditEntry)
        return tuple(model._default_manager.count() for model in counted)

    before = counts()
    erase_person(person_of(person), by=person, on=today())

    assert counts() == (*before[:-1], before[-1] + 1)
    assert Activity.objects.get().participants == 12
    assert Sighting.objects.get().user_id == person.pk
    newest = AuditEntry.objects.first()
    assert newest
    assert (newest.verb, newest.actor_id, newest.key) == ("erase", person.pk, str(person.pk))


def test_those_affected_are_told_without_the_name(world: World, person: User) -> None:
    ContactPerson.objects.filter(name="Wer bleibt").delete()

    erase_person(person_of(person), by=person, on=today())

    mail = Mail.objects.get(to=world.manager_a.email)
    assert "Alpha Karosserie GmbH" in mail.text
    assert "Ansprechperson" in mail.text
    assert "Weberknecht" not in mail.subject + mail.text


def test_the_last_manager_stays(world: World) -> None:
    with pytest.raises(Refused):
        erase_person(person_of(world.manager_a), by=world.manager_a, on=today())

    world.manager_a.refresh_from_db()
    assert (world.manager_a.name, Role.objects.filter(user=world.manager_a).count()) == (
        "Managerin A",
        1,
    )


def test_one_erases_oneself_after_reading_what_follows(
    world: World, signed_in: Any, person: User
) -> None:
    browser = signed_in(person)

    page = browser.post("/me/erase/").content.decode()
    assert "signature stays with its name" in page
    assert User.objects.filter(email=MAIL).exists()

    browser.post("/me/erase/", {"confirmed": "1"})
    assert not User.objects.filter(email=MAIL).exists()
    assert browser.get("/me/").status_code == 302
    assert browser.post("/me/erase/", {"confirmed": "1"}).status_code == 302


def test_an_erased_address_can_be_invited_anew(world: World, person: User) -> None:
    erase_person(person_of(person), by=person, on=today())

    role = invite_person(
        world.a, email=MAIL, name="Neu", language="de", organisation=world.member_a,
        by=world.manager_a, on=today(),
    )  # fmt: skip

    assert role.user_id != person.pk
    assert Role.objects.filter(user=person).count() == 0


# ---------------------------------------------------------------- data file


def unpacked(answer: Any) -> tuple[dict[str, Any], str]:
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return json.loads(archive.read("data.json")), archive.read("data.html").decode()


def test_a_person_gets_everything_about_them(world: World, signed_in: Any, person: User) -> None:
    data, page = unpacked(signed_in(person).post("/me/data/"))

    titles = {part["title"] for part in data["parts"]}
    assert data["person"] == {"name": NAME, "email": MAIL}
    assert titles >= {
        "Account", "Roles", "Contact persons", "Introductions", "Mails", "Signatures",
        "Consents given or withdrawn", "Requests seen", "Changes in the audit log", "Drafts",
    }  # fmt: skip
    assert f"Text an {NAME}" in page
    assert "password" not in json.dumps(data).lower()
    assert signed_in(world.person_b).post("/me/data/").content.count(b"PK") > 1
    other, _page = unpacked(signed_in(world.person_b).post("/me/data/"))
    assert "Weberknecht" not in json.dumps(other, ensure_ascii=False)


def test_whom_answers_go_to_does_not_read_what_others_got(
    world: World, signed_in: Any, person: User
) -> None:
    outbox.post("erika@firma.example", "Stimmt es noch?", "Link für Erika", reply_to=MAIL)

    data, page = unpacked(signed_in(person).post("/me/data/"))

    (mails,) = (part["rows"] for part in data["parts"] if part["title"] == "Mails")
    assert {row["to"]: "text" in row for row in mails} == {
        MAIL: True,
        "erika@firma.example": False,
    }
    assert "Link für Erika" not in page


def test_an_office_gives_out_its_own_part_and_it_is_noted(
    world: World, signed_in: Any, person: User
) -> None:
    contact = ContactPerson.objects.get(name=NAME)
    elsewhere = factories.contact(world.member_c, name=NAME, email=MAIL, function="Geheim bei C")
    outbox.post(MAIL, "Von C", "Text von C", network_key="c")
    browser = signed_in(world.manager_a)

    data, page = unpacked(browser.post(f"/privacy/contacts/{contact.pk}/"))

    assert {part["title"]: len(part["rows"]) for part in data["parts"]} == {
        "Contact persons": 1,
        "Mails": 1,
    }
    assert ("Geheim bei C" in page, "Von C" in page, "Text an" in page) == (False, False, False)
    assert AuditEntry.objects.filter(verb="give_data", actor=world.manager_a).count() == 1
    assert browser.get(f"/privacy/contacts/{elsewhere.pk}/").status_code == 404


@pytest.mark.parametrize("who", ["manager_b", "manager_c", "person_a", "person_b", "stranger"])
def test_nobody_else_opens_the_data_of_a_contact_person(
    world: World, signed_in: Any, person: User, who: str
) -> None:
    contact = ContactPerson.objects.get(name=NAME)
    factories.consent(world.member_a, DataClass.CONTACT, world.b)
    browser = signed_in(getattr(world, who))

    for address in (f"/privacy/contacts/{contact.pk}/", f"/privacy/contacts/{contact.pk}/erase/"):
        assert browser.get(address).status_code == 404
        assert browser.post(address, {"confirmed": "1"}).status_code == 404
    assert ContactPerson.objects.filter(pk=contact.pk).exists()


def test_an_office_erases_a_person_who_is_its_own_alone(
    world: World, signed_in: Any, person: User
) -> None:
    contact = ContactPerson.objects.get(name=NAME)
    address = f"/privacy/contacts/{contact.pk}/erase/"
    browser = signed_in(world.manager_a)
    assert "Nothing has happened yet" in browser.get(address).content.decode()

    browser.post(address, {"confirmed": "1"})

    assert not User.objects.filter(email=MAIL).exists()
    assert not ContactPerson.objects.filter(name=NAME).exists()


def test_of_a_person_known_elsewhere_an_office_erases_its_part(
    world: World, signed_in: Any, person: User
) -> None:
    contact = ContactPerson.objects.get(name=NAME)
    Membership.objects.filter(organisation=world.member_c).update(valid_from=dt.date(2020, 1, 1))
    factories.contact(world.member_c, name=NAME, email=MAIL)

    page = signed_in(world.manager_a).post(
        f"/privacy/contacts/{contact.pk}/erase/", {"confirmed": "1"}, follow=True
    )

    assert "What your network kept of this person is erased" in page.content.decode()
    assert User.objects.filter(email=MAIL).exists()
    assert [row.organisation for row in ContactPerson.objects.filter(name=NAME)] == [world.member_c]


def test_every_field_of_a_data_file_has_words() -> None:
    """Where a model says nothing itself, Django would spell the field out in English."""
    spelled = []
    for kind in personal:
        fields = {field.name: field for field in kind.model._meta.concrete_fields}
        told = () if callable(kind.told) else (*kind.told, *kind.told_to_self)
        spelled += [
            f"{kind.model._meta.label}.{name}"
            for name in told
            if name not in LABELS and isinstance(fields[name].verbose_name, str)
        ]
    assert spelled == []


def test_fates_have_words() -> None:
    assert all(str(fate.label) for fate in Fate)
    assert all(str(kind.label) and str(kind.why) for kind in personal)


def test_agreements_stay_untouched(world: World, person: User) -> None:
    before = list(Agreement.objects.values())
    erase_person(person_of(person), by=person, on=today())

    assert list(Agreement.objects.values()) == before


def test_an_introduction_to_somebody_hidden_meanwhile_is_not_in_the_file(
    world: World, signed_in: Any, person: User
) -> None:
    browser = signed_in(person)
    assert "Optik" in unpacked(browser.post("/me/data/"))[1]

    Agreement.objects.update(valid_until=dt.date(2026, 1, 1))

    assert "Optik" not in unpacked(browser.post("/me/data/"))[1]
