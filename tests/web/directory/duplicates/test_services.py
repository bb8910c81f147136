from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.utils import timezone

from tests.web import factories
from tests.web.conftest import World
from tests.web.factories import TODAY
from verbund.web.agreements.models import Consent
from verbund.web.core.models import AuditEntry
from verbund.web.directory.duplicates import queries, services
from verbund.web.directory.duplicates.policies import unhandled
from verbund.web.directory.duplicates.sides import CHOICES, SETTLED, proposed, side_of
from verbund.web.directory.models import (
    Approach,
    DistinctPair,
    Merge,
    MergeProposal,
    PastFigures,
    Sighting,
)
from verbund.web.networks.models import (
    DataClass,
    Identifier,
    Membership,
    Organisation,
    Role,
    Site,
    Visibility,
)
from verbund.web.partnering.models import Introduction, Suggestion

pytestmark = pytest.mark.django_db


def state() -> dict[str, Any]:
    """Everything the installation holds, but for the log and what is worked out."""
    left_out = {"auditentry", "merge", "backgroundrun", "contenttype", "permission", "session"}
    return {
        model._meta.label_lower: {
            row["pk"]: {
                name: value
                for name, value in row["fields"].items()
                if name not in ("changed_at", "search")
            }
            for row in serializers.serialize("python", model._base_manager.order_by("pk"))
        }
        for model in apps.get_models(include_auto_created=True)
        if model._meta.model_name not in left_out and not model._meta.proxy
    }


@pytest.fixture
def twins(world: World) -> tuple[Organisation, Organisation]:
    """Two records of A, with rows of every kind; some say the same."""
    kept = factories.organisation(world.a, name="Müller Optik GmbH", city="Jena")
    merged = factories.organisation(
        world.a, name="Mueller Optik", city="Jena", website="https://m.de"
    )
    for one in (kept, merged):
        factories.offer(one, "Freiformoptik")
        factories.contact(one)
        Identifier.objects.create(organisation=one, scheme="vat", value="DE1")
        factories.consent(one, DataClass.FIGURES, world.b)
    factories.offer(merged, "Lichtleiter")
    factories.request(merged, "Gehäuse")
    Site.objects.create(organisation=merged, city="Ulm")
    factories.figures(kept, employees=10, as_of=dt.date(2024, 12, 31))
    factories.figures(merged, employees=12, as_of=dt.date(2025, 12, 31))
    factories.consent(merged, DataClass.CONTACT, world.b)
    factories.consent(merged, DataClass.PROFILE, world.b, allows=False)
    factories.representative_of(merged, name="Vertreterin")
    Organisation.objects.filter(pk=world.member_a.pk).update(parent=merged)
    return kept, merged


def merge(world: World, pair: tuple[Organisation, Organisation], *fields: str) -> Merge:
    return services.merge(*pair, from_merged=fields, by=world.manager_a, on=TODAY)


def test_every_relation_to_an_organisation_has_its_policy() -> None:
    assert unhandled() == []


def test_every_field_is_chosen_or_settled() -> None:
    for model, settled in SETTLED.items():
        chosen = {column for one in CHOICES if one.model is model for column in one.columns}

        assert {f.attname for f in model._meta.concrete_fields} == chosen | settled
        assert not chosen & settled


def test_merge_joins_what_both_have_and_moves_the_rest(
    world: World, twins: tuple[Organisation, Organisation]
) -> None:
    kept, merged = twins
    merge(world, twins, "website", "figures")
    kept.refresh_from_db()

    assert not Organisation.objects.filter(pk=merged.pk).exists()
    assert (kept.name, kept.website) == ("Müller Optik GmbH", "https://m.de")
    assert sorted(o.text_de for o in kept.offers.all()) == ["Freiformoptik", "Lichtleiter"]
    assert [r.text_de for r in kept.requests.all()] == ["Gehäuse"]
    assert [a.name for a in kept.aliases.all()] == ["Mueller Optik"]
    assert kept.contact_persons.count() == kept.identifiers.count() == 1
    assert Membership.objects.filter(organisation=kept).count() == 1
    assert (kept.figures.employees, kept.figures.as_of) == (12, dt.date(2025, 12, 31))
    assert [p.employees for p in PastFigures.objects.filter(organisation=kept)] == [10]
    assert Role.objects.get(user__name="Vertreterin").organisation == kept
    world.member_a.refresh_from_db()
    assert world.member_a.parent == kept
    entry = AuditEntry.objects.filter(verb="merge").get()
    assert (entry.key, entry.changes["merged"]) == (str(kept.pk), merged.pk)


def test_the_stricter_consent_holds(world: World, twins: tuple[Organisation, Organisation]) -> None:
    kept, _ = twins
    Organisation.objects.filter(pk=kept.pk).update(visibility=Visibility.OWN)
    merge(world, twins)
    kept.refresh_from_db()
    held = Consent.objects.filter(organisation=kept, withdrawn_on=None)

    assert kept.visibility == Visibility.OWN
    assert {(c.data_class, c.allows) for c in held} == {
        (DataClass.FIGURES, True),
        (DataClass.PROFILE, False),
    }


def test_merging_and_parting_leaves_everything_as_it_was(
    world: World, twins: tuple[Organisation, Organisation]
) -> None:
    kept, merged = twins
    both = {"left_network": world.a, "right_network": world.a}
    for left, right in ((kept, merged), (world.member_a, merged), (world.member_a, kept)):
        found = Suggestion.objects.create(
            left=left, right=right, computed_at=timezone.now(), rank=1, score=1, **both
        )
        Introduction.objects.create(
            suggestion=found,
            left=left,
            right=right,
            **both,
            subject="s",
            text="t",
            asked_at=timezone.now(),
        )
    for one in (kept, merged):
        request = factories.request(one, "Kleber")
        Approach.objects.create(
            request=request, organisation=world.member_b, network=world.b, text="Wir kleben"
        )
        Sighting.objects.create(request=request, network=world.b, place="page", on=TODAY)
    services.say_distinct(world.member_a, merged, by=world.manager_a)
    before = state()

    done = merge(world, twins, "name", "website", "figures", "text_de")
    between_now = state()
    services.unmerge(done, by=world.manager_a, on=TODAY)

    assert between_now != before
    assert state() == before


def test_merging_twice_merges_once(world: World, twins: tuple[Organisation, Organisation]) -> None:
    assert merge(world, twins) == merge(world, twins)
    assert Merge.objects.count() == 1


def test_fuller_then_newer_is_proposed(twins: tuple[Organisation, Organisation]) -> None:
    kept, merged = (side_of(one) for one in twins)
    merged.profile.confirmed_on, kept.profile.confirmed_on = TODAY, dt.date(2020, 1, 1)

    assert proposed(kept, merged) == ["website", "figures"]  # the kept name says its legal form


def test_later_edits_stay_with_the_kept_one_unless_chosen(
    world: World, twins: tuple[Organisation, Organisation]
) -> None:
    kept, _ = twins
    done = merge(world, twins, "name")
    Organisation.objects.filter(pk=kept.pk).update(name="Müller & Töchter")
    stays, goes = factories.offer(kept, "Neu bleibt"), factories.offer(kept, "Neu geht")
    since = {one.key: one.text for one in queries.strangers_since(done)}

    restored, _ = services.unmerge(
        done, to_restored=[f"directory.offer:{goes.pk}"], by=world.manager_a, on=TODAY
    )
    kept.refresh_from_db()

    assert since == {
        "networks.organisation.name": "Müller & Töchter",
        f"directory.offer:{stays.pk}": "Neu bleibt",
        f"directory.offer:{goes.pk}": "Neu geht",
    }
    assert (kept.name, restored.name) == ("Müller & Töchter", "Mueller Optik")
    assert {o.text_de for o in kept.offers.all()} == {"Freiformoptik", "Neu bleibt"}
    assert {o.text_de for o in restored.offers.all()} == {
        "Freiformoptik",
        "Lichtleiter",
        "Neu geht",
    }


def test_a_chosen_edit_goes_with_the_restored_record(
    world: World, twins: tuple[Organisation, Organisation]
) -> None:
    kept, _ = twins
    done = merge(world, twins, "name")
    Organisation.objects.filter(pk=kept.pk).update(name="Müller & Töchter")
    restored, _ = services.unmerge(
        done, to_restored=["networks.organisation.name"], by=world.manager_a, on=TODAY
    )
    kept.refresh_from_db()
    restored.refresh_from_db()

    assert (kept.name, restored.name) == ("Müller Optik GmbH", "Müller & Töchter")


def test_merges_are_undone_from_the_last(
    world: World, twins: tuple[Organisation, Organisation]
) -> None:
    kept, _ = twins
    third = factories.organisation(world.a, name="Müller Optik AG")
    first = merge(world, twins)
    merge(world, (kept, third))

    with pytest.raises(ValueError, match="Mueller"):
        services.unmerge(first, by=world.manager_a, on=TODAY)


def test_what_was_deleted_since_stays_away(
    world: World, twins: tuple[Organisation, Organisation]
) -> None:
    kept, merged = twins
    done = merge(world, twins)
    kept.requests.all().delete()
    restored, _ = services.unmerge(done, by=world.manager_a, on=TODAY)

    assert restored.pk == merged.pk
    assert not restored.requests.exists()


def test_proposal_merges_with_the_last_missing_yes(world: World) -> None:
    kept, merged = world.member_a, world.member_b
    proposal = services.propose_merge(
        kept, merged, network=world.a.pk, agreed={world.a.pk}, from_merged=[], by=world.manager_a
    )
    done = services.answer_proposal(
        proposal, grants=True, networks={world.b.pk}, by=world.manager_b, on=TODAY
    )

    assert done
    assert {m.network for m in kept.memberships.all()} == {world.a, world.b}
    assert not MergeProposal.objects.exists()  # they are one


def test_a_no_is_remembered(world: World) -> None:
    pair = world.member_a, world.member_b
    proposal = services.propose_merge(
        *pair, network=world.a.pk, agreed={world.a.pk}, from_merged=[], by=world.manager_a
    )
    services.answer_proposal(
        proposal, grants=False, networks={world.b.pk}, by=world.manager_b, on=TODAY
    )
    proposal.refresh_from_db()

    assert proposal.is_granted is False
    assert DistinctPair.objects.count() == 1
    assert not services.withdraw_proposal(proposal, by=world.manager_a)
