"""Words of the audit log for members and what they say, and for lists that bring them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from verbund.web.agreements.sharing import visible
from verbund.web.core.auditing import INSTALLATION, Audited, Changes, announce_kind
from verbund.web.core.registries import Text
from verbund.web.directory.models import ContactPerson, ImportRun, Offer, Request, VocabularyVersion
from verbund.web.networks.changes import homes_of
from verbund.web.networks.models import (
    DataClass,
    MembershipClaim,
    Network,
    Organisation,
    Visibility,
)
from verbund.web.networks.rules import Viewer

# Between the member and one network alone:
_MEMBERSHIP = ("create", "leave", "return", "membership", "ask", "undo")


def announce_changes() -> None:
    announce_kind(Organisation, _ORGANISATION)
    announce_kind(Offer, _OFFER)
    announce_kind(Request, _REQUEST)
    announce_kind(ContactPerson, _CONTACT)
    announce_kind(MembershipClaim, _CLAIM)
    announce_kind(ImportRun, _LIST)
    announce_kind(VocabularyVersion, _VOCABULARY)


def _offices_of_organisation(
    organisation: Organisation, verb: str, changes: Changes
) -> Iterable[int]:
    if verb in _MEMBERSHIP and "network" in changes:
        return Network.objects.filter(slug=changes["network"]).values_list("pk", flat=True)
    return homes_of(organisation)


def _offices_of_owner(thing: Any, verb: str, changes: Changes) -> Iterable[int]:
    return homes_of(thing.organisation_id)


def _seen(model: type[Model]) -> Callable[[Viewer, dt.date], QuerySet[Any]]:
    return lambda viewer, on: visible(model._default_manager.all(), to=viewer, on=on)


def _consent(changes: Changes) -> Text:
    """Return what was allowed or refused: the profile goes to partners unless it is refused."""
    if changes.get("data_class") == DataClass.PROFILE:
        if changes.get("allows"):
            return _("%(who)s withdrew the objection of %(what)s")
        return _("%(who)s objected for %(what)s to being shown")
    if changes.get("allows"):
        return _("%(who)s gave a consent of %(what)s")
    return _("%(who)s withdrew a consent of %(what)s")


def _changed(changes: Changes) -> Text:
    if "visibility" in changes:
        return _SEEN_BY.get(changes["visibility"], _("%(who)s changed who may see %(what)s"))
    return _("%(who)s changed the profile of %(what)s")


_SEEN_BY: dict[str, Text] = {
    Visibility.OWN: _("%(who)s showed %(what)s to its own network only"),
    Visibility.PARTNERS: _("%(who)s showed %(what)s to partner networks"),
    Visibility.PUBLIC: _("%(who)s showed %(what)s to everyone"),
}
_ORGANISATION = Audited(
    _("organisation"),
    said={
        "create": _("%(who)s took %(what)s in as a member"),
        "update": _changed,
        "figures": _("%(who)s changed the figures of %(what)s"),
        "membership": _("%(who)s changed status or dates of the membership of %(what)s"),
        "confirm": _("%(who)s confirmed the profile of %(what)s"),
        "ask": _("%(who)s asked whether the profile of %(what)s is right"),
        "consent": _consent,
        "entries": _("%(who)s changed who may see offers and requests of %(what)s"),
        "leave": _("%(who)s ended the membership of %(what)s"),
        "undo": _("%(who)s took back that %(what)s was taken in as a member"),
        "return": _("%(who)s took back that %(what)s left"),
        "delete": _("%(who)s deleted a contact person of %(what)s"),
        "give_data": _("%(who)s gave out the data of a contact person of %(what)s"),
        "merge": _("%(who)s merged a second record into %(what)s"),
        "unmerge": _("%(who)s undid a merge of %(what)s"),
        "propose_merge": _("%(who)s proposed to merge a second record with %(what)s"),
        "withdraw_merge": _("%(who)s withdrew the proposal to merge %(what)s"),
        "distinct": _("%(who)s said that %(what)s and another record are two"),
        "look_again": _("%(who)s wants %(what)s and another record looked at again"),
    },
    offices=_offices_of_organisation,
    seen=_seen(Organisation),
    keeps_name=True,
    by_link=frozenset({"confirm", "update", "consent"}),
    news={
        "create": _("New members"),
        "update": _("Profile changed"),
        "confirm": _("Profile confirmed"),
        "consent": _("Changed who may see what"),
        "leave": _("Left the network"),
        "return": _("Back in the network"),
    },
)


_OFFER = Audited(
    _("offer"),
    said={
        "create": _("%(who)s wrote an offer: %(what)s"),
        "update": _("%(who)s changed an offer: %(what)s"),
        "delete": _("%(who)s deleted an offer: %(what)s"),
    },
    offices=_offices_of_owner,
    seen=_seen(Offer),
)
_REQUEST = Audited(
    _("request"),
    said={
        "create": _("%(who)s wrote a request: %(what)s"),
        "update": _("%(who)s changed a request: %(what)s"),
        "delete": _("%(who)s deleted a request: %(what)s"),
    },
    offices=_offices_of_owner,
    seen=_seen(Request),
)
_CONTACT = Audited(
    _("contact person"),
    said={
        "create": _("%(who)s wrote down a contact person: %(what)s"),
        "update": _("%(who)s changed a contact person: %(what)s"),
    },
    offices=_offices_of_owner,
    seen=_seen(ContactPerson),
)
_CLAIM = Audited(
    _("claimed membership"),
    said={
        "claim": _("%(who)s asked whether this is a member, too: %(what)s"),
        "grant": _("%(who)s said yes to a claimed membership: %(what)s"),
        "decline": _("%(who)s said no to a claimed membership: %(what)s"),
        "withdraw": _("%(who)s withdrew a claimed membership: %(what)s"),
    },
    offices=lambda claim, verb, changes: [claim.network_id, *homes_of(claim.organisation_id)],
    seen=lambda viewer, on: MembershipClaim.objects.filter(
        network__in=viewer.managed
    ).select_related("network", "organisation"),
    keeps_name=True,
)
_LIST = Audited(
    _("member list"),
    said={
        "read": _("%(who)s read a member list: %(what)s"),
        "columns": _("%(who)s said what the columns of a member list mean: %(what)s"),
        "import": _("%(who)s took a member list over: %(what)s"),
        "discard": _("%(who)s discarded a member list: %(what)s"),
        "undo": _("%(who)s took back what a member list had brought: %(what)s"),
    },
    offices=lambda run, verb, changes: [run.network_id],
    seen=lambda viewer, on: ImportRun.objects.filter(network__in=viewer.managed).defer(
        "content", "before"
    ),
)
_VOCABULARY = Audited(
    _("vocabulary"),
    said={
        "read": _("%(who)s read a vocabulary: %(what)s"),
        "use": _("%(who)s took a vocabulary into use: %(what)s"),
        "discard": _("%(who)s discarded a vocabulary: %(what)s"),
    },
    offices=lambda version, verb, changes: [INSTALLATION],
    seen=lambda viewer, on: (
        VocabularyVersion.objects.defer("concepts")
        if viewer.is_operator
        else VocabularyVersion.objects.none()
    ),
    keeps_name=True,
    name=lambda version: str(version) or "Verbund",
)
