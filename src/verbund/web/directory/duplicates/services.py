"""Writes about duplicates: two records become one, or are two; a merge is taken back."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from verbund.web.agreements.models import Consent
from verbund.web.agreements.sharing import in_force
from verbund.web.core.services import record
from verbund.web.directory.duplicates.joining import join
from verbund.web.directory.duplicates.ledger import Ledger, take_back
from verbund.web.directory.duplicates.policies import policies, relations_to
from verbund.web.directory.duplicates.queries import concerned, later_merges, strangers_since
from verbund.web.directory.duplicates.sides import CHOICES, Side, side_of
from verbund.web.directory.models import (
    DistinctPair,
    Figures,
    Merge,
    MergeProposal,
    PastFigures,
)
from verbund.web.directory.services.index import announce_change, index_organisation
from verbund.web.directory.services.sharing import announce_sharing
from verbund.web.networks.models import Alias, DataClass, Organisation, Visibility

if TYPE_CHECKING:
    from verbund.web.accounts.models import User

_STRICTEST = (Visibility.OWN, Visibility.PARTNERS, Visibility.PUBLIC)
_BY_CONSENT = (DataClass.CONTACT, DataClass.FIGURES)


@transaction.atomic
def merge(
    kept: Organisation,
    merged: Organisation,
    *,
    from_merged: Collection[str],
    by: User | None,
    on: dt.date,
) -> Merge:
    """Make two records one: `from_merged` are the fields that come from the one that goes.

    Everything that names the merged record names the kept one afterwards; what both have stands
    once. Who may see what is settled by the stricter of the two. The other name becomes an alias.
    Doing it twice does it once.

    Raises
    ------
    Organisation.DoesNotExist
        If the kept record is gone itself.
    """
    done = Merge.objects.filter(kept=kept, merged_key=merged.pk, undone_at=None).first()
    locked = Organisation.objects.select_for_update().in_bulk([kept.pk, merged.pk])
    if done is not None:
        return done
    left, right = (side_of(locked_or_gone(locked, one)) for one in (kept, merged))
    kept, merged = left.organisation, right.organisation
    networks = sorted(concerned([kept, merged], on))
    names, merged_key = {kept.name, merged.name}, merged.pk
    ledger = Ledger()
    _settle_consents(kept, merged, on, ledger)
    _settle_fields(left, right, from_merged, ledger)
    join(kept, merged, ledger)
    kept.refresh_from_db()
    known = set(Alias.objects.filter(organisation=kept).values_list("name", flat=True))
    for name in sorted(names - known - {kept.name}):
        ledger.add(Alias(organisation=kept, name=name))
    made = Merge.objects.create(
        kept=kept,
        merged_key=merged_key,
        merged_name=merged.name,
        by=by,
        content={"lines": ledger.lines, "networks": networks, "entries": _entries_of(kept)},
    )
    index_organisation(kept)
    record(by, "merge", kept, {"merged": merged_key, "moved": moved(ledger.lines)})
    _announce(kept, networks, on)
    return made


def locked_or_gone(found: dict[int, Organisation], one: Organisation) -> Organisation:
    if one.pk not in found:
        raise Organisation.DoesNotExist
    return found[one.pk]


def _announce(kept: Organisation, networks: Iterable[int], on: dt.date) -> None:
    announce_sharing(kept, set(networks), on)
    announce_change([kept], on)


def moved(lines: Iterable[dict[str, Any]]) -> dict[str, int]:
    """Count by model what a merge moved."""
    return dict(
        Counter(line["model"] for line in lines if line["did"] == "change" and _is_move(line))
    )


def _is_move(line: dict[str, Any]) -> bool:
    model = apps.get_model(line["model"])
    columns = {field.attname for other, field in relations_to(Organisation) if other is model}
    return bool(columns & line["after"].keys())


def _settle_fields(left: Side, right: Side, from_right: Collection[str], ledger: Ledger) -> None:
    """Write the chosen values onto the kept rows, and the stricter visibility."""
    chosen = [choice for choice in CHOICES if choice.key in from_right]
    for choice in chosen:
        row = left.rows[choice.model]
        if choice.model is Figures or row.pk is None:
            continue  # figures are settled as a whole; a row it has not got moves over
        ledger.change(row, right.values(choice))
    strict = min(
        (Visibility(side.organisation.visibility) for side in (left, right)), key=_STRICTEST.index
    )
    is_invented = left.organisation.is_invented and right.organisation.is_invented
    ledger.change(left.organisation, {"visibility": strict, "is_invented": is_invented})
    if left.figures.pk and right.figures.pk:
        _settle_figures(left, right, ledger, takes_right="figures" in from_right)


def _settle_figures(left: Side, right: Side, ledger: Ledger, *, takes_right: bool) -> None:
    """Keep one side's figures; the other's stay as those of an earlier year if they are of one."""
    choice = next(choice for choice in CHOICES if choice.model is Figures)
    kept, other = (right, left) if takes_right else (left, right)
    values, other_values = kept.values(choice), other.values(choice)
    as_of = other_values["as_of"]
    years = PastFigures.objects.filter(
        organisation__in=[left.organisation, right.organisation], as_of=as_of
    )
    if as_of and as_of != values["as_of"] and not years.exists():
        ledger.add(PastFigures(organisation=left.organisation, **other_values))
    ledger.change(left.figures, values)


def _settle_consents(kept: Organisation, merged: Organisation, on: dt.date, ledger: Ledger) -> None:
    """End the consents that only one of the two gave; objections hold for both anyway."""
    for consent in lone_consents(kept, merged, on):
        ledger.change(consent, {"withdrawn_on": on})


def lone_consents(one: Organisation, other: Organisation, on: dt.date) -> list[Consent]:
    """Return the consents that hold for one of two records and not for the other."""
    held = in_force(on).filter(
        organisation__in=[one, other], allows=True, data_class__in=_BY_CONSENT
    )
    owners: dict[tuple[object, ...], set[int]] = {}
    for consent in held:
        owners.setdefault(_towards(consent), set()).add(consent.organisation_id)
    return [consent for consent in held if len(owners[_towards(consent)]) == 1]


def _towards(consent: Consent) -> tuple[object, ...]:
    return consent.data_class, consent.to_network_id, consent.to_organisation_id


def _entries_of(organisation: Organisation) -> dict[str, list[int]]:
    """Return the keys of what was written by hand, to know what is new when they part again."""
    return {
        model._meta.label_lower: sorted(
            model._base_manager.filter(**{field.name: organisation}).values_list("pk", flat=True)
        )
        for model, field in relations_to(Organisation)
        if (policy := policies.get(f"{model._meta.label_lower}.{field.name}")) and policy.is_entry
    }


# ---------------------------------------------------------------- two again


@transaction.atomic
def unmerge(
    merge: Merge, *, to_restored: Collection[str] = (), by: User | None, on: dt.date
) -> tuple[Organisation, int]:
    """Part two records again; return the restored one and how many rows could not be given back.

    What was edited or written since stays with the kept one, unless `to_restored` names it (as
    `queries.strangers_since` does): then it goes with the restored one.

    Raises
    ------
    ValueError
        If it is undone already, or a later merge of the kept one has to be undone first.
    """
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at or later_merges(merge).exists():
        raise ValueError(merge)
    kept = Organisation.objects.select_for_update().get(pk=merge.kept_id)
    going = [one for one in strangers_since(merge) if one.key in to_restored]
    networks = set(merge.content["networks"]) | concerned([kept], on)
    lost = take_back(merge.content["lines"])
    restored = Organisation.objects.get(pk=merge.merged_key)
    for stranger in going:
        stranger.hand_over(restored)
    merge.undone_at = timezone.now()
    merge.save(update_fields=["undone_at"])
    kept.refresh_from_db()
    for one in (kept, restored):
        index_organisation(one)
        _announce(one, networks, on)
    record(by, "unmerge", kept, {"restored": restored.pk})
    return restored, lost


# ---------------------------------------------------------------- these are two


@transaction.atomic
def say_distinct(one: Organisation, other: Organisation, *, by: User | None) -> bool:
    """Remember that two records are two organisations; open proposals about them are over."""
    left, right = sorted((one.pk, other.pk))
    _, is_new = DistinctPair.objects.get_or_create(
        left_id=left, right_id=right, defaults={"said_by": by}
    )
    if is_new:
        record(by, "distinct", one, {"other": other.pk})
    return is_new


@transaction.atomic
def forget_distinct(pair: DistinctPair, *, by: User | None) -> None:
    """Let two records be looked at again."""
    record(by, "look_again", pair.left, {"other": pair.right_id})
    pair.delete()


# ---------------------------------------------------------------- between offices


@transaction.atomic
def propose_merge(
    kept: Organisation,
    merged: Organisation,
    *,
    network: int,
    agreed: Collection[int],
    from_merged: Collection[str],
    by: User,
) -> MergeProposal:
    """Ask the other offices whether two records are one; asking again changes nothing."""
    same = MergeProposal.objects.filter(
        kept__in=[kept, merged], merged__in=[kept, merged], answered_at=None
    )
    if found := same.first():
        return found
    proposal = MergeProposal.objects.create(
        kept=kept, merged=merged, network_id=network, choices=list(from_merged), asked_by=by
    )
    proposal.agreed.set(agreed)
    record(by, "propose_merge", kept, {"other": merged.pk})
    return proposal


@transaction.atomic
def answer_proposal(
    proposal: MergeProposal, *, grants: bool, networks: Collection[int], by: User, on: dt.date
) -> Merge | None:
    """Say yes or no for some networks; the last yes that was missing makes the two one.

    A no is remembered: they are two. An answer after the last one changes nothing.
    """
    proposal = MergeProposal.objects.select_for_update().get(pk=proposal.pk)
    if proposal.answered_at:
        return None
    kept, merged = proposal.kept, proposal.merged
    if not grants:
        _close(proposal, is_granted=False)
        say_distinct(kept, merged, by=by)
        return None
    proposal.agreed.add(*networks)
    if concerned([kept, merged], on) - set(proposal.agreed.values_list("pk", flat=True)):
        return None
    _close(proposal, is_granted=True)
    return merge(kept, merged, from_merged=proposal.choices, by=by, on=on)


@transaction.atomic
def withdraw_proposal(proposal: MergeProposal, *, by: User) -> bool:
    """Take a proposal back as long as nobody answered; returns whether it was still open."""
    proposal = MergeProposal.objects.select_for_update().get(pk=proposal.pk)
    if proposal.answered_at:
        return False
    _close(proposal, is_granted=None)
    record(by, "withdraw_merge", proposal.kept, {"other": proposal.merged_id})
    return True


def _close(proposal: MergeProposal, *, is_granted: bool | None) -> None:
    proposal.answered_at, proposal.is_granted = timezone.now(), is_granted
    proposal.save(update_fields=["answered_at", "is_granted"])
