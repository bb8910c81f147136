from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from tests.web import factories
from tests.web.agreements.factories import DAY, activity, clause, held
from tests.web.conftest import World
from verbund.web.agreements.models import Agreement, Field, Party, SharingRule
from verbund.web.core.services import today
from verbund.web.networks.models import DataClass, Role

EVERYONE = ("manager_a", "manager_c", "person_b", "stranger", "")


def page(signed_in: Any, world: World, who: str, name: str, *args: Any, **asked: Any) -> Any:
    return signed_in(getattr(world, who, None)).get(reverse(name, args=args), asked)


def text_of(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


@pytest.mark.parametrize("who", EVERYONE)
def test_agreements_are_public_recording_is_for_managers(
    world: World, signed_in: Any, who: str
) -> None:
    ended = factories.agreement(world.b, world.c, title_de="Alte", valid_until=dt.date(2023, 1, 1))
    coming = factories.agreement(world.a, world.c, title_de="Neue", valid_from=today() + DAY)

    answer = page(signed_in, world, who, "agreements")

    groups = {group["key"]: [row[1] for row in group["rows"]] for group in answer.context["groups"]}
    assert groups == {"in_force": [world.agreement], "ended": [ended], "coming": [coming]}
    assert (reverse("agreement_new") in text_of(answer)) == who.startswith("manager")


def test_without_agreements_the_list_says_what_would_be_there(db: None, signed_in: Any) -> None:
    assert "No agreement yet" in text_of(signed_in(None).get(reverse("agreements")))


def test_an_unconfirmed_agreement_is_hidden_from_others_on_every_page(
    world: World, signed_in: Any
) -> None:
    Agreement.objects.update(title_de="Geheimer Vertrag")
    made = activity(world.agreement, title_de="Geheimes Treffen")
    Party.objects.filter(network=world.b).update(is_confirmed=False)
    slug = world.agreement.slug

    for who in ("manager_c", "stranger", ""):
        lists = [page(signed_in, world, who, name) for name in ("agreements", "activities")]
        lists.append(page(signed_in, world, who, "activities", export="csv"))
        lists.append(page(signed_in, world, who, "search", q="Geheim"))
        assert not [answer for answer in lists if "Geheime" in text_of(answer)]
        codes = [
            page(signed_in, world, who, *way).status_code
            for way in (("agreement", slug), ("clause", slug, 1), ("activity", made.pk))
        ]
        assert codes == [404, 404, 404]
    for who in ("manager_a", "manager_b", "person_a", "person_b"):
        assert "Geheimer" in text_of(page(signed_in, world, who, "agreement", slug))


@pytest.mark.parametrize("who", EVERYONE)
def test_the_page_of_an_agreement_by_role(world: World, signed_in: Any, who: str) -> None:
    answer = page(signed_in, world, who, "agreement", world.agreement.slug)
    text = text_of(answer)

    assert "Gemeinsame Projekte" in text
    assert ("1 of 1 members" in text) == (who == "manager_a")
    assert ("Plan an activity" in text) == (who == "manager_a")
    assert (reverse("agreement_end", args=[world.agreement.slug]) in text) == (who == "manager_a")


def test_promised_and_held_of_the_year_asked_for(world: World, signed_in: Any) -> None:
    held(world.agreement, date=dt.date(2024, 5, 5), title_de="Treffen 2024")
    held(world.agreement, date=dt.date(2023, 5, 5), title_de="Treffen 2023")
    activity(world.agreement, date=dt.date(2024, 6, 6))

    def of_year(year: str) -> tuple[int, int, int, str, str]:
        answer = page(signed_in, world, "", "agreement", world.agreement.slug, year=year)
        ((line, _shared),) = answer.context["progress"]
        tally = line.tally
        return answer.context["year"], tally.held, tally.planned, tally.state, str(line.last)

    assert of_year("2024") == (2024, 1, 1, "kept", "Treffen 2024")
    assert of_year("2023") == (2023, 1, 0, "kept", "Treffen 2023")
    assert of_year("2022") == (2022, 0, 0, "open", "None")
    for nonsense in ("", "abc", "1900", "99999999999999999999", "²"):
        assert of_year(nonsense)[0] == today().year


def test_an_ended_agreement_says_that_nothing_is_shared(world: World, signed_in: Any) -> None:
    Agreement.objects.update(valid_until=today() - DAY)

    text = text_of(page(signed_in, world, "manager_a", "agreement", world.agreement.slug))

    assert "no longer see anything" in text
    assert "1 of 1 members" not in text


def test_a_clause_shows_its_aim_its_rules_and_only_its_activities(
    world: World, signed_in: Any
) -> None:
    found = world.agreement.clauses.get()
    found.aim_de = "Gemeinsam entwickeln"
    found.save()
    mine = activity(world.agreement)
    activity(world.agreement, clause=clause(world.agreement), title_de="Anderswo")

    answer = page(signed_in, world, "", "clause", world.agreement.slug, 1)

    assert list(answer.context["page"]) == [mine]
    assert "Gemeinsam entwickeln" in text_of(answer)
    assert [data_class for data_class, _ in answer.context["given"]] == list(DataClass)
    assert reverse("activity_new") not in text_of(answer)
    office = page(signed_in, world, "manager_b", "clause", world.agreement.slug, 1)
    assert f"{reverse('activity_new')}?clause={found.pk}" in text_of(office)
    assert page(signed_in, world, "", "clause", world.agreement.slug, 7).status_code == 404


@pytest.mark.parametrize("name", ["agreement_new", "agreement_edit", "agreement_end"])
def test_writing_pages_are_for_the_managers_of_the_parties(
    world: World, signed_in: Any, name: str
) -> None:
    args = [] if name == "agreement_new" else [world.agreement.slug]

    codes = {
        who: page(signed_in, world, who, name, *args).status_code
        for who in ("manager_a", "manager_b", "manager_c", "person_a", "stranger", "")
    }

    assert codes == {
        "manager_a": 200,
        "manager_b": 200,
        "manager_c": 200 if name == "agreement_new" else 403,
        "person_a": 403,
        "stranger": 403,
        "": 302,
    }


def sheet(world: World, **fields: Any) -> dict[str, Any]:
    """Return what a browser sends from the sheet of a new agreement of A and C."""
    typed: dict[str, Any] = {
        "kind": "cooperation",
        "title_de": "Netz A und Netz C",
        "signed_on": "2026-01-15",
        "party-0-network": world.a.pk,
        "party-0-signatory": "Erika Muster",
        "party-1-network": world.c.pk,
        "clause-exchange-is_included": "on",
        "clause-exchange-title_de": "Austausch",
        "clause-exchange-shares": ["profile", "figures"],
    }
    typed |= {f"clause-{field}-planned_a_year": 2 for field in Field.values}
    return typed | fields


def test_an_agreement_is_previewed_and_only_then_kept(world: World, signed_in: Any) -> None:
    browser = signed_in(world.manager_a)
    url = reverse("agreement_new")

    preview = browser.post(url, sheet(world))
    assert "Netz A und Netz C" in text_of(preview)
    assert [
        (c.given.giver, c.before and c.before.members, c.given.seen and c.given.seen.members)
        for c in preview.context["changes"]
    ] == [(world.a, 0, 1), (world.a, 0, 0)]
    assert not Agreement.objects.filter(title_de="Netz A und Netz C").exists()

    for _ in range(2):
        kept = browser.post(url, sheet(world, keep="yes"))

    made = Agreement.objects.get(title_de="Netz A und Netz C")
    assert kept.url == made.get_absolute_url()
    assert made.valid_from == dt.date(2026, 1, 15)
    assert sorted(made.clauses.get().rules.values_list("data_class", "audience", "giver")) == [
        ("figures", "managers", world.a.pk),
        ("profile", "members", world.a.pk),
    ]
    assert "is asked to confirm it" in text_of(browser.get(kept.url))
    assert list(made.signing.values_list("network", "signatory", "is_confirmed")) == [
        (world.a.pk, "Erika Muster", True),
        (world.c.pk, "", False),
    ]


def test_back_from_the_preview_keeps_what_was_typed(world: World, signed_in: Any) -> None:
    answer = signed_in(world.manager_a).post(
        reverse("agreement_new"), sheet(world, back="yes", signed_at="Halle an der Saale")
    )

    assert "Halle an der Saale" in text_of(answer)
    assert Agreement.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title_de": ""}, "title in at least one language"),
        ({"signed_on": "gestern"}, "marked fields"),
        ({"valid_until": "2020-01-01"}, "before the first"),
        ({"party-1-network": ""}, "at least two different networks"),
        ({"party-1-network": "999999"}, "marked fields"),
        ({"party-0-network": "", "party-2-network": ""}, "at least two different networks"),
        ({"clause-exchange-is_included": ""}, "at least one clause"),
        ({"clause-exchange-planned_a_year": "-3"}, "marked fields"),
        ({"clause-exchange-shares": ["everything"]}, "marked fields"),
    ],
)
def test_a_wrong_sheet_says_why_and_keeps_nothing(
    world: World, signed_in: Any, wrong: dict[str, Any], said: str
) -> None:
    answer = signed_in(world.manager_a).post(
        reverse("agreement_new"), sheet(world, keep="yes", **wrong)
    )

    assert said in text_of(answer)
    assert Agreement.objects.count() == 1


def test_nobody_records_an_agreement_of_others(world: World, signed_in: Any) -> None:
    typed = sheet(world, keep="yes") | {"party-0-network": world.b.pk}

    answer = signed_in(world.manager_a).post(reverse("agreement_new"), typed)

    assert "Your own network must be one of the parties." in text_of(answer)
    assert Agreement.objects.count() == 1


def test_an_earlier_agreement_serves_as_a_template(world: World, signed_in: Any) -> None:
    Agreement.objects.update(aim_de="Beide Branchen verbinden")

    for slug, is_there in ((world.agreement.slug, True), ("nonsense", False)):
        text = text_of(page(signed_in, world, "manager_a", "agreement_new", template=slug))
        assert ("Beide Branchen verbinden" in text) == is_there


def test_an_edit_cannot_touch_the_term_or_what_others_give(world: World, signed_in: Any) -> None:
    url = reverse("agreement_edit", args=[world.agreement.slug])
    typed = {
        "kind": "cooperation",
        "title_de": "Neuer Titel",
        "signed_on": "2022-03-04",
        "valid_from": "1990-01-01",
        "valid_until": "2099-01-01",
        "party-0-signatory": "Erika Muster",
        "party-1-network": world.c.pk,
        "clause-1-is_included": "on",
        "clause-1-title_de": "Projekte",
        "clause-1-planned_a_year": 3,
        "clause-1-shares": ["profile"],
        "keep": "yes",
    } | {f"clause-{field}-planned_a_year": 1 for field in Field.values}

    answer = signed_in(world.manager_a).post(url, typed)

    assert answer.status_code == 302, text_of(answer)
    world.agreement.refresh_from_db()
    assert (
        world.agreement.title_de,
        world.agreement.valid_from,
        world.agreement.valid_until,
    ) == ("Neuer Titel", dt.date(2022, 3, 4), None)
    assert list(world.agreement.signing.values_list("network", "signatory")) == [
        (world.a.pk, "Erika Muster"),
        (world.b.pk, ""),
    ]
    going_on = SharingRule.objects.filter(valid_until=None)
    assert set(going_on.filter(giver=world.b).values_list("data_class", flat=True)) == {
        "offers",
        "requests",
        "contact",
        "figures",
    }
    assert set(going_on.filter(giver=None).values_list("data_class", flat=True)) == {
        "profile",
        "documents",
    }
    assert not going_on.filter(giver=world.a).exists()


def test_the_other_office_confirms_after_a_preview(world: World, signed_in: Any) -> None:
    signed_in(world.manager_a).post(reverse("agreement_new"), sheet(world, keep="yes"))
    made = Agreement.objects.get(title_de="Netz A und Netz C")
    url = reverse("agreement_confirm", args=[made.slug])
    browser = signed_in(world.manager_c)

    assert "1 of 1 members" in text_of(browser.get(url))
    assert signed_in(world.manager_b).get(url).status_code == 404
    assert signed_in(world.person_a).get(url).status_code == 403
    for _ in range(2):
        assert browser.post(url).url == made.get_absolute_url()

    assert not made.signing.filter(is_confirmed=False).exists()
    assert made.clauses.get().rules.filter(giver=world.c).count() == 2


def test_ending_says_what_disappears_and_can_be_undone(world: World, signed_in: Any) -> None:
    browser = signed_in(world.manager_a)
    url = reverse("agreement_end", args=[world.agreement.slug])

    assert "profile (1 of 1 members)" in text_of(browser.get(url))
    for wrong in ("", "gestern", "1999-01-01"):
        assert browser.post(url, {"last_day": wrong}).status_code == 200
    browser.post(url, {"last_day": today().isoformat()})
    world.agreement.refresh_from_db()
    assert world.agreement.valid_until == today()

    undo = reverse("agreement_resume", args=[world.agreement.slug])
    assert undo in text_of(browser.get(world.agreement.get_absolute_url()))
    assert signed_in(world.manager_c).post(undo).status_code == 403
    role = world.manager_a.roles.get()
    Role.objects.filter(pk=role.pk).update(valid_until=today() - DAY)
    assert browser.post(undo).status_code == 403
    role.save()
    world.agreement.refresh_from_db()
    assert world.agreement.valid_until == today()
    browser.post(undo)
    world.agreement.refresh_from_db()
    assert world.agreement.valid_until is None


def test_lists_take_the_same_queries_for_one_and_three(
    world: World, signed_in: Any, count_queries: Any
) -> None:
    browser = signed_in(world.manager_a)
    ways = [reverse("agreements"), world.agreement.get_absolute_url()]
    held(world.agreement)
    for way in ways:
        browser.get(way)
    one = [count_queries(lambda way=way: browser.get(way)) for way in ways]

    for _ in range(2):
        made = factories.agreement(world.a, world.b)
        held(made)
        held(world.agreement, clause=clause(world.agreement))

    assert [count_queries(lambda way=way: browser.get(way)) for way in ways] == one
