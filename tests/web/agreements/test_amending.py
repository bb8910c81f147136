"""What becomes of an agreement in force: changed by all, narrowed by one, ended, gone on."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.utils.translation import override

from tests.web.agreements.factories import DAY, activity, draft, signed
from tests.web.conftest import World
from verbund.web.agreements import services
from verbund.web.agreements.days import months_after, signed_day
from verbund.web.agreements.differences import Difference, differences
from verbund.web.agreements.documents import changes_of
from verbund.web.agreements.models import Agreement, Clause, SharingRule, Version
from verbund.web.agreements.queries import terms_before
from verbund.web.agreements.sharing import is_visible
from verbund.web.agreements.terms import live_terms, terms_of
from verbund.web.core.models import AuditEntry
from verbund.web.core.services import today
from verbund.web.networks.models import DataClass, Network, Organisation
from verbund.web.networks.rules import viewer_for_network

OFFERS, PROFILE = DataClass.OFFERS, DataClass.PROFILE


def sees(network: Network, organisation: Organisation, on: dt.date | None = None) -> bool:
    return is_visible(organisation, to=viewer_for_network(network), on=on or today())


def amendment(world: World, **changes: Any) -> Version:
    """Draft a change of the agreement of A and B; shares given replace those of its clause."""
    version = services.begin_amendment(world.agreement, by=world.manager_a, on=today())
    terms = terms_of(version.content)
    if "classes" in changes:
        classes = changes.pop("classes")
        shares = tuple(s for s in terms.clauses[0].shares if s.data_class in classes)
        changes["clauses"] = (replace(terms.clauses[0], shares=shares),)
    return services.save_draft(
        version, replace(terms, **changes), seen=terms.digest, by=world.manager_a
    )


def test_nothing_changes_before_all_have_signed(world: World) -> None:
    version = amendment(world, classes=(OFFERS,))
    version = services.propose(version, by=world.manager_a, on=today())

    assert sees(world.b, world.member_a)

    services.withdraw_proposal(version, by=world.manager_a)
    assert sees(world.b, world.member_a)
    assert live_terms(world.agreement, today()).clauses[0].planned_a_year == 1


def test_a_signed_change_takes_its_place_with_dates(world: World) -> None:
    version = signed(amendment(world, classes=(OFFERS,), title_de="Neuer Titel"))

    world.agreement.refresh_from_db()
    assert not sees(world.b, world.member_a)
    assert world.agreement.title_de == "Neuer Titel"
    assert [v.state for v in world.agreement.versions.order_by("number")] == [
        "superseded",
        "in_force",
    ]
    ended = SharingRule.objects.filter(valid_until=today() - DAY)
    assert set(ended.values_list("data_class", flat=True)) == set(DataClass) - {OFFERS}
    assert version.takes_effect_on == today()


def test_what_signing_filled_in_is_no_change(world: World) -> None:
    first = signed(draft(world.a, world.c))
    version = services.begin_amendment(first.agreement, by=world.manager_a, on=today())
    terms = replace(terms_of(version.content), title_de="Neuer Titel")
    services.save_draft(version, terms, seen=terms_of(version.content).digest, by=world.manager_a)

    before = terms_before(version)

    assert before
    with override("en"):
        assert differences(before, terms) == [
            Difference(
                "The agreement",
                ("Title (German): “Neue Vereinbarung” becomes “Neuer Titel”.",),
            )
        ]


def test_a_review_tells_who_stopped_giving_what(world: World) -> None:
    terms = live_terms(world.agreement, today())
    ended = [(1, share) for share in terms.clauses[0].shares if share.giver == "a"]
    offers = [(number, share) for number, share in ended if share.data_class == OFFERS]

    services.stop_giving(world.agreement, world.a, offers, by=world.manager_a, on=today())

    with override("en"):
        assert list(changes_of(world.agreement, today().year)) == [
            (
                today(),
                "Clause 1: Gemeinsame Projekte: No longer shared: offers, from Netz A to Netz B"
                " (members of the partner network).",
            )
        ]


def test_a_later_change_waits_for_its_day_texts_and_rules_alike(world: World) -> None:
    day = today() + 10 * DAY
    signed(amendment(world, classes=(OFFERS,), title_de="Neuer Titel", takes_effect_on=day))
    world.agreement.refresh_from_db()

    assert world.agreement.title_de != "Neuer Titel"
    assert sees(world.b, world.member_a, on=day - DAY)
    assert not sees(world.b, world.member_a, on=day)
    with pytest.raises(services.Refused):
        services.begin_amendment(world.agreement, by=world.manager_a, on=today())

    assert services.take_effect(day - DAY) == 0
    assert [services.take_effect(day), services.take_effect(day)] == [1, 0]
    world.agreement.refresh_from_db()
    assert world.agreement.title_de == "Neuer Titel"
    newest = world.agreement.versions.first()
    assert newest
    assert newest.state == Version.State.IN_FORCE


def test_a_dropped_clause_ends_and_its_activities_stay(world: World) -> None:
    old = live_terms(world.agreement, today()).clauses[0]
    kept = activity(world.agreement)
    new = replace(old, number=2, title_de="Neue Klausel", shares=())

    signed(amendment(world, clauses=(new,)))

    first, second = Clause.objects.filter(agreement=world.agreement).order_by("number")
    assert (first.valid_until, second.valid_from) == (today() - DAY, today())
    assert list(first.activities.all()) == [kept]
    assert not sees(world.b, world.member_a)


def test_a_change_can_widen_because_all_sign_it(world: World) -> None:
    SharingRule.objects.filter(data_class=PROFILE).delete()
    assert not sees(world.b, world.member_a)
    version = services.begin_amendment(world.agreement, by=world.manager_a, on=today())
    terms = terms_of(version.content)
    some = terms.clauses[0].shares[0]
    shares = (*terms.clauses[0].shares, replace(some, data_class=PROFILE, giver="a"))
    changed = replace(terms, clauses=(replace(terms.clauses[0], shares=shares),))

    signed(services.save_draft(version, changed, seen=terms.digest, by=world.manager_a))

    assert sees(world.b, world.member_a)
    assert not sees(world.a, world.member_b)


def test_an_ended_or_unconfirmed_agreement_is_not_amended(world: World) -> None:
    world.agreement.signing.filter(network=world.b).update(is_confirmed=False)
    with pytest.raises(services.Refused):
        services.begin_amendment(world.agreement, by=world.manager_a, on=today())

    world.agreement.signing.update(is_confirmed=True)
    Agreement.objects.update(valid_until=today() - DAY)
    with pytest.raises(services.Refused):
        services.begin_amendment(world.agreement, by=world.manager_a, on=today())


def test_a_change_is_said_in_words(world: World) -> None:
    old = live_terms(world.agreement, today())
    clause = replace(
        old.clauses[0],
        planned_a_year=4,
        shares=tuple(s for s in old.clauses[0].shares if s.data_class != PROFILE),
    )
    new = replace(old, signed_at="Jena", clauses=(clause, replace(clause, number=2, shares=())))

    with override("en"):
        found = {one.place: one.sentences for one in differences(old, new)}

    assert found == {
        "The agreement": ("Signed at (town): “Jena” is added.",),
        "Clause 1: Gemeinsame Projekte": (
            "Activities planned a year: “1” becomes “4”.",
            "No longer shared: profile, from each party to every other"
            " (members of the partner network).",
        ),
        "Clause 2: Gemeinsame Projekte": ("This clause is new.",),
    }


# ---------------------------------------------------------------- giving less


def give_less(world: World, who: Network, data_class: DataClass = PROFILE) -> bool:
    terms = live_terms(world.agreement, today())
    pieces = [(1, share) for share in terms.clauses[0].shares if share.data_class == data_class]
    by = world.manager_a if who == world.a else world.manager_b
    return services.stop_giving(world.agreement, who, pieces, by=by, on=today())


def test_one_party_ends_at_once_what_it_gives_and_nothing_else(world: World) -> None:
    assert give_less(world, world.a)

    assert not sees(world.b, world.member_a)
    assert sees(world.a, world.member_b)
    assert not give_less(world, world.a)
    assert AuditEntry.objects.filter(verb="stop_giving").count() == 1
    since = SharingRule.objects.get(data_class=PROFILE, giver=world.b).valid_from
    assert since is None  # what B gives goes on as before


def test_what_was_ended_does_not_come_back_with_a_proposal_signed_before(world: World) -> None:
    version = amendment(world, title_de="Neuer Titel")
    version = services.propose(version, by=world.manager_a, on=today())

    give_less(world, world.a)

    version.refresh_from_db()
    assert version.state == Version.State.WITHDRAWN
    newest = world.agreement.versions.first()
    assert newest
    signed(newest)
    assert not sees(world.b, world.member_a)
    assert sees(world.a, world.member_b)


# ---------------------------------------------------------------- ending and going on


def end(world: World, last_day: dt.date) -> Agreement:
    return services.end_agreement(
        world.agreement, last_day=last_day, party=world.a, by=world.manager_a, on=today()
    )


def test_ending_hides_members_from_the_day_after(world: World) -> None:
    ended = end(world, today())

    assert sees(world.b, world.member_a)
    assert not sees(world.b, world.member_a, on=today() + DAY)
    assert (ended.terminated_on, ended.terminated_by) == (today(), world.a)


def test_an_end_is_never_put_off_and_never_before_the_beginning(world: World) -> None:
    end(world, today())

    for wrong in (today() + DAY, dt.date(2000, 1, 1)):
        with pytest.raises(services.Refused):
            end(world, wrong)

    world.agreement.refresh_from_db()
    assert world.agreement.valid_until == today()


def test_only_who_ended_it_last_takes_it_back(world: World) -> None:
    ended = end(world, today())

    with pytest.raises(services.Refused):
        services.take_back_end(ended, by=world.manager_b)
    services.take_back_end(ended, by=world.manager_a)
    with pytest.raises(services.Refused):
        services.take_back_end(ended, by=world.manager_a)

    world.agreement.refresh_from_db()
    assert (world.agreement.valid_until, world.agreement.terminated_on) == (None, None)


def with_term(world: World, **fields: Any) -> Agreement:
    Agreement.objects.update(
        **{"renewal": "automatic", "renewal_months": 12, "notice_months": 3} | fields
    )
    world.agreement.refresh_from_db()
    return world.agreement


@pytest.mark.parametrize(("late", "extended"), [(0, 0), (1, 1)])
def test_an_agreement_goes_on_when_nobody_gave_notice_in_time(
    world: World, late: int, extended: int
) -> None:
    last = dt.date(2026, 12, 31)
    agreement = with_term(world, valid_until=last)

    assert services.go_on(dt.date(2026, 9, 30) + late * DAY) == extended

    agreement.refresh_from_db()
    assert agreement.valid_until == (dt.date(2027, 12, 31) if extended else last)


@pytest.mark.parametrize(
    "fields",
    [{"terminated_on": today()}, {"renewal": "agreed"}, {"renewal_months": 0}, {"stage": "draft"}],
)
def test_what_was_ended_or_is_to_be_agreed_anew_does_not_go_on(
    world: World, fields: dict[str, Any]
) -> None:
    with_term(world, valid_until=today(), **fields)

    assert services.go_on(today() + DAY) == 0
    assert not sees(world.b, world.member_a, on=today() + DAY)


def test_months_end_with_the_month() -> None:
    assert months_after(dt.date(2026, 11, 30), 3) == dt.date(2027, 2, 28)
    assert months_after(dt.date(2026, 3, 31), -1) == dt.date(2026, 2, 28)


@pytest.mark.parametrize(
    ("precision", "said"), [("day", "4. März 2022"), ("month", "März 2022"), ("year", "2022")]
)
def test_a_day_is_said_as_exactly_as_it_is_known(world: World, precision: str, said: str) -> None:
    world.agreement.signed_precision = precision
    with override("de"):
        assert signed_day(world.agreement) == said


def test_a_draft_has_no_day_of_signing(world: World) -> None:
    assert signed_day(draft(world.a, world.c).agreement) == ""
