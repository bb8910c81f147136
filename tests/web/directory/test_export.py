"""The exported list can be read in again, and holds what its reader may see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.web import factories
from tests.web.conftest import World
from tests.web.directory.cast import member, offer, request
from verbund.records.members import read_members
from verbund.records.organisation import Organisation as Record
from verbund.web.directory.models import Profile
from verbund.web.networks.models import DataClass, Visibility


def exported(browser: Any, folder: Path, query: str = "", kind: str = "csv") -> list[Record]:
    response = browser.get(f"/members/?{query}&export={kind}")
    assert response["Content-Disposition"] == f'attachment; filename="members.{kind}"'
    path = folder / f"members.{kind}"
    path.write_bytes(response.content)
    return list(read_members(path).organisations)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_offices_own_list_can_be_read_in_again(
    world: World, signed_in: Any, tmp_path: Path, language: str, kind: str
) -> None:
    lab = member(
        world.a,
        name="Labor für Licht",
        kind="research",
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
    lab.memberships.update(number="4711")
    offer(lab, "Messung der Homogenität", visibility=Visibility.PARTNERS)
    offer(lab, "Prüfung; auch im Takt", visibility=Visibility.PUBLIC)
    request(lab, "Lichtleiter", visibility=Visibility.PUBLIC)
    factories.contact(lab)
    factories.figures(lab, employees=45, turnover_eur="1250000.00")
    browser = signed_in(world.manager_a)
    browser.cookies["django_language"] = language

    (read,) = exported(browser, tmp_path, "kind=research", kind)

    stated = {
        name: getattr(read, name)
        for name in Record.__slots__
        if name not in ("origins", "sme", "aliases")
    }
    assert stated == {
        "id": "4711",
        "name": "Labor für Licht",
        "type": "research",
        "employees": 45,
        "turnover_eur": 1250000,
        "city": "Jena",
        "postal_code": "07743",
        "country": "DE",
        "state": "TH",
        "lat": 50.93,
        "lon": 11.59,
        "website": "https://labor.example",
        "language": "de",
        "profile": "Wir messen.",
        "offers": ("Messung der Homogenität", "Prüfung; auch im Takt"),
        "requests": ("Lichtleiter",),
        "topics": ("Optik", "Licht"),
        "segment": "Forschung",
        "pic": "",
        "contact_name": "Erika Muster",
        "contact_email": "e@example.org",
        "visibility": "partners",
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


def test_a_stranger_exports_nothing(world: World, signed_in: Any) -> None:
    response = signed_in(None).get("/members/?export=csv")

    assert response.content.decode("utf-8-sig").splitlines()[1:] == []
