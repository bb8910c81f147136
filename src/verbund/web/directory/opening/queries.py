"""Offers and requests whose visibility an office may change at once, and who decided about it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from verbund.web.core.models import AuditEntry
from verbund.web.directory.member_lists.undoing import traces_of
from verbund.web.directory.models import ImportRun, Offer, Request
from verbund.web.directory.queries import goes_on
from verbund.web.networks.models import Membership, Network, Organisation, Role, Visibility, holds
from verbund.web.networks.rules import Viewer

_MODELS: tuple[type[Offer] | type[Request], ...] = (Offer, Request)


@dataclass(frozen=True)
class Affected:
    """Offers and requests that others would see; `theirs` are those members wrote themselves."""

    entries: list[Offer | Request]
    theirs: list[Offer | Request]

    @property
    def members(self) -> int:
        return len({entry.organisation_id for entry in self.entries})

    @property
    def offers(self) -> int:
        return sum(isinstance(entry, Offer) for entry in self.entries)

    @property
    def requests(self) -> int:
        return len(self.entries) - self.offers


def own_members(network: Network, on: dt.date) -> set[int]:
    members = Membership.objects.filter(holds(on), network=network)
    return set(members.values_list("organisation_id", flat=True))


def affected(
    network: Network,
    visibility: Visibility,
    on: dt.date,
    *,
    brought_by: ImportRun | None,
    everything: bool,
) -> Affected:
    """Return the entries that would change: of all own members, or those an import wrote.

    Those members decided about themselves are among them only with `everything`.
    """
    members = own_members(network, on)
    found: list[Offer | Request] = []
    for model in _MODELS:
        rows = model.objects.filter(goes_on(on), organisation__in=members)
        if brought_by:
            rows = rows.filter(pk__in=_written(brought_by, model))
        found += rows.exclude(visibility=visibility).order_by("organisation__name", "pk")
    written = _written_by_members(found)
    theirs = [entry for entry in found if (type(entry), entry.pk) in written]
    if everything:
        return Affected(found, theirs)
    return Affected([e for e in found if (type(e), e.pk) not in written], theirs)


def _written(run: ImportRun, model: type[Offer | Request]) -> list[int]:
    label = model._meta.label_lower
    return [pk for trace in traces_of(run) for name, pk, _v in trace.made if name == label]


def _written_by_members(entries: list[Offer | Request]) -> set[tuple[type[Offer | Request], int]]:
    """Return the entries that somebody who speaks for their owner wrote or changed."""
    owners = {(type(entry), entry.pk): entry.organisation_id for entry in entries}
    speakers = set(
        Role.objects.filter(organisation__in=set(owners.values())).values_list(
            "user", "organisation"
        )
    )
    written: set[tuple[type[Offer | Request], int]] = set()
    for model in _MODELS:
        keys = [str(pk) for kind, pk in owners if kind is model]
        log = AuditEntry.objects.filter(kind=model._meta.model_name, key__in=keys)
        for key, actor in log.values_list("key", "actor"):
            if (actor, owners[model, int(key)]) in speakers:
                written.add((model, int(key)))
    return written


def import_of(viewer: Viewer, key: str) -> ImportRun | None:
    """Return an import of a network this person manages, by the key an address names."""
    if not key.isascii() or not key.isdigit() or len(key) > 9:
        return None
    runs = ImportRun.objects.filter(network__in=viewer.managed, state=ImportRun.State.TAKEN)
    return runs.filter(pk=key).first()


def names_of(entries: list[Offer | Request]) -> list[Organisation]:
    keys = {entry.organisation_id for entry in entries}
    return list(Organisation.objects.filter(pk__in=keys))
