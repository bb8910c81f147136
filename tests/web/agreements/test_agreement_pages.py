from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.web import factories
from tests.web.agreements.factories import DAY, activity, clause, draft, held, signatory_of
from tests.web.conftest import World
from verbund.web.agreements import services
from verbund.web.agreements.forms.agreements import DraftPaper
from verbund.web.agreements.models import (
    Agreement,
    Clause,
    Document,
    Party,
    Responsible,
    SharingRule,
    Version,
)
from verbund.web.agreements.queries import tallies_of
from verbund.web.agreements.terms import terms_of
from verbund.web.core.services import today
from verbund.web.networks.models import DataClass, Role

EVERYONE = ("manager_a", "manager_c", "person_b", "stranger", "")


def page(signed_in: Any, world: World, who: str, name: str, *args: Any, **asked: Any) -> Any:
    return signed_in(getattr(world, who, None)).get(reverse(name, args=args), asked)


def status(signed_in: Any, world: World, who: str, *way: Any) -> int:
    answer = page(signed_in, world, who, *way)
    answer.close()
    return int(answer.status_code)


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


@pytest.mark.parametrize("name", ["agreement_new", "agreement_narrow", "agreement_end"])
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


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ([], "required"),
        (["a"], "two to six networks"),
        (["b", "c"], "own network must be one"),
        (["a", "999999"], "not one of the available"),
    ],
)
def test_parties_are_two_and_ones_own_is_among_them(
    world: World, signed_in: Any, wrong: list[str], said: str
) -> None:
    parties = [getattr(world, one).pk if one in "abc" else one for one in wrong]
    answer = signed_in(world.manager_a).post(
        reverse("agreement_new"), {"go": "on", "parties": parties}
    )

    assert said in text_of(answer)
    assert Agreement.objects.count() == 1


def test_the_only_other_network_is_chosen_already(world: World, signed_in: Any) -> None:
    world.c.delete()

    text = text_of(page(signed_in, world, "manager_a", "agreement_new"))

    assert text.count("checked") == 2


def sheet(version: Version, **fields: Any) -> dict[str, Any]:
    """Return what a browser sends from the sheet of a draft, as it stands."""
    paper = DraftPaper(version)
    typed: dict[str, Any] = {"seen": paper.seen}
    for form in (paper.form, *paper.parties, *paper.clauses):
        for field in form:
            value = field.value()
            if field.name == "is_included":
                value = "on" if value else None
            if value not in (None, ""):
                typed[field.html_name] = value.isoformat() if hasattr(value, "isoformat") else value
    return typed | fields


def began(world: World, signed_in: Any) -> tuple[Any, Version]:
    browser = signed_in(world.manager_a)
    for _ in range(2):  # a double click
        answer = browser.post(reverse("agreement_new"), {"parties": [world.a.pk, world.c.pk]})
    version = Version.objects.get()
    assert answer.url == reverse("version_edit", args=[version.agreement.slug, 1])
    return browser, version


def test_a_draft_is_kept_as_it_was_typed(world: World, signed_in: Any) -> None:
    browser, version = began(world, signed_in)
    url = reverse("version_edit", args=[version.agreement.slug, 1])
    typed = sheet(version, signed_at="Halle", **{"clause-fairs-is_included": "on"})
    typed |= {"clause-1-shares": ["offers:a:", "offers:c:"], "clause-1-audience-offers": "managers"}
    typed |= {"clause-1-responsible-c": "Clara", "clause-1-measures_de": "Zwei Treffen"}

    assert browser.get(url).status_code == 200
    answer = browser.post(url, typed)

    assert answer.url == reverse("version", args=[version.agreement.slug, 1]), text_of(answer)
    version.refresh_from_db()
    terms = terms_of(version.content)
    first = terms.clauses[0]
    assert (terms.signed_at, [c.number for c in terms.clauses]) == ("Halle", [1, 2, 3, 4])
    assert (first.measures_de, first.responsible) == ("Zwei Treffen", (("c", "Clara"),))
    assert {(s.data_class, s.giver, s.receiver, s.audience) for s in first.shares} == {
        ("offers", "a", "", "managers"),
        ("offers", "c", "", "managers"),
    }


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title_de": "", "title_en": ""}, "title in at least one language"),
        ({"valid_from": "gestern"}, "marked fields"),
        ({"valid_from": "2026-01-01", "valid_until": "2020-01-01"}, "before the first"),
        ({f"clause-{n}-is_included": "" for n in (1, 2, 3)}, "at least one clause"),
        ({"clause-1-planned_a_year": "-3"}, "marked fields"),
        ({"clause-1-shares": ["everything"]}, "marked fields"),
        ({"clause-1-shares": ["offers:b:"]}, "marked fields"),
        ({"seen": "0" * 64, "signed_at": "Halle"}, "Somebody else changed the draft"),
    ],
)
def test_a_wrong_sheet_says_why_and_keeps_nothing(
    world: World, signed_in: Any, wrong: dict[str, Any], said: str
) -> None:
    browser, version = began(world, signed_in)
    url = reverse("version_edit", args=[version.agreement.slug, 1])

    answer = browser.post(url, sheet(version) | wrong)

    assert said in text_of(answer)
    assert Version.objects.get().content == version.content


def test_from_draft_to_in_force_by_its_pages(world: World, signed_in: Any) -> None:
    browser, version = began(world, signed_in)
    slug = version.agreement.slug
    text = reverse("version", args=[slug, 1])
    assert "1 of 1 members" in text_of(browser.get(text))
    browser.post(reverse("version_propose", args=[slug, 1]))
    version.refresh_from_db()

    for who, network in ((world.manager_a, world.a), (signatory_of(world.b), world.c)):
        typed = {"network": network.pk, "role": "Vorstand", "seen": version.digest}
        answer = signed_in(who).post(reverse("version_sign", args=[slug, 1]), typed)
        assert answer.status_code in (403, 404)  # no signatory of this party
    for network in (world.a, world.c):
        signing = signed_in(signatory_of(network, name=f"Zeichnet {network.slug}"))
        assert f"Sign for {network.name}" in text_of(signing.get(text))
        assert "Sign “Cooperation Netz A – Netz C”" in text_of(signing.get("/"))
        typed = {"network": network.pk, "role": "Vorstand", "seen": version.digest}
        for _ in range(2):
            signing.post(reverse("version_sign", args=[slug, 1]), typed)
        assert "Sign “" not in text_of(signing.get("/"))

    made = Agreement.objects.get(slug=slug)
    assert (made.stage, made.signed_on) == ("signed", today())
    history = text_of(browser.get(reverse("agreement_history", args=[slug])))
    assert history.count("matches this text") == 2
    assert "Zeichnet a" in history
    paper = browser.get(reverse("version_pdf", args=[slug, 1]))
    assert paper.content.startswith(b"%PDF")
    assert signed_in(None).get(made.get_absolute_url()).status_code == 200


def test_a_stale_fingerprint_is_refused_with_a_sentence(world: World, signed_in: Any) -> None:
    version = draft(world.a, world.c)
    services.propose(version, by=world.manager_a, on=today())
    browser = signed_in(signatory_of(world.c))
    typed = {"network": world.c.pk, "role": "Vorstand", "seen": "0" * 64}

    answer = browser.post(
        reverse("version_sign", args=[version.agreement.slug, 1]), typed, follow=True
    )

    assert "another one by now" in text_of(answer)
    assert not version.signatures.exists()


def test_a_refusal_needs_a_reason_and_the_office_reads_it(world: World, signed_in: Any) -> None:
    version = draft(world.a, world.c)
    version = services.propose(version, by=world.manager_a, on=today())
    browser = signed_in(signatory_of(world.c))
    url = reverse("version_refuse", args=[version.agreement.slug, 1])
    typed = {"network": world.c.pk, "role": "Vorstand", "seen": version.digest}

    assert "give the reason" in text_of(browser.post(url, typed, follow=True))
    browser.post(url, typed | {"reason": "Die Laufzeit fehlt."})

    office = signed_in(world.manager_a)
    assert "was refused" in text_of(office.get("/"))
    assert "Die Laufzeit fehlt." in text_of(
        office.get(reverse("agreement_history", args=[version.agreement.slug]))
    )


def test_a_withdrawn_proposal_was_not_signed_and_is_what_the_next_text_changes(
    world: World, signed_in: Any
) -> None:
    version = services.propose(draft(world.a, world.c), by=world.manager_a, on=today())
    again = services.withdraw_proposal(version, by=world.manager_a)
    terms = terms_of(again.content)
    changed = replace(terms, title_de="Anderer Titel")
    services.save_draft(again, changed, seen=terms.digest, by=world.manager_a)

    browser, slug = signed_in(world.manager_a), version.agreement.slug
    history = text_of(browser.get(reverse("agreement_history", args=[slug])))
    assert "Signed on paper" not in history
    assert "“Neue Vereinbarung” becomes “Anderer Titel”" in history
    shown = text_of(browser.get(reverse("version", args=[slug, again.number])))
    assert "“Neue Vereinbarung” becomes “Anderer Titel”" in shown


def test_members_of_the_parties_read_and_find_measures_and_who_is_responsible(
    world: World, signed_in: Any
) -> None:
    this = clause(world.agreement, measures_de="Zwei Treffen im Jahr")
    address = world.agreement.get_absolute_url()
    Responsible.objects.create(clause=this, network=world.a, name="Erna Zuständig")
    ways = ("clause", world.agreement.slug, this.number)

    for who, reads in (("manager_a", True), ("person_b", True), ("manager_c", False)):
        shown = text_of(page(signed_in, world, who, *ways))
        assert ("Zwei Treffen im Jahr" in shown, "Erna Zuständig" in shown) == (reads, reads)
        hits = text_of(page(signed_in, world, who, "search", q="Zwei Treffen"))
        assert (address in hits) == reads


def test_nothing_is_planned_below_a_dropped_clause(world: World, signed_in: Any) -> None:
    this = clause(world.agreement)
    ways = ("clause", world.agreement.slug, this.number)
    assert "Plan an activity" in text_of(page(signed_in, world, "manager_a", *ways))

    Clause.objects.filter(pk=this.pk).update(valid_until=today() - DAY)

    assert "Plan an activity" not in text_of(page(signed_in, world, "manager_a", *ways))


def test_nobody_outside_the_parties_offices_learns_of_a_draft(world: World, signed_in: Any) -> None:
    version = draft(world.a, world.c, title_de="Geheimer Entwurf")
    document = services.add_document(
        version.agreement, title="Entwurf", file=ContentFile(b"%PDF-", "e.pdf"), by=world.manager_a
    )
    slug = version.agreement.slug
    ways = [
        ("agreement", slug),
        ("agreement_history", slug),
        ("agreement_review", slug),
        ("version", slug, 1),
        ("version_edit", slug, 1),
        ("version_record", slug, 1),
        ("version_pdf", slug, 1),
        ("document", document.pk),
    ]

    for who in ("manager_b", "person_a", "person_b", "stranger"):
        codes = {way: status(signed_in, world, who, *way) for way in ways}
        assert codes == dict.fromkeys(ways, 404)
        lists = [
            page(signed_in, world, who, "agreements"),
            page(signed_in, world, who, "search", q="Geheim"),
        ]
        assert not [answer for answer in lists if "Geheimer" in text_of(answer)]
    for who in ("manager_a", "manager_c"):
        codes = {way: status(signed_in, world, who, *way) for way in ways[1:]}
        assert codes == dict.fromkeys(ways[1:], 200)
    signing = signed_in(signatory_of(world.a))
    assert signing.get(reverse("version", args=[slug, 1])).status_code == 200
    assert signing.get(reverse("version_edit", args=[slug, 1])).status_code == 403


def test_papers_of_a_signed_agreement_stay_with_the_offices(world: World, signed_in: Any) -> None:
    services.keep_first_text(world.agreement, on=today())
    slug = world.agreement.slug
    ways: list[tuple[Any, ...]] = [
        ("agreement_history", slug),
        ("agreement_review", slug),
        ("version_pdf", slug, 1),
    ]

    for who in ("manager_c", "person_a", "stranger"):
        for way in ways:
            assert page(signed_in, world, who, *way).status_code == 404
        assert "Papers of" not in text_of(page(signed_in, world, who, "agreement", slug))
    kinds = [page(signed_in, world, "manager_b", *way)["Content-Type"] for way in ways[1:]]
    assert kinds == ["application/pdf", "application/pdf"]
    book = page(signed_in, world, "manager_b", "agreement_review", slug, export="xlsx")
    assert book.content.startswith(b"PK")


def test_documents_are_attached_opened_and_removed_by_the_offices(
    world: World, signed_in: Any
) -> None:
    browser, slug = signed_in(world.manager_a), world.agreement.slug
    url = reverse("document_add", args=[slug])

    def typed(name: str, content: bytes) -> dict[str, Any]:
        return {"title": "Scan", "file": SimpleUploadedFile(name, content)}

    browser.post(url, typed("scan.exe", b"MZ"))
    assert not Document.objects.exists()
    for _ in range(2):
        browser.post(url, typed("scan.pdf", b"%PDF-1.7"))
    found = Document.objects.get()
    way = reverse("document", args=[found.pk])

    assert b"".join(signed_in(world.manager_b).get(way).streaming_content) == b"%PDF-1.7"
    assert signed_in(world.manager_c).get(way).status_code == 404
    assert signed_in(world.person_a).get(way).status_code == 404
    assert signed_in(world.manager_c).post(url, typed("b.pdf", b"%PDF-2")).status_code == 403
    browser.post(reverse("document_remove", args=[found.pk]))
    assert not Document.objects.exists()


def test_paper_is_recorded_after_a_preview_and_confirmed_with_its_fingerprint(
    world: World, signed_in: Any
) -> None:
    browser, version = began(world, signed_in)
    slug = version.agreement.slug
    url = reverse("version_record", args=[slug, 1])
    assert "1 of 1 members" in text_of(browser.get(url))
    assert "marked fields" in text_of(browser.post(url, {"signed_on": "gestern"}))
    typed = {"signed_on": "2022-03-01", "signed_precision": "month"}
    answer = browser.post(url, typed, follow=True)
    assert "is asked to confirm it" in text_of(answer)
    assert "March 2022" in text_of(answer)

    confirm, office = reverse("agreement_confirm", args=[slug]), signed_in(world.manager_c)
    shown = office.get(confirm)
    assert "1 of 1 members" in text_of(shown)
    assert signed_in(world.manager_b).get(confirm).status_code == 404
    assert signed_in(world.person_a).get(confirm).status_code == 403
    assert "changed meanwhile" in text_of(office.post(confirm, {"seen": "0" * 64}))
    for _ in range(2):
        answer = office.post(confirm, {"seen": shown.context["seen"]})
        assert answer.url == version.agreement.get_absolute_url()
    assert not version.agreement.signing.filter(is_confirmed=False).exists()


def test_a_change_is_drafted_and_one_party_gives_less_by_pages(
    world: World, signed_in: Any
) -> None:
    browser, slug = signed_in(world.manager_a), world.agreement.slug
    for _ in range(2):
        answer = browser.post(reverse("agreement_amend", args=[slug]))
    assert answer.url == reverse("version_edit", args=[slug, 2])
    assert "version 2" in text_of(browser.get(world.agreement.get_absolute_url()))
    assert (
        signed_in(world.manager_c).post(reverse("agreement_amend", args=[slug])).status_code == 403
    )

    url = reverse("agreement_narrow", args=[slug])
    assert "Choose what is to end" in text_of(browser.post(url, {"go": "on"}))
    foreign = {"ended": "1:profile:b::members"}
    assert "not one of the available" in text_of(browser.post(url, foreign))
    browser.post(url, {"ended": ["1:profile:a::members"]})
    assert set(
        SharingRule.objects.filter(data_class="profile", valid_until=None).values_list(
            "giver__slug", flat=True
        )
    ) == {"b"}


def test_the_next_review_is_set(world: World, signed_in: Any) -> None:
    url = reverse("agreement_reviewed", args=[world.agreement.slug])
    browser = signed_in(world.manager_b)

    browser.post(url, {"review_on": "bald"})
    browser.post(url, {"review_on": "2027-05-31"})
    signed_in(world.manager_c).post(url, {"review_on": "2030-01-01"})

    world.agreement.refresh_from_db()
    assert world.agreement.review_on == dt.date(2027, 5, 31)


def test_ending_says_what_disappears_and_can_be_undone(world: World, signed_in: Any) -> None:
    browser = signed_in(world.manager_a)
    url = reverse("agreement_end", args=[world.agreement.slug])

    assert "1 of 1 members" in text_of(browser.get(url))
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


def test_a_clause_dropped_in_an_earlier_year_is_not_promised_any_more(world: World) -> None:
    last_year = dt.date(today().year - 1, 12, 31)
    clause(world.agreement, planned_a_year=5, valid_until=last_year)

    promised = {
        year: tallies_of([world.agreement], year)[world.agreement.pk].promised
        for year in (today().year - 1, today().year)
    }

    assert promised == {today().year - 1: 6, today().year: 1}
