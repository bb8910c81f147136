from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from verbund.errors import InvalidInput
from verbund.records.history import History, link, read_history
from verbund.records.organisation import Organisation, OrganisationType

SHARED = Path(__file__).parents[3] / "shared" / "cordis"

TABLES = {
    "organisations.csv": (
        "organisation_id,name,type,sme,country,city,lat,lon,url\n"
        '1,Müller Optik GmbH,PRC,true,DE,Jena,"50,93","11,58",\n'
        "2,Universität Ulm,HES,false,DE,Ulm,0,0,\n"
        "3,Müller Optik GmbH,PRC,,AT,Wien,48.2,,\n"
    ),
    "projects.csv": (
        "project_id,acronym,title,objective,keywords,start_date\n"
        'P2,LUX,Licht,"Erste Zeile\nzweite ""Zeile""",Laser,2020-05-01\n'
        "P1,,Faser,,,2018-01-01\n"
        "P3,OHNE,Ohne Beginn,,,\n"
    ),
    "participations.csv": (
        "project_id,organisation_id,role\n"
        "P1,1,coordinator\nP1,2,participant\nP2,2,coordinator\nP2,4,thirdParty\nP3,1,participant\n"
        "P9,1,participant\nP1,,participant\n"
    ),
}

CORDIS = {
    "project.csv": (
        '"id";"acronym";"status";"title";"startDate";"totalCost";"legalBasis";"topics";'
        '"objective";"keywords"\n'
        '"101";"LUX";"SIGNED";"Light; and more";"2022-09-01";"2493491,25";"HORIZON.2.4";"CL4-1";'
        '"First line\n""second"" line; end";"laser, lidar"\n'
    ),
    "organization.csv": (
        '"projectID";"projectAcronym";"organisationID";"name";"SME";"activityType";"city";'
        '"country";"geolocation";"organizationURL";"role";"ecContribution"\n'
        '"101";"LUX";"999";"MUELLER OPTIK";"true";"PRC";"Jena";"DE";"50.93,11.58";'
        '"http://[mo].de";"coordinator";"1250,5"\n'
        '"101";"LUX";"888";"ETHNIKO\nKENTRO";"false";"REC";"ATHINA";"EL";"";"";"thirdParty";"0"\n'
    ),
    "topics.csv": '"projectID";"topic";"title"\n"101";"CL4-1";"Photonics for\nindustry"\n',
    "euroSciVoc.csv": (
        '"projectID";"euroSciVocCode";"euroSciVocPath"\n'
        '"101";"/23";"/natural sciences/optics"\n"101";"/24";"/engineering/sensors"\n'
    ),
}


def history_of(folder: Path, files: dict[str, str], *, encoding: str = "utf-8") -> History:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding=encoding)
    return read_history(folder)


def partners(history: History) -> dict[str, list[str]]:
    """Project id -> ids of those who took part."""
    found: dict[str, list[str]] = {project.id: [] for project in history.projects}
    for project, organisation in zip(
        history.project_index, history.organisation_index, strict=True
    ):
        found[history.projects[project].id].append(history.organisation_ids[organisation])
    return found


def test_own_tables_are_indexed_by_start(tmp_path: Path) -> None:
    history = history_of(tmp_path, TABLES)

    assert partners(history) == {"P3": ["1"], "P1": ["1", "2"], "P2": ["2", "4"]}
    assert history.organisation_ids == ("1", "2", "3", "4")
    assert history.coordinates.tolist() == [True, False, True, False, False]
    assert history.affiliated.tolist() == [False, False, False, True, False]


def test_own_tables_tell_the_facts(tmp_path: Path) -> None:
    history = history_of(tmp_path, TABLES)

    assert history.organisations["1"] == Organisation(
        id="1",
        name="Müller Optik GmbH",
        type=OrganisationType.COMPANY,
        sme=True,
        country="DE",
        city="Jena",
        lat=50.93,
        lon=11.58,
    )
    # Neither 0/0 nor half a position is one.
    assert [history.organisations[id_].lat for id_ in "23"] == [None, None]
    assert [(p.label, p.year, p.objective) for p in history.projects] == [
        ("OHNE", None, ""),
        ("Faser", 2018, ""),
        ("LUX", 2020, 'Erste Zeile\nzweite "Zeile"'),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_cordis_downloads_are_read_with_quoted_lines(tmp_path: Path, encoding: str) -> None:
    history = history_of(tmp_path / "HORIZON [2024]", CORDIS, encoding=encoding)

    project = history.projects[0]
    assert (project.id, project.title, project.start) == (
        "101",
        "Light; and more",
        dt.date(2022, 9, 1),
    )
    assert project.objective == 'First line\n"second" line; end'
    assert project.topic_title == "Photonics for\nindustry"
    assert project.fields == "/natural sciences/optics | /engineering/sensors"
    assert partners(history) == {"101": ["999", "888"]}


def test_cordis_organisations_get_common_codes(tmp_path: Path) -> None:
    history = history_of(tmp_path, CORDIS)

    optik, kentro = history.organisations.values()
    assert (optik.type, optik.sme, optik.lat, optik.lon) == (
        OrganisationType.COMPANY,
        True,
        50.93,
        11.58,
    )
    assert (kentro.name, kentro.country, kentro.sme) == ("ETHNIKO\nKENTRO", "GR", False)
    assert history.affiliated.tolist() == [False, True]


def test_several_framework_programmes_are_read_together(tmp_path: Path) -> None:
    later = {name: text.replace('"101"', '"202"') for name, text in CORDIS.items()}
    history_of(tmp_path / "h2020", CORDIS)
    history_of(tmp_path / "horizon", later)

    history = read_history(tmp_path)

    assert partners(history) == {"101": ["999", "888"], "202": ["999", "888"]}


def test_before_keeps_only_what_had_begun(tmp_path: Path) -> None:
    history = history_of(tmp_path, TABLES)

    days = (dt.date(2018, 1, 1), dt.date(2018, 1, 2), dt.date(2030, 1, 1))

    assert [partners(history.before(day)) for day in days] == [
        {},
        {"P1": ["1", "2"]},
        {"P1": ["1", "2"], "P2": ["2", "4"]},
    ]


def test_between_takes_the_first_day_and_leaves_the_end(tmp_path: Path) -> None:
    history = history_of(tmp_path, TABLES)

    kept = history.between(dt.date(2018, 1, 1), dt.date(2020, 5, 1))

    assert partners(kept) == {"P1": ["1", "2"]}
    assert kept.coordinates.tolist() == [True, False]
    assert kept.organisation_ids == ("1", "2")  # of those who came later nothing is known


def test_before_and_between_part_the_dated_projects(tmp_path: Path) -> None:
    history = history_of(tmp_path, TABLES)
    day = dt.date(2019, 1, 1)

    parts = partners(history.before(day)) | partners(history.between(day, dt.date.max))

    assert parts == {id_: members for id_, members in partners(history).items() if id_ != "P3"}


def test_small_projects_are_counted_without_affiliated_entities(tmp_path: Path) -> None:
    history = history_of(tmp_path, TABLES)

    assert partners(history.of_at_most(1)) == {"P3": ["1"], "P2": ["2", "4"]}


def test_member_is_tied_by_pic_then_id_then_name(tmp_path: Path) -> None:
    history = history_of(tmp_path, TABLES)
    by_pic = Organisation(id="a", name="Ganz anders", pic="2")
    by_id = Organisation(id="4", name="Unbekannt")
    by_name = Organisation(id="c", name="Mueller-Optik", city="JENA")
    stranger = Organisation(id="d", name="Laser Süd AG")

    links = link([by_pic, by_id, by_name, stranger], history)

    assert links.by_member == {"a": "2", "4": "4", "c": "1"}
    assert links.by_name == ((by_name, history.organisations["1"]),)


@pytest.mark.parametrize(
    ("country", "city", "tied"),
    [("", "", {}), ("DE", "", {"m": "1"}), ("AT", "", {"m": "3"}), ("", "Bonn", {})],
)
def test_name_ties_only_where_one_organisation_fits(
    tmp_path: Path, country: str, city: str, tied: dict[str, str]
) -> None:
    history = history_of(tmp_path, TABLES)
    member = Organisation(id="m", name="Müller Optik", country=country, city=city)

    assert link([member], history).by_member == tied


def test_history_without_rows_is_empty(tmp_path: Path) -> None:
    headers = {name: text.partition("\n")[0] + "\n" for name, text in TABLES.items()}

    history = history_of(tmp_path, headers).before(dt.date(2024, 1, 1))

    assert (history.projects, history.organisation_ids, partners(history)) == ((), (), {})


def test_folder_without_history_is_refused(tmp_path: Path) -> None:
    codes = []
    for folder in (tmp_path / "missing", tmp_path):
        with pytest.raises(InvalidInput) as refusal:
            read_history(folder)
        codes.append(refusal.value.code)

    assert codes == ["history.no_folder", "history.no_tables"]


@pytest.mark.shared
def test_open_data_of_cordis_is_consistent() -> None:
    if not SHARED.is_dir():
        pytest.skip(f"the CORDIS tables are not there: {SHARED} (see its README for the download)")

    history = read_history(SHARED)

    assert len(history.projects) > 10_000
    assert len(history.project_index) == len(history.organisation_index) > 50_000
    assert history.project_index.max() < len(history.projects)
    assert history.organisation_index.max() < len(history.organisation_ids)
    starts = [project.start or dt.date.min for project in history.projects]
    assert starts == sorted(starts)
