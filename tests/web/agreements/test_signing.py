"""From a draft to an agreement in force: signed here, or recorded from paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.web import factories
from tests.web.agreements.factories import DAY, draft, signatory_of, signed
from tests.web.conftest import World
from verbund.web.agreements import services
from verbund.web.agreements.answers import answers_to
from verbund.web.agreements.models import Agreement, Party, SharingRule, Version
from verbund.web.agreements.sharing import is_visible
from verbund.web.agreements.signals import sharing_changed
from verbund.web.agreements.terms import Terms, digest_of, live_terms, terms_of
from verbund.web.core.models import AuditEntry, Mail
from verbund.web.core.services import today
from verbund.web.networks.models import DataClass, Network, Organisation, Role
from verbund.web.networks.rules import viewer_for_network


@pytest.fixture
def told() -> Iterator[list[Any]]:
    """Collect whose sharing was said to have changed."""
    heard: list[Any] = []

    def listen(sender: object, networks: list[int], **rest: object) -> None:
        heard.append(sorted(networks))

    sharing_changed.connect(listen)
    yield heard
    sharing_changed.disconnect(listen)


def sees(network: Network, organisation: Organisation, on: Any = None) -> bool:
    return is_visible(organisation, to=viewer_for_network(network), on=on or today())


def verbs() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))


def proposed(world: World, **terms: Any) -> Version:
    version = draft(world.a, world.c, **terms)
    return services.propose(version, by=world.manager_a, on=today())


def sign(version: Version, network: Network, **fields: Any) -> Version:
    given: dict[str, Any] = {"role": "Vorstand", "seen": version.digest, "on": today()} | fields
    by = fields.get("by") or signatory_of(network)
    return services.sign(version, network, **given | {"by": by})


def test_the_last_signature_puts_it_in_force(world: World, told: list[Any]) -> None:
    version = proposed(world)

    sign(version, world.a)
    assert not sees(world.a, world.member_c)
    assert not sees(world.c, world.member_a)
    done = sign(version, world.c, by=signatory_of(world.c, name="Clara Zeichnerin"))

    agreement = Agreement.objects.get(pk=version.agreement_id)
    assert (agreement.stage, agreement.signed_on, agreement.valid_from) == (
        "signed",
        today(),
        today(),
    )
    assert done.state == Version.State.IN_FORCE
    assert sees(world.a, world.member_c)
    assert sees(world.c, world.member_a)
    assert agreement.signing.get(network=world.c).signatory == "Clara Zeichnerin"
    assert told == [[world.a.pk, world.c.pk]]
    assert verbs()[-3:] == ["sign_agreement", "sign_agreement", "agreement_in_force"]


def test_signing_twice_is_once(world: World) -> None:
    version, person = proposed(world), signatory_of(world.a)

    for _ in range(2):
        sign(version, world.a, by=person)

    assert version.signatures.count() == 1
    assert verbs().count("sign_agreement") == 1


def test_a_later_first_day_is_kept(world: World) -> None:
    done = signed(draft(world.a, world.c, valid_from=today() + 5 * DAY))

    assert done.takes_effect_on == today() + 5 * DAY
    assert not sees(world.a, world.member_c)
    assert sees(world.a, world.member_c, on=today() + 5 * DAY)


def test_another_text_than_the_one_shown_is_not_signed(world: World) -> None:
    version = proposed(world)

    with pytest.raises(services.Refused):
        sign(version, world.a, seen="0" * 64)
    Version.objects.filter(pk=version.pk).update(content=version.content | {"signed_at": "Berlin"})
    with pytest.raises(services.Refused):
        sign(version, world.a)

    assert not version.signatures.exists()


def test_a_draft_cannot_be_signed(world: World) -> None:
    version = draft(world.a, world.c)

    with pytest.raises(services.Refused):
        sign(version, world.a, seen=terms_of(version.content).digest)


def test_a_signature_tells_that_the_text_was_changed_behind_its_back(world: World) -> None:
    done = signed(draft(world.a, world.c))
    assert [answer.matches for answer in answers_to(done)] == [True, True]

    done.content["title_de"] = "Etwas anderes"

    assert [answer.matches for answer in answers_to(done)] == [False, False]


def test_a_refusal_makes_the_text_a_draft_again_and_keeps_the_reason(world: World) -> None:
    version = proposed(world)
    sign(version, world.a)

    again = services.refuse_to_sign(
        version,
        world.c,
        reason="Die Laufzeit fehlt.",
        role="Vorstand",
        seen=version.digest,
        by=signatory_of(world.c),
    )

    version.refresh_from_db()
    assert (version.state, again.state, again.number) == ("refused", "draft", version.number + 1)
    assert again.content == version.content
    assert version.signatures.get(is_refusal=True).reason == "Die Laufzeit fehlt."
    assert Agreement.objects.get(pk=version.agreement_id).stage == "draft"
    assert not SharingRule.objects.filter(clause__agreement=version.agreement).exists()


def test_a_withdrawn_proposal_can_be_changed_and_no_longer_signed(world: World) -> None:
    version = proposed(world)

    again = services.withdraw_proposal(version, by=world.manager_c)
    assert services.withdraw_proposal(version, by=world.manager_c) == again
    with pytest.raises(services.Refused):
        sign(version, world.a)

    changed = replace(terms_of(again.content), signed_at="Halle")
    kept = services.save_draft(again, changed, seen=version.digest, by=world.manager_c)
    assert terms_of(kept.content).signed_at == "Halle"


def test_what_is_proposed_cannot_be_changed(world: World) -> None:
    version = proposed(world)
    changed = replace(terms_of(version.content), signed_at="Halle")

    with pytest.raises(services.Refused):
        services.save_draft(version, changed, seen=version.digest, by=world.manager_a)


def test_two_offices_do_not_overwrite_each_other(world: World) -> None:
    version = draft(world.a, world.c)
    terms = terms_of(version.content)
    first, second = replace(terms, signed_at="Halle"), replace(terms, signed_at="Jena")

    services.save_draft(version, first, seen=terms.digest, by=world.manager_a)
    with pytest.raises(services.Refused):
        services.save_draft(version, second, seen=terms.digest, by=world.manager_c)
    services.save_draft(version, first, seen=terms.digest, by=world.manager_a)  # a double click

    version.refresh_from_db()
    assert terms_of(version.content) == first
    assert verbs().count("change_draft") == 2


@pytest.mark.parametrize("wrong", [{"clauses": ()}, {"valid_until": today() - DAY}])
def test_what_cannot_take_effect_is_not_proposed(world: World, wrong: dict[str, Any]) -> None:
    with pytest.raises(services.Refused):
        proposed(world, **wrong)


def test_a_term_that_ran_out_while_waiting_is_not_signed(world: World) -> None:
    version = proposed(world, valid_until=today() + DAY)

    with pytest.raises(services.Refused):
        sign(version, world.a, on=today() + 2 * DAY)


def test_the_same_draft_begun_twice_is_one(world: World) -> None:
    def begin(model: Agreement | None = None) -> Version:
        return services.start_draft([world.a, world.c], by=world.manager_a, on=today(), model=model)

    assert begin() == begin()
    assert begin(world.agreement) == begin(world.agreement)
    assert Agreement.objects.filter(stage="draft").count() == 2


def test_a_clone_takes_the_clauses_over_to_other_parties(world: World) -> None:
    model = signed(draft(world.a, world.b, world.c, signed_at="Leipzig")).agreement
    model.refresh_from_db()

    made = services.start_draft([world.a, world.b], by=world.manager_a, on=today(), model=model)

    terms, old = terms_of(made.content), live_terms(model, today())
    assert [clause.title_de for clause in terms.clauses] == ["Austausch"]
    assert terms.clauses[0].shares == tuple(
        share for share in old.clauses[0].shares if share.giver != "c"
    )
    assert (terms.valid_from, terms.valid_until, terms.signed_at) == (None, None, "")
    assert made.agreement.cloned_from == model
    assert not sees(world.c, world.member_a) or made.agreement.stage == "draft"


def test_a_clone_widens_nothing_that_was_given_one_way(world: World) -> None:
    model = factories.agreement(world.a, world.b)
    model.clauses.get().rules.create(data_class=DataClass.OFFERS, giver=world.b, receiver=world.a)

    made = services.start_draft([world.a, world.c], by=world.manager_a, on=today(), model=model)

    assert terms_of(made.content).clauses[0].shares == ()


def test_a_renewal_begins_on_the_day_after(world: World) -> None:
    Agreement.objects.update(valid_until=today() + 9 * DAY)
    world.agreement.refresh_from_db()

    made = services.start_draft(
        [world.a, world.b],
        by=world.manager_a,
        on=today(),
        model=world.agreement,
        is_renewal=True,
    )

    assert (made.agreement.renews, made.agreement.valid_from) == (
        world.agreement,
        today() + 10 * DAY,
    )


def test_terms_survive_being_kept(world: World) -> None:
    version = draft(world.a, world.c, valid_from=today(), review_on=today() + DAY)
    terms = terms_of(version.content)

    assert isinstance(terms, Terms)
    assert terms_of(terms.content) == terms
    assert digest_of(terms.content) == terms.digest


# ---------------------------------------------------------------- signed on paper


def recorded(world: World) -> Agreement:
    version = draft(world.a, world.c)
    return services.record_agreement(
        version, signed_on=today(), givers={world.a.pk}, by=world.manager_a, on=today()
    )


def confirm(agreement: Agreement, world: World, seen: str = "", **fields: Any) -> Agreement:
    given: dict[str, Any] = {
        "networks": {world.c.pk},
        "by": world.manager_c,
        "on": today(),
    } | fields
    seen = seen or services.fingerprint_of(agreement)
    return services.confirm_agreement(agreement, seen=seen, **given)


def test_recording_gives_only_what_the_recording_office_may_give(
    world: World, told: list[Any]
) -> None:
    made = recorded(world)

    assert sees(world.c, world.member_a)
    assert not sees(world.a, world.member_c)
    assert dict(made.signing.values_list("network__slug", "is_confirmed")) == {
        "a": True,
        "c": False,
    }
    assert told == [[world.a.pk, world.c.pk]]


def test_recording_twice_is_once(world: World) -> None:
    version = draft(world.a, world.c)
    for _ in range(2):
        services.record_agreement(
            version, signed_on=today(), givers={world.a.pk}, by=world.manager_a, on=today()
        )

    assert verbs().count("record_agreement") == 1
    assert SharingRule.objects.filter(clause__agreement=version.agreement).count() == 1


def test_what_is_proposed_here_is_not_recorded_from_paper(world: World) -> None:
    version = proposed(world)

    with pytest.raises(services.Refused):
        services.record_agreement(
            version, signed_on=today(), givers={world.a.pk}, by=world.manager_a, on=today()
        )


def test_confirming_gives_what_the_text_says_once(world: World, told: list[Any]) -> None:
    made = recorded(world)

    for _ in range(2):
        confirm(made, world, seen=services.fingerprint_of(made))

    assert sees(world.a, world.member_c)
    assert not Party.objects.filter(agreement=made, is_confirmed=False).exists()
    assert verbs().count("confirm_agreement") == 1
    assert len(told) == 2


def test_nobody_confirms_for_another_network(world: World) -> None:
    made = recorded(world)

    confirm(made, world, networks={world.a.pk}, by=world.manager_a)

    assert not sees(world.a, world.member_c)


def test_what_changed_since_it_was_shown_is_not_confirmed(world: World) -> None:
    made = recorded(world)
    seen = services.fingerprint_of(made)
    services.end_agreement(
        made, last_day=today() + DAY, party=world.a, by=world.manager_a, on=today()
    )
    made.refresh_from_db()

    with pytest.raises(services.Refused):
        confirm(made, world, seen=seen)

    assert not sees(world.a, world.member_c)


def mails() -> list[tuple[str, str]]:
    return list(Mail.objects.order_by("pk").values_list("to", "subject"))


def managers(world: World) -> set[str]:
    roles = Role.objects.filter(kind=Role.Kind.MANAGER, network__in=[world.a, world.c])
    return set(roles.values_list("user__email", flat=True))


def test_signatories_are_asked_and_all_offices_told_by_mail(world: World) -> None:
    first, second = signatory_of(world.a), signatory_of(world.c)
    version = proposed(world, title_en="Optics meets cars", title_de="Optik trifft Auto")

    assert mails() == [
        (first.email, "Zu unterzeichnen: „Optik trifft Auto“"),
        (second.email, "Zu unterzeichnen: „Optik trifft Auto“"),
    ]
    asked = Mail.objects.get(to=first.email)
    assert f"/agreements/{version.agreement.slug}/versions/1/" in asked.text
    Mail.objects.all().delete()
    for network, person in ((world.a, first), (world.c, second)):
        sign(version, network, by=person)
    assert {to for to, _subject in mails()} == {first.email, second.email, *managers(world)}
    assert {subject for _to, subject in mails()} == {"Von allen unterzeichnet: „Optik trifft Auto“"}


def test_offices_read_who_refused_and_why(world: World) -> None:
    version, by = proposed(world), signatory_of(world.c)
    Mail.objects.all().delete()

    services.refuse_to_sign(
        version, world.c, reason="Zu weit", role="Vorstand", seen=version.digest, by=by
    )

    assert {to for to, _subject in mails()} == managers(world)
    assert all("„Zu weit“" in mail.text for mail in Mail.objects.all())
