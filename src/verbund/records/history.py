"""Past joint projects: who worked with whom, on what, since when.

Two layouts are read: tables named `organisations`, `projects` and `participations` (parquet or csv;
the fields stand in the docs, optionally `h2020_projects` and `h2020_participations` beside them),
and the csv downloads of CORDIS itself (`project`, `organization`, `euroSciVoc`, `topics`).
"""

from __future__ import annotations

import datetime as dt
import gzip
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from verbund.language.spelling import fold
from verbund.records.names import parse_name
from verbund.records.organisation import Organisation, OrganisationType
from verbund.records.places import find_place
from verbund.wording import refuse

Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

COORDINATOR = "coordinator"
AFFILIATED = "thirdParty"
_TYPES = {
    "PRC": OrganisationType.COMPANY,
    "HES": OrganisationType.RESEARCH,
    "REC": OrganisationType.RESEARCH,
    "PUB": OrganisationType.PUBLIC,
    "OTH": OrganisationType.OTHER,
}
_COUNTRY_CODES = {"EL": "GR", "UK": "GB"}  # CORDIS writes its own


@dataclass(frozen=True, slots=True)
class JointProject:
    """A project several organisations did together; texts may be empty, `start` may be unknown."""

    id: str
    acronym: str = ""
    title: str = ""
    objective: str = ""
    keywords: str = ""
    topic: str = ""
    topic_title: str = ""
    programme: str = ""
    fields: str = ""
    start: dt.date | None = None

    @property
    def text(self) -> str:
        """Everything that says what the project is about."""
        fields = " ".join(self.fields.replace("|", "/").split("/"))
        return "\n".join((self.title, self.keywords, self.topic_title, fields, self.objective))

    @property
    def has_text(self) -> bool:
        return bool(self.title or self.objective)

    @property
    def label(self) -> str:
        return self.acronym or self.title or self.id

    @property
    def year(self) -> int | None:
        return self.start.year if self.start else None


@dataclass(frozen=True, eq=False)
class History:
    """Organisations, projects and participations.

    Attributes
    ----------
    organisation_ids
        Ids by position, shape (n,); `organisations` holds what is known of them.
    projects
        By position, shape (m,).
    project_index, organisation_index
        One participation each, shape (p,): positions in `projects` and `organisation_ids`.
    coordinates, affiliated
        Shape (p,): the coordinator; an affiliated entity, which counts only as acquainted.
    """

    organisation_ids: tuple[str, ...]
    organisations: dict[str, Organisation]
    projects: tuple[JointProject, ...]
    project_index: Integers
    organisation_index: Integers
    coordinates: Booleans
    affiliated: Booleans

    @cached_property
    def position_of(self) -> dict[str, int]:
        return {id_: position for position, id_ in enumerate(self.organisation_ids)}

    def before(self, day: dt.date) -> History:
        """Keep what had begun before a day; a project of unknown start is left out."""
        return self._keep(lambda project: project.start is not None and project.start < day)

    def between(self, first: dt.date, end: dt.date) -> History:
        """Keep what began on `first` or later and before `end`."""
        return self._keep(
            lambda project: project.start is not None and first <= project.start < end
        )

    def of_at_most(self, partners: int) -> History:
        """Keep projects of at most so many partners, affiliated entities not counted."""
        rows = self.project_index[~self.affiliated]
        sizes = np.bincount(rows, minlength=len(self.projects))
        return self._choose(sizes <= partners)

    def _keep(self, wanted: Callable[[JointProject], bool]) -> History:
        return self._choose(np.array([wanted(project) for project in self.projects], dtype=bool))

    def _choose(self, kept: Booleans) -> History:
        """Keep projects and who took part in them: of others nothing may be known."""
        rows = kept[self.project_index]
        present = np.zeros(len(self.organisation_ids), dtype=bool)
        present[self.organisation_index[rows]] = True
        ids = tuple(id_ for id_, here in zip(self.organisation_ids, present, strict=True) if here)
        return replace(
            self,
            organisation_ids=ids,
            organisations={
                id_: self.organisations[id_] for id_ in ids if id_ in self.organisations
            },
            projects=tuple(p for p, keep in zip(self.projects, kept, strict=True) if keep),
            project_index=(np.cumsum(kept) - 1)[self.project_index[rows]],
            organisation_index=(np.cumsum(present) - 1)[self.organisation_index[rows]],
            coordinates=self.coordinates[rows],
            affiliated=self.affiliated[rows],
        )


@dataclass(frozen=True, slots=True)
class Links:
    """Member id -> history id, and the members that were tied by name only."""

    by_member: dict[str, str]
    by_name: tuple[tuple[Organisation, Organisation], ...] = ()


def link(organisations: Iterable[Organisation], history: History) -> Links:
    """Tie members to history by participant code, else id, else name with country and town.

    A name ties only if exactly one organisation of the history has it and neither country nor town
    contradict.
    """
    by_core: dict[str, list[Organisation]] = defaultdict(list)
    for known in history.organisations.values():
        by_core[parse_name(known.name).squeezed].append(known)
    ties: dict[str, str] = {}
    by_name = []
    for member in organisations:
        for key in (member.pic, member.id):
            if key and key in history.position_of:
                ties[member.id] = key
                break
        else:
            found = _of_that_name(member, by_core[parse_name(member.name).squeezed])
            if found:
                ties[member.id] = found.id
                by_name.append((member, found))
    return Links(ties, tuple(by_name))


def _of_that_name(member: Organisation, candidates: Sequence[Organisation]) -> Organisation | None:
    fitting = [
        known
        for known in candidates
        if not (member.country and known.country and member.country != known.country)
        and not (member.city and known.city and not _same_town(member, known))
    ]
    return fitting[0] if len(fitting) == 1 else None


def _same_town(one: Organisation, other: Organisation) -> bool:
    """Compare towns across languages: "Munich", "MUNCHEN" and "München" are one."""
    if fold(one.city) == fold(other.city):
        return True
    places = [find_place(o.city, country=o.country) for o in (one, other)]
    return places[0] is not None and places[0] == places[1]


# ---------------------------------------------------------------- reading


def read_history(folder: str | Path) -> History:
    """Read past joint projects from a folder.

    Raises
    ------
    InvalidInput
        If the folder is missing, holds neither layout, or a table cannot be read.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise refuse("history.no_folder", folder=str(folder))
    with duckdb.connect() as connection:
        connection.execute("set threads = 2")
        if _find(folder, "projects") and _find(folder, "participations"):
            return _assemble(*_read_tables(connection, folder))
        if downloads := sorted([*folder.glob("project.csv"), *folder.glob("*/project.csv")]):
            return _assemble(*_read_cordis_downloads(connection, downloads))
    raise refuse("history.no_tables", folder=str(folder))


_Rows = list[tuple[Any, ...]]


def _find(folder: Path, stem: str) -> Path | None:
    names = (f"{stem}{suffix}" for suffix in (".parquet", ".csv", ".csv.gz"))
    return next((path for name in names if (path := folder / name).exists()), None)


def _select(connection: duckdb.DuckDBPyConnection, path: Path, columns: Sequence[str]) -> _Rows:
    """Read columns as text in the given order; all but the first may be missing and are empty."""
    try:
        return _select_from(connection, path, columns, _source(path, strict=True))
    except duckdb.Error:
        pass  # line ends of two kinds, a stray quotation mark: read it less strictly
    try:
        return _select_from(connection, path, columns, _source(path, strict=False))
    except duckdb.Error as error:
        why = str(error).strip().splitlines()[0][:300]
        raise refuse("file.broken", file=path.name, why=why) from error


def _source(path: Path, *, strict: bool) -> str:
    if path.suffix == ".parquet":
        return "read_parquet($path)"
    # Quoted text runs over lines; without a fixed quote a short sample could miss that.
    return (
        "read_csv($path, all_varchar = true, header = true, quote = '\"', escape = '\"',"
        f" delim = '{_delimiter(path)}', null_padding = true, parallel = false,"
        f" strict_mode = {str(strict).lower()})"
    )


def _select_from(
    connection: duckdb.DuckDBPyConnection, path: Path, columns: Sequence[str], source: str
) -> _Rows:
    described = connection.execute(f"describe select * from {source}", {"path": str(path)})  # noqa: S608  # fixed text
    present = {row[0].lower(): row[0] for row in described.fetchall()}
    if columns[0].lower() not in present:
        raise refuse("file.no_column", file=path.name, column=columns[0])
    wanted = [
        f"coalesce(cast(\"{present[name.lower()]}\" as varchar), '')"
        if name.lower() in present
        else "''"
        for name in columns
    ]
    query = f"select {', '.join(wanted)} from {source}"  # noqa: S608  # names come from the table
    return connection.execute(query, {"path": str(path)}).fetchall()


def _delimiter(path: Path) -> str:
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8", errors="replace") as packed:
            header = packed.readline()
    else:
        with path.open(encoding="utf-8", errors="replace") as file:
            header = file.readline()
    return max(";,\t", key=header.count)


_PROJECT_FIELDS = (
    "project_id", "acronym", "title", "objective", "keywords", "topic", "topic_title", "programme",
    "euroscivoc", "start_date",
)  # fmt: skip
_ORGANISATION_FIELDS = (
    "organisation_id", "name", "type", "sme", "country", "city", "lat", "lon", "url",
)  # fmt: skip


def _read_tables(connection: duckdb.DuckDBPyConnection, folder: Path) -> tuple[_Rows, _Rows, _Rows]:
    projects = _select(connection, _required(folder, "projects"), _PROJECT_FIELDS)
    roles = ("project_id", "organisation_id", "role")
    participations = _select(connection, _required(folder, "participations"), roles)
    organisations: _Rows = []
    if path := _find(folder, "organisations"):
        organisations = _select(connection, path, _ORGANISATION_FIELDS)
    older, older_roles = _find(folder, "h2020_projects"), _find(folder, "h2020_participations")
    if older and older_roles:
        for id_, start in _select(connection, older, ("h2020_rcn", "start_date")):
            blank = [""] * (len(_PROJECT_FIELDS) - 3)
            projects.append((f"h2020-{id_}", f"H2020-{id_}", *blank, start))
        rows = _select(connection, older_roles, ("h2020_rcn", "organisation_id", "role"))
        participations += [(f"h2020-{id_}", member, role) for id_, member, role in rows]
    return projects, organisations, participations


def _required(folder: Path, stem: str) -> Path:
    path = _find(folder, stem)
    if path is None:
        raise refuse("history.no_tables", folder=str(folder))
    return path


def _read_cordis_downloads(
    connection: duckdb.DuckDBPyConnection, downloads: Sequence[Path]
) -> tuple[_Rows, _Rows, _Rows]:
    """Read one or several framework programmes, each in its own folder."""
    projects: _Rows = []
    organisations: _Rows = []
    participations: _Rows = []
    for path in downloads:
        folder = path.parent
        members = _required(folder, "organization")
        titles: dict[str, str] = {}
        if topics := _find(folder, "topics"):
            titles = dict(_select(connection, topics, ("projectID", "title")))
        fields: dict[str, list[str]] = defaultdict(list)
        if science := _find(folder, "euroSciVoc"):
            for project, field in _select(connection, science, ("projectID", "euroSciVocPath")):
                fields[project].append(field)
        wanted = (
            "id",
            "acronym",
            "title",
            "objective",
            "keywords",
            "topics",
            "legalBasis",
            "startDate",
        )
        for *head, topic, programme, start in _select(connection, path, wanted):
            id_ = head[0]
            field = " | ".join(fields[id_])
            projects.append((*head, topic, titles.get(id_, ""), programme, field, start))
        columns = (
            "projectID", "organisationID", "role", "name", "activityType", "SME", "country", "city",
            "geolocation", "organizationURL",
        )  # fmt: skip
        for project, member, role, *facts, place, url in _select(connection, members, columns):
            lat, _, lon = place.strip("() ").partition(",")
            organisations.append((member, *facts, lat, lon, url))
            participations.append((project, member, role))
    return projects, organisations, participations


def _assemble(projects: _Rows, organisations: _Rows, participations: _Rows) -> History:
    """Index the rows; a repeated project or organisation counts once, the later row wins."""
    by_id = {
        row[0]: replace(JointProject(*row[:-1]), start=_date(row[-1])) for row in projects if row[0]
    }
    ordered = sorted(by_id.values(), key=lambda p: (p.start or dt.date.min, p.id))
    known = {row[0]: _organisation(row) for row in organisations if row[0] and row[1]}
    ids = dict.fromkeys([*known, *(row[1] for row in participations)])
    ids.pop("", None)
    project_at = {project.id: position for position, project in enumerate(ordered)}
    organisation_at = {id_: position for position, id_ in enumerate(ids)}
    rows = [
        (project_at[project], organisation_at[member], role == COORDINATOR, role == AFFILIATED)
        for project, member, role in participations
        if project in project_at and member in organisation_at
    ]
    table = np.array(rows, dtype=np.int64).reshape(-1, 4)
    return History(
        organisation_ids=tuple(ids),
        organisations=known,
        projects=tuple(ordered),
        project_index=table[:, 0],
        organisation_index=table[:, 1],
        coordinates=table[:, 2].astype(bool),
        affiliated=table[:, 3].astype(bool),
    )


def _organisation(row: tuple[Any, ...]) -> Organisation:
    id_, name, kind, sme, country, city, lat, lon, url = row
    position = _degrees(lat, largest=90), _degrees(lon, largest=180)
    both = None not in position and position != (0.0, 0.0)
    return Organisation(
        id=id_,
        name=name,
        type=_TYPES.get(kind),
        sme={"true": True, "false": False}.get(str(sme).lower()),
        country=_COUNTRY_CODES.get(country, country),
        city=city,
        lat=position[0] if both else None,
        lon=position[1] if both else None,
        website=url,
    )


def _degrees(text: str, *, largest: float) -> float | None:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) <= largest else None


def _date(text: str) -> dt.date | None:
    """Read 2022-09-01, also with a time behind it, or 01.09.2022."""
    for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
        with suppress(ValueError):
            return dt.datetime.strptime(text[:10], pattern).date()  # noqa: DTZ007  # a day has no zone
    return None
