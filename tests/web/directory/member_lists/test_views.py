"""The import from the browser: who may, what is refused, what happens when."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from python_calamine import CalamineWorkbook

from tests.web import factories
from tests.web.conftest import World
from tests.web.directory.member_lists.files import HEADER, as_csv, as_workbook, bomb, locked
from verbund.records.members import read_members
from verbund.web.core.models import AuditEntry
from verbund.web.core.registries import navigation, tasks
from verbund.web.directory.member_lists import reading
from verbund.web.directory.models import ImportRun, Offer
from verbund.web.directory.services import answer_claim, claim_member, leave_network
from verbund.web.networks.models import (
    Membership,
    MembershipClaim,
    Network,
    Organisation,
    Role,
    holds,
)
from verbund.web.networks.rules import viewer_of

TODAY = factories.TODAY
READ, TAKEN, DISCARDED = ImportRun.State.READ, ImportRun.State.TAKEN, ImportRun.State.DISCARDED


@pytest.fixture
def office(world: World, signed_in: Any) -> Client:
    client: Client = signed_in(world.manager_a)
    return client


def upload(client: Client, network: Network, file: Any, visibility: str = "own") -> Any:
    return client.post(
        "/import/", {"network": network.pk, "file": file, "entries_visibility": visibility}
    )


def imported(client: Client, network: Network, file: Any, visibility: str = "own") -> ImportRun:
    response = upload(client, network, file, visibility)
    assert response.status_code == 302, text_of(response)
    run = ImportRun.objects.order_by("-pk")[0]
    assert response["Location"] == f"/import/{run.pk}/"
    return run


def text_of(response: Any) -> str:
    """Return what a page says, tags and repeated blanks gone."""
    main = response.content.decode().split("<main", 1)[-1].split("<footer", 1)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def counts_on(response: Any) -> dict[str, int]:
    found = re.findall(
        r'\?show=(\w+)"[^>]*>[^<]*<span class="n">([\d,]+)', response.content.decode()
    )
    return {name: int(number) for name, number in found}


def names_in(network: Network) -> list[str]:
    members = Membership.objects.filter(network=network).order_by("organisation__name")
    return list(members.values_list("organisation__name", flat=True))


# ---------------------------------------------------------------- who may


def test_only_managers_may_import(world: World, signed_in: Any) -> None:
    run = imported(signed_in(world.manager_a), world.a, as_csv("M1;Neu GmbH;5;Jena;;"))
    gets = [
        "/import/",
        f"/import/{run.pk}/",
        f"/import/{run.pk}/?export=xlsx",
        "/import/sample/de/",
    ]
    posts = [f"/import/{run.pk}/{verb}/" for verb in ("decide", "take-over", "discard")]

    answers = {}
    for name, person in {
        "outside": None,
        "member": world.person_a,
        "stranger": world.stranger,
    }.items():
        client = signed_in(person)
        answers[name] = {client.get(url).status_code for url in gets}
        answers[name] |= {client.post(url).status_code for url in [*posts, "/import/"]}

    assert answers == {"outside": {302}, "member": {404}, "stranger": {404}}
    run.refresh_from_db()
    assert run.state == READ


def test_manager_of_another_network_finds_nothing(world: World, signed_in: Any) -> None:
    run = imported(signed_in(world.manager_a), world.a, as_csv("M1;Geheim GmbH;5;Jena;;"))
    other = signed_in(world.manager_b)

    codes = {
        other.get(f"/import/{run.pk}/").status_code,
        *(other.post(f"/import/{run.pk}/{verb}/").status_code for verb in ("take-over", "discard")),
    }

    assert codes == {404}
    assert "liste.csv" not in text_of(other.get("/import/"))
    assert not Organisation.objects.filter(name="Geheim GmbH").exists()


def test_upload_into_a_foreign_network_is_refused(world: World, office: Client) -> None:
    response = upload(office, world.b, as_csv("M1;Neu GmbH;5;Jena;;"))

    assert response.status_code == 200
    assert not ImportRun.objects.exists()


def test_addresses_that_only_take_posts(world: World, office: Client) -> None:
    run = imported(office, world.a, as_csv("M1;Neu GmbH;5;Jena;;"))

    verbs = ("decide", "take-over", "discard")
    assert {office.get(f"/import/{run.pk}/{verb}/").status_code for verb in verbs} == {405}


# ---------------------------------------------------------------- files that are refused


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (SimpleUploadedFile("leer.csv", b""), "The file is empty"),
        (SimpleUploadedFile("leer.csv", b"  \n"), "is empty"),
        (SimpleUploadedFile("kaputt.xlsx", b"PK\x03\x04" + b"\x00" * 200), "damaged"),
        (SimpleUploadedFile("text.xlsx", HEADER.encode()), "damaged"),
        (locked(), "protected by a password"),
        (SimpleUploadedFile("brief.pdf", b"%PDF-1.7 abc"), "unknown"),
        (SimpleUploadedFile("ohne", b"Firma\nX"), "unknown"),
        (SimpleUploadedFile("notiz.csv", b"Milch\nzwei\n"), "no member list"),
        (SimpleUploadedFile("bild.csv", bytes(range(256)) * 9), "no text file"),
        (SimpleUploadedFile("bild.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(range(256))), "damaged"),
        (SimpleUploadedFile("bild.jsonl", b"\x89PNG\r\n\x1a\n" + bytes(256)), "no text file"),
        (as_csv(*(f";Firma {n};1;Jena;;" for n in range(1100))), "more than 20 members"),
        (as_csv(), "no member list"),
        (bomb(5_000_001), "enormous"),
        (as_csv(*(f";Firma {n};1;Jena;;" for n in range(21))), "more than 20 members"),
        (as_csv("x" * 1_100_000), "larger than 1 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_unusable_file_gets_one_clear_message(
    world: World, office: Client, settings: Any, monkeypatch: Any, file: Any, says: str
) -> None:
    settings.UPLOAD_LIMIT_MB = 1
    monkeypatch.setattr(reading, "MOST_MEMBERS", 20)
    monkeypatch.setattr(reading, "_LARGEST_UNPACKED", 3_000_000)
    file.seek(0)

    response = upload(office, world.a, file)

    errors = re.findall(r"<ul class=\"errorlist.*?</ul>", response.content.decode(), re.DOTALL)
    assert (response.status_code, len(errors)) == (200, 1)
    assert says in errors[0]
    assert not ImportRun.objects.exists()


def test_forgotten_file_is_asked_for(world: World, office: Client) -> None:
    response = office.post("/import/", {"network": world.a.pk, "entries_visibility": "own"})

    assert "Choose the file with your member list." in text_of(response)


@pytest.mark.parametrize(
    "name", ["../../etc/liste.csv", "C:\\Listen\\liste.csv", f"{'ä' * 240}.csv"]
)
def test_name_of_the_file_is_only_its_last_part(world: World, office: Client, name: str) -> None:
    file = as_csv("M1;Neu GmbH;5;Jena;;")
    file._name = name  # type: ignore[attr-defined]  # as a browser may send it

    run = imported(office, world.a, file)

    assert "/" not in run.file_name
    assert "\\" not in run.file_name
    assert run.file_name.endswith(".csv")


def test_cells_that_no_database_takes_are_harmless(world: World, office: Client) -> None:
    line = (
        '{"name": "Null\\u0000 GmbH", "employees": 99999999999, "profile": "halb \\ud800",'
        f' "pic": "{"9" * 40}"}}'
    )
    file = SimpleUploadedFile("liste.jsonl", line.encode())
    run = imported(office, world.a, file)

    page = text_of(office.get(f"/import/{run.pk}/"))
    office.post(f"/import/{run.pk}/decide/", {"all": "1"})
    office.post(f"/import/{run.pk}/take-over/")

    assert "larger than there is room for" in page
    assert "longer than the 9 characters" in page
    made = Organisation.objects.get(name__startswith="Null")
    assert (made.name, made.profile.text_de) == ("Null GmbH", "halb ")
    assert not made.identifiers.exists()


# ---------------------------------------------------------------- checking


def test_page_sorts_rows_by_what_they_would_do(world: World, office: Client) -> None:
    factories.figures(world.member_a, employees=195)
    same = factories.organisation(world.a, name="Delta Guss GmbH", city="Gera")
    factories.offer(same, "Feinguss")
    run = imported(
        office,
        world.a,
        as_csv(
            ";Alpha Karosserie GmbH;210;Zwickau;;",
            ";Delta Guss GmbH;;Gera;Feinguss;",
            ";Neuling AG;7;Suhl;Stanzen;",
            ";Alpha Karosserie AG;;Chemnitz;;",
            ";;4;Jena;;",
        ),
    )

    changed = office.get(f"/import/{run.pk}/?show=changed")

    assert counts_on(changed) == {
        "decide": 1,
        "new": 1,
        "changed": 1,
        "same": 1,
        "out": 0,
        "notes": 2,
    }
    assert "employees 195 becomes 210" in text_of(changed)
    new = text_of(office.get(f"/import/{run.pk}/?show=new"))
    assert "Neuling AG" in new
    notes = text_of(office.get(f"/import/{run.pk}/?show=notes"))
    assert "The row has no name and was not taken over." in notes
    decide = text_of(office.get(f"/import/{run.pk}/"))
    assert "It is “Alpha Karosserie GmbH”" in decide
    assert run.to_decide == 1
    assert names_in(world.a) == ["Alpha Karosserie GmbH", "Delta Guss GmbH"]


def test_what_others_hide_is_not_betrayed(world: World, signed_in: Any) -> None:
    """C shares nothing with A; B shares profiles with A, but no figures without consent."""
    factories.figures(world.member_b, employees=4711)
    run = imported(
        signed_in(world.manager_a),
        world.a,
        as_csv(";Gamma Logistik GmbH;5;Halle;;", ";Beta Optik GmbH;4711;Jena;;"),
    )

    page = signed_in(world.manager_a).get(f"/import/{run.pk}/?show=decide")
    text = text_of(page)
    new = text_of(signed_in(world.manager_a).get(f"/import/{run.pk}/?show=new"))

    assert (
        "It is “Beta Optik GmbH”: ask whether it is yours, too It is a member of Netz B already."
        " Until its office or the organisation itself says yes, nothing of it becomes yours."
        in text
    )
    assert "employees new:" not in text
    assert "already there Beta Optik GmbH , Jena Netz B" in text
    assert "Gamma Logistik GmbH" in new
    assert f"/members/{world.member_c.pk}/" not in new
    assert "Perhaps one" not in new


def test_decisions_survive_leaving_the_page(world: World, office: Client) -> None:
    run = imported(
        office,
        world.a,
        as_csv(";Alpha Karosserie AG;;Chemnitz;;", ";Neuling AG;ca. 7-9;Suhl;Stanzen;"),
    )

    office.post(f"/import/{run.pk}/decide/?show=decide", {"row": ["0", "x", "99"], "as-0": "skip"})
    office.post(
        f"/import/{run.pk}/decide/?show=new",
        {"row": "1", "as-1": "new", "cell-1": "employees"},
    )

    page = office.get(f"/import/{run.pk}/?show=new").content.decode()
    assert counts_on(office.get(f"/import/{run.pk}/"))["out"] == 1
    assert re.search(r'name="keep-1" value="employees">', page)
    run.refresh_from_db()
    assert run.to_decide == 0


@pytest.mark.parametrize("choice", ["merge:1", "merge:999999", "merge:x", "", "new:3", "delete"])
def test_choice_that_is_not_offered_is_left_aside(
    world: World, office: Client, choice: str
) -> None:
    choice = choice.replace("merge:1", f"merge:{world.member_c.pk}")
    run = imported(office, world.a, as_csv(";Alpha Karosserie AG;;Chemnitz;;"))

    office.post(f"/import/{run.pk}/decide/", {"row": "0", "as-0": choice})

    run.refresh_from_db()
    assert (run.decisions, run.to_decide) == ({}, 1)


@pytest.mark.parametrize("query", ["?show=nonsense", "?page=abc", "?page=99", "?export=pdf"])
def test_nonsense_in_the_address_is_ignored(world: World, office: Client, query: str) -> None:
    run = imported(office, world.a, as_csv(";Neuling AG;7;Suhl;Stanzen;"))

    response = office.get(f"/import/{run.pk}/{query}")

    assert "Neuling AG" in text_of(response)


def test_same_file_twice_is_one_import(world: World, office: Client) -> None:
    first = imported(office, world.a, as_csv(";Neuling AG;7;Suhl;Stanzen;"))
    second = imported(office, world.a, as_csv(";Neuling AG;7;Suhl;Stanzen;"))
    third = imported(office, world.a, as_csv(";Neuling AG;7;Suhl;Stanzen;"), "public")

    assert first == second
    assert first != third


def test_faulty_rows_as_a_file(world: World, office: Client) -> None:
    run = imported(office, world.a, as_workbook([["Firma", "Mitarbeiter"], ["Neuling AG", "x"]]))

    response = office.get(f"/import/{run.pk}/?export=xlsx")

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0)
    assert sheet.to_python() == [
        ["Sheet", "Row", "Column", "What stands there", "Weight", "Reason", "Proposal"],
        [
            "Mitglieder",
            2.0,
            "B (Mitarbeiter)",
            "x",
            "please check",
            "“x” is not a number; the cell was left empty.",
            "Enter a number such as 120 or 1,250.",
        ],
    ]


def test_query_count_is_the_same_for_one_and_three_rows(
    world: World, office: Client, count_queries: Any
) -> None:
    for number in range(3):
        made = factories.organisation(world.a, name=f"Muster{number}werk Nord GmbH", city="Jena")
        factories.offer(made)
    lines = [f";Muster{number}werk Nord GmbH;{number};Jena;Neues;" for number in range(3)]
    doubtful = [f";Muster{number}werk Nord AG;{number};Gera;;" for number in range(3)]

    def of(rows: list[str], show: str) -> int:
        run = imported(office, world.a, as_csv(*rows))
        office.get(f"/import/{run.pk}/")
        return int(count_queries(lambda: office.get(f"/import/{run.pk}/?show={show}")))

    assert of(lines[:1], "changed") == of(lines, "changed")
    assert of(doubtful[:1], "decide") == of(doubtful, "decide")


# ---------------------------------------------------------------- taking over


def test_taking_over_says_what_changed_and_for_whom(world: World, office: Client) -> None:
    run = imported(
        office,
        world.a,
        as_csv(
            "M1;Alpha Karosserie GmbH;210;Zwickau;;",
            "M2;Neuling AG;7;Suhl;Stanzen;Partner für Guss",
        ),
    )
    before = AuditEntry.objects.count()

    page = office.post(f"/import/{run.pk}/take-over/", follow=True)

    assert (
        "1 new, 1 changed, 0 unchanged, 0 left out. Members of Netz A see them; new offers and"
        " requests only they." in text_of(page)
    )
    made = Organisation.objects.get(name="Neuling AG")
    assert f'href="/members/{made.pk}/"' in page.content.decode()
    assert list(made.offers.values_list("text_de", "visibility")) == [("Stanzen", "own")]
    run.refresh_from_db()
    assert (run.state, run.ended_by, run.to_decide) == (TAKEN, world.manager_a, 0)
    assert "rows" not in run.content
    entries = AuditEntry.objects.order_by("pk")[before:]
    assert [(entry.verb, entry.kind, entry.actor) for entry in entries] == [
        ("update", "organisation", world.manager_a),
        ("create", "organisation", world.manager_a),
        ("import", "importrun", world.manager_a),
    ]


def test_second_click_changes_nothing(world: World, signed_in: Any) -> None:
    office = signed_in(world.manager_a)
    colleague = signed_in(factories.manager_of(world.a, name="Kollege"))
    run = imported(office, world.a, as_csv("M2;Neuling AG;7;Suhl;Stanzen;"))
    office.post(f"/import/{run.pk}/take-over/")
    before = (Organisation.objects.count(), AuditEntry.objects.count())

    pages = [
        client.post(f"/import/{run.pk}/{verb}/", follow=True)
        for client in (office, colleague)
        for verb in ("take-over", "decide", "discard")
    ]

    assert all("Already taken over on" in text_of(page) for page in pages)
    assert all("by Managerin A." in text_of(page) for page in pages)
    assert (Organisation.objects.count(), AuditEntry.objects.count()) == before


def test_open_rows_keep_everything_back(world: World, office: Client) -> None:
    run = imported(office, world.a, as_csv(";Alpha Karosserie AG;;Chemnitz;;", ";Neu AG;;;;"))

    page = office.post(f"/import/{run.pk}/take-over/", follow=True)

    assert "Nothing was taken over yet: 1 row is still to decide." in text_of(page)
    assert names_in(world.a) == ["Alpha Karosserie GmbH"]


def test_two_managers_with_the_same_list_make_no_doubles(world: World, signed_in: Any) -> None:
    mine, theirs = (
        signed_in(world.manager_a),
        signed_in(factories.manager_of(world.a, name="Kollege")),
    )
    first = imported(mine, world.a, as_csv("M2;Neuling AG;7;Suhl;Stanzen;"))
    second = imported(theirs, world.a, as_csv("M2;Neuling AG;7;Suhl;Stanzen;"), "partners")
    theirs.post(f"/import/{second.pk}/decide/", {"row": "0", "as-0": "new"})

    mine.post(f"/import/{first.pk}/take-over/")
    page = theirs.post(f"/import/{second.pk}/take-over/", follow=True)

    assert names_in(world.a) == ["Alpha Karosserie GmbH", "Neuling AG"]
    assert "0 new, 0 changed, 1 unchanged, 0 left out" in text_of(page)


def test_left_out_rows_and_cells_stay_outside(world: World, office: Client) -> None:
    run = imported(office, world.a, as_csv(";Weg AG;5;Suhl;;", ";Da AG;ca. 7-9;Suhl;;"))
    office.post(
        f"/import/{run.pk}/decide/",
        {"row": ["0", "1"], "as-0": "skip", "as-1": "new", "cell-1": "employees"},
    )

    office.post(f"/import/{run.pk}/take-over/")

    assert names_in(world.a) == ["Alpha Karosserie GmbH", "Da AG"]
    assert not hasattr(Organisation.objects.get(name="Da AG"), "figures")


PARTNERS = as_csv("M9;Beta Optik AG;5;Jena;Spiegel;Guss", "M10;Neuling AG;7;Suhl;;")


@pytest.fixture
def asking(world: World, office: Client) -> ImportRun:
    """An import whose first row is a member of B, decided so."""
    PARTNERS.seek(0)
    run = imported(office, world.a, PARTNERS)
    office.post(f"/import/{run.pk}/decide/", {"row": "0", "as-0": f"claim:{world.member_b.pk}"})
    return run


def test_member_of_a_partner_network_is_asked_before_anything_is_written(
    world: World, office: Client, asking: ImportRun
) -> None:
    hidden = factories.offer(world.member_b, "Geheimspiegel", visibility="own")
    before = AuditEntry.objects.count()

    check = office.get(f"/import/{asking.pk}/?show=asked")
    page = office.post(f"/import/{asking.pk}/take-over/", follow=True)

    assert counts_on(check)["asked"] == 1
    assert "Take over 1 row, ask about 1" in text_of(check)
    assert (
        "1 new, 0 changed, 0 unchanged, 0 left out. Members of Netz A see them; new offers and"
        " requests only they. 1 waiting for the member&#x27;s consent: Beta Optik GmbH."
        in text_of(page)
    )
    assert "Beta Optik GmbH waiting for the answer" in text_of(page)
    assert "1 new, 0 changed, 0 unchanged, 0 left out, 1 asked for consent" in text_of(
        office.get("/import/")
    )
    claim = MembershipClaim.objects.get()
    assert (claim.network, claim.organisation, claim.number, claim.asked_by, claim.is_open) == (
        world.a,
        world.member_b,
        "M9",
        world.manager_a,
        True,
    )
    assert list(world.member_b.memberships.values_list("network__slug", flat=True)) == ["b"]
    assert list(world.member_b.offers.all()) == [hidden]
    assert not world.member_b.aliases.exists()
    assert not hasattr(world.member_b, "figures")
    assert "Geheimspiegel" not in text_of(office.get(f"/members/{world.member_b.pk}/"))
    world.member_b.refresh_from_db()
    assert world.member_b.name == "Beta Optik GmbH"
    entries = AuditEntry.objects.order_by("pk")[before:]
    assert [(entry.verb, entry.kind) for entry in entries] == [
        ("create", "organisation"),
        ("claim", "membershipclaim"),
        ("import", "importrun"),
    ]


@pytest.mark.parametrize("choice", ["merge", "new"])
def test_no_other_choice_takes_over_the_member_of_a_partner(
    world: World, office: Client, choice: str
) -> None:
    run = imported(office, world.a, as_csv("M9;Beta Optik GmbH;5;Jena;;"))
    value = f"merge:{world.member_b.pk}" if choice == "merge" else choice
    office.post(f"/import/{run.pk}/decide/", {"row": "0", "as-0": value})
    office.post(f"/import/{run.pk}/take-over/")

    assert list(world.member_b.memberships.values_list("network__slug", flat=True)) == ["b"]
    assert Organisation.objects.filter(name="Beta Optik GmbH").count() == (choice == "new") + 1
    assert not MembershipClaim.objects.exists()


def test_row_that_is_asked_already_is_neither_decided_nor_asked_again(
    world: World, office: Client, asking: ImportRun
) -> None:
    office.post(f"/import/{asking.pk}/take-over/")
    run = imported(office, world.a, as_csv("M9;Beta Optik AG;5;Jena;;"))

    page = office.get(f"/import/{run.pk}/")
    office.post(f"/import/{run.pk}/take-over/")

    assert counts_on(page) == {
        **dict.fromkeys(("decide", "new", "changed", "same", "out"), 0),
        "asked": 1,
        "notes": 0,
    }
    assert "It is “Beta Optik GmbH”: wait for its answer" in text_of(page)
    assert "Finish, nothing changes" in text_of(page)
    assert MembershipClaim.objects.count() == 1


def test_who_said_no_is_not_proposed_to_be_asked_again(
    world: World, office: Client, asking: ImportRun
) -> None:
    office.post(f"/import/{asking.pk}/take-over/")
    answer_claim(MembershipClaim.objects.get(), grants=False, by=world.person_b, on=TODAY)
    run = imported(office, world.a, as_csv("M9;Beta Optik GmbH;5;Jena;;"))

    text = text_of(office.get(f"/import/{run.pk}/"))
    office.post(f"/import/{run.pk}/decide/", {"all": "1"})

    assert "It was asked before; the answer of" in text
    assert counts_on(office.get(f"/import/{run.pk}/"))["out"] == 1


def test_after_a_yes_the_list_is_taken_over_as_for_any_member(
    world: World, office: Client, asking: ImportRun
) -> None:
    office.post(f"/import/{asking.pk}/take-over/")
    answer_claim(MembershipClaim.objects.get(), grants=True, by=world.person_b, on=TODAY)
    run = imported(office, world.a, as_csv("M9;Beta Optik GmbH;5;Jena;Spiegel;"))

    office.post(f"/import/{run.pk}/take-over/")

    assert list(world.member_b.offers.values_list("text_de", flat=True)) == ["Spiegel"]


def test_a_yes_between_decision_and_taking_over_is_decided_anew(
    world: World, office: Client, asking: ImportRun
) -> None:
    claim = claim_member(world.member_b, world.a, by=world.manager_a)
    answer_claim(claim, grants=True, by=world.person_b, on=TODAY)

    page = office.post(f"/import/{asking.pk}/take-over/", follow=True)

    assert "Nothing was taken over yet: 1 row is still to decide." in text_of(page)
    assert world.member_b.name == "Beta Optik GmbH"


def test_former_member_is_asked_as_well(world: World, office: Client) -> None:
    made = factories.organisation(world.a, world.b, name="Rest Optik GmbH", city="Jena")
    leave_network(made, world.a, by=None, on=TODAY)
    run = imported(office, world.a, as_csv(";Rest Optik GmbH;;Jena;;"))
    office.post(f"/import/{run.pk}/decide/", {"all": "1"})

    office.post(f"/import/{run.pk}/take-over/")

    assert MembershipClaim.objects.get().organisation == made
    assert names_in(world.a) == ["Alpha Karosserie GmbH", "Rest Optik GmbH"]
    assert not Membership.objects.filter(holds(TODAY), network=world.a, organisation=made).exists()


def test_memberships_elsewhere_are_named_only_as_far_as_they_may_be_seen(
    world: World, office: Client
) -> None:
    Membership.objects.create(network=world.c, organisation=world.member_b)
    run = imported(office, world.a, as_csv("M9;Beta Optik GmbH;5;Jena;;"))

    page = office.get(f"/import/{run.pk}/").content.decode()

    assert "It is a member of Netz B already." in page
    assert "Netz C" not in page


def test_member_of_a_hidden_network_stays_unknown(world: World, office: Client) -> None:
    run = imported(office, world.a, as_csv(";Gamma Logistik GmbH;5;Halle;;"))

    office.post(f"/import/{run.pk}/take-over/")

    assert Organisation.objects.filter(name="Gamma Logistik GmbH").count() == 2
    assert world.member_c.memberships.count() == 1


def test_visibility_chosen_at_upload_counts_for_silent_rows(world: World, office: Client) -> None:
    file = as_csv("Offen AG;Stanzen;", "Eigen AG;Fügen;intern", header="Firma;Bietet;Freigabe")
    run = imported(office, world.a, file, "partners")

    office.post(f"/import/{run.pk}/take-over/")

    assert sorted(Offer.objects.values_list("text_de", "visibility")) == [
        ("Fügen", "own"),
        ("Stanzen", "partners"),
    ]


def test_discarding_forgets_what_was_read(world: World, office: Client) -> None:
    run = imported(office, world.a, as_csv(";Neuling AG;7;Suhl;;"))

    page = office.post(f"/import/{run.pk}/discard/", follow=True)

    run.refresh_from_db()
    assert (run.state, run.content) == (DISCARDED, {})
    assert "“liste.csv” is discarded. Nothing of it was taken over." in text_of(page)
    assert "Nothing of it was taken over." in text_of(office.get(f"/import/{run.pk}/"))
    assert names_in(world.a) == ["Alpha Karosserie GmbH"]


@pytest.mark.parametrize("language", ["de", "en"])
def test_own_export_changes_nothing(world: World, office: Client, language: str) -> None:
    factories.figures(world.member_a, employees=45, turnover_eur="9400000.50")
    factories.contact(world.member_a)
    world.member_a.profile.text_en = "We stamp sheets.\nAnd join them."
    world.member_a.profile.topics = "Blech\nFügen, Stanzen"
    world.member_a.profile.save()
    factories.offer(world.member_a, "Stanzen; Fügen", visibility="own")
    factories.request(world.member_a, "", text_en="Light guides")
    factories.organisation(world.a, name="Delta Guss e. V.", kind="research", city="Gera")
    factories.organisation(world.a, name="Delta Guss GmbH", city="Gera")
    office.cookies["django_language"] = language
    content = {
        kind: office.get(f"/members/?network=a&export={kind}").content for kind in ("xlsx", "csv")
    }

    counts = {}
    for kind, export in content.items():
        run = imported(office, world.a, SimpleUploadedFile(f"mitglieder.{kind}", export))
        seen = counts_on(office.get(f"/import/{run.pk}/"))
        counts[kind] = {name: seen[name] for name in ("decide", "new", "changed")}

    nothing = {"decide": 0, "new": 0, "changed": 0}
    assert counts == {"xlsx": nothing, "csv": nothing}


# ---------------------------------------------------------------- around it


@pytest.mark.parametrize("language", ["de", "en"])
def test_sample_is_read_without_a_doubt(
    world: World, office: Client, tmp_path: Any, language: str
) -> None:
    response = office.get(f"/import/sample/{language}/")
    path = tmp_path / "sample.xlsx"
    path.write_bytes(response.content)

    members = read_members(path)

    assert len(members.organisations) == 2
    assert members.problems == ()
    assert len(members.columns) == 19
    assert office.get("/import/sample/fr/").status_code == 404


def test_list_of_imports_tells_state_and_result(world: World, office: Client) -> None:
    taken = imported(office, world.a, as_csv(";Neuling AG;7;Suhl;;", name="eins.csv"))
    office.post(f"/import/{taken.pk}/take-over/")
    imported(office, world.a, as_csv(";Alpha Karosserie AG;;Gera;;", name="zwei.csv"))

    text = text_of(office.get("/import/"))

    assert re.search(r"zwei\.csv .* to be checked 1 row to decide eins\.csv", text)
    assert "taken over 1 new, 0 changed, 0 unchanged, 0 left out" in text


def test_manager_of_two_networks_chooses(world: World, office: Client) -> None:
    Role.objects.create(user=world.manager_a, kind="manager", network=world.c)

    page = office.get("/import/").content.decode()
    imported(office, world.c, as_csv(";Gamma Logistik GmbH;5;Halle;;"))

    assert all(f'<option value="{one.pk}"' in page for one in (world.a, world.c))
    assert f'<option value="{world.b.pk}"' not in page


def test_menu_and_task_tell_what_waits(world: World, office: Client) -> None:
    imported(office, world.a, as_csv(";Alpha Karosserie AG;;Gera;;", ";Neu AG;;;;"))
    manager, member = (
        viewer_of(person, factories.TODAY) for person in (world.manager_a, world.person_a)
    )
    with translation.override("en"):
        found = [
            (task.count, str(task.title), task.url)
            for task in tasks["member_lists"](manager, factories.TODAY)
        ]

    run = ImportRun.objects.get()
    count = navigation["import"].count
    assert count is not None
    assert found == [(1, "Row of the member list to decide", f"/import/{run.pk}/")]
    assert (count(manager, factories.TODAY), count(member, factories.TODAY)) == (1, 0)
    assert tasks["member_lists"](member, factories.TODAY) == []
