"""What the directory keeps about persons: contact persons, drafts, who did and saw what."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from verbund.web.core.personal import Fate, Personal, announce_personal
from verbund.web.core.retention import Retention, announce_retention
from verbund.web.directory.models import (
    ApproachStep,
    ContactPerson,
    DistinctPair,
    EnterpriseLink,
    ImportRun,
    Merge,
    MergeProposal,
    ProfileDraft,
    Sighting,
    VocabularyVersion,
)

_TRACED = _("So that a decision can be traced.")


def announce_kept() -> None:
    announce_personal(_CONTACTS, place=11)
    for place, kind in enumerate(
        (_DRAFTS, _SIGHTINGS, _STEPS, _LISTS, _MERGES, _PROPOSALS, _PAIRS, _VOCABULARIES, _LINKS),
        start=40,
    ):
        announce_personal(kind, place=place)
    for period in (_FOR_LISTS, _FOR_SIGHTINGS, _FOR_DRAFTS, _FOR_CONTACTS):
        announce_retention(period)


def _empty_lists(before: dt.datetime) -> int:
    """Forget what a list said; that it was read, by whom, and what it changed stays."""
    old = ImportRun.objects.filter(made_at__lt=before)
    full = old.exclude(Q(content={}) & Q(decisions={}) & Q(before={}))
    return full.update(content={}, decisions={}, before={})


def _remove_sightings(before: dt.datetime) -> int:
    return Sighting.objects.filter(on__lt=timezone.localdate(before)).delete()[0]


def _remove_drafts(before: dt.datetime) -> int:
    return ProfileDraft.objects.filter(saved_at__lt=before).delete()[0]


def _remove_contacts(before: dt.datetime) -> int:
    ended = ContactPerson.objects.filter(valid_until__lt=timezone.localdate(before))
    return ended.delete()[0]


_CONTACTS = Personal(
    _("contact persons"),
    ContactPerson,
    _("Whom to write to at an organisation."),
    Fate.DELETED,
    by_email=("email",),
    told=("organisation", "name", "function", "email", "phone", "valid_from", "valid_until"),
)
_DRAFTS = Personal(
    _("drafts"),
    ProfileDraft,
    _("What was typed and not sent off yet."),
    Fate.DELETED,
    by_user=("user",),
    by_email=("address",),
    told=("organisation", "page", "content", "saved_at"),
)
_SIGHTINGS = Personal(
    _("requests seen"),
    Sighting,
    _("Owners of a request read which network has seen it; how often stays right."),
    Fate.NUMBERED,
    by_user=("user",),
    told=("network", "place", "on"),
)
_STEPS = Personal(
    _("steps towards anonymous requests"),
    ApproachStep,
    _("Each step in which names were revealed is kept for both sides."),
    Fate.NUMBERED,
    by_user=("by",),
    told=("state", "at"),
)
_LISTS = Personal(
    _("member lists read"),
    ImportRun,
    _TRACED,
    Fate.NUMBERED,
    by_user=("made_by", "ended_by"),
    told=("network", "file_name", "made_at", "state"),
)
_MERGES = Personal(
    _("records made one"),
    Merge,
    _TRACED,
    Fate.NUMBERED,
    by_user=("by",),
    told=("at",),
    kept=("merged_name",),
)
_PROPOSALS = Personal(
    _("proposals to make two records one"),
    MergeProposal,
    _TRACED,
    Fate.NUMBERED,
    by_user=("asked_by",),
    told=("network", "asked_at", "is_granted"),
)
_PAIRS = Personal(
    _("organisations told apart"),
    DistinctPair,
    _TRACED,
    Fate.NUMBERED,
    by_user=("said_by",),
    told=("id",),
)
_VOCABULARIES = Personal(
    _("vocabularies brought in"),
    VocabularyVersion,
    _TRACED,
    Fate.NUMBERED,
    by_user=("made_by",),
    told=("title", "made_at"),
    kept=("concepts",),
)
_LINKS = Personal(
    _("enterprises that own shares"),
    EnterpriseLink,
    _("A firm may be called like its founder; its name is the firm's."),
    Fate.KEPT,
    kept=("name",),
)
_FOR_LISTS = Retention(
    "lists",
    _("Contents of member lists read in"),
    _("So long a list can be looked through, or taken back as a whole; then the members hold it."),
    6,
    _empty_lists,
)
_FOR_SIGHTINGS = Retention(
    "sightings",
    _("Who has seen which request"),
    _("Owners ask while a request runs, which is seldom longer than a year."),
    12,
    _remove_sightings,
)
_FOR_DRAFTS = Retention(
    "drafts",
    _("Drafts of profiles"),
    _("Whoever has not gone on for three months begins anew."),
    3,
    _remove_drafts,
)
_FOR_CONTACTS = Retention(
    "contacts",
    _("Former contact persons"),
    _("For a year a successor can ask who was there before."),
    12,
    _remove_contacts,
)
