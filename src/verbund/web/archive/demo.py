"""The demo: the two networks of the mission, their agreements, invented members, people to be."""

from __future__ import annotations

import datetime as dt
from importlib import resources

from django.db import transaction

from verbund.records.members import read_members
from verbund.web.accounts.models import User
from verbund.web.agreements.models import Agreement, Clause, Field, Party, SharingRule
from verbund.web.directory.services import take_over_member
from verbund.web.networks.models import DataClass, Network, Organisation, Role

AUTOMOTIVE, PHOTONICS = "acod", "optonet"


@transaction.atomic
def seed(on: dt.date) -> None:
    """Fill an empty database with the demo; members are invented, networks and agreements facts."""
    automotive = Network.objects.create(
        slug=AUTOMOTIVE,
        name="ACOD",
        full_name="Automotive Cluster Ostdeutschland",
        colour="#1d5fae",
        dark_colour="#7fb5f4",
        region="Ostdeutschland",
        about_de="Netzwerk der Automobilindustrie in Ostdeutschland mit Sitz in Leipzig.",
        about_en="Network of the automotive industry in eastern Germany, based in Leipzig.",
    )
    photonics = Network.objects.create(
        slug=PHOTONICS,
        name="OptoNet",
        full_name="OptoNet e. V., Photoniknetzwerk Thüringen",
        colour="#b98200",
        dark_colour="#f2c04d",
        region="Thüringen",
        about_de="Photoniknetzwerk mit Sitz in Jena.",
        about_en="Photonics network based in Jena.",
    )
    with resources.as_file(resources.files("verbund.records") / "demo") as lists:
        for network, name in ((photonics, "photonics.csv"), (automotive, "automotive.csv")):
            for member in read_members(lists / name).organisations:
                take_over_member(member, network, existing=None, by=None, on=on)
    Organisation.objects.update(is_invented=True)
    agreement = Agreement.objects.create(
        slug="acod-optonet-2022",
        title_de="Kooperationsvereinbarung ACOD und OptoNet",
        title_en="Cooperation agreement of ACOD and OptoNet",
        signed_on=dt.date(2022, 3, 4),
        signed_at="Jena",
        valid_from=dt.date(2022, 3, 4),
    )
    Party.objects.create(agreement=agreement, network=automotive, signatory="Hans-Peter Kemser")
    Party.objects.create(agreement=agreement, network=photonics, signatory="Simon Schwinger")
    fields = (
        Field.EXCHANGE,
        Field.PROJECTS,
        Field.EVENTS,
        Field.FAIRS,
        Field.EDUCATION,
        Field.TRENDS,
    )
    for number, field in enumerate(fields, start=1):
        clause = Clause.objects.create(agreement=agreement, number=number, field=field)
        shared = {
            Field.EXCHANGE: (DataClass.PROFILE, DataClass.CONTACT),
            Field.PROJECTS: (DataClass.PROFILE, DataClass.OFFERS, DataClass.REQUESTS),
        }.get(field, ())
        for data_class in shared:
            SharingRule.objects.create(clause=clause, data_class=data_class)
    people = (
        ("manager.acod@demo.example", "Katrin Seidel", automotive, None),
        ("manager.optonet@demo.example", "Dr. Jonas Albers", photonics, None),
        ("firma@demo.example", "Marlies Unverricht", None, "Kornbach Karosserie GmbH"),
    )
    for email, name, office, organisation in people:
        user = User.objects.create_user(email, name=name)
        Role.objects.create(
            user=user,
            kind=Role.Kind.MANAGER if office else Role.Kind.REPRESENTATIVE,
            network=office,
            organisation=Organisation.objects.get(name=organisation) if organisation else None,
        )
