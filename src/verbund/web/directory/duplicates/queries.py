"""Which organisations may be one, among those an office knows, and what a merge would do.

An office learns nothing here that the directory does not show it: compared are the members of the
networks it edits, and those of partners that an agreement shows both ways.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.core.cache import caches
from django.db.models import Count, Max, Model, Q, QuerySet
from django.utils.text import capfirst

from verbund.records.duplicates import Identity, Likeness, Twin, domains_among, twins
from verbund.records.names import parse_name
from verbund.web.agreements.sharing import visible
from verbund.web.core.texts import current_language
from verbund.web.directory.duplicates.ledger import column_of, edited_since, row_of
from verbund.web.directory.duplicates.policies import (
    Counted,
    policies,
    policy_of,
    relations_to,
)
from verbund.web.directory.duplicates.sides import CHOICES
from verbund.web.directory.models import ContactPerson, DistinctPair, Merge, MergeProposal
from verbund.web.directory.queries import sight_of
from verbund.web.networks.models import (
    Alias,
    Identifier,
    Membership,
    Network,
    Organisation,
    Site,
    holds,
)
from verbund.web.networks.rules import Viewer, viewer_for_network

if TYPE_CHECKING:
    from verbund.wording import Language

_SECONDS_KEPT = 10 * 60


@dataclass(frozen=True)
class Pair:
    """Two records that may be one; `is_own` if the offices of one person decide about both."""

    left: Organisation
    right: Organisation
    likeness: Likeness
    reasons: list[str]
    doubts: list[str]
    is_own: bool

    @property
    def is_sure(self) -> bool:
        return self.likeness is Likeness.SAME


def own_members(viewer: Viewer, on: dt.date) -> set[int]:
    """Return the members of the networks whose data this person may change."""
    rows = Membership.objects.filter(holds(on), network__in=viewer.edited)
    return set(rows.values_list("organisation_id", flat=True))


def members_of_partners(viewer: Viewer, on: dt.date) -> dict[int, set[int]]:
    """Return the further organisations this person sees, with the networks that hold them.

    All of these must be in sight: a merge is theirs to agree to.
    """
    sight, own = sight_of(viewer, on), own_members(viewer, on)
    homes: dict[int, set[int]] = defaultdict(set)
    rows = Membership.objects.filter(holds(on), organisation__in=sight.organisations.values("pk"))
    for organisation, network in rows.values_list("organisation_id", "network_id"):
        if organisation not in own:
            homes[organisation].add(network)
    shown = sight.memberships.filter(organisation__in=homes)
    in_sight = set(shown.values_list("organisation_id", "network_id"))
    return {
        organisation: networks
        for organisation, networks in homes.items()
        if all((organisation, network) in in_sight for network in networks)
    }


def seen_by(network: int, organisations: Iterable[int], on: dt.date) -> set[int]:
    """Return which of these the members of a network see, so that its office can be asked."""
    rows = Organisation.objects.filter(pk__in=list(organisations))
    seen = visible(rows, to=viewer_for_network(Network(pk=network)), on=on)
    return set(seen.values_list("pk", flat=True))


def twins_of(viewer: Viewer, on: dt.date) -> list[Pair]:
    """List the pairs that may be one, the surest first, without those said to be two.

    Across networks only those of which each side sees both: a merge can be proposed.
    """
    if not viewer.edited:
        return []
    own, others = own_members(viewer, on), members_of_partners(viewer, on)
    ids = sorted(own | others.keys())
    said = set(DistinctPair.objects.values_list("left_id", "right_id"))
    found = {(ids[twin.left], ids[twin.right]): twin for twin in _twins(ids)}
    found = {pair: twin for pair, twin in found.items() if own & {*pair} and pair not in said}
    mine = {pk for pair in found if not own >= {*pair} for pk in pair if pk in own}
    networks = {network for pair in found for pk in pair for network in others.get(pk, ())}
    seen = {network: seen_by(network, mine, on) for network in networks}
    rows = Organisation.objects.in_bulk({pk for pair in found for pk in pair})
    return [
        _pair(rows[left], rows[right], twin, is_own=own >= {left, right})
        for (left, right), twin in found.items()
        if all(
            {left, right} & own <= seen[network]
            for pk in (left, right)
            for network in others.get(pk, ())
        )
    ]


def _pair(left: Organisation, right: Organisation, twin: Twin, *, is_own: bool) -> Pair:
    language = cast("Language", current_language())
    return Pair(
        left,
        right,
        twin.likeness,
        [one.say(language) for one in twin.reasons],
        [one.say(language) for one in twin.doubts],
        is_own,
    )


def _twins(ids: list[int]) -> list[Twin]:
    """Compare records, at most once as long as none of them changes."""
    state = [
        model._base_manager.aggregate(n=Count("pk"), last=Max("pk"))
        for model in (Alias, Identifier, Site, ContactPerson)
    ]
    changed = Organisation.objects.aggregate(last=Max("changed_at"))
    key = hashlib.sha256(repr((ids, state, changed)).encode()).hexdigest()
    found = caches["process"].get_or_set(
        f"twins-{key}", lambda: twins(_identities(ids)), _SECONDS_KEPT
    )
    return cast("list[Twin]", found)


def _identities(ids: list[int]) -> list[Identity]:
    """Read what tells who these are (five queries)."""
    wanted = Q(organisation__in=Organisation.objects.filter(pk__in=ids))
    names, towns = _lists(Alias, wanted, "name"), _lists(Site, wanted, "city")
    numbers = _lists(Identifier, wanted, "scheme", "value")
    mails = _lists(ContactPerson, wanted, "email")
    rows = Organisation.objects.filter(pk__in=ids).values_list(
        "pk", "name", "legal_form", "city", "website"
    )
    found = {}
    for pk, name, legal_form, city, website in rows:
        own = name if parse_name(name).legal_form else f"{name} {legal_form}".strip()
        found[pk] = Identity(
            names=(own, *(alias for (alias,) in names[pk])),
            towns=(city, *(town for (town,) in towns[pk])),
            domains=domains_among([website, *(mail for (mail,) in mails[pk])]),
            identifiers=frozenset(numbers[pk]),
        )
    return [found[pk] for pk in ids]


def _lists(model: type[Any], wanted: Q, *fields: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for pk, *values in model.objects.filter(wanted).values_list("organisation_id", *fields):
        found[pk].append(tuple(values))
    return found


# ---------------------------------------------------------------- one pair


def concerned(organisations: Iterable[Organisation], on: dt.date) -> set[int]:
    """Return the networks that hold these organisations: their offices decide about a merge."""
    rows = Membership.objects.filter(holds(on), organisation__in=list(organisations))
    return set(rows.values_list("network_id", flat=True))


def may_decide(viewer: Viewer, pair: Iterable[Organisation], on: dt.date) -> bool:
    """Tell whether this person's offices alone decide: each of both is held by them only."""
    return all((networks := concerned([one], on)) and networks <= viewer.edited for one in pair)


def may_propose(viewer: Viewer, one: Organisation, other: Organisation, on: dt.date) -> bool:
    """Tell whether the other offices may be asked: each side sees both records already."""
    own, known = own_members(viewer, on), members_of_partners(viewer, on)
    ids = {one.pk, other.pk}
    others = concerned([one, other], on) - viewer.edited
    is_known = bool(ids & own) and ids <= own | known.keys()
    return is_known and all(ids <= seen_by(network, ids, on) for network in others)


def distinct_pairs(viewer: Viewer, on: dt.date) -> QuerySet[DistinctPair]:
    own = own_members(viewer, on)
    seen = own | members_of_partners(viewer, on).keys()
    return DistinctPair.objects.filter(
        Q(left__in=own) | Q(right__in=own), left__in=seen, right__in=seen
    ).select_related("left", "right")


def merges_of(viewer: Viewer, on: dt.date) -> QuerySet[Merge]:
    """Merges into members of this person's networks, the newest first; undone ones too."""
    return Merge.objects.filter(kept__in=own_members(viewer, on)).select_related("kept", "by")


def open_proposals() -> QuerySet[MergeProposal]:
    return MergeProposal.objects.filter(answered_at=None).select_related(
        "kept", "merged", "network"
    )


def proposals_to_answer(viewer: Viewer, on: dt.date) -> list[MergeProposal]:
    """Return proposals that wait for a network of this person and that it may still see."""
    return [
        one
        for one in open_proposals().prefetch_related("agreed")
        if asked_of(viewer, one, on) and may_propose(viewer, one.kept, one.merged, on)
    ]


def asked_of(viewer: Viewer, proposal: MergeProposal, on: dt.date) -> set[int]:
    """Return the networks of this person whose yes is missing."""
    agreed = {network.pk for network in proposal.agreed.all()}
    return (concerned([proposal.kept, proposal.merged], on) & viewer.edited) - agreed


def own_proposals(viewer: Viewer) -> QuerySet[MergeProposal]:
    return open_proposals().filter(network__in=viewer.edited)


def counted_of(organisation: Organisation) -> list[str]:
    """Say how many rows of each kind move: "3 offers", "1 contact person"."""
    numbers: Counter[Counted] = Counter()
    for model, field in relations_to(Organisation):
        if counted := policy_of(field).counted:
            numbers[counted] += model._base_manager.filter(**{field.name: organisation}).count()
    return [counted(number) for counted, number in numbers.items() if number]


# ---------------------------------------------------------------- after a merge


def kept_instead_of(pk: int) -> int | None:
    """Return into which organisation a record was merged, if that still holds."""
    seen: set[int] = set()
    found: int | None = None
    while pk not in seen:
        seen.add(pk)
        merge = Merge.objects.filter(merged_key=pk, undone_at=None).first()
        if merge is None:
            break
        found = pk = merge.kept_id
    return found


def later_merges(merge: Merge) -> QuerySet[Merge]:
    """Return later merges of the kept record: they have to be undone first."""
    return Merge.objects.filter(kept=merge.kept_id, undone_at=None, pk__gt=merge.pk)


@dataclass(frozen=True)
class Stranger:
    """What came after a merge and belongs to neither side for certain: an edit or a new entry."""

    key: str
    label: str
    row: Model
    column: str
    before: Any = None
    is_edit: bool = False

    @property
    def text(self) -> str:
        return str(getattr(self.row, self.column) if self.is_edit else self.row)

    def hand_over(self, restored: Organisation) -> None:
        """Let it go with the restored record; after an edit the kept one gets back what it said."""
        rows = type(self.row)._base_manager
        own = rows.filter(pk=self.row.pk)
        if not self.is_edit:
            own.update(**{self.column: restored.pk})
            return
        theirs = (
            {"pk": restored.pk}
            if isinstance(self.row, Organisation)
            else {"organisation": restored}
        )
        rows.filter(**theirs).update(**{self.column: getattr(self.row, self.column)})
        own.update(**{self.column: self.before})


def strangers_since(merge: Merge) -> list[Stranger]:
    """List what was edited or written on the kept record since a merge."""
    return [*_edits(merge), *_new_entries(merge)]


def _edits(merge: Merge) -> Iterable[Stranger]:
    chosen = {(choice.model, column) for choice in CHOICES for column in choice.columns}
    for line in merge.content["lines"]:
        if line["did"] != "change":
            continue
        row = row_of(line)
        for column in edited_since(line):
            if row and (type(row), column) in chosen:
                field = column_of(row, column)
                yield Stranger(
                    f"{line['model']}.{column}",
                    capfirst(str(field.verbose_name)),
                    row,
                    column,
                    before=field.to_python(line["before"][column]),
                    is_edit=True,
                )


def _new_entries(merge: Merge) -> Iterable[Stranger]:
    known = merge.content["entries"]
    for model, field in relations_to(Organisation):
        policy = policies.get(f"{model._meta.label_lower}.{field.name}")
        if policy is None or not policy.is_entry:
            continue
        rows = model._base_manager.filter(**{field.name: merge.kept_id})
        for row in rows.exclude(pk__in=known.get(model._meta.label_lower, [])).order_by("pk"):
            label = capfirst(str(model._meta.verbose_name))
            key = f"{model._meta.label_lower}:{row.pk}"
            yield Stranger(key, label, row, field.attname)
