"""Networks drawn from history: who works in photonics, who in mobility.

An organisation belongs to the sector in which its share of projects, relative to the sector's size,
is larger, if that share is at least 5 %. Grants to single researchers (ERC, MSCA) give no
membership.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import numpy as np

from verbund.records.history import Booleans, History, Integers, JointProject
from verbund.records.organisation import Organisation
from verbund.wording import refuse

LEAST_SHARE = 0.05
PHOTONICS = re.compile(
    r"photonic|\bphotons?\b|optoelectronic|\boptics?\b|\boptical|\blasers?\b|lidar|\bleds?\b|luminesc"
    r"|light source|lightwave|waveguide|spectroscop|holograph|infrared|imaging sensor|microscop",
    re.IGNORECASE,
)
MOBILITY = re.compile(
    r"automotive|\bvehicles?\b|automobile|\bcars\b|electromobility|e-mobility|powertrain"
    r"|(?:urban|smart|automated) mobility|(?:autonomous|automated) driving"
    r"|road (?:transport|safety)"
    r"|public transport|intelligent transport|charging infrastructure",
    re.IGNORECASE,
)
MOBILITY_TOPIC = re.compile(r"-D6-")
_LEAST_MEMBERS = 10
_SINGLE_RESEARCHERS = re.compile(r"ERC|MSCA|HORIZON\.1\.[12]$")


def is_photonics(project: JointProject) -> bool:
    return bool(PHOTONICS.search(_labels(project)))


def is_mobility(project: JointProject) -> bool:
    return bool(MOBILITY_TOPIC.search(project.topic) or MOBILITY.search(_labels(project)))


def _labels(project: JointProject) -> str:
    return "\n".join((project.title, project.keywords, project.topic_title, project.fields))


def networks_of(history: History) -> dict[str, tuple[Organisation, ...]]:
    """Return the members of the photonics and the mobility network, disjoint, by id."""
    joint = [
        p.has_text and not _SINGLE_RESEARCHERS.search(p.programme + p.topic)
        for p in history.projects
    ]
    counted = np.array(joint, dtype=bool)
    member = {
        "photonics": counted & [is_photonics(p) for p in history.projects],
        "mobility": counted & [is_mobility(p) for p in history.projects],
    }
    rows = ~history.affiliated
    organisation, project = history.organisation_index[rows], history.project_index[rows]
    number = len(history.organisation_ids)

    def count(mask: Booleans) -> Integers:
        return np.bincount(organisation[mask[project]], minlength=number)

    total = count(counted).clip(min=1)
    shares = {name: count(mask) / total for name, mask in member.items()}
    relative = {name: shares[name] / max(int(mask.sum()), 1) for name, mask in member.items()}
    photonics = (shares["photonics"] >= LEAST_SHARE) & (
        relative["photonics"] > relative["mobility"]
    )
    mobility = (shares["mobility"] >= LEAST_SHARE) & (relative["mobility"] > relative["photonics"])
    return {
        name: tuple(
            history.organisations[history.organisation_ids[position]]
            for position in np.flatnonzero(chosen)
            if history.organisation_ids[position] in history.organisations
        )
        for name, chosen in (("photonics", photonics), ("mobility", mobility))
    }


@dataclass(frozen=True)
class Drawn:
    """Two networks as they were known before a day, and until when it is known what came after."""

    day: dt.date
    end: dt.date
    history: History
    members: dict[str, tuple[Organisation, ...]]


def draw_networks(everything: History, before: dt.date | None) -> Drawn:
    """Draw both networks as known before a day; without one, a year before the last project.

    Raises
    ------
    InvalidInput
        If no project has a start, the day lies outside of what is known, or a network would have
        next to no members.
    """
    starts = [project.start for project in everything.projects if project.start]
    if not starts:
        raise refuse("history.no_dates")
    first, last = min(starts), max(starts)
    day = before or dt.date(last.year, 1, 1)
    if not first < day <= last:
        raise refuse("demo.before_needed", first=first, last=last)
    history = everything.before(day)
    members = networks_of(history)
    if any(len(own) < _LEAST_MEMBERS for own in members.values()):
        raise refuse("demo.sectors_empty", day=day)
    return Drawn(day, last + dt.timedelta(days=1), history, members)
