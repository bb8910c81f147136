"""One factory per model that several apps' tests need; every call makes a new row."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from verbund.web.accounts.models import User
from verbund.web.agreements.models import Agreement, Clause, Consent, Field, Party, SharingRule
from verbund.web.directory.models import ContactPerson, Figures, Offer, Profile, Request
from verbund.web.networks.models import (
    DataClass,
    Membership,
    Network,
    Organisation,
    Role,
    Visibility,
)

TODAY = dt.date(2026, 11, 22)
_numbers = count(1)


def network(**fields: Any) -> Network:
    number = next(_numbers)
    return Network.objects.create(
        **{"slug": f"network-{number}", "name": f"Network {number}"} | fields
    )


def user(**fields: Any) -> User:
    return User.objects.create_user(
        fields.pop("email", f"person{next(_numbers)}@example.org"),
        **{"name": "Person"} | fields,
    )


def manager_of(network: Network, **fields: Any) -> User:
    person = user(**fields)
    Role.objects.create(user=person, kind=Role.Kind.MANAGER, network=network)
    return person


def representative_of(organisation: Organisation, **fields: Any) -> User:
    person = user(**fields)
    Role.objects.create(user=person, kind=Role.Kind.REPRESENTATIVE, organisation=organisation)
    return person


def organisation(*networks: Network, **fields: Any) -> Organisation:
    """Make a member of the given networks, with an empty profile."""
    made = Organisation.objects.create(**{"name": f"Firma {next(_numbers)} GmbH"} | fields)
    Profile.objects.create(organisation=made)
    for one in networks:
        Membership.objects.create(network=one, organisation=made)
    return made


def offer(organisation: Organisation, text: str = "Freiformoptik", **fields: Any) -> Offer:
    made: Offer = _entry(Offer, organisation, text, fields)
    return made


def request(organisation: Organisation, text: str = "Lichtleiter", **fields: Any) -> Request:
    made: Request = _entry(Request, organisation, text, fields)
    return made


def _entry(model: Any, organisation: Organisation, text: str, fields: dict[str, Any]) -> Any:
    given = {"visibility": Visibility.PARTNERS, "made_on": TODAY, "text_de": text} | fields
    return model.objects.create(organisation=organisation, **given)


def contact(organisation: Organisation, **fields: Any) -> ContactPerson:
    return ContactPerson.objects.create(
        organisation=organisation, **{"name": "Erika Muster", "email": "e@example.org"} | fields
    )


def figures(organisation: Organisation, **fields: Any) -> Figures:
    return Figures.objects.create(organisation=organisation, **{"employees": 45} | fields)


def agreement(*parties: Network, shares: tuple[DataClass, ...] = (), **fields: Any) -> Agreement:
    """Make an agreement in force with one clause (joint projects) that shares these classes."""
    number = next(_numbers)
    made = Agreement.objects.create(
        **{
            "slug": f"agreement-{number}",
            "title_de": f"Vereinbarung {number}",
            "stage": Agreement.Stage.SIGNED,
            "signed_on": dt.date(2022, 3, 4),
            "valid_from": dt.date(2022, 3, 4),
        }
        | fields
    )
    for one in parties:
        Party.objects.create(agreement=made, network=one)
    clause = Clause.objects.create(
        agreement=made, number=1, field=Field.PROJECTS, title_de="Gemeinsame Projekte"
    )
    for data_class in shares:
        SharingRule.objects.create(clause=clause, data_class=data_class)
    return made


def consent(
    organisation: Organisation, data_class: DataClass, to: Network, **fields: Any
) -> Consent:
    return Consent.objects.create(
        organisation=organisation,
        data_class=data_class,
        to_network=to,
        **{"given_on": dt.date(2026, 1, 1)} | fields,
    )
