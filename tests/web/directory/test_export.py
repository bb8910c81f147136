"""The exported list can be read in again, and holds what its reader may see."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.web import factories
from tests.web.conftest import World
from tests.web.directory.cast import member, offer, request
from verbund.records.members import read_members
from verbund.records.organisation import Detail
from verbund.records.organisation import Organisation as Record
from verbund.records.organisation import Visibility as Stated
from verbund.records.problems import Severity
from verbund.web.directory.models import Profile, Sighting
from verbund.web.networks.models import DataClass, Visibility

NUMBERS = {
    "vat": "DE136695976",
    "register": "HRB 501234 Jena",
    "ror": "05qpz1x62",
    "pic": "999999999",
    "lei": "506700GE1G29325QX363",
}


def exported(browser: Any, folder: Path, query: str = "", kind: str = "csv") -> list[Record]:
    response = browser.get(f"/members/?{query}&export={kind}")
    assert response["Content-Disposition"] == f'attachment; filename="members.{kind}"'
    path = folder / f"members.{kind}"
    path.write_bytes(response.content)
    read = read_members(path)
    assert [problem for problem in read.problems if problem.severity is not Severity.NOTE] == []
    return list(read.organisations)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", ["csv", "xlsx", "jsonl"])
def test_the_offices_own_list_can_be_read_in_again(
    world: World, signed_in: Any, tmp_path: Path, language: str, kind: str
) -> None:
    lab = member(
        world.a,
        name="Labor für Licht",
        legal_form="e. V.",
        kind="research",
        street="Lichtweg 1",
        city="Jena",
        postal_code="07743",
        state="TH",
        country="DE",
        lat=50.93,
        lon=11.59,
        language="de",
        website="https://labor.example",
    )
    Profile.objects.filter(organisation=lab).update(
        text_de="Wir messen.", text_en="We measure.", topics="Optik\nLicht", segment="Forschung"
    )
    lab.memberships.update(number="4711", status="associated", valid_from=dt.date(2019, 5, 1))
    offer(
        lab,
        "Messung der Homogenität",
        text_en="Measuring homogeneity",
        capacity="3 im Monat",
        trl=6,
        ends_on=dt.date(2027, 3, 31),
    )
    offer(lab, "Prüfung; auch im Takt", visibility=Visibility.PUBLIC)
    offer(lab, "Vorbei", ends_on=dt.date(2026, 1, 1))
    request(lab, "", text_en="Light guides", is_anonymous=True)
    factories.contact(lab, function="Leiterin", phone="03641 1")
    factories.contact(lab, name="Ehemals Da", valid_until=dt.date(2025, 1, 1))
    factories.figures(lab, employees=45, turnover_eur="1250000.50", balance_eur="900000")
    lab.aliases.create(name="Lichtlabor", valid_until=dt.date(2020, 12, 31))
    for scheme, value in NUMBERS.items():
        lab.identifiers.create(scheme=scheme, value=value)
    browser = signed_in(world.manager_a)
    browser.cookies["django_language"] = language

    (read,) = exported(browser, tmp_path, "kind=research", kind)

    stated = {
        name: value
        for name in Record.__slots__
        if name != "origins" and (value := getattr(read, name)) not in ("", None, ())
    }
    assert stated == NUMBERS | {
        "id": "4711",
        "key": str(lab.uid),
        "name": "Labor für Licht",
        "legal_form": "e. V.",
        "type": "research",
        "employees": 45,
        "turnover_eur": 1250000.5,
        "balance_eur": 900000,
        "street": "Lichtweg 1",
        "city": "Jena",
        "postal_code": "07743",
        "country": "DE",
        "state": "TH",
        "lat": 50.93,
        "lon": 11.59,
        "website": "https://labor.example",
        "language": "de",
        "profile_de": "Wir messen.",
        "profile_en": "We measure.",
        "offers": ("Messung der Homogenität", "Prüfung; auch im Takt"),
        "requests": ("Light guides",),
        "topics": ("Optik", "Licht"),
        "segment": "Forschung",
        "contact_name": "Erika Muster",
        "contact_function": "Leiterin",
        "contact_email": "e@example.org",
        "contact_phone": "03641 1",
        "member_status": "associated",
        "member_since": "2019-05-01",
        "visibility": "partners",
        "aliases": ("Lichtlabor",),
        "details": (
            Detail(
                field="offers",
                text="Messung der Homogenität",
                language="de",
                translation="Measuring homogeneity",
                capacity="3 im Monat",
                trl=6,
                until="2027-03-31",
            ),
            Detail(field="offers", text="Prüfung; auch im Takt", visibility=Stated.PUBLIC),
            Detail(field="requests", text="Light guides", language="en", anonymous=True),
            Detail(field="aliases", text="Lichtlabor", until="2020-12-31"),
        ),
    }


def test_a_partner_exports_only_what_is_shared(
    world: World, signed_in: Any, tmp_path: Path
) -> None:
    offer(world.member_b, "Freiformoptik", visibility=Visibility.PARTNERS)
    offer(world.member_b, "Geheimnis", visibility=Visibility.OWN)
    factories.contact(world.member_b)
    factories.figures(world.member_b)
    world.member_b.memberships.update(number="4711")
    member(world.b, name="Still GmbH", visibility=Visibility.OWN)

    (read,) = exported(signed_in(world.manager_a), tmp_path, "network=b")

    assert (read.name, read.offers, read.contact_name, read.employees) == (
        "Beta Optik GmbH",
        ("Freiformoptik",),
        "",
        None,
    )
    assert (read.id[0], read.visibility) == ("#", None)
    factories.consent(world.member_b, DataClass.CONTACT, world.a)
    (read,) = exported(signed_in(world.manager_a), tmp_path, "network=b")
    assert read.contact_name == "Erika Muster"


def test_cards_hold_what_their_reader_may_see(world: World, signed_in: Any) -> None:
    Profile.objects.filter(organisation=world.member_b).update(text_de="Linsen, Prismen\nund mehr")
    factories.contact(world.member_b, name="Erika; Muster")
    factories.contact(world.member_b, name="Ehemals Da", valid_until=dt.date(2025, 1, 1))
    offer(world.member_b, "Geheimnis", visibility=Visibility.OWN)

    before = signed_in(world.manager_a).get("/members/?network=b&export=vcf")
    factories.consent(world.member_b, DataClass.CONTACT, world.a)
    after = signed_in(world.manager_a).get("/members/?network=b&export=vcf")

    assert before["Content-Disposition"] == 'attachment; filename="members.vcf"'
    organisation = [
        "BEGIN:VCARD",
        "VERSION:4.0",
        f"UID:urn:uuid:{world.member_b.uid}",
        "KIND:org",
        "FN:Beta Optik GmbH",
        "ORG:Beta Optik GmbH",
        "ADR;TYPE=work:;;;Jena;;;",
        "NOTE;LANGUAGE=de:Linsen\\, Prismen\\nund mehr",
        "END:VCARD",
    ]
    assert before.content.decode().split("\r\n") == [*organisation, ""]
    lines = after.content.decode().split("\r\n")
    assert lines[: len(organisation)] == organisation
    assert lines[len(organisation) :] == [
        "BEGIN:VCARD",
        "VERSION:4.0",
        lines[len(organisation) + 2],
        "KIND:individual",
        "FN:Erika\\; Muster",
        "ORG:Beta Optik GmbH",
        "EMAIL;TYPE=work:e@example.org",
        "ADR;TYPE=work:;;;Jena;;;",
        "END:VCARD",
        "",
    ]


def test_lines_of_a_card_are_folded_between_letters(world: World, signed_in: Any) -> None:
    Profile.objects.filter(organisation=world.member_a).update(text_de="Größe " * 40)

    card = signed_in(world.person_a).get("/members/?network=a&export=vcf").content

    assert max(len(line) for line in card.split(b"\r\n")) <= 75
    assert "Größe " * 40 in card.decode().replace("\r\n ", "")


@pytest.mark.parametrize("kind", ["csv", "xlsx", "jsonl", "vcf"])
def test_what_others_keep_to_themselves_is_in_no_file(
    world: World, signed_in: Any, tmp_path: Path, kind: str
) -> None:
    request(world.member_b, "Ohne Namen gesucht", is_anonymous=True)
    request(world.member_b, "Nur im Haus", visibility=Visibility.OWN)
    request(world.member_b, "Lichtleiter")
    factories.figures(world.member_b, employees=471108, balance_eur="8150815")
    factories.contact(world.member_b, phone="03641 99")
    world.member_b.memberships.update(number="B-77", valid_from=dt.date(2001, 2, 3))

    seen = {
        name: as_text(signed_in(person).get(f"/members/?export={kind}"), kind, tmp_path)
        for name, person in {"partner": world.manager_a, "stranger": world.manager_c}.items()
    }

    hidden = ["Ohne Namen", "Nur im Haus", "471108", "8150815", "Erika", "03641 9", "B-77"]
    hidden.append("2001-02")  # since when it is a member
    assert [word for text in seen.values() for word in hidden if word in text] == []
    assert ("Beta Optik" in seen["partner"], "Beta Optik" in seen["stranger"]) == (True, False)


def as_text(response: Any, kind: str, folder: Path) -> str:
    if kind != "xlsx":
        return str(response.content.decode())
    path = folder / "members.xlsx"
    path.write_bytes(response.content)
    return repr(CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python())


def test_requests_in_a_file_have_been_seen(world: World, signed_in: Any) -> None:
    wanted = request(world.member_b, "Lichtleiter")

    signed_in(world.manager_a).get("/members/?export=csv")

    seen = Sighting.objects.values_list("request", "network", "place")
    assert list(seen) == [(wanted.pk, world.a.pk, "export")]


def test_a_stranger_exports_nothing(world: World, signed_in: Any) -> None:
    response = signed_in(None).get("/members/?export=csv")

    assert response.content.decode("utf-8-sig").splitlines()[1:] == []
