"""Who may do what: the policy as a table, asked of the pages one by one.

An action of the table is tried by a manager, an editor, a reader and a signatory of network A, by a
representative of its member, and by a member of the partner network. Whoever is not named is
refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client

from tests.web import factories
from tests.web.agreements import factories as agreements
from tests.web.conftest import World
from tests.web.partnering import factories as partnering
from verbund.web.accounts.models import User
from verbund.web.agreements.models import Version
from verbund.web.agreements.terms import live_terms
from verbund.web.directory.models import ImportRun
from verbund.web.indicators.models import Indicator
from verbund.web.networks.models import MembershipClaim, Role

POLICY = """
                                                  manager editor reader signatory member partner
Everybody in the office sees what the office sees
GET  /people/                                     yes     yes    yes    yes       -      -
GET  /people/?export=csv                          yes     yes    yes    yes       -      -
GET  /suggestions/                                yes     yes    yes    yes       -      -
GET  /suggestions/{suggestion}/                   yes     yes    yes    yes       -      -
GET  /suggestions/freshness/                      yes     yes    yes    yes       -      -
GET  /introductions/{introduction}/               yes     yes    yes    yes       yes    yes
GET  /claims/                                     yes     yes    yes    yes       yes    yes
GET  /activities/{activity}/file/                 yes     yes    yes    yes       -      -
GET  /agreements/{agreement}/history/             yes     yes    yes    yes       -      -
GET  /agreements/{agreement}/versions/2/          yes     yes    yes    yes       -      -

Managers and editors do the daily work
GET  /import/                                     yes     yes    -      -         -      -
GET  /import/sample/de/                           yes     yes    -      -         -      -
GET  /import/{list}/columns/                      yes     yes    -      -         -      -
POST /import/{list}/discard/                      yes     yes    -      -         -      -
GET  /members/new/                                yes     yes    -      -         -      -
GET  /members/{member}/edit/                      yes     yes    -      -         yes    -
POST /members/{member}/edit/                      yes     yes    -      -         yes    -
GET  /members/{member}/entries/                   yes     yes    -      -         yes    -
GET  /members/{member}/offers/new/                yes     yes    -      -         yes    -
GET  /members/{member}/contacts/                  yes     yes    -      -         yes    -
POST /members/{member}/contacts/new/              yes     yes    -      -         yes    -
GET  /members/{member}/identity/                  yes     yes    -      -         yes    -
POST /members/{member}/confirm/                   yes     yes    -      -         yes    -
POST /members/{member}/leave/a/                   yes     yes    -      -         yes    -
GET  /members/{member}/suggestions/               yes     yes    -      -         yes    -
GET  /members/{member}/sharing/                   yes     yes    -      -         yes    -
POST /claims/{asked}/withdraw/                    yes     yes    -      -         -      -
GET  /activities/new/                             yes     yes    -      -         -      -
GET  /activities/{activity}/edit/                 yes     yes    -      -         -      -
GET  /activities/{activity}/held/                 yes     yes    -      -         -      -
POST /activities/{activity}/cancel/               yes     yes    -      -         -      -
POST /activities/{activity}/reopen/               yes     yes    -      -         -      -
POST /suggestions/{suggestion}/introduce/         yes     yes    -      -         -      -
POST /suggestions/{suggestion}/postpone/          yes     yes    -      -         -      -
POST /suggestions/{suggestion}/reject/            yes     yes    -      -         -      -
POST /suggestions/{suggestion}/reopen/            yes     yes    -      -         -      -
POST /suggestions/recompute/{pair}/               yes     yes    -      -         -      -
POST /introductions/{introduction}/remind/        yes     yes    -      -         -      -
POST /introductions/{introduction}/withdraw/      yes     yes    -      -         -      -
POST /introductions/{introduction}/talk/          yes     yes    -      -         -      -
GET  /figures/new/                                yes     yes    -      -         -      -
GET  /figures/{figure}/edit/                      yes     yes    -      -         -      -
GET  /figures/{figure}/values/new/                yes     yes    -      -         -      -
GET  /outbox/                                     yes     yes    -      -         -      -

Only a manager, or the member itself, decides what others may see of it
POST /members/{member}/sharing/                   yes     -      -      -         yes    -
POST /members/{member}/sharing/b/profile/no/      yes     -      -      -         yes    -
POST /claims/{waiting}/answer/                    yes     -      -      -         yes    -

Only a manager binds the network
GET  /agreements/new/                             yes     -      -      -         -      -
GET  /agreements/{agreement}/clone/               yes     -      -      -         -      -
GET  /agreements/{agreement}/end/                 yes     -      -      -         -      -
POST /agreements/{agreement}/end/                 yes     -      -      -         -      -
GET  /networks/a/settings/                        yes     -      -      -         -      -
POST /networks/a/settings/                        yes     -      -      -         -      -
GET  /legal/a/imprint/edit/                       yes     -      -      -         -      -
GET  /people/invite/                              yes     -      -      -         -      -
POST /people/invite/                              yes     -      -      -         -      -
GET  /people/{role}/                              yes     -      -      -         -      -
POST /people/{role}/change/                       yes     -      -      -         -      -
POST /people/{role}/end/                          yes     -      -      -         -      -
POST /people/{role}/restore/                      yes     -      -      -         -      -
POST /people/{role}/remind/                       yes     -      -      -         -      -
GET  /audit/                                      yes     -      -      -         -      -

Only who is authorised signs
POST /agreements/{agreement}/versions/2/sign/     -       -      -      yes       -      -
POST /agreements/{agreement}/versions/2/refuse/   -       -      -      yes       -      -
"""
_HEAD, *_LINES = (line.split() for line in POLICY.splitlines() if line.strip())
RULES = [tuple(line) for line in _LINES if line[0] in ("GET", "POST")]
BODY = {
    "answer": "no", "kind": "reader", "reason": "other", "until": "2099-01-01", "next": "",
    "visibility": "own", "language": "de",
}  # fmt: skip


@dataclass
class Office:
    people: dict[str, User]
    names: dict[str, Any]


@pytest.fixture
def office(world: World) -> Office:
    def holder(kind: Role.Kind) -> User:
        person = factories.user(name=str(kind.label))
        Role.objects.create(user=person, kind=kind, network=world.a)
        return person

    networks, pair = (world.a, world.b), (world.member_a, world.member_b)
    reader = holder(Role.Kind.READER)
    activity = agreements.activity(world.agreement)
    activity.file.save("minutes.txt", ContentFile(b"minutes"))
    for number, state in ((1, Version.State.IN_FORCE), (2, Version.State.PROPOSED)):
        Version.objects.create(
            agreement=world.agreement,
            number=number,
            state=state,
            content=live_terms(world.agreement, factories.TODAY).content,
        )
    return Office(
        {
            "manager": world.manager_a,
            "editor": holder(Role.Kind.EDITOR),
            "reader": reader,
            "signatory": holder(Role.Kind.SIGNATORY),
            "member": world.person_a,
            "partner": world.person_b,
        },
        {
            "member": world.member_a.pk,
            "agreement": world.agreement.slug,
            "activity": activity.pk,
            "pair": f"{world.a.pk}-{world.b.pk}",
            "suggestion": partnering.suggestion(networks, pair).pk,
            "introduction": partnering.introduction(networks, pair).pk,
            "asked": MembershipClaim.objects.create(
                network=world.a, organisation=world.member_c
            ).pk,
            "waiting": MembershipClaim.objects.create(
                network=world.c, organisation=world.member_a
            ).pk,
            "list": ImportRun.objects.create(network=world.a, made_by=world.manager_a).pk,
            "figure": Indicator.objects.create(network=world.a, slug="members", name_en="x").slug,
            "role": reader.roles.get().pk,
            "network": world.a.pk,
        },
    )


def may(client: Client, method: str, path: str, body: dict[str, Any]) -> bool:
    """Try it, and take it back."""
    with transaction.atomic():
        send = client.get if method == "GET" else client.post
        answer = send(path, body if method == "POST" else None)
        answer.close()
        transaction.set_rollback(True)
    if method == "GET":
        return answer.status_code == 200
    return answer.status_code not in (403, 404)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: " ".join(rule[:2]))
def test_roles_do_what_the_policy_says(
    office: Office, signed_in: Any, rule: tuple[str, ...]
) -> None:
    method, path, *answers = rule
    path = path.format(**office.names)
    expected = dict(zip(_HEAD, (answer == "yes" for answer in answers), strict=True))

    body = BODY | {"network": office.names["network"]}
    found = {who: may(signed_in(office.people[who]), method, path, body) for who in _HEAD}

    assert found == expected


def test_who_is_not_signed_in_may_do_none_of_it(office: Office, signed_in: Any) -> None:
    stranger = signed_in(None)
    for method, path, *_answers in RULES:
        answer = (stranger.get if method == "GET" else stranger.post)(path.format(**office.names))
        assert answer.status_code in (302, 403, 404), path


WRITES = ('<form method="post"', '<form class="form" method="post"')


@pytest.mark.parametrize(
    "path",
    ["/people/", "/suggestions/", "/claims/", "/introductions/{introduction}/", "/members/"],
)
def test_readers_are_shown_no_button_that_would_refuse_them(
    office: Office, signed_in: Any, path: str
) -> None:
    page = signed_in(office.people["reader"]).get(path.format(**office.names)).content.decode()
    main = page.partition("<main")[2]

    assert not [form for form in WRITES if form in main]
    assert "/people/invite/" not in main
    assert "/members/new/" not in main
