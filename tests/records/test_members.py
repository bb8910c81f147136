from __future__ import annotations

import csv
import datetime as dt
import io
import json
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from verbund.errors import InvalidInput
from verbund.records.doubles import merge
from verbund.records.members import MemberList, read_members
from verbund.records.organisation import Organisation, OrganisationType, Visibility
from verbund.wording import LANGUAGES, Language

Write = Callable[..., Path]
Stated = Callable[[MemberList], list[dict[str, object]]]
Told = Callable[[MemberList], list[tuple[str, int | None, str, str]]]

COMPANY, RESEARCH = OrganisationType.COMPANY, OrganisationType.RESEARCH
OWN, PARTNERS, PUBLIC = Visibility.OWN, Visibility.PARTNERS, Visibility.PUBLIC


def names(members: MemberList) -> list[str]:
    return [organisation.name for organisation in members.organisations]


def codes(members: MemberList) -> list[tuple[str, int | None]]:
    return [(problem.code, problem.row) for problem in members.problems]


# ---------------------------------------------------------------- clean lists


def test_columns_are_listed_with_what_they_are_taken_for(write_text: Write) -> None:
    members = read_members(write_text("Nr.;Firma;Beitrag;Bietet\nM1;Müller Optik;5;Linsen\n"))

    assert [(column.name, column.field) for column in members.columns] == [
        ("A (Nr.)", "id"),
        ("B (Firma)", "name"),
        ("C (Beitrag)", ""),
        ("D (Bietet)", "offers"),
    ]


def test_german_list_is_read_whole(write_text: Write, stated: Stated) -> None:
    path = write_text(
        "Nr.;Firma;Art;KMU;Mitarbeiter;Umsatz (TEUR);PLZ;Ort;Land;Website;Bietet;Sucht;Freigabe\n"
        "M1;Müller Optik GmbH;Unternehmen;ja;1.250;2.500,5;07743;Jena;D;www.mo.de;"
        '"Linsen\nSpiegel";Lidar | Radar;Partner\n',
        encoding="cp1252",
    )

    members = read_members(path)

    assert stated(members) == [
        {
            "name": "Müller Optik GmbH",
            "type": COMPANY,
            "sme": True,
            "employees": 1250,
            "turnover_eur": 2_500_500.0,
            "postal_code": "07743",
            "city": "Jena",
            "country": "DE",
            "website": "https://www.mo.de",
            "offers": ("Linsen", "Spiegel"),
            "requests": ("Lidar", "Radar"),
            "visibility": PARTNERS,
        }
    ]
    assert (members.organisations[0].id, members.problems) == ("M1", ())


def test_english_list_is_read_whole(write_text: Write, stated: Stated) -> None:
    path = write_text(
        "Company,Type,Employees,Latitude,Longitude,State,Language,Contact,Email,We offer\n"
        'Optics Ltd.,research,"1,250",50.93,11.58,Thuringia,English,A. Lee,a@o.uk,Lenses; Mirrors\n'
    )

    members = read_members(path)

    assert stated(members) == [
        {
            "name": "Optics Ltd.",
            "type": RESEARCH,
            "employees": 1250,
            "lat": 50.93,
            "lon": 11.58,
            "state": "TH",
            "language": "en",
            "contact_name": "A. Lee",
            "contact_email": "a@o.uk",
            "offers": ("Lenses", "Mirrors"),
        }
    ]
    assert members.problems == ()


def test_json_lines_are_read_with_lists(write_text: Write, stated: Stated, told: Told) -> None:
    path = write_text(
        '{"name": "A GmbH", "offers": ["Laser", "Optik"], "visibility": true}\n'
        '{"name": "B GmbH", "employees": Infinity, "note": "x"}\n',
        name="list.jsonl",
    )

    members = read_members(path)

    assert stated(members) == [
        {"name": "A GmbH", "offers": ("Laser", "Optik"), "visibility": PARTNERS},
        {"name": "B GmbH"},
    ]
    assert told(members) == [
        ("column_unknown_nearest", 0, "note", "note"),
        ("not_a_number", 2, "employees", "inf"),
    ]


@pytest.mark.parametrize(
    "text", ["Name\nA GmbH\n", "Firma;Bemerkung\nA GmbH;x\n", "Mitglieder 2024\nFirma\nA GmbH\n"]
)
def test_only_the_name_is_required(write_text: Write, text: str) -> None:
    assert names(read_members(write_text(text))) == ["A GmbH"]


def test_name_and_its_neighbours_tell_firm_and_person(write_text: Write, stated: Stated) -> None:
    lists = [
        "Name;Ort\nA GmbH;Jena\n",
        "Firma;Name;Ort\nA GmbH;Max Muster;Jena\n",
        "Firma;Name;Vorname;Ort\nA GmbH;Muster;Max;Jena\n",
    ]

    read = [stated(read_members(write_text(text)))[0] for text in lists]

    assert [facts.get("contact_name") for facts in read] == [None, "Max Muster", "Max Muster"]
    assert {facts["name"] for facts in read} == {"A GmbH"}


# ---------------------------------------------------------------- sheets of an office


def test_title_and_rows_that_are_no_members_are_told(write_text: Write, told: Told) -> None:
    path = write_text(
        "Mitglieder des Netzwerks\n;;\nFirma;Ort;Mitarbeiter\nForschung:;;\nA GmbH;Jena;5\n"
        "Firma;Ort;Mitarbeiter\nB GmbH;Ulm;7\nGründungsmitglieder (2);;\nTotal Optics GmbH;;\n"
        "Summe;2;12\n;;12\n* gegründet 2020;;\n"
    )

    members = read_members(path)

    assert names(members) == ["A GmbH", "B GmbH", "Total Optics GmbH"]
    assert members.titles == ("Mitglieder des Netzwerks",)
    assert codes(members) == [
        ("above_header", 1),
        ("section", 4),
        ("header_repeated", 6),
        ("section", 8),
        ("footer", 10),
        ("no_name", 11),
        ("footer", 12),
    ]


@pytest.mark.parametrize(
    ("heading", "is_member"),
    [
        ("Forschung und Hochschulen", False),
        ("Firmen / Institute", False),
        ("Verbände, Netzwerke & Partner", False),
        ("Forschung und Technik", True),
        ("Institute", False),
    ],
)
def test_heading_of_a_section_may_name_several_kinds(
    heading: str, is_member: bool, write_text: Write
) -> None:
    path = write_text(f'Firma;Ort\nA GmbH;Jena\n"{heading}";\nB GmbH;Ulm\n')

    members = read_members(path)

    assert (heading in names(members)) is is_member
    assert (("section", 3) in codes(members)) is not is_member


def test_member_whose_cells_are_words_of_headings_is_no_header(write_text: Write) -> None:
    path = write_text("Name;Art;Bietet\nABC GmbH;Unternehmen;Dienstleistungen\n")

    members = read_members(path)

    assert (names(members), members.problems) == (["ABC GmbH"], ())


def test_second_header_in_another_order_is_followed(write_text: Write, stated: Stated) -> None:
    path = write_text(
        "Firma;Ort;Bietet\nA GmbH;Jena;Laser\n\nForschung\n"
        "Bietet;Institut;Ort\nOptik;Licht e.V.;Ulm\n"
    )

    members = read_members(path)

    assert stated(members) == [
        {"name": "A GmbH", "city": "Jena", "offers": ("Laser",)},
        {"name": "Licht e.V.", "city": "Ulm", "offers": ("Optik",)},
    ]
    assert codes(members) == [("section", 4), ("header_repeated", 5), ("header_changed", 5)]


def test_group_headings_over_two_rows_are_joined(write_workbook: Write, stated: Stated) -> None:
    def merge_groups(workbook: Workbook, sheet: Worksheet) -> None:
        sheet.merge_range("A1:E1", "Mitglieder 2024")
        sheet.merge_range("A2:A3", "Firma")
        sheet.merge_range("B2:C2", "Kontakt")
        sheet.merge_range("D2:E2", "Sitz")

    path = write_workbook(
        [
            [],
            [],
            ["", "Name", "E-Mail", "PLZ", "Ort"],
            ["A GmbH", "Eva", "e@a.de", "07743", "Jena"],
        ],
        merge_groups,
    )

    assert stated(read_members(path)) == [
        {
            "name": "A GmbH",
            "contact_name": "Eva",
            "contact_email": "e@a.de",
            "postal_code": "07743",
            "city": "Jena",
        }
    ]


def test_group_headings_without_merged_cells_are_joined(write_text: Write, stated: Stated) -> None:
    path = write_text("Firma;Kontakt;;;Ort\n;Name;Telefon;E-Mail;\nA GmbH;Eva;0123;e@a.de;Jena\n")

    assert stated(read_members(path)) == [
        {
            "name": "A GmbH",
            "contact_name": "Eva",
            "contact_phone": "0123",
            "contact_email": "e@a.de",
            "city": "Jena",
        }
    ]


def test_merged_town_and_name_hold_for_all_their_rows(
    write_workbook: Write, stated: Stated
) -> None:
    def merge_cells(workbook: Workbook, sheet: Worksheet) -> None:
        sheet.merge_range("B2:B4", "Jena")
        sheet.merge_range("A3:A4", "B GmbH")
        sheet.merge_range("A5:C5", "Neu dabei")

    path = write_workbook(
        [["Firma", "Ort", "Sucht"], ["A GmbH"], ["", "", "Laser"], ["", "", "Optik"], [], ["C AG"]],
        merge_cells,
    )
    members = read_members(path)

    assert stated(members) == [
        {"name": "A GmbH", "city": "Jena"},
        {"name": "B GmbH", "city": "Jena", "requests": ("Laser", "Optik")},
        {"name": "C AG"},
    ]
    assert codes(members) == [("duplicate", 4), ("section", 5)]


def test_row_without_a_name_continues_the_member_above(
    write_text: Write, stated: Stated, told: Told
) -> None:
    members = read_members(write_text("Firma;Ort;Sucht\nA GmbH;Jena;Laser\n;;Optik\n;Ulm;Licht\n"))

    assert stated(members) == [
        {"name": "A GmbH", "city": "Jena", "requests": ("Laser", "Optik")},
    ]
    assert told(members) == [
        ("continued", 3, "", "Optik"),
        ("no_name", 4, "", "Ulm | Licht"),
    ]


def test_all_sheets_are_read_and_hidden_parts_told(write_workbook: Write) -> None:
    def more_sheets(workbook: Workbook, sheet: Worksheet) -> None:
        sheet.set_column("B:B", None, None, {"hidden": True})
        sheet.set_row(1, None, None, {"hidden": True})
        workbook.add_worksheet("Notizen").write("A1", "Bitte anrufen")
        old = workbook.add_worksheet("Alt")
        old.write_row("A1", ["Firma", "Ort"])
        old.write_row("A2", ["B GmbH", "Ulm"])
        old.hide()

    members = read_members(write_workbook([["Firma", "Ort"], ["A GmbH", "Jena"]], more_sheets))

    assert [(o.id, o.name) for o in members.organisations] == [
        ("#Mitglieder-2", "A GmbH"),
        ("#Alt-2", "B GmbH"),
    ]
    assert [(p.code, p.sheet, p.column, p.found) for p in members.problems] == [
        ("hidden_sheet", "Alt", "", "Alt"),
        ("hidden_rows", "Mitglieder", "", ""),
        ("hidden_column", "Mitglieder", "B (Ort)", ""),
        ("no_header", "Notizen", "", "Bitte anrufen"),
    ]


def test_unknown_columns_are_told_with_a_proposal(write_text: Write, told: Told) -> None:
    path = write_text("Firma;Ansprechpatner;Fax;Farbe;\nA GmbH;Eva;0123;rot;lose\n")

    members = read_members(path)

    assert told(members) == [
        ("column_guessed", 1, "B (Ansprechpatner)", "Ansprechpatner"),
        ("column_unused", 1, "C (Fax)", "Fax"),
        ("column_unknown", 1, "D (Farbe)", "Farbe"),
        ("column_unknown", 1, "E ()", ""),
    ]


# ---------------------------------------------------------------- cells


def test_cells_not_understood_are_told_where_they_stand(write_workbook: Write, told: Told) -> None:
    def add_cells(workbook: Workbook, sheet: Worksheet) -> None:
        sheet.write_datetime("B2", dt.date(2024, 10, 1), workbook.add_format({"num_format": 14}))
        sheet.write_formula("C2", "=1/0", None, "#DIV/0!")

    path = write_workbook(
        [["Firma", "Mitarbeiter", "Umsatz", "PLZ"], ["A", "", "", 7743], ["B", "viele", -1, "x"]],
        add_cells,
    )

    assert sorted(told(read_members(path))) == [
        ("date_for_number", 2, "B (Mitarbeiter)", "2024-10-01"),
        ("excel_error", 2, "C (Umsatz)", "#DIV/0!"),
        ("negative", 3, "C (Umsatz)", "-1"),
        ("not_a_number", 3, "B (Mitarbeiter)", "viele"),
        ("not_a_postal_code", 3, "D (PLZ)", "x"),
        ("zero_lost", 2, "D (PLZ)", "7743"),
    ]


@pytest.mark.parametrize(
    ("header", "row", "kept", "told_of"),
    [
        ("E-Mail;E-Mail 2", "a@a.de;b@a.de", {"contact_email": "a@a.de"}, "b@a.de"),
        ("Ort;Standort", "Jena;Ulm", {"city": "Jena"}, "Ulm"),
        ("Ort;PLZ/Ort", "Jena;89073 Ulm", {"city": "Jena", "postal_code": "89073"}, "Ulm"),
        ("Freigabe;Öffentlich", "nein;ja", {"visibility": OWN}, "ja"),
        ("Kontakt;Vorname;Nachname", "Eva;Max;M", {"contact_name": "Eva"}, "Max M"),
    ],
)
def test_second_value_of_a_field_is_told(
    write_text: Write, stated: Stated, header: str, row: str, kept: dict[str, str], told_of: str
) -> None:
    members = read_members(write_text(f"Firma;{header}\nA GmbH;{row}\n"))

    assert stated(members) == [{"name": "A GmbH", **kept}]
    assert [(p.code, p.found) for p in members.problems] == [("field_twice", told_of)]


def test_second_value_that_says_the_same_is_not_told(write_text: Write) -> None:
    text = "Firma;Ort;Adresse;Freigabe;Öffentlich\nA GmbH;Jena;Ring 1, 07743 JENA;Partner;nein\n"

    members = read_members(write_text(text))

    assert members.problems == ()


@pytest.mark.parametrize(
    ("header", "cell", "place"),
    [
        ("Ort", "07743 Jena", ("07743", "Jena", "", "")),
        ("Ort", "D-89073 Ulm", ("89073", "Ulm", "", "")),
        ("Land", "Thüringen", ("", "", "DE", "TH")),
        ("Land", "TH", ("", "", "DE", "TH")),
        ("Country", "TH", ("", "", "TH", "")),
        ("Adresse", "Ring 1, 07743 Jena", ("07743", "Jena", "", "")),
    ],
)
def test_place_is_read_from_the_wrong_column(
    write_text: Write, header: str, cell: str, place: tuple[str, ...]
) -> None:
    members = read_members(write_text(f'Firma;{header}\nA GmbH;"{cell}"\n'))

    found = members.organisations[0]
    assert (found.postal_code, found.city, found.country, found.state) == place
    assert members.problems == ()


def test_lost_zero_of_a_combined_cell_is_told(write_text: Write, told: Told) -> None:
    members = read_members(write_text("Firma;PLZ/Ort\nA GmbH;7743 Jena\n"))

    assert members.organisations[0].postal_code == "07743"
    assert told(members) == [("zero_lost", 2, "", "7743 Jena")]


@pytest.mark.parametrize(
    ("cells", "position", "told_of"),
    [
        ("50,93;11,58", (50.93, 11.58), []),
        ("11,58;50,93", (50.93, 11.58), ["swapped_position"]),
        ("50,93;", (None, None), ["position_unused"]),
        ("0;0", (None, None), ["position_unused"]),
        ("509300;11,58", (None, None), ["off_globe", "position_unused"]),
        (";", (None, None), []),
    ],
)
def test_position_is_whole_or_told(
    write_text: Write, cells: str, position: tuple[float | None, float | None], told_of: list[str]
) -> None:
    members = read_members(write_text(f"Firma;Breite;Länge\nA GmbH;{cells}\n"))

    found = members.organisations[0]
    assert (found.lat, found.lon) == position
    assert [problem.code for problem in members.problems] == told_of


def test_letters_are_repaired_or_told(write_text: Write, told: Told) -> None:
    path = write_text("Firma;Ort\nMÃ¼ller und Söhne;Jena\nM\ufffdller Laser;Jena\n")

    members = read_members(path)

    assert names(members)[0] == "Müller und Söhne"
    assert told(members) == [("broken_letters", 3, "A (Firma)", "M\ufffdller Laser")]


def test_unknown_town_is_told_with_the_nearest(write_text: Write) -> None:
    members = read_members(write_text("Firma;Ort\nA GmbH;Leipsig\nB GmbH;Xqzwyv\n"))

    assert [(p.code, p.row, p.values["nearest"]) for p in members.problems] == [
        ("place_unknown_nearest", 2, "Leipzig"),
        ("place_unknown", 3, ""),
    ]


# ---------------------------------------------------------------- the same firm twice


def test_firm_twice_becomes_one_and_differences_are_told(
    write_text: Write, stated: Stated, told: Told
) -> None:
    path = write_text(
        "Nr;Firma;Ort;Mitarbeiter;Ansprechpartner;Bietet\n"
        ";Mueller-Optik;Jena;50;Eva;Linsen\nM7;Müller Optik GmbH;Jena;60;Max;Spiegel\n"
    )

    members = read_members(path)

    assert members.organisations[0].id == "M7"
    assert stated(members) == [
        {
            "name": "Müller Optik GmbH",
            "aliases": ("Mueller-Optik",),
            "city": "Jena",
            "employees": 50,
            "contact_name": "Eva",
            "offers": ("Linsen", "Spiegel"),
        }
    ]
    assert told(members) == [
        ("duplicate", 3, "", "Müller Optik GmbH"),
        ("duplicate_differs", 3, "", "60"),
        ("duplicate_differs", 3, "", "Max"),
    ]


@pytest.mark.parametrize(
    ("one", "other", "joined"),
    [
        (PUBLIC, OWN, OWN),
        (OWN, PUBLIC, OWN),
        (PUBLIC, PARTNERS, PARTNERS),
        (None, PUBLIC, None),
        (PUBLIC, None, None),
        (PARTNERS, PARTNERS, PARTNERS),
    ],
)
def test_joining_never_opens_what_one_row_keeps_closed(
    one: Visibility | None, other: Visibility | None, joined: Visibility | None
) -> None:
    first = Organisation(id="1", name="A", visibility=one, offers=("x",))
    second = Organisation(id="2", name="A", visibility=other, offers=("y",))

    assert merge(first, second) == Organisation(
        id="1", name="A", visibility=joined, offers=("x", "y")
    )


def test_stricter_visibility_of_a_double_entry_is_told(write_text: Write, told: Told) -> None:
    path = write_text("Firma;Freigabe\nA GmbH;öffentlich\nA GmbH;\n")

    assert told(read_members(path)) == [
        ("duplicate", 3, "", "A GmbH"),
        ("duplicate_differs", 3, "", "public"),
    ]


def test_name_without_a_form_joins_neither_of_two_forms(write_text: Write) -> None:
    path = write_text("Firma;Ort\nLicht Werk GmbH;Jena\nLicht Werk;Jena\nLicht Werk AG;Jena\n")

    members = read_members(path)

    assert names(members) == ["Licht Werk GmbH", "Licht Werk", "Licht Werk AG"]
    assert codes(members) == [("similar", 3), ("similar", 4), ("similar", 4)]


@pytest.mark.parametrize(
    "second", ["Laser Süd AG;Ulm", "Müller Optik GmbH;Ulm", "Müler Optik AG;Jena"]
)
def test_number_given_twice_becomes_two(write_text: Write, second: str) -> None:
    members = read_members(write_text(f"Nr;Firma;Ort\n7;Müller Optik GmbH;Jena\n7;{second}\n"))

    assert [organisation.id for organisation in members.organisations] == ["7", "#3"]
    assert ("id_twice", 3) in codes(members)


def test_names_in_other_scripts_stay_apart(write_text: Write) -> None:
    path = write_text("Firma;Ort\nООО Лазер;\nОАО Оптика;\n株式会社光;\n")

    assert names(read_members(path)) == ["ООО Лазер", "ОАО Оптика", "株式会社光"]


# ---------------------------------------------------------------- the file as a whole


@pytest.mark.parametrize(
    "text",
    [
        "Firma;Ort\n",
        "Firma;Ort\n;Jena\n",
        "Bitte anrufen\nDanke\n",
        "Farbe;Form\nrot;rund\n",
        "Bez.;Art;Ort\nA GmbH;Unternehmen;Jena\nB GmbH;Institut;Ulm\n",
        "Bez.;Art;Ort;Sucht\nA GmbH;Unternehmen;Jena;Produkte\nB GmbH;Firma;Ulm;Laser\n",
    ],
)
def test_file_without_members_is_refused(write_text: Write, text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_members(write_text(text))

    assert refusal.value.code == "file.no_members"


NASTY = (
    'Titel;;\nFirma;PLZ/Ort;Land;Art;Umsatz (Mio. €);Website;E-Mail;Breite;Länge;Sprache;Farbe\n"A;'
    "7743 Jena;Atlantis;Rakete;ca. 5;x;y;50;;de, en;rot\n"
    "B GmbH;1;;KMUU;5-10;a.de b.de;a@b.de c@d.de"
    ";11;50;xx;\nb gmbh;Entenhausn;;;;;;;;;\nSumme;3\n;;x\nFirma;PLZ/Ort;Land;Art\n"
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_has_a_reason_and_a_proposal(write_text: Write, language: Language) -> None:
    members = read_members(write_text(NASTY))

    spoken = [(p.reason(language), p.proposal(language)) for p in members.problems]

    assert len(spoken) > 15
    assert all(reason and proposal for reason, proposal in spoken)
    assert not any("{" in text for pair in spoken for text in pair)


words = st.text("abcdefgÄöüß", min_size=3, max_size=9)
phrases = st.lists(words, min_size=1, max_size=3).map(" ".join)
lists = st.lists(phrases, max_size=3, unique=True).map(tuple)
members_of_a_list = st.lists(
    st.builds(
        Organisation,
        id=st.uuids().map(str),
        name=st.uuids().map(lambda number: f"Firma {number.hex}"),
        type=st.sampled_from([None, *OrganisationType]),
        sme=st.sampled_from([None, True, False]),
        employees=st.none() | st.integers(0, 500_000),
        turnover_eur=st.none() | st.integers(0, 10**12).map(lambda cents: cents / 100),
        city=st.sampled_from(["", "Jena", "Ulm"]),
        postal_code=st.sampled_from(["", "07743", "89073"]),
        profile=phrases,
        offers=lists,
        requests=lists,
        visibility=st.sampled_from([None, *Visibility]),
    ),
    min_size=1,
    max_size=4,
)
FIELDS = (
    "id name type sme employees turnover_eur city postal_code profile offers requests visibility"
)


def written(organisations: list[Organisation], delimiter: str) -> str:
    def cell(value: object) -> str:
        if isinstance(value, float) and delimiter == ";":
            return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
        if isinstance(value, bool):
            return "ja" if value else "nein"
        return "\n".join(value) if isinstance(value, tuple) else "" if value is None else str(value)

    file = io.StringIO()
    rows = csv.writer(file, delimiter=delimiter)
    rows.writerow(FIELDS.split())
    rows.writerows([cell(getattr(o, name)) for name in FIELDS.split()] for o in organisations)
    return file.getvalue()


@settings(derandomize=True, max_examples=40, deadline=None)
@given(
    members_of_a_list,
    st.sampled_from([";", ",", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)
def test_list_written_as_csv_is_read_as_it_was(
    organisations: list[Organisation], delimiter: str, encoding: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        path.write_bytes(written(organisations, delimiter).encode(encoding))
        members = read_members(path)

    assert [replace(o, origins=()) for o in members.organisations] == organisations
    assert members.problems == ()


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.lists(st.lists(st.text(max_size=12), min_size=3, max_size=3), max_size=4))
def test_any_rows_below_a_header_are_read_or_told(rows: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        with path.open("w", encoding="utf-8", newline="", errors="replace") as file:
            csv.writer(file, delimiter=";").writerows([["Firma", "Ort", "Bietet"], ["X AG"], *rows])
        members = read_members(path)

    ids = [organisation.id for organisation in members.organisations]
    assert ids[0] == "#2"
    assert len(set(ids)) == len(ids)


def test_workbook_with_names_and_unknown_columns_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with Workbook(str(path)) as book:
        sheet = book.add_worksheet("Liste")
        sheet.write_row(0, 0, ["Firma", "Gruppe A/B"])
        sheet.write_row(1, 0, ["Alpha GmbH", "B"])

    read = read_members(path)

    assert [o.name for o in read.organisations] == ["Alpha GmbH"]
    assert [(p.code, p.column) for p in read.problems] == [("column_unknown", "B (Gruppe A/B)")]


# ---------------------------------------------------------------- unusual amounts


@pytest.mark.parametrize("piece", ["lange Zeile ", "[TRL 7 ", "a | ", "- ", "(x "])
def test_cell_of_a_megabyte_is_read(write_text: Write, piece: str) -> None:
    text = piece * (1_000_000 // len(piece))

    members = read_members(write_text(f"Firma;Bietet;Profil\nA GmbH;{text};{text}\n"))

    assert len(members.organisations[0].profile) > 900_000


def test_row_wider_than_any_sheet_is_refused(write_text: Write) -> None:
    path = write_text("Firma;Ort\nA GmbH;" + ";" * 20_000 + "\n")

    with pytest.raises(InvalidInput, match="2 x 20002"):
        read_members(path)


@pytest.mark.parametrize("name", ["list.csv", "list.jsonl"])
def test_more_members_than_allowed_are_refused(write_text: Write, name: str) -> None:
    lines = [json.dumps({"name": f"Firma {n}"}) for n in range(30)]
    if name.endswith("csv"):
        lines = ["Firma", *(f"Firma {n}" for n in range(30))]

    with pytest.raises(InvalidInput, match="more than 20 members"):
        read_members(write_text("\n".join(lines), name=name), most=20)


def test_formulas_count_with_their_values(write_workbook: Write, stated: Stated) -> None:
    def add(workbook: Workbook, sheet: Worksheet) -> None:
        sheet.write_formula(1, 1, "=6*7", None, 42)
        sheet.write_formula(1, 2, '=HYPERLINK("http://a.example")', None, "Stanzen")

    path = write_workbook([["Firma", "Mitarbeiter", "Bietet"], ["A GmbH"]], add)

    assert stated(read_members(path)) == [
        {"name": "A GmbH", "employees": 42, "offers": ("Stanzen",)}
    ]
