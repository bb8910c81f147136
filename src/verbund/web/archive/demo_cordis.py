"""The demo with real organisations: photonics and mobility in Europe, drawn from CORDIS.

What EU projects say of an organisation is all that is known: no offers, no requests. Suggestions
are made with data from before a day; what really happened later is counted and shown beside.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from django.db import transaction

from verbund.language.searching import kept
from verbund.matching import match
from verbund.matching.evaluate import Hindsight, look_back
from verbund.records.history import History, JointProject, read_history
from verbund.records.history_files import write_history
from verbund.records.organisation import Organisation as Record
from verbund.records.sectors import draw_networks
from verbund.web.accounts.models import User
from verbund.web.agreements.models import Agreement, Clause, Field, Party, SharingRule
from verbund.web.directory.concepts import subjects_of
from verbund.web.directory.models import Competence, Profile
from verbund.web.networks.models import (
    DataClass,
    Identifier,
    Membership,
    Network,
    Organisation,
    Role,
    Visibility,
)
from verbund.web.partnering.problems import kept_history
from verbund.web.partnering.services import recompute, store_hindsight

PHOTONICS, MOBILITY = "photonics", "mobility"
_COUNTED = 100  # suggestions looked at again with what happened later
_PROJECTS_NAMED = 6  # newest projects that stand for a profile
Progress = Callable[[float], None]
_Pair = tuple[Record, Organisation]


def seed_cordis(
    folder: Path,
    on: dt.date,
    *,
    before: dt.date | None = None,
    progress: Progress = lambda done: None,
) -> None:
    """Fill an empty database with two networks drawn from CORDIS, as known before a day.

    Raises
    ------
    InvalidInput
        If the folder holds no usable history, or too few organisations for two networks.
    """
    everything = read_history(folder)
    drawn = draw_networks(everything, before)
    day, end, history = drawn.day, drawn.end, drawn.history
    progress(0.2)
    with transaction.atomic():
        photonics, mobility = _seed_networks(day)
        sides = (
            _seed_members(drawn.members[PHOTONICS], photonics, history),
            _seed_members(drawn.members[MOBILITY], mobility, history),
        )
        progress(0.4)
        hindsight = _look_back(everything, day, end, sides, lambda done: progress(0.4 + 0.2 * done))
        store_hindsight(photonics, mobility, hindsight, day, end)
    write_history(kept_history(), history)
    progress(0.7)
    recompute(photonics, mobility, on)
    progress(1.0)


def _seed_networks(day: dt.date) -> tuple[Network, Network]:
    photonics = _seed_network(PHOTONICS, "Photonics", "Photonik", ("#b98200", "#f2c04d"))
    mobility = _seed_network(MOBILITY, "Mobility", "Mobilität", ("#1d5fae", "#7fb5f4"))
    agreement = Agreement.objects.create(
        slug="cordis",
        title_de="Gedachte Vereinbarung über öffentliche Projektdaten",
        title_en="Supposed agreement on public project data",
        stage=Agreement.Stage.SIGNED,
        signed_on=day,
        valid_from=day,
    )
    clause = Clause.objects.create(
        agreement=agreement,
        number=1,
        field=Field.PROJECTS,
        title_de="Gemeinsame Entwicklungsprojekte",
        title_en="Joint development projects",
    )
    for data_class in (DataClass.PROFILE, DataClass.OFFERS, DataClass.REQUESTS):
        SharingRule.objects.create(clause=clause, data_class=data_class)
    for network in (photonics, mobility):
        Party.objects.create(agreement=agreement, network=network)
        manager = User.objects.create_user(
            f"manager.{network.slug}@demo.example", name=f"Demo, {network.name}"
        )
        Role.objects.create(user=manager, kind=Role.Kind.MANAGER, network=network)
    return photonics, mobility


def _seed_network(slug: str, name: str, german: str, colours: tuple[str, str]) -> Network:
    return Network.objects.create(
        slug=slug,
        name=f"{name} Europe",
        colour=colours[0],
        dark_colour=colours[1],
        region="Europe",
        about_de=f"Organisationen, deren EU-Projekte auffallend oft von {german} handeln.",
        about_en=f"Organisations whose EU projects are about {slug} more often than average.",
        source="CORDIS, European Commission, CC BY 4.0",
    )


def _seed_members(members: Iterable[Record], network: Network, history: History) -> list[_Pair]:
    """Write organisations with what their newest projects say; CORDIS is public."""
    projects = _projects_by_organisation(history)
    pairs = [(member, _organisation(member)) for member in members]
    Organisation.objects.bulk_create(organisation for _, organisation in pairs)
    Membership.objects.bulk_create(
        Membership(network=network, organisation=organisation, number=member.id)
        for member, organisation in pairs
    )
    Identifier.objects.bulk_create(
        Identifier(organisation=organisation, scheme=Identifier.Scheme.PIC, value=member.id)
        for member, organisation in pairs
    )
    profiles, competences = [], []
    for member, organisation in pairs:
        newest = projects[member.id][:_PROJECTS_NAMED]
        text = "\n".join(f"{project.label}: {project.title}" for project in newest)
        profiles.append(Profile(organisation=organisation, text_en=text, search=kept([text])))
        named = subjects_of(project.title for project in newest)
        competences += [Competence(organisation=organisation, concept=id_) for id_ in sorted(named)]
    Profile.objects.bulk_create(profiles)
    Competence.objects.bulk_create(competences)
    return pairs


def _projects_by_organisation(history: History) -> dict[str, list[JointProject]]:
    found: dict[str, list[JointProject]] = defaultdict(list)
    order = sorted(
        zip(history.organisation_index, history.project_index, strict=True),
        key=lambda row: history.projects[row[1]].start or dt.date.min,
        reverse=True,
    )
    for organisation, project in order:
        found[history.organisation_ids[organisation]].append(history.projects[project])
    return found


def _organisation(member: Record) -> Organisation:
    return Organisation(
        name=member.name,
        kind=member.type.value if member.type else Organisation.Kind.OTHER,
        city=member.city,
        country=member.country,
        lat=member.lat,
        lon=member.lon,
        visibility=Visibility.PUBLIC,
        search=kept((member.name, member.city)),
    )


def _look_back(
    everything: History,
    day: dt.date,
    end: dt.date,
    sides: tuple[list[_Pair], list[_Pair]],
    progress: Progress,
) -> Hindsight:
    """Count how many suggestions of that day came true; ids are those of our rows."""
    left, right = (
        [replace(member, id=str(organisation.pk), pic=member.id) for member, organisation in side]
        for side in sides
    )
    result = match(left, right, history=everything.before(day), top=_COUNTED, progress=progress)
    return look_back(result, everything, day, end)
