"""Writes: agreements as their offices record them, and what comes of every clause."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from verbund.errors import VerbundError
from verbund.web.agreements.model_clauses import SHAREABLE, audience_of
from verbund.web.agreements.models import Activity, Agreement, Clause, Field, Party, SharingRule
from verbund.web.agreements.signals import sharing_changed
from verbund.web.core.models import AuditEntry
from verbund.web.core.services import record
from verbund.web.networks.models import DataClass, Network

if TYPE_CHECKING:
    from verbund.web.accounts.models import User


class Refused(VerbundError):  # noqa: N818  # the name says what happened
    """What an agreement does not allow; the text is for the person who tried."""

    def __init__(self, text: str) -> None:
        super().__init__(text, code="agreement.refused", values={})


@dataclass(frozen=True)
class PartyDraft:
    network: Network
    signatory: str = ""
    signatory_role: str = ""


@dataclass(frozen=True)
class ClauseDraft:
    """A clause as typed in; `clause` is the one it changes, `shares` what this office gives."""

    field: Field
    title_de: str = ""
    title_en: str = ""
    aim_de: str = ""
    aim_en: str = ""
    planned_a_year: int = 1
    shares: frozenset[DataClass] = frozenset()
    clause: Clause | None = None


@dataclass(frozen=True)
class AgreementDraft:
    """An agreement as typed in; `agreement` carries the fields of its own, saved or not."""

    agreement: Agreement
    parties: tuple[PartyDraft, ...]
    clauses: tuple[ClauseDraft, ...]
    changed: tuple[str, ...] = ()


@transaction.atomic
def record_agreement(
    draft: AgreementDraft, *, givers: Collection[int], by: User, on: dt.date
) -> Agreement:
    """Record an agreement signed on paper.

    What it shares holds for the networks in `givers` (those the person manages) at once; every
    other party's office first confirms it. The same agreement recorded twice stays one.
    """
    list(Network.objects.select_for_update().filter(pk__in=[p.network.pk for p in draft.parties]))
    if twin := _same_agreement(draft):
        return twin
    agreement = draft.agreement
    agreement.stage = Agreement.Stage.SIGNED
    agreement.slug = _free_slug(draft)
    agreement.save()
    for party in draft.parties:
        Party.objects.create(
            agreement=agreement,
            network=party.network,
            signatory=party.signatory,
            signatory_role=party.signatory_role,
            is_confirmed=party.network.pk in givers,
        )
    shared = _write_clauses(agreement, draft.clauses, givers=givers, on=on)
    record(by, "record_agreement", agreement, {"shares": shared})
    _tell(agreement)
    return agreement


def _same_agreement(draft: AgreementDraft) -> Agreement | None:
    wanted = {party.network.pk for party in draft.parties}
    new = draft.agreement
    candidates = Agreement.objects.filter(
        kind=new.kind, signed_on=new.signed_on, title_de=new.title_de, title_en=new.title_en
    ).prefetch_related("signing")
    for candidate in candidates:
        if {party.network_id for party in candidate.signing.all()} == wanted:
            return candidate
    return None


def _free_slug(draft: AgreementDraft) -> str:
    names = "-".join(party.network.slug for party in draft.parties)
    wanted = f"{slugify(names)[:50]}-{draft.agreement.day.year}"
    taken = set(Agreement.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    number = 2
    slug = wanted
    while slug in taken:
        slug, number = f"{wanted}-{number}", number + 1
    return slug


@transaction.atomic
def change_agreement(
    draft: AgreementDraft, *, givers: Collection[int], by: User, on: dt.date
) -> Agreement:
    """Change texts, dates, signatories and clauses; of what is shared, only what `givers` give.

    Clauses that the draft no longer has are removed.

    Raises
    ------
    Refused
        If a clause to be removed has activities.
    """
    agreement = draft.agreement
    agreement.save()
    for party in draft.parties:
        Party.objects.filter(agreement=agreement, network=party.network).update(
            signatory=party.signatory, signatory_role=party.signatory_role
        )
    kept = [clause.clause.pk for clause in draft.clauses if clause.clause]
    for clause in Clause.objects.filter(agreement=agreement).exclude(pk__in=kept):
        if clause.activities.exists():
            raise Refused(_("Clause %(clause)s has activities and stays.") % {"clause": clause})
        clause.delete()
    shared = _write_clauses(agreement, draft.clauses, givers=givers, on=on)
    record(by, "change_agreement", agreement, {"fields": list(draft.changed), "shares": shared})
    _tell(agreement)
    return agreement


def _write_clauses(
    agreement: Agreement,
    drafts: Iterable[ClauseDraft],
    *,
    givers: Collection[int],
    on: dt.date,
) -> dict[str, list[str]]:
    """Write the clauses and return what each of them newly shares (+) or no longer shares (-)."""
    last = max(agreement.clauses.values_list("number", flat=True), default=0)
    changes = {}
    for draft in drafts:
        clause = draft.clause
        if clause is None:
            last += 1
            clause = Clause(agreement=agreement, number=last)
        clause.field = draft.field
        clause.title_de, clause.title_en = draft.title_de, draft.title_en
        clause.aim_de, clause.aim_en = draft.aim_de, draft.aim_en
        clause.planned_a_year = draft.planned_a_year
        clause.save()
        changes[str(clause)] = [
            change
            for giver in sorted(givers)
            for change in _share(clause, giver=giver, classes=draft.shares, on=on)
        ]
    return {clause: change for clause, change in changes.items() if change}


def shared_by(clause: Clause, givers: Collection[int], on: dt.date) -> frozenset[DataClass]:
    """Return the classes of data that every one of these parties gives by a clause."""
    rules = [rule for rule in clause.rules.all() if not rule.valid_until or rule.valid_until >= on]
    return frozenset(
        data_class
        for data_class in DataClass
        if givers
        and all(
            any(r.data_class == data_class and r.giver_id in (None, giver) for r in rules)
            for giver in givers
        )
    )


def _share(clause: Clause, *, giver: int, classes: Iterable[DataClass], on: dt.date) -> list[str]:
    """Let a party give these classes and no others; what the other parties give stays."""
    wanted = set(classes)
    rules = list(
        clause.rules.filter(_not_over(on), Q(giver=None) | Q(giver=giver), data_class__in=SHAREABLE)
    )
    has = {DataClass(rule.data_class) for rule in rules}
    for rule in rules:
        if DataClass(rule.data_class) not in wanted:
            _end_rule(rule, giver=giver, on=on)
    begins = clause.agreement.valid_from
    for data_class in sorted(wanted - has):
        clause.rules.create(
            data_class=data_class,
            audience=audience_of(data_class),
            giver_id=giver,
            valid_from=on if begins is None or begins < on else None,
        )
    return [f"+{c}" for c in sorted(wanted - has)] + [f"-{c}" for c in sorted(has - wanted)]


def _not_over(on: dt.date) -> Q:
    return Q(valid_until=None) | Q(valid_until__gte=on)


def _end_rule(rule: SharingRule, *, giver: int, on: dt.date) -> None:
    """End what one party gives from today on; the others go on giving it."""
    if rule.giver_id is None:
        for party in rule.clause.agreement.signing.exclude(network=giver):
            if party.network_id != rule.receiver_id:
                rule.clause.rules.create(
                    data_class=rule.data_class,
                    audience=rule.audience,
                    giver_id=party.network_id,
                    receiver_id=rule.receiver_id,
                    valid_from=rule.valid_from,
                    valid_until=rule.valid_until,
                )
    rule.valid_until = on - dt.timedelta(days=1)
    rule.save(update_fields=["valid_until"])


@transaction.atomic
def confirm_agreement(
    agreement: Agreement, *, networks: Collection[int], by: User, on: dt.date
) -> Agreement:
    """Confirm for some parties what another office recorded: they give what the others give."""
    waiting = Party.objects.filter(
        agreement=agreement, network__in=networks, is_confirmed=False
    ).values_list("network_id", flat=True)
    givers = sorted(waiting)
    if not givers:
        return agreement
    for clause in agreement.clauses.all():
        rules = clause.rules.filter(_not_over(on), data_class__in=SHAREABLE)
        classes = {DataClass(rule.data_class) for rule in rules}
        for giver in givers:
            _share(clause, giver=giver, classes=classes, on=on)
    Party.objects.filter(agreement=agreement, network__in=givers).update(is_confirmed=True)
    record(by, "confirm_agreement", agreement, {"networks": givers})
    _tell(agreement)
    return agreement


@transaction.atomic
def end_agreement(agreement: Agreement, *, last_day: dt.date, by: User) -> Agreement:
    """Let an agreement end with a day; on the day after, nothing of it is shared any more.

    Any party may bring the end forward. To go on longer is agreed anew.

    Raises
    ------
    Refused
        If it would end later than agreed, or before it began.
    """
    before = agreement.valid_until
    if before and last_day > before:
        raise Refused(_("It cannot end later than agreed; record a new agreement instead."))
    if agreement.valid_from and last_day < agreement.valid_from:
        raise Refused(_("It cannot end before it began."))
    if last_day == before:
        return agreement
    agreement.valid_until = last_day
    agreement.save(update_fields=["valid_until"])
    record(by, "end_agreement", agreement, {"until": last_day, "before": before})
    _tell(agreement)
    return agreement


@transaction.atomic
def take_back_end(agreement: Agreement, *, by: User) -> Agreement:
    """Undo what this person did last: the end that was set before holds again.

    Raises
    ------
    Refused
        If the last thing that happened to the agreement was something else.
    """
    last = AuditEntry.objects.filter(kind="agreement", key=str(agreement.pk)).first()
    if last is None or last.verb != "end_agreement" or last.actor_id != by.pk:
        raise Refused(_("This can no longer be undone."))
    before = last.changes["before"]
    agreement.valid_until = dt.date.fromisoformat(before) if before else None
    agreement.save(update_fields=["valid_until"])
    record(by, "take_back_end", agreement, {"until": before})
    _tell(agreement)
    return agreement


def _tell(agreement: Agreement) -> None:
    networks = list(agreement.signing.values_list("network_id", flat=True))
    sharing_changed.send(sender=Agreement, networks=networks)


@transaction.atomic
def plan_activity(activity: Activity, *, partners: Iterable[Network], by: User) -> Activity:
    """Write down something planned or held; the same thing typed in twice stays one."""
    Clause.objects.select_for_update().get(pk=activity.clause_id)
    twin = (
        Activity.objects.exclude(state=Activity.State.CANCELLED)
        .filter(
            clause=activity.clause,
            kind=activity.kind,
            date=activity.date,
            title_de=activity.title_de,
            title_en=activity.title_en,
        )
        .first()
    )
    if twin:
        return twin
    activity.recorded_by = by
    activity.save()
    activity.partners.set(partners)
    record(by, "plan_activity", activity, {"state": activity.state, "date": activity.date})
    return activity


@transaction.atomic
def change_activity(
    activity: Activity,
    *,
    by: User,
    changed: Iterable[str],
    partners: Iterable[Network] | None = None,
) -> Activity:
    """Change an activity; a file that was replaced or removed is deleted."""
    old_file = Activity.objects.get(pk=activity.pk).file
    activity.save()
    if partners is not None:
        activity.partners.set(partners)
    if old_file.name and old_file.name != activity.file.name:
        transaction.on_commit(partial(old_file.storage.delete, old_file.name))
    record(by, "change_activity", activity, {"fields": list(changed)})
    return activity


@transaction.atomic
def hold_activity(activity: Activity, *, by: User) -> Activity:
    """Keep that an activity took place, with its result."""
    activity.state = Activity.State.HELD
    activity.save()
    record(by, "hold_activity", activity, {"participants": activity.participants})
    return activity


def cancel_activity(activity: Activity, *, by: User) -> bool:
    """Cancel what is planned; tell whether that changed anything."""
    return _move(activity, "cancel_activity", Activity.State.CANCELLED, by, Activity.State.PLANNED)


def reopen_activity(activity: Activity, *, by: User) -> bool:
    """Plan again what was cancelled or held by mistake; tell whether that changed anything."""
    closed = (Activity.State.CANCELLED, Activity.State.HELD)
    return _move(activity, "reopen_activity", Activity.State.PLANNED, by, *closed)


@transaction.atomic
def _move(
    activity: Activity, verb: str, to: Activity.State, by: User, *come_from: Activity.State
) -> bool:
    moved = Activity.objects.filter(pk=activity.pk, state__in=come_from).update(state=to)
    if moved:
        activity.state = to
        record(by, verb, activity, {"state": to})
    return bool(moved)


@transaction.atomic
def record_activity(
    clause: Clause,
    *,
    kind: Activity.Kind,
    date: dt.date,
    state: Activity.State,
    link: str,
    title_de: str = "",
    title_en: str = "",
    by: User | None = None,
) -> Activity:
    """Record below a clause what another part did; recorded again under its link, it is updated.

    Titles are public, so they name no member; without any, the kind's name stands there.
    """
    Clause.objects.select_for_update().get(pk=clause.pk)
    activity = Activity.objects.filter(clause=clause, kind=kind, link=link).first() or Activity(
        clause=clause, kind=kind, link=link, recorded_by=by
    )
    is_new = activity.pk is None
    before = (activity.state, activity.date, activity.title_de, activity.title_en)
    if not (title_de or title_en):
        title_de, title_en = _kind_in("de", kind), _kind_in("en", kind)
    activity.title_de, activity.title_en = title_de, title_en
    activity.state, activity.date = state, date
    if is_new or before != (activity.state, activity.date, title_de, title_en):
        activity.save()
        record(by, "record_activity", activity, {"state": state, "date": date, "link": link})
    return activity


def _kind_in(language: str, kind: Activity.Kind) -> str:
    with override(language):
        name = str(Activity.Kind(kind).label)
    return name[:1].upper() + name[1:]
