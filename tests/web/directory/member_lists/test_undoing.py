"""An import is taken back as a whole: also after other edits, once, in any order."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web import factories
from tests.web.conftest import World
from tests.web.directory.member_lists.files import as_csv
from tests.web.directory.member_lists.states import everything
from verbund.web.core.models import AuditEntry
from verbund.web.directory.member_lists.reading import Chosen, read_upload
from verbund.web.directory.member_lists.services import (
    accept_proposals,
    start_import,
    take_over,
)
from verbund.web.directory.member_lists.taking_back import undo_import
from verbund.web.directory.member_lists.undoing import undo_plan
from verbund.web.directory.models import Figures, ImportRun, Offer, Profile
from verbund.web.directory.services import index_organisation
from verbund.web.networks.models import (
    Membership,
    MembershipClaim,
    Organisation,
    Role,
    Visibility,
)
from verbund.web.networks.rules import viewer_of

TODAY = factories.TODAY
HEADER = "Firma;Ort;Mitarbeiter;Bietet;Profil;Ansprechpartner;Mitglied seit;USt-IdNr."
NEW = "Neuling AG;Suhl;7;Stanzen;Wir stanzen.;Eva;2020;DE136695976"
CHANGED = "Alpha Karosserie GmbH;Zwickau;210;Pressen\nFügen;Wir pressen.;;;DE136695976"


def taken(world: World, *lines: str, header: str = HEADER) -> ImportRun:
    viewer = viewer_of(world.manager_a, TODAY)
    run = start_import(
        read_upload(as_csv(*(quoted(line) for line in lines), header=header), Chosen()),
        world.a,
        file_name="liste.csv",
        entries_visibility=Visibility.OWN,
        by=world.manager_a,
        viewer=viewer,
        on=TODAY,
    )
    accept_proposals(run, viewer=viewer, on=TODAY)
    run = take_over(run, by=world.manager_a, viewer=viewer, on=TODAY)
    assert run.state == ImportRun.State.TAKEN
    return run


def quoted(line: str) -> str:
    return ";".join(f'"{cell}"' if "\n" in cell else cell for cell in line.split(";"))


def undo(world: World, run: ImportRun, *overrides: Organisation) -> dict[str, int] | None:
    keys = {one.pk for one in overrides}
    return undo_import(run, overrides=keys, by=world.manager_a, on=TODAY)


@pytest.fixture
def indexed(world: World) -> World:
    """The world as the services leave it: what searches need is worked out already."""
    factories.figures(world.member_a, employees=195)
    factories.offer(world.member_a, "Fügen")
    for one in Organisation.objects.all():
        index_organisation(one)
    return world


def test_what_was_taken_over_is_taken_back_whole(indexed: World) -> None:
    before = everything()
    run = taken(indexed, NEW, CHANGED)

    counts = undo(indexed, run)

    assert counts == {"gone": 1, "restored": 1}
    assert everything() == before
    run.refresh_from_db()
    assert (run.state, run.before) == (ImportRun.State.UNDONE, {})


def test_a_second_time_changes_nothing(indexed: World) -> None:
    run = taken(indexed, NEW)
    undo(indexed, run)
    again = taken(indexed, NEW)
    before = everything()

    assert undo(indexed, run) is None
    assert everything() == before
    assert undo(indexed, again) == {"gone": 1}


def test_later_edits_stay_unless_somebody_chooses_otherwise(indexed: World) -> None:
    run = taken(indexed, CHANGED)
    Figures.objects.filter(organisation=indexed.member_a).update(employees=220)
    Offer.objects.filter(text_de="Pressen").update(text_de="Tiefziehen")

    (row,) = undo_plan(run)
    counts = undo(indexed, run)

    edited = sorted((step.label, step.field, step.old, step.now) for step in row.edited)
    assert edited == [
        ("directory.figures", "employees", 195, 220),
        ("directory.offer", "", None, None),
    ]
    assert counts == {"partly": 1}
    assert not indexed.member_a.identifiers.exists()
    assert Figures.objects.get(organisation=indexed.member_a).employees == 220
    offers = indexed.member_a.offers.order_by("pk").values_list("text_de", flat=True)
    assert list(offers) == ["Fügen", "Tiefziehen"]


def test_chosen_rows_lose_their_later_edits(indexed: World) -> None:
    before = everything()
    run = taken(indexed, CHANGED)
    Figures.objects.filter(organisation=indexed.member_a).update(employees=220)
    Offer.objects.filter(text_de="Pressen").update(text_de="Tiefziehen")

    assert undo(indexed, run, indexed.member_a) == {"restored": 1}
    assert everything() == before


def test_what_is_gone_meanwhile_does_not_come_back(indexed: World) -> None:
    run = taken(indexed, "Alpha Karosserie GmbH;;;;;Eva;;")
    indexed.member_a.contact_persons.all().delete()
    Figures.objects.filter(organisation=indexed.member_a).delete()

    undo(indexed, run)

    assert not indexed.member_a.contact_persons.exists()
    assert not Figures.objects.filter(organisation=indexed.member_a).exists()


def test_new_member_that_was_edited_stays(indexed: World) -> None:
    run = taken(indexed, NEW)
    made = Organisation.objects.get(name="Neuling AG")
    factories.offer(made, "Selbst geschrieben")

    assert undo(indexed, run) == {"kept": 1}
    assert Membership.objects.filter(organisation=made, valid_until=None).exists()


def test_new_member_that_was_edited_goes_where_chosen(indexed: World) -> None:
    before = everything()
    run = taken(indexed, NEW)
    made = Organisation.objects.get(name="Neuling AG")
    Profile.objects.filter(organisation=made).update(text_de="Selbst geschrieben")

    assert undo(indexed, run, made) == {"gone": 1}
    assert everything() == before


@pytest.mark.parametrize("rest", ["role", "network"])
def test_new_member_on_which_others_rest_leaves_the_network(indexed: World, rest: str) -> None:
    run = taken(indexed, NEW)
    made = Organisation.objects.get(name="Neuling AG")
    if rest == "role":
        Role.objects.create(user=indexed.stranger, kind="representative", organisation=made)
    else:
        Membership.objects.create(network=indexed.c, organisation=made)

    (row,) = undo_plan(run)
    counts = undo(indexed, run)

    assert (list(row.dependants.values()), counts) == ([1], {"ended": 1})
    ended = Membership.objects.get(network=indexed.a, organisation=made).valid_until
    assert ended == TODAY - dt.timedelta(days=1)
    others = Membership.objects.filter(network=indexed.c, organisation=made, valid_until=None)
    assert others.exists() is (rest == "network")


def test_open_questions_to_members_of_others_are_withdrawn(indexed: World) -> None:
    run = taken(indexed, "Beta Optik GmbH;Jena;;;;;;")
    assert MembershipClaim.objects.get().is_open

    assert undo(indexed, run) == {"withdrawn": 1}
    assert not MembershipClaim.objects.get().is_open


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_imports_taken_back_in_any_order_leave_nothing(
    indexed: World, order: tuple[int, int]
) -> None:
    before = everything()
    runs = [
        taken(indexed, CHANGED),
        taken(indexed, "Alpha Karosserie GmbH;Zwickau;230;Prägen;Wir prägen.;Eva;2001;DE136695976"),
    ]

    for index in order:
        undo(indexed, runs[index])

    assert everything() == before


def test_the_audit_log_says_what_was_taken_back(indexed: World) -> None:
    run = taken(indexed, NEW, CHANGED)
    before = AuditEntry.objects.count()

    undo(indexed, run)

    entries = AuditEntry.objects.order_by("pk")[before:]
    assert [(entry.verb, entry.kind) for entry in entries] == [
        ("undo", "organisation"),
        ("update", "organisation"),
        ("undo", "importrun"),
    ]


CELLS = {
    "PLZ": st.sampled_from(["", "08056", "08058"]),
    "Mitarbeiter": st.sampled_from(["", "5", "6"]),
    "Bietet": st.lists(st.sampled_from(["A", "B", "C [TRL 3]", "A [TRL 4]"]), max_size=3).map(
        " | ".join
    ),
    "Profil": st.sampled_from(["", "Eins", "Zwei"]),
    "Ansprechpartner": st.sampled_from(["", "Eva", "Udo"]),
    "Mitglied seit": st.sampled_from(["", "2001", "2002"]),
    "Auch bekannt als": st.sampled_from(["", "Alt [bis 2001]", "Alt"]),
}
ROW = st.tuples(st.sampled_from(["Alpha Karosserie GmbH", "Neuling AG"]), *CELLS.values())


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.lists(ROW, min_size=1, max_size=2, unique_by=lambda row: row[0]), min_size=1, max_size=3
    )
)
def test_imports_taken_back_the_latest_first_leave_nothing(
    indexed: World, lists: list[list[tuple[str, ...]]]
) -> None:
    with transaction.atomic():
        before = everything()
        runs = [
            taken(indexed, *(";".join(row) for row in rows), header=";".join(("Firma", *CELLS)))
            for rows in lists
        ]
        for run in reversed(runs):
            undo(indexed, run)
        assert everything() == before
        transaction.set_rollback(True)
