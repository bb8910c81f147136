from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.web import factories
from tests.web.agreements.factories import DAY, activity, clause, held
from tests.web.conftest import World
from verbund.web.agreements.models import Activity, Agreement, Field
from verbund.web.core.services import today

PDF = b"%PDF-1.7 minutes"


def typed(world: World, **fields: Any) -> dict[str, Any]:
    return {
        "clause": world.agreement.clauses.order_by("number")[0].pk,
        "kind": "workshop",
        "title_de": "Werkstatt LiDAR",
        "date": (today() + DAY).isoformat(),
        "state": "planned",
    } | fields


def text_of(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def content_of(made: Activity) -> bytes:
    with made.file.open() as file:
        content: bytes = file.read()
    return content


def with_file(world: World, **fields: Any) -> Activity:
    made = held(world.agreement, **fields)
    made.file.save("Protokoll.pdf", ContentFile(PDF))
    return made


def test_everyone_sees_the_facts_only_the_parties_what_is_inside(
    world: World, signed_in: Any
) -> None:
    made = with_file(
        world,
        result_de="Drei Ideen",
        others="Fachschule Jena",
        participants=1234,
        link="/introductions/5/",
    )
    url = made.get_absolute_url()
    inside = ("Drei Ideen", "Fachschule Jena", "1,234", "/introductions/5/")

    for who in ("manager_a", "person_a", "person_b", "manager_c", "stranger", ""):
        text = text_of(signed_in(getattr(world, who, None)).get(url))
        assert "Werkstatt Innenraum" in text
        assert "Zwickau" in text
        shown = [word in text for word in inside]
        assert shown == [who in ("manager_a", "person_a", "person_b")] * 4
        assert (reverse("activity_file", args=[made.pk]) in text) == (who == "manager_a")
        assert (reverse("activity_edit", args=[made.pk]) in text) == (who == "manager_a")


def test_what_is_still_to_come_cannot_be_called_held(world: World, signed_in: Any) -> None:
    coming = activity(world.agreement, date=today() + DAY)
    begun = activity(world.agreement, date=today())
    office = signed_in(world.manager_a)

    assert "It was held" not in text_of(office.get(coming.get_absolute_url()))
    assert "It was held" in text_of(office.get(begun.get_absolute_url()))


def test_only_networks_that_are_not_parties_are_named_as_further(
    world: World, signed_in: Any
) -> None:
    made = activity(world.agreement, partners=[world.a, world.c])

    answer = signed_in(None).get(made.get_absolute_url())

    assert answer.context["parties"] == [world.a, world.b]
    assert answer.context["further"] == [world.c]


def test_the_file_is_a_download_for_the_offices_concerned(world: World, signed_in: Any) -> None:
    made = with_file(world, partners=[world.c])
    url = reverse("activity_file", args=[made.pk])

    for person in (world.manager_a, world.manager_b, world.manager_c):
        answer = signed_in(person).get(url)
        assert b"".join(answer.streaming_content) == PDF
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
    for stranger in (world.person_a, world.person_b, world.stranger, None):
        assert signed_in(stranger).get(url).status_code == 404
    made.partners.clear()
    assert signed_in(world.manager_c).get(url).status_code == 404


def test_a_missing_file_is_not_found(world: World, signed_in: Any) -> None:
    made = with_file(world)
    Path(made.file.path).unlink()
    none = held(world.agreement)
    browser = signed_in(world.manager_a)

    codes = [
        browser.get(reverse("activity_file", args=[pk])).status_code
        for pk in (made.pk, none.pk, 99999)
    ]

    assert codes == [404, 404, 404]
    assert browser.get(made.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("program.exe", b"MZ"),
        ("fake.pdf", b"<script>alert(1)</script>"),
        ("fake.txt", b"text\0binary"),
        ("noending", PDF),
    ],
)
def test_harmful_files_are_refused(world: World, signed_in: Any, name: str, content: bytes) -> None:
    answer = signed_in(world.manager_a).post(
        reverse("activity_new"), typed(world, file=SimpleUploadedFile(name, content))
    )

    assert "one of these kinds" in text_of(answer)
    assert not Activity.objects.exists()


def test_a_file_over_the_limit_is_refused(world: World, signed_in: Any, settings: Any) -> None:
    settings.UPLOAD_LIMIT_MB = 0

    answer = signed_in(world.manager_a).post(
        reverse("activity_new"), typed(world, file=SimpleUploadedFile("a.pdf", PDF))
    )

    assert "larger than 0 MB" in text_of(answer)
    assert not Activity.objects.exists()


def test_planning_twice_keeps_one_and_says_where_it_stands(world: World, signed_in: Any) -> None:
    browser = signed_in(world.manager_a)
    sent = typed(world, partners=[world.c.pk], origin="/bridge/?cell=3")

    for _ in range(2):
        answer = browser.post(
            reverse("activity_new"), sent | {"file": SimpleUploadedFile("a.pdf", PDF)}
        )

    made = Activity.objects.get()
    assert answer.url == made.get_absolute_url()
    assert (made.link, made.recorded_by, list(made.partners.all())) == (
        "/bridge/?cell=3",
        world.manager_a,
        [world.c],
    )
    assert content_of(made) == PDF
    assert "stands in the public list" in text_of(browser.get(answer.url))


@pytest.mark.parametrize("origin", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_a_foreign_origin_is_dropped(world: World, signed_in: Any, origin: str) -> None:
    signed_in(world.manager_a).post(reverse("activity_new"), typed(world, origin=origin))

    assert Activity.objects.get().link == ""


def test_the_address_fills_the_form_in(world: World, signed_in: Any) -> None:
    events = clause(world.agreement, Field.EVENTS)
    browser = signed_in(world.manager_a)

    def initial(**asked: Any) -> Any:
        return browser.get(reverse("activity_new"), asked).context["form"].initial

    assert initial(
        clause=events.pk, title_de="LiDAR", title_en="Lidar", date="2027-01-05", others="Kita"
    ) == {
        "clause": events,
        "title_de": "LiDAR",
        "title_en": "Lidar",
        "date": initial(date="2027-01-05")["date"],
        "others": "Kita",
        "state": "planned",
    }
    assert initial(field="events", kind="workshop") == {
        "clause": events,
        "kind": "workshop",
        "state": "planned",
    }
    foreign = factories.agreement(world.b, world.c).clauses.get()
    for asked in (
        {"clause": foreign.pk},
        {"clause": "abc"},
        {"clause": "9" * 30},
        {"clause": "²"},
        {"date": "soon"},
        {"kind": "party"},
    ):
        assert {k: v for k, v in initial(**asked).items() if v is not None} == {"state": "planned"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title_de": ""}, "title in at least one language"),
        ({"date": "soon"}, "valid date"),
        ({"until": "2001-01-01"}, "before the first"),
        ({"state": "held"}, "still to come"),
        ({"state": "cancelled"}, "valid choice"),
        ({"participants": "-1"}, "greater than or equal to 0"),
        ({"clause": "999999"}, "valid choice"),
    ],
)
def test_a_wrong_form_says_why(
    world: World, signed_in: Any, wrong: dict[str, Any], said: str
) -> None:
    answer = signed_in(world.manager_a).post(reverse("activity_new"), typed(world, **wrong))

    assert said in text_of(answer)
    assert not Activity.objects.exists()


def test_nobody_plans_under_the_agreements_of_others(world: World, signed_in: Any) -> None:
    foreign = factories.agreement(world.b, world.c).clauses.get()

    answer = signed_in(world.manager_a).post(
        reverse("activity_new"), typed(world, clause=foreign.pk)
    )

    assert "valid choice" in text_of(answer)
    assert not Activity.objects.exists()


@pytest.mark.parametrize("name", ["activity_edit", "activity_hold"])
def test_forms_are_for_the_offices_of_the_parties(world: World, signed_in: Any, name: str) -> None:
    made = activity(world.agreement, partners=[world.c])
    codes = [
        signed_in(person).get(reverse(name, args=[made.pk])).status_code
        for person in (world.manager_b, world.manager_c, world.person_a, world.stranger, None)
    ]
    assert codes == [200, 403, 403, 403, 302]


@pytest.mark.parametrize("name", ["activity_cancel", "activity_reopen"])
def test_moves_are_posted_by_the_offices_of_the_parties(
    world: World, signed_in: Any, name: str
) -> None:
    made = activity(world.agreement)
    url = reverse(name, args=[made.pk])

    codes = [
        signed_in(person).post(url).status_code
        for person in (world.manager_c, world.person_a, world.stranger)
    ]

    assert codes == [403, 403, 403]
    assert signed_in(world.manager_a).get(url).status_code == 405
    made.refresh_from_db()
    assert made.state == "planned"


def test_an_edit_replaces_and_removes_the_file(
    world: World, signed_in: Any, django_capture_on_commit_callbacks: Any
) -> None:
    made = with_file(world)
    first = made.file.path
    browser, url = signed_in(world.manager_a), reverse("activity_edit", args=[made.pk])
    sent = typed(world, title_de="Umbenannt", date=today().isoformat(), result_en="Three ideas")

    with django_capture_on_commit_callbacks(execute=True):
        browser.post(url, sent | {"file": SimpleUploadedFile("Neu.pdf", PDF + b"2")})
    made.refresh_from_db()
    assert (made.title_de, made.result_en, made.state) == ("Umbenannt", "Three ideas", "held")
    assert content_of(made) == PDF + b"2"
    assert not made.file.storage.exists(first)

    browser.post(url, sent)
    made.refresh_from_db()
    assert made.file.name

    with django_capture_on_commit_callbacks(execute=True):
        browser.post(url, sent | {"remove_file": "on"})
    made.refresh_from_db()
    assert not made.file.name


def test_held_with_a_result_and_back(world: World, signed_in: Any) -> None:
    made = activity(world.agreement)
    browser, url = signed_in(world.manager_b), reverse("activity_hold", args=[made.pk])

    for _ in range(2):
        browser.post(url, {"result_de": "Drei Ideen", "participants": 12})
    made.refresh_from_db()
    assert (made.state, made.result_de, made.participants) == ("held", "Drei Ideen", 12)

    undo = reverse("activity_reopen", args=[made.pk])
    assert undo in text_of(browser.get(made.get_absolute_url()))
    browser.post(undo)
    made.refresh_from_db()
    assert made.state == "planned"


def test_what_is_still_to_come_was_not_held(world: World, signed_in: Any) -> None:
    made = activity(world.agreement, date=today() + DAY)

    answer = signed_in(world.manager_a).post(
        reverse("activity_hold", args=[made.pk]), {"participants": ""}
    )

    assert "still to come" in text_of(answer)
    made.refresh_from_db()
    assert made.state == "planned"


def test_cancelling_offers_undo(world: World, signed_in: Any) -> None:
    made = activity(world.agreement)
    browser = signed_in(world.manager_a)

    answer = browser.post(reverse("activity_cancel", args=[made.pk]), follow=True)

    made.refresh_from_db()
    assert made.state == "cancelled"
    assert reverse("activity_reopen", args=[made.pk]) in text_of(answer)


@pytest.fixture
def several(world: World) -> dict[str, Activity]:
    events = clause(world.agreement, Field.EVENTS)
    other = factories.agreement(world.b, world.c)
    return {
        "late": activity(world.agreement, date=today() - DAY, title_de="Verspätet"),
        "held": held(world.agreement, clause=events, kind="congress", date=today().replace(2023)),
        "other": activity(other, date=today() + DAY, state="cancelled"),
        "guest": activity(other, date=today() + DAY, partners=[world.a]),
    }


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, {"late", "held", "other", "guest"}),
        ({"state": "planned"}, {"late", "guest"}),
        ({"state": "overdue"}, {"late"}),
        ({"state": "cancelled"}, {"other"}),
        ({"field": "events"}, {"held"}),
        ({"kind": "congress"}, {"held"}),
        ({"year": "2023"}, {"held"}),
        ({"network": "a"}, {"late", "held", "guest"}),
        ({"network": "a", "state": "held"}, {"held"}),
        ({"year": "1066"}, {"late", "held", "other", "guest"}),
        (
            {"state": "?", "field": "-", "kind": "0", "year": "x", "network": "zz", "page": "-9"},
            {"late", "held", "other", "guest"},
        ),
    ],
)
def test_filters(
    several: dict[str, Activity], signed_in: Any, asked: dict[str, str], names: set[str]
) -> None:
    answer = signed_in(None).get(reverse("activities"), asked)

    assert set(answer.context["page"]) == {several[name] for name in names}
    exported = signed_in(None).get(reverse("activities"), asked | {"export": "csv"})
    assert len(text_of(exported).splitlines()) == 1 + len(names)


def test_counts_beside_the_states_are_those_of_the_lists(
    several: dict[str, Activity], signed_in: Any
) -> None:
    answer = signed_in(None).get(reverse("activities"), {"network": "b"})

    assert [(value, count) for value, _, count in answer.context["states"]] == [
        ("", 4),
        ("planned", 2),
        ("overdue", 1),
        ("held", 1),
        ("cancelled", 1),
    ]


def test_an_export_keeps_inside_what_is_inside(world: World, signed_in: Any) -> None:
    held(world.agreement, result_de="Drei Ideen", others="Fachschule", participants=77)
    url = reverse("clause", args=[world.agreement.slug, 1])

    for person, is_shown in ((world.person_a, True), (world.manager_c, False), (None, False)):
        text = text_of(signed_in(person).get(url, {"export": "csv"}))
        assert "Werkstatt Innenraum" in text
        shown = [word in text for word in ("Drei Ideen", "Fachschule", "77")]
        assert shown == [is_shown] * 3
    book = signed_in(None).get(url, {"export": "xlsx"})
    assert book["Content-Disposition"] == 'attachment; filename="activities.xlsx"'


def test_fifty_on_a_page(world: World, signed_in: Any) -> None:
    for number in range(51):
        activity(world.agreement, title_de=f"Treffen {number}")

    def shown(page: str) -> int:
        return len(signed_in(None).get(reverse("activities"), {"page": page}).context["page"])

    assert [shown(page) for page in ("1", "2", "99", "x")] == [50, 1, 1, 50]


def test_empty_lists_teach(world: World, signed_in: Any) -> None:
    url = reverse("activities")
    nothing = signed_in(None).get(url)
    assert "Nothing planned yet" in text_of(nothing)
    activity(world.agreement)
    assert "Nothing matches" in text_of(signed_in(None).get(url, {"state": "held"}))


def test_the_list_takes_the_same_queries_for_one_and_three(
    world: World, signed_in: Any, count_queries: Any
) -> None:
    browser, url = signed_in(world.manager_a), reverse("activities")
    held(world.agreement, partners=[world.c])
    ways = [{}, {"export": "csv"}]
    browser.get(url)
    one = [count_queries(lambda way=way: browser.get(url, way)) for way in ways]

    for _ in range(2):
        held(factories.agreement(world.a, world.c), partners=[world.b])

    assert [count_queries(lambda way=way: browser.get(url, way)) for way in ways] == one
    assert Agreement.objects.count() == 3
