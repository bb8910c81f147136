"""The demo: the two networks of the mission, their agreements, invented members, people to be.

Networks, agreements and figures are facts with sources; what is not is called an example.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from importlib import resources
from typing import Any

from django.db import transaction

from verbund.records.duplicates import same_in_both
from verbund.records.members import read_members
from verbund.records.organisation import Organisation as Record
from verbund.web.accounts.models import User
from verbund.web.agreements.model_clauses import ready_clause
from verbund.web.agreements.models import (
    Activity,
    Agreement,
    Clause,
    Consent,
    Field,
    Party,
    SharingRule,
)
from verbund.web.agreements.services import begin_amendment, keep_first_text, propose, save_draft
from verbund.web.agreements.terms import terms_of
from verbund.web.archive import demo_confirming, demo_duplicates, demo_story
from verbund.web.archive.demo_depth import deepen
from verbund.web.archive.demo_requests import ask_without_names
from verbund.web.directory.models import Profile
from verbund.web.directory.services import take_over_members
from verbund.web.indicators.services import seed_facts
from verbund.web.networks.models import DataClass, Network, Organisation, Role
from verbund.web.partnering.queries import bonds
from verbund.web.partnering.services import recompute

AUTOMOTIVE, PHOTONICS = "acod", "optonet"
_EXAMPLE = "Demo"
_PEOPLE = (
    ("manager.acod@demo.example", "Katrin Seidel", AUTOMOTIVE, ""),
    ("manager.optonet@demo.example", "Dr. Jonas Albers", PHOTONICS, ""),
    ("firma@demo.example", "Marlies Unverricht", "", "Kornbach Karosserie GmbH"),
    ("optik@demo.example", "Annegret Wohlfahrt-Linde", "", "Saalitz Freiform GmbH"),
    ("forschung@demo.example", "Prof. Dr. Henrike Sommer", "", "Institut für Schichtsysteme Gera"),
    ("bildung@demo.example", "Tobias Lorenz", "", "Lernfabrik Fahrzeugberufe Westsachsen"),
)
_SIGNATORIES = (
    ("vorstand.acod@demo.example", "Bernd Kirchhoff", AUTOMOTIVE),
    ("vorstand.optonet@demo.example", "Dr. Silke Amrhein", PHOTONICS),
)
Progress = Callable[[float], None]


@transaction.atomic
def seed(on: dt.date, *, progress: Progress = lambda done: None) -> None:
    """Fill an empty database with the demo as of a day."""
    facts = json.loads(
        resources.files("verbund.web.archive").joinpath("data/agreements.json").read_text("utf-8")
    )
    networks = {fields["slug"]: Network.objects.create(**fields) for fields in facts["networks"]}
    _seed_members(networks, on)
    progress(0.4)
    for fields in facts["agreements"]:
        keep_first_text(_seed_agreement(fields, networks), on=on)
    for fields in facts["activities"]:
        _seed_activity(fields, networks, on)
    _seed_consents(networks, on)
    _seed_people(networks)
    _propose_a_change(on)
    seed_facts(networks)
    progress(0.5)
    for bond in bonds(on):
        recompute(bond.left, bond.right, on)
    progress(0.9)
    manager = User.objects.get(email=_PEOPLE[0][0])
    members = [Organisation.objects.get(name__startswith=name) for *_, name in _PEOPLE if name]
    demo_confirming.tell(members[:2], on)
    demo_story.tell((networks[AUTOMOTIVE], networks[PHOTONICS]), manager, members, on)
    demo_duplicates.plant(networks[AUTOMOTIVE], networks[PHOTONICS], on)
    ask_without_names(on)
    deepen(on)


def _seed_members(networks: Mapping[str, Network], on: dt.date) -> None:
    """Take over both lists; who stands on both is one organisation with two memberships."""
    with resources.as_file(resources.files("verbund.records") / "demo") as lists:
        photonics = read_members(lists / "photonics.csv").organisations
        automotive = read_members(lists / "automotive.csv").organisations
    known = _take_over(photonics, networks[PHOTONICS], {}, on)
    twins = {
        automotive[j].id: known[photonics[i].id] for i, j in same_in_both(photonics, automotive)
    }
    _take_over(automotive, networks[AUTOMOTIVE], twins, on)
    Organisation.objects.update(is_invented=True)
    for number, profile in enumerate(Profile.objects.order_by("pk")):
        profile.confirmed_on = on - dt.timedelta(days=20 + 7 * (number % 70))
        profile.save(update_fields=["confirmed_on"])


def _take_over(
    members: Iterable[Record], network: Network, twins: Mapping[str, Organisation], on: dt.date
) -> dict[str, Organisation]:
    rows = [(member, twins.get(member.id)) for member in members]
    taken = take_over_members(rows, network, by=None, on=on)
    return {member.id: one.organisation for (member, _), one in zip(rows, taken, strict=True)}


def _seed_agreement(fields: dict[str, Any], networks: Mapping[str, Network]) -> Agreement:
    parties, clauses = fields.pop("parties"), fields.pop("clauses")
    day = dt.date.fromisoformat(fields.pop("signed_on"))
    agreement = Agreement.objects.create(
        **fields, stage=Agreement.Stage.SIGNED, signed_on=day, valid_from=day
    )
    for slug, signatory, role in parties:
        Party.objects.create(
            agreement=agreement, network=networks[slug], signatory=signatory, signatory_role=role
        )
    for number, clause_fields in enumerate(clauses, start=1):
        shares = clause_fields.pop("shares")
        clause = Clause.objects.create(agreement=agreement, number=number, **clause_fields)
        for data_class in shares:
            SharingRule.objects.create(clause=clause, data_class=data_class)
    return agreement


def _seed_activity(fields: dict[str, Any], networks: Mapping[str, Network], on: dt.date) -> None:
    slug, number = fields.pop("clause")
    partners = [networks[partner] for partner in fields.pop("partners")]
    day = fields.pop("date", None)
    if day is None:
        day = (on + dt.timedelta(days=fields.pop("days"))).isoformat()
    if fields.pop("example", False):
        fields["source"] = _EXAMPLE
    activity = Activity.objects.create(
        clause=Clause.objects.get(agreement__slug=slug, number=number),
        date=dt.date.fromisoformat(day),
        **fields,
    )
    activity.partners.set(partners)


def _seed_consents(networks: Mapping[str, Network], on: dt.date) -> None:
    """Let some members show contact person and figures, and one a side object."""
    given = on - dt.timedelta(days=200)
    for slug, other in ((AUTOMOTIVE, PHOTONICS), (PHOTONICS, AUTOMOTIVE)):
        members = Organisation.objects.filter(memberships__network=networks[slug]).order_by("pk")
        for organisation in members[:12]:
            for data_class in (DataClass.CONTACT, DataClass.FIGURES):
                Consent.objects.create(
                    organisation=organisation,
                    data_class=data_class,
                    to_network=networks[other],
                    given_on=given,
                )
        Consent.objects.create(
            organisation=members[40],
            data_class=DataClass.PROFILE,
            allows=False,
            to_network=networks[other],
            given_on=given,
        )


def _seed_people(networks: Mapping[str, Network]) -> None:
    for email, name, slug, organisation in _PEOPLE:
        user = User.objects.create_user(email, name=name)
        Role.objects.create(
            user=user,
            kind=Role.Kind.MANAGER if slug else Role.Kind.REPRESENTATIVE,
            network=networks[slug] if slug else None,
            organisation=None if slug else Organisation.objects.get(name__startswith=organisation),
        )
    for email, name, slug in _SIGNATORIES:
        user = User.objects.create_user(email, name=name)
        Role.objects.create(user=user, kind=Role.Kind.SIGNATORY, network=networks[slug])


def _propose_a_change(on: dt.date) -> None:
    """Lay an invented change of the agreement of 2022 before the signatories."""
    manager = User.objects.get(email=_PEOPLE[0][0])
    agreement = Agreement.objects.get(slug="acod-optonet-2022")
    draft = begin_amendment(agreement, by=manager, on=on)
    terms = terms_of(draft.content)
    new = ready_clause(Field.TRANSFER, len(terms.clauses) + 1, terms.parties)
    shares = tuple(
        replace(share, data_class=DataClass.OFFERS)
        for share in terms.clauses[0].shares
        if share.data_class == DataClass.PROFILE
    )
    changed = replace(terms, clauses=(*terms.clauses, replace(new, shares=shares)))
    reason = "Beispiel dieser Demo: Technologietransfer kommt als Klausel hinzu."
    save_draft(draft, changed, reason=reason, seen=terms.digest, by=manager)
    propose(draft, by=manager, on=on)
