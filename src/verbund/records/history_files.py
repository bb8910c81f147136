"""Keep a history as tables that `read_history` reads again."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable, Sequence
from pathlib import Path

from verbund.records.history import AFFILIATED, COORDINATOR, History, JointProject

_PROJECTS = (
    "project_id", "acronym", "title", "objective", "keywords", "topic", "topic_title", "programme",
    "euroscivoc", "start_date",
)  # fmt: skip
_ORGANISATIONS = ("organisation_id", "name", "country", "city", "lat", "lon", "url")


def write_history(folder: Path, history: History) -> None:
    """Write projects, organisations (without kind and size) and participations as packed csv."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "projects.csv.gz", _PROJECTS, map(_project, history.projects))
    _write(
        folder / "organisations.csv.gz",
        _ORGANISATIONS,
        (
            (o.id, o.name, o.country, o.city, o.lat, o.lon, o.website)
            for o in history.organisations.values()
        ),
    )
    roles = (
        COORDINATOR if coordinates else AFFILIATED if affiliated else "participant"
        for coordinates, affiliated in zip(history.coordinates, history.affiliated, strict=True)
    )
    _write(
        folder / "participations.csv.gz",
        ("project_id", "organisation_id", "role"),
        (
            (history.projects[project].id, history.organisation_ids[organisation], role)
            for project, organisation, role in zip(
                history.project_index, history.organisation_index, roles, strict=True
            )
        ),
    )


def _project(project: JointProject) -> tuple[str, ...]:
    start = project.start.isoformat() if project.start else ""
    return (
        project.id, project.acronym, project.title, project.objective, project.keywords,
        project.topic, project.topic_title, project.programme, project.fields, start,
    )  # fmt: skip


def _write(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with gzip.open(path, "wt", encoding="utf-8", newline="", compresslevel=3) as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(["" if value is None else value for value in row] for row in rows)
