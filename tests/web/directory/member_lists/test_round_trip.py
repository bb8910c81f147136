"""The export, imported again, changes nothing: whatever members say, in every kind of file."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.web import factories
from tests.web.conftest import World
from tests.web.directory.member_lists.states import everything
from verbund.web.directory.export import KINDS, member_file
from verbund.web.directory.member_lists.queries import SAME, plan_of
from verbund.web.directory.member_lists.reading import Chosen, read_upload
from verbund.web.directory.member_lists.services import start_import, take_over
from verbund.web.directory.models import ContactPerson, Figures, Offer, Profile, Request
from verbund.web.directory.queries import sight_of
from verbund.web.directory.services import index_entry, index_organisation
from verbund.web.networks.models import (
    Alias,
    Identifier,
    Membership,
    Organisation,
    Visibility,
)
from verbund.web.networks.rules import viewer_of

TODAY = factories.TODAY
LETTERS = st.sampled_from("aäßÉ…„“ 0;|,:[]\\\"'=+-@•\n\t/#") | st.characters(
    codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]
)
ODD = st.sampled_from(
    [
        "=cmd|'/C calc'!A0", "+49 3641", "-", "@SUM(1)", "'=1", "k. A.", "#REF!", "A | B", "A; B",
        "- Punkt\n- Strich", "Zeile\nZeile", "GroÃŸ", "_x0041_", "Summe", "[TRL 7]", "x [Partner]",
        '"alles"', "Firma", "ja", "1.250", "2026-11-22", "TH", "  Rand  ", "\N{NO-BREAK SPACE}x",
    ]
)  # fmt: skip
TEXT = st.text(LETTERS, max_size=30) | ODD
NAMES = st.text(LETTERS, min_size=1, max_size=30).filter(str.strip) | ODD


def text(most: int) -> st.SearchStrategy[str]:
    return TEXT.map(lambda value: value[:most])


ENTRY = st.fixed_dictionaries(
    {
        "text_de": TEXT,
        "text_en": TEXT,
        "visibility": st.sampled_from(Visibility),
        "ends_on": st.none() | st.dates(dt.date(2026, 11, 1), dt.date(2030, 1, 1)),
        "capacity": TEXT,
        "trl": st.none() | st.integers(1, 9),
    }
)
MEMBER = st.fixed_dictionaries(
    {
        "organisation": st.fixed_dictionaries(
            {
                "name": NAMES,
                "legal_form": text(40),
                "kind": st.sampled_from(Organisation.Kind),
                "street": TEXT,
                "postal_code": text(12) | st.sampled_from(["07743", "7743", "D-07743"]),
                "city": text(120) | st.sampled_from(["Jena", "07743 Jena"]),
                "state": text(60) | st.sampled_from(["TH", "Thüringen", "ZH"]),
                "country": st.sampled_from(["", "DE", "TH", "AT", "xx"]),
                "website": st.sampled_from(
                    ["", "https://a.example/x;y|z", "http://A.example", "ftp://a.example", "kein"]
                ),
                "language": st.sampled_from(["", "de", "en", "fr"]),
                "visibility": st.sampled_from(Visibility),
            }
        ),
        "place": st.none()
        | st.tuples(st.floats(46, 56), st.floats(5, 16))
        | st.just((0.0, 0.0))
        | st.just((-33.9, 151.2)),
        "profile": st.fixed_dictionaries(
            {
                "text_de": TEXT,
                "text_en": TEXT,
                "topics": st.lists(TEXT, max_size=3).map("\n".join),
                "segment": text(120),
            }
        ),
        "figures": st.none()
        | st.fixed_dictionaries(
            {
                "employees": st.none() | st.integers(0, 2_000_000),
                "turnover_eur": st.none() | st.decimals(0, 10**12, places=2),
                "balance_eur": st.none() | st.decimals(0, 10**12, places=2),
            }
        ),
        "membership": st.fixed_dictionaries(
            {
                "number": text(80) | st.just("M1"),
                "status": st.sampled_from(Membership.Status),
                "valid_from": st.none() | st.dates(dt.date(1900, 1, 1), dt.date(2026, 11, 1)),
            }
        ),
        "aliases": st.dictionaries(NAMES, st.none() | st.dates(), max_size=2),
        "identifiers": st.dictionaries(
            st.sampled_from(Identifier.Scheme), NAMES | st.just("DE136695976"), max_size=3
        ),
        "contacts": st.lists(
            st.fixed_dictionaries(
                {
                    "name": NAMES,
                    "function": TEXT,
                    "email": st.sampled_from(["", "a|b@example.org", "a@b.example", "kein"]),
                    "phone": text(40),
                    "valid_until": st.none() | st.dates(max_value=dt.date(2027, 1, 1)),
                }
            ),
            max_size=2,
        ),
        "offers": st.lists(ENTRY, max_size=3),
        "requests": st.lists(ENTRY, max_size=2),
        "is_anonymous": st.booleans(),
    }
)


def write(world: World, stated: dict[str, Any]) -> Organisation:
    lat, lon = stated["place"] or (None, None)
    made = Organisation.objects.create(**stated["organisation"], lat=lat, lon=lon)
    Membership.objects.create(network=world.a, organisation=made, **stated["membership"])
    Profile.objects.create(organisation=made, **stated["profile"])
    if stated["figures"]:
        Figures.objects.create(organisation=made, **stated["figures"])
    for name, until in stated["aliases"].items():
        Alias.objects.create(organisation=made, name=name, valid_until=until)
    for scheme, value in stated["identifiers"].items():
        Identifier.objects.create(organisation=made, scheme=scheme, value=value)
    for person in stated["contacts"]:
        ContactPerson.objects.create(organisation=made, **person)
    for entry in stated["offers"]:
        index_entry(one := Offer(organisation=made, made_on=TODAY, **entry))
        one.save()
    for entry in stated["requests"]:
        index_entry(
            wanted := Request(
                organisation=made, made_on=TODAY, is_anonymous=stated["is_anonymous"], **entry
            )
        )
        wanted.save()
    index_organisation(made)
    return made


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "vcf"])
@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink a whole list takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(members=st.lists(MEMBER, min_size=1, max_size=3), language=st.sampled_from(["de", "en"]))
def test_what_is_exported_and_imported_again_changes_nothing(
    world: World, kind: str, members: list[dict[str, Any]], language: str
) -> None:
    viewer = viewer_of(world.manager_a, TODAY)
    with transaction.atomic(), translation.override(language):
        made = [world.member_a, *(write(world, member) for member in members)]
        before = everything()
        found = Organisation.objects.filter(pk__in=[one.pk for one in made])
        file = member_file(sight_of(viewer, TODAY), found, kind=kind).content
        content = read_upload(SimpleUploadedFile(f"members.{kind}", file), Chosen())
        run = start_import(
            content,
            world.a,
            file_name="members",
            entries_visibility=Visibility.PUBLIC,
            by=world.manager_a,
            viewer=viewer,
            on=TODAY,
        )
        plan = plan_of(run, to=viewer, on=TODAY)

        changes = [(row.row.name, row.status, row.changes) for row in plan.rows]
        assert [change for change in changes if change[1] != SAME] == []
        take_over(run, by=world.manager_a, viewer=viewer, on=TODAY)
        assert everything() == before
        transaction.set_rollback(True)
