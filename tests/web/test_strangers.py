"""What strangers cannot read, infer or change, on every page there is.

A network keeps a member to itself whose rows, of every model, say a marker in every field and all
have one number. Then every address is asked for by people who must not learn of it: no marker may
come back, and a page that is about nobody in particular must not change by a letter, or a count,
a filter or a pin would betray what the list hides. An address or a model that is new here fails
until somebody says what it is.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import pytest
from django.apps import apps
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.db import models
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from tests.web import factories
from tests.web.conftest import World
from tests.web.factories import TODAY
from verbund.web.accounts.models import SetupLink, User
from verbund.web.agreements.models import Activity, Agreement, Consent
from verbund.web.core.models import AuditEntry, BackgroundRun, Mail
from verbund.web.directory.models import (
    Approach,
    ApproachStep,
    Competence,
    DistinctPair,
    EnterpriseLink,
    ImportRun,
    MergeProposal,
    Offer,
    PastFigures,
    Profile,
    Request,
    Sighting,
)
from verbund.web.directory.services import index_entry, index_organisation
from verbund.web.indicators.models import Indicator, Observation
from verbund.web.networks.models import (
    Alias,
    DataClass,
    LegalPage,
    Membership,
    MembershipClaim,
    Network,
    Organisation,
    Role,
)
from verbund.web.partnering.models import (
    Hindsight,
    Introduction,
    IntroductionStep,
    Quote,
    Suggestion,
)

HIDDEN = 7001  # the number of every hidden row
MARK = "zqxgeheim"
EMPLOYEES, TURNOVER = 48_617, 97_531_864
_BETRAYALS = (MARK, "48617", "48,617", "48.617", "97531864", "97,531,864", "97.531.864")
_TECHNOLOGY, _ROW, _APPLICATION = (
    "lidar",
    "optical-sensors",
    "medical-technology",
)  # named by the hidden member alone

# Everyone may read these; what they say is no secret.
_PUBLIC: set[type[models.Model]] = {Network, LegalPage, Indicator, Observation}
_DRAFT = "entwurf-7001"  # the address of an agreement that A and nobody else drafts
# Fields that steer: a marker in them would take the row out of its place.
_STEERING = {
    "slug", "kind", "verb", "key", "networks", "state", "language", "country", "data_class",
    "visibility",
    "network_key", "about", "strength", "reject_reason", "left_wish", "right_wish", "what", "side",
    "left_answer", "right_answer", "outcome", "audience", "field", "concept", "concepts", "search",
    "entries_visibility", "password", "file", "link",
}  # fmt: skip
_OUR_APPS = (
    "core", "accounts", "networks", "agreements", "directory", "partnering", "indicators",
)  # fmt: skip

pytestmark = pytest.mark.thorough


@dataclass
class Scene:
    """The world, with an agreement of the strangers' own, and people who look."""

    world: World
    people: dict[str, User | None]


@pytest.fixture
def scene(world: World) -> Scene:
    caches["process"].clear()
    own = factories.network(slug="d", name="Netz D")
    factories.agreement(world.c, own, shares=tuple(DataClass))
    factories.representative_of(world.member_c, name="Person C")
    factories.figures(world.member_a, employees=12)
    indicator = Indicator.objects.create(
        pk=HIDDEN, network=world.a, slug="export", name_de="Export", definition_de="Anteil"
    )
    Observation.objects.create(
        pk=HIDDEN, indicator=indicator, year=2022, value=72, population_de="Alle", source="Bericht"
    )
    _plant_activity(world)
    former = factories.manager_of(world.a, name="Former manager")
    Role.objects.filter(user=former).update(valid_until=_YESTERDAY)
    return Scene(
        world,
        {
            "anonymous": None,
            "former manager of A": former,
            "former member of A": _former_member(world),
            "former partner of A": _former_partner(world),
            "member of C": User.objects.get(name="Person C"),
            "manager of C": world.manager_c,
            "member of B": world.person_b,
            "manager of B": world.manager_b,
        },
    )


STRANGERS = [
    "anonymous", "former manager of A", "former member of A", "former partner of A",
    "member of C", "manager of C",
]  # fmt: skip
_OFFICES = ("manager of C", "former partner of A")
_YESTERDAY = TODAY - dt.timedelta(days=1)
PARTNERS = ["member of B", "manager of B"]


def _former_member(world: World) -> User:
    """Return who represents a firm that left network A yesterday."""
    firm = factories.organisation(world.a, name="Ehemals GmbH")
    Membership.objects.filter(organisation=firm).update(valid_until=_YESTERDAY)
    return factories.representative_of(firm, name="Former member")


def _former_partner(world: World) -> User:
    """Return who manages a network whose agreement with A ended yesterday."""
    partner = factories.network(slug="e", name="Netz E")
    factories.agreement(world.a, partner, shares=tuple(DataClass), valid_until=_YESTERDAY)
    return factories.manager_of(partner, name="Former partner")


def _plant_activity(world: World) -> None:
    """The activity is public; what came of it and its file are the parties' own."""
    activity = Activity.objects.create(
        pk=HIDDEN,
        clause=world.agreement.clauses.get(),
        kind=Activity.Kind.WORKSHOP,
        state=Activity.State.HELD,
        date=TODAY,
        title_de="Werkstatt",
        result_de=f"{MARK} Ergebnis",
        others=f"{MARK} Institut",
        participants=EMPLOYEES,
        link=f"/members/?q={MARK}",
    )
    activity.file.save(f"{MARK}.txt", ContentFile(f"{MARK} Protokoll".encode()))


def plant(world: World) -> None:
    """Give network A a member that it keeps to itself, with a row of every model around it."""
    a, b = world.a, world.b
    secret = Organisation.objects.create(
        pk=HIDDEN, name=MARK, visibility="own", country="DE", lat=50.1, lon=12.1, is_invented=True
    )
    theirs: dict[str, Any] = {"pk": HIDDEN, "organisation": secret}
    person = User.objects.create(pk=HIDDEN, email=f"{MARK}@example.org")
    made = {"made_on": TODAY, "visibility": "public", "ends_on": None}
    text = "LiDAR für Medizintechnik"
    rows: list[models.Model] = [
        Membership(network=a, **theirs),
        MembershipClaim(network=a, asked_by=person, **theirs),
        Role(pk=HIDDEN, user=person, kind=Role.Kind.REPRESENTATIVE, organisation=secret),
        Alias(**theirs),
        Profile(**theirs, confirmed_on=TODAY),
        apps.get_model("directory", "Figures")(
            **theirs, employees=EMPLOYEES, turnover_eur=TURNOVER, as_of=TODAY
        ),
        apps.get_model("directory", "ContactPerson")(**theirs),
        Consent(
            **theirs, data_class=DataClass.CONTACT, to_organisation=world.member_b, given_on=TODAY
        ),
        Offer(**theirs, **made, text_en=text),
        Request(**theirs, **made, text_en=text),
        ImportRun(pk=HIDDEN, network=a, made_by=person),
        Mail(pk=HIDDEN, network_key=a.slug, about="introduction"),
        AuditEntry(
            pk=HIDDEN,
            actor=person,
            verb="update",
            kind="organisation",
            key=str(HIDDEN),
            name="-",
            networks=f"|{a.pk}|",
        ),
        BackgroundRun(
            pk=HIDDEN,
            kind="suggestions",
            key=f"{a.pk}-{a.pk}",
            state=BackgroundRun.State.FAILED,
            asked_at=timezone.now(),
        ),
        SetupLink(pk=HIDDEN),
        Suggestion(
            pk=HIDDEN,
            left_network=a,
            right_network=b,
            left=secret,
            right=world.member_b,
            rank=1,
            score=9.0,
            strength="strong",
            computed_at=timezone.now(),
        ),
        Quote(pk=HIDDEN, suggestion_id=HIDDEN, offer_id=HIDDEN),
        Introduction(
            pk=HIDDEN,
            suggestion_id=HIDDEN,
            clause=world.agreement.clauses.get(),
            left_network=a,
            right_network=b,
            left=secret,
            right=world.member_b,
            asked_at=timezone.now(),
        ),
        IntroductionStep(
            pk=HIDDEN, introduction_id=HIDDEN, at=timezone.now(), what="asked", side="left"
        ),
        Approach(pk=HIDDEN, request_id=HIDDEN, organisation=world.member_b, network=b),
        ApproachStep(pk=HIDDEN, approach_id=HIDDEN, state=Approach.State.ASKED),
        Sighting(pk=HIDDEN, request_id=HIDDEN, network=b, place="page", on=TODAY),
        Agreement(pk=HIDDEN, slug=_DRAFT, stage=Agreement.Stage.DRAFT),
        EnterpriseLink(**theirs, share_percent=33, employees=EMPLOYEES),
        PastFigures(**theirs, employees=EMPLOYEES, turnover_eur=TURNOVER, as_of=TODAY),
        DistinctPair(pk=HIDDEN, left=world.member_b, right=secret),
        MergeProposal(pk=HIDDEN, kept=secret, merged=world.member_a, network=a),
    ]
    for row in (secret, person, *rows):
        _mark(row)
        row.save()
    for entry in (Offer.objects.get(pk=HIDDEN), Request.objects.get(pk=HIDDEN)):
        entry.text_de = f"{entry.text_de} {text}"
        index_entry(entry)
        entry.save()
    index_organisation(secret)
    Competence.objects.create(**theirs, concept=_TECHNOLOGY)
    _plant_the_rest(secret, person, a)


def _plant_the_rest(secret: Organisation, person: User, network: Network) -> None:
    """Give every other model a row, too: of the hidden member, its people, and A's draft."""
    ends = {Organisation: secret, User: person, Network: network}
    left = [model for model in _ours() if model not in {*_PUBLIC, Hindsight}]
    while left:
        model = left.pop(0)
        if model._default_manager.filter(pk=HIDDEN).exists():
            continue
        needed = [
            field for field in model._meta.concrete_fields if field.is_relation and not field.null
        ]
        if any(field.related_model in left for field in needed):
            left.append(model)
            continue
        row = model(pk=HIDDEN)
        if hasattr(row, "file"):
            row.file = "gone.pdf"
        for field in needed:
            end = ends.get(cast("Any", field.related_model))
            setattr(row, field.attname, end.pk if end else HIDDEN)
        _mark(row)
        row.save()


def _ours() -> list[type[models.Model]]:
    """Return our models with numbered rows."""
    numbered = (models.AutoField, models.BigAutoField)
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in _OUR_APPS and isinstance(model._meta.pk, numbered)
    ]


def plant_hindsight(world: World) -> None:
    """A look back names pairs; what it counts is for the members of both networks."""
    pair = {"rank": 1, "left": HIDDEN, "right": world.member_b.pk, "start": None}
    Hindsight.objects.create(
        pk=HIDDEN,
        left_network=world.a,
        right_network=world.b,
        before=TODAY,
        until=TODAY,
        result={
            **dict.fromkeys(("introduced", "came_true", "possible", "happened"), 1),
            **dict.fromkeys(("by_popularity", "by_chance"), 0.5),
            "pairs": [pair | {"project": MARK, "title": MARK}],
        },
    )


def _mark(row: models.Model) -> None:
    for field in row._meta.concrete_fields:
        if field.name in _STEERING or field.choices or field.primary_key or field.is_relation:
            continue
        if isinstance(field, models.JSONField):
            setattr(row, field.name, _marked_json(field.name))
        elif isinstance(field, models.EmailField):
            setattr(row, field.name, f"{MARK}@example.org")
        elif isinstance(field, models.URLField):
            setattr(row, field.name, f"https://{MARK}.example/")
        elif isinstance(field, (models.CharField, models.TextField)):
            setattr(row, field.name, f"{MARK} {field.name}"[: field.max_length])
        elif isinstance(field, models.DateTimeField) and not field.null:
            setattr(row, field.name, timezone.now())
        elif isinstance(field, models.DateField) and not field.null:
            setattr(row, field.name, getattr(row, field.name) or TODAY)
        elif isinstance(field, models.IntegerField) and getattr(row, field.name) is None:
            setattr(row, field.name, 1 if not field.null else None)


def _marked_json(name: str) -> Any:
    said = {"de": MARK, "en": MARK, "code": "shared_subject", "contribution": 1.0, "facts": {}}
    whole: dict[str, Any] = {"reasons": [said], "doubts": [said], "distance": said}
    return whole.get(name, {"name": MARK, "lines": [], "entries": {}})


def test_a_row_of_every_model_is_hidden_or_the_model_is_public(scene: Scene) -> None:
    plant(scene.world)
    plant_hindsight(scene.world)
    with_rows = {model for model in _ours() if model._default_manager.filter(pk=HIDDEN).exists()}

    assert set(_ours()) - with_rows == {Network, LegalPage}


# ---------------------------------------------------------------- every address


_FIXED = {
    "entry": HIDDEN, "person": HIDDEN, "consent": HIDDEN, "number": 1,
    "data_class": "contact", "answer": "yes",
    "side": "left", "language": "de", "name": "glossary",
    "column": _APPLICATION, "token": "WzEsMl0:1abc:tampered-signature-of-nobody",
    "uidb36": "1", "concept": _TECHNOLOGY, "part": "sites", "link": HIDDEN, "year": HIDDEN,
    "key": "set-password",
}  # fmt: skip
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
_UNNAMED = re.compile(r"\(\?P<(\w+)>[^)]*\)")


@dataclass(frozen=True)
class Address:
    """An address as a stranger would try it."""

    path: str
    name: str


def every_address(world: World) -> list[Address]:
    return [
        Address(path, name)
        for route, name in _routes(get_resolver())
        for path in _filled(route, world)
    ]


def _routes(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.name or route


def _filled(route: str, world: World) -> Iterator[str]:
    route = _UNNAMED.sub(r"<\1>", route.replace("^", "").replace("$", ""))
    for kind in _kinds(route):
        values: dict[str, Any] = {
            **_FIXED,
            "pk": HIDDEN,
            "row": _ROW if route.startswith("bridge/") else HIDDEN,
            "step": "want" if route.startswith("approaches/") else "about",
            "slug": _slug(route, world),
            "kind": kind,
            "left": HIDDEN if route.startswith("duplicates/") else world.a.pk,
            "right": world.member_b.pk if route.startswith("duplicates/") else world.b.pk,
        }
        yield "/" + _PARAMETER.sub(partial(_value, values), route)


def _value(values: dict[str, Any], found: re.Match[str]) -> str:
    return str(values[found[1]])


def _kinds(route: str) -> tuple[str, ...]:
    if "<entry_kind:kind>" in route:
        return "offers", "requests"
    if route.startswith("vocabulary."):
        return "rdf", "ttl"
    return tuple(LegalPage.Kind.values) if route.startswith("legal/") else ("",)


def _slug(route: str, world: World) -> str:
    if route.startswith("agreements/"):
        return world.agreement.slug
    return "export" if route.startswith("figures/") else world.a.slug


def further_addresses(world: World) -> list[str]:
    """Return what filters, sorting and nonsense make of the pages that list something."""
    pair = f"{world.a.pk}-{world.b.pk}"
    return [
        "/members/?network=a", "/members/?network=a&has=requests", "/members/?confirmed=old",
        "/members/?sort=town", f"/members/?topic={_TECHNOLOGY}", "/members/?place=unknown",
        f"/members/map/?topic={_TECHNOLOGY}", "/members/map/?network=a",
        "/bridge/?from=a&for=b&all=1", "/bridge/?from=b&for=a&all=1", "/bridge/?from=a&for=a&all=1",
        "/bridge/?from=c&for=a&all=1", f"/bridge/{_ROW}/{_APPLICATION}/?from=a&for=b",
        f"/bridge/{_ROW}/{_APPLICATION}/?from=b&for=a", "/search/?q=lidar",
        "/search/?q=lidar&kind=offers", "/search/?q=48617", "/members/?q=lidar",
        f"/suggestions/?pair={pair}", "/suggestions/?show=waiting", "/introductions/?state=asked",
        f"/members/{world.member_b.pk}/?as=a", f"/members/{world.member_c.pk}/?as=a",
        f"/members/{world.member_b.pk}/", f"/members/{world.member_c.pk}/", "/people/?network=a",
        f"/people/invite/?organisation={HIDDEN}", f"/activities/new/?clause={HIDDEN}",
        "/outbox/?about=introduction", f"/agreements/{_DRAFT}/", f"/agreements/{_DRAFT}/1/",
        f"/members/{world.member_a.pk}/why/", f"/members/{world.member_b.pk}/why/?as=a",
        "/requests/?q=lidar", "/search/?q=lidar&kind=unnamed_requests",
        f"/agreements/new/?template={world.agreement.slug}",
    ]  # fmt: skip


def _answers(browser: Client, path: str) -> Iterator[tuple[str, Any]]:
    """Ask as a browser, for the files a page offers, and for the part htmx would fetch."""
    page = browser.get(path)
    yield path, page
    if not page.streaming and b"export=" in page.content:
        joint = "&" if "?" in path else "?"
        for kind in ("csv", "xlsx"):
            yield f"{path} as {kind}", browser.get(f"{path}{joint}export={kind}")
    if path.startswith("/bridge/"):
        yield f"{path} as fragment", browser.get(path, headers={"hx-request": "true"})


def _said_in(answer: Any) -> str:
    """Return all an answer says: head, page, or the parts of a workbook."""
    head = " ".join(f"{k}: {v}" for k, v in answer.items() if k != "Content-Length")
    body = b"".join(answer) if answer.streaming else answer.content
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            names = [name for name in book.namelist() if not name.startswith("docProps/")]
            body = b"\n".join(book.read(name) for name in sorted(names))
    return _CHANGING.sub("", f"{answer.status_code} {head}\n{body.decode('utf-8', 'replace')}")


_CHANGING = re.compile(
    r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"|nonce[-=]"?[\w+/=-]+"?'
    r'|<p class="print-only">.*?</p>|Set-Cookie: .*|Expires: .*? GMT'
)


def _read_all(scene: Scene, browser: Client) -> dict[str, str]:
    paths = [address.path for address in every_address(scene.world)]
    return {
        said: _said_in(answer)
        for path in (*paths, *further_addresses(scene.world))
        for said, answer in _answers(browser, path)
    }


# About oneself, with a secret or the time of day in it.
_NEVER_THE_SAME = ("/account/2fa/", "/me/")


@pytest.mark.parametrize("who", [*STRANGERS, *PARTNERS])
def test_nobody_reads_or_infers_what_is_hidden(scene: Scene, signed_in: Any, who: str) -> None:
    if who in PARTNERS:  # the parties' members read what came of an activity
        Activity.objects.update(result_de="", others="", link="", file="", participants=1)
    browser = signed_in(scene.people[who])
    before = _read_all(scene, browser)

    plant(scene.world)

    after = _read_all(scene, browser)
    betrayed = {
        path: text[max(0, text.lower().find(word) - 200) :][:300]
        for path, text in after.items()
        for word in _BETRAYALS
        if word in text.lower() and word not in path
    }
    assert betrayed == {}
    changed = {path for path in after if before.get(path) != after[path]}
    assert {path for path in changed if not path.startswith(_NEVER_THE_SAME)} == set()


_WORD = "zqxgesuch"
_TELLS_IT = ("/requests/", f"/requests/{HIDDEN}/", "/search/?q=lidar")


@pytest.mark.parametrize("who", ["anonymous", *PARTNERS])
def test_nothing_ties_a_request_without_a_name_to_its_owner(
    scene: Scene, signed_in: Any, who: str
) -> None:
    """Its text stands where such requests stand; no other page, count or file changes."""
    owner, browser = scene.world.member_a, signed_in(scene.people[who])
    Organisation.objects.filter(pk=owner.pk).update(visibility="public")
    before = _read_all(scene, browser)

    request = factories.request(
        owner, f"{_WORD} LiDAR", pk=HIDDEN, visibility="public", is_anonymous=True
    )
    index_entry(request)
    request.save()

    after = _read_all(scene, browser)
    telling = {path for path in after if after[path] != before.get(path)}
    assert any(_WORD in after[path] for path in telling)
    for path in telling:
        assert path.startswith((*_TELLS_IT, *_NEVER_THE_SAME)), path
        assert after[path].count(owner.name) == before.get(path, "").count(owner.name), path
        assert f"/members/{owner.pk}/" not in after[path], path


def test_a_look_back_names_only_members_one_may_see(scene: Scene, signed_in: Any) -> None:
    plant(scene.world)
    plant_hindsight(scene.world)

    page = signed_in(scene.world.manager_b).get("/found/")

    assert (page.status_code, MARK in page.content.decode()) == (200, False)
    assert signed_in(scene.world.manager_c).get("/found/").status_code == 404


# ---------------------------------------------------------------- writing


def _everything() -> dict[str, list[dict[str, Any]]]:
    """Return all rows but those that every visit leaves behind."""
    kept = (
        "sessions.Session", "contenttypes.ContentType", "auth.Permission", "accounts.CacheRow",
        "core.MailAddress", "directory.Sighting", "usersessions.UserSession",
    )  # fmt: skip
    return {
        model._meta.label: sorted(
            ({**row, "last_login": None} for row in model._default_manager.values()), key=repr
        )
        for model in apps.get_models()
        if model._meta.label not in kept
    }


def _changes(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> list[tuple[str, Any]]:
    return [
        (label, row)
        for label in after
        for row in (*before[label], *after[label])
        if (row in before[label]) is not (row in after[label])
    ]


def _body(world: World) -> dict[str, Any]:
    """Return what a stranger would send: valid words, and the numbers of the hidden rows."""
    clause = world.agreement.clauses.get().pk
    return {
        "organisation": HIDDEN, "network": world.a.pk, "clause": clause, "person": HIDDEN,
        "partners": [world.a.pk], "party-0-network": world.a.pk, "party-1-network": world.b.pk,
        "side": "left", "answer": "yes", "wish": "interested", "visibility": "public",
        "kind": "representative", "email": "mallory@example.org", "name": "Mallory",
        "is_superuser": "on", "is_staff": "on", "networks": world.a.pk, "role": "manager",
        "subject": "Betreff", "text": "Text", "reason": "other", "weeks": "2", "seen": "open",
        "last_day": TODAY.isoformat(), "date": TODAY.isoformat(), "title_de": "Titel",
        "state": "held", "met_on": TODAY.isoformat(), "occasion": "gestern", "all": "1",
        "text_de": "Neu", "text_en": "New", "city": "Jena", "year": "2022", "value": "1",
        "population_de": "Alle", "source": "Bericht", "definition_de": "Anteil", "name_de": "Neu",
        "unit": "count", "colour": "#1d5fae", "dark_colour": "#7fb5f4", "language": "de",
        "manager_name": "Mallory", "manager_email": "mallory@example.org", "slug": "mallory",
        "country": "DE", "keep": "1", "signed_on": TODAY.isoformat(), "undo": "1",
        "function": "Chef", "phone": "1", "topics": "Neu", "segment": "Neu", "employees": 1,
    }  # fmt: skip


_OWN_ACCOUNT = ("account", "account_", "set_language", "account/")  # everybody's own


@pytest.mark.parametrize("who", STRANGERS)
def test_strangers_change_nothing(scene: Scene, signed_in: Any, who: str) -> None:
    world = scene.world
    plant(world)
    plant_hindsight(world)
    browser, before = signed_in(scene.people[who]), _everything()

    for address in every_address(world):
        if not address.name.startswith(_OWN_ACCOUNT):
            browser.post(address.path, _body(world))
            browser.post(f"{address.path}?undo=1&until=2020-01-01&network=a", {})

    foreign = [
        (label, row)
        for label, row in _changes(before, _everything())
        if who not in _OFFICES or not _is_of_an_office(label, row)
    ]
    assert foreign == []


def _is_of_an_office(label: str, row: dict[str, Any]) -> bool:
    """Tell whether a row is what an office may write, and has nothing to do with what is hidden."""
    numbers = {value for name, value in row.items() if name.endswith("_id")}
    return label in _OF_AN_OFFICE and HIDDEN not in numbers and MARK not in repr(row)


_OF_AN_OFFICE = {
    "core.AuditEntry", "core.Mail", "directory.Profile", "networks.Organisation",
    "networks.Membership", "core.BackgroundRun", "django_tasks_database.DBTaskResult",
    "indicators.Indicator",
}  # fmt: skip


def test_nothing_is_written_without_a_form_of_ours(scene: Scene) -> None:
    plant(scene.world)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(scene.world.manager_a)
    before = _everything()

    answers = {
        address.path: browser.post(address.path, _body(scene.world)).status_code
        for address in every_address(scene.world)
    }

    assert {path: code for path, code in answers.items() if code not in (403, 404, 405, 410)} == {}
    assert _changes(before, _everything()) == []


@pytest.mark.parametrize("who", ["manager_a", "person_a"])
def test_reading_changes_nothing(scene: Scene, signed_in: Any, who: str) -> None:
    plant(scene.world)
    plant_hindsight(scene.world)
    browser = signed_in(getattr(scene.world, who))
    before = _everything()

    _read_all(scene, browser)

    assert _changes(before, _everything()) == []


# ---------------------------------------------------------------- what every answer carries


_FOR_ALL_CACHES = {"network_colours", "robots", "favicon"}


@pytest.mark.parametrize("who", ["manager_a", None])
def test_every_answer_is_guarded(scene: Scene, signed_in: Any, who: str | None) -> None:
    browser = signed_in(getattr(scene.world, who) if who else None)

    for address in every_address(scene.world):
        answer = browser.get(address.path)
        answer.close()
        guards = {name: answer.get(name, "") for name in _GUARDS}
        assert "default-src 'none'" in guards["Content-Security-Policy"], address
        assert guards["X-Content-Type-Options"] == "nosniff", address
        assert guards["X-Frame-Options"] in ("DENY", "SAMEORIGIN"), address
        if address.name not in _FOR_ALL_CACHES:
            is_kept = "no-store" not in guards["Cache-Control"]
            assert not is_kept or (who is None and "private" in guards["Cache-Control"]), address


_GUARDS = (
    "Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Cache-Control",
)  # fmt: skip
_LONG, _HUGE = "9" * 5000, "9" * 30
_NONSENSE = [
    f"page=-1&sort=%00&show=%27%22%3E&kind=%00&state=%00&year=99999&network=%00&topic=%00&q=%00"
    f"&pair={_HUGE}-{_HUGE}&clause={_HUGE}&organisation={_HUGE}&template=%00&from=%00&for=%00",
    f"page={_LONG}&pair={_LONG}-1&organisation={_LONG}&clause={_LONG}&year={_LONG}&until=x&as=%00",
    "pair=%C2%B2-%C2%B2&clause=%C2%B2&page=%C2%B2&export=csv&q=%ED%A0%80&next=//evil.example/",
]


def test_nonsense_is_no_fault(scene: Scene, signed_in: Any) -> None:
    plant(scene.world)
    browser = signed_in(scene.world.manager_a)

    for address in every_address(scene.world):
        if _status(browser, address.path) == 200:
            for nonsense in _NONSENSE:
                assert _status(browser, f"{address.path}?{nonsense}") < 500


def _status(browser: Client, path: str) -> int:
    answer = browser.get(path)
    answer.close()
    return answer.status_code


def test_numbers_that_no_database_takes_are_not_found(scene: Scene, signed_in: Any) -> None:
    browser = signed_in(scene.world.manager_a)
    for address in every_address(scene.world):
        path = address.path.replace(str(HIDDEN), _HUGE)
        if path != address.path:
            assert _status(browser, path) in (403, 404, 405), path
            assert browser.post(path, {}).status_code in (302, 403, 404), path
