"""What representatives change, or their office for them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from verbund.web.core import toasts
from verbund.web.core.consequences import ask_first
from verbund.web.core.services import today
from verbund.web.directory import services
from verbund.web.directory.audiences import audiences_of, readers_by_visibility
from verbund.web.directory.forms import (
    ContactForm,
    EntryForm,
    IdentityForm,
    NewMemberForm,
    ProfileForm,
)
from verbund.web.directory.models import ContactPerson, Entry, Offer, Profile
from verbund.web.directory.models import Request as MemberRequest
from verbund.web.directory.queries import namesakes, own_entries
from verbund.web.directory.views.access import Desk, desk_of, person_of, posted
from verbund.web.networks.models import Network
from verbund.web.networks.requests import Request

_MODELS: dict[str, type[Offer] | type[MemberRequest]] = {
    "offers": Offer,
    "requests": MemberRequest,
}


@login_required
def organisation_new(request: Request) -> HttpResponse:
    edited = Network.objects.filter(pk__in=request.viewer.edited)
    network = edited.filter(slug=request.GET.get("network", "")).first() or edited.first()
    if network is None:
        raise PermissionDenied
    form = NewMemberForm(posted(request))
    known = []
    if request.method == "POST" and form.is_valid():
        known = namesakes(request.viewer, today(), form.cleaned_data["name"])
        if not known or form.cleaned_data["is_another"]:
            made = services.add_member(form.instance, network, by=person_of(request), on=today())
            message = _("%(name)s is a member of %(network)s now. Add what it offers and needs.")
            toasts.say(request, message % {"name": made, "network": network})
            return redirect("organisation_edit", made.pk)
    context = {"form": form, "network": network, "edited": edited, "known": known}
    return render(request, "directory/organisation_new.html", context)


@login_required
def organisation_edit(request: Request, pk: int) -> HttpResponse:
    desk = desk_of(request, pk)
    organisation, sent = desk.organisation, posted(request)
    profile = Profile.objects.filter(organisation=pk).first() or Profile(organisation=organisation)
    identity_form = IdentityForm(sent, instance=organisation)
    profile_form = ProfileForm(sent, instance=profile)
    forms = (identity_form, profile_form)
    # Every form says what is wrong with it, not only the first one.
    answers = [form.is_valid() for form in forms] if sent is not None else [False]
    if all(answers):
        changed = [name for form in forms for name in form.changed_data]
        services.save_portrait(
            organisation, profile, None, changed=changed, by=desk.person, on=desk.on
        )
        toasts.say(request, _("The profile of %(name)s is saved.") % {"name": organisation})
        return redirect(organisation)
    context = {"desk": desk, "identity": forms[0], "profile": forms[1]}
    return render(request, "directory/organisation_edit.html", context)


@login_required
@require_POST
def organisation_confirm(request: Request, pk: int) -> HttpResponse:
    desk = desk_of(request, pk)
    services.confirm_profile(desk.organisation, by=desk.person, on=desk.on)
    message = _("Thank you. The page of %(name)s says now that everything is right today.")
    toasts.say(request, message % {"name": desk.organisation})
    return redirect(desk.organisation)


@login_required
def organisation_entries(request: Request, pk: int) -> HttpResponse:
    desk = desk_of(request, pk)
    kinds = [
        {
            "kind": kind,
            "open": [e for e in entries if not _has_ended(e, desk.on)],
            "ended": [e for e in entries if _has_ended(e, desk.on)],
        }
        for kind in _MODELS
        for entries in [own_entries(desk.organisation, kind)]
    ]
    return render(request, "directory/entries.html", {"desk": desk, "kinds": kinds})


def _has_ended(entry: Entry, on: dt.date) -> bool:
    return entry.ends_on is not None and entry.ends_on < on


@login_required
def entry_new(request: Request, pk: int, kind: str) -> HttpResponse:
    desk = desk_of(request, pk)
    return _edit_entry(request, desk, kind, _MODELS[kind](organisation=desk.organisation))


@login_required
def entry_edit(request: Request, pk: int, kind: str, entry: int) -> HttpResponse:
    desk = desk_of(request, pk)
    return _edit_entry(request, desk, kind, _entry_of(desk, kind, entry))


def _entry_of(desk: Desk, kind: str, entry: int) -> Offer | MemberRequest:
    model: Any = _MODELS[kind]
    found: Offer | MemberRequest = get_object_or_404(
        model, pk=entry, organisation=desk.organisation
    )
    return found


def _edit_entry(
    request: Request, desk: Desk, kind: str, entry: Offer | MemberRequest
) -> HttpResponse:
    form = EntryForm(
        posted(request), entry=entry, homes=desk.homes, partners=desk.partners, on=desk.on
    )
    if request.method == "POST" and form.is_valid():
        written = form.written()
        services.save_entry(written, desk.organisation, by=desk.person, on=desk.on)
        toasts.say(request, _("Saved: “%(text)s”.") % {"text": _short(written)})
        return redirect("organisation_entries", desk.organisation.pk)
    audiences = audiences_of(desk.homes, desk.partners)
    context = {
        "desk": desk,
        "form": form,
        "kind": kind,
        "entry": entry,
        "reach": readers_by_visibility(entry, audiences, desk.on),
    }
    return render(request, "directory/entry.html", context)


def _short(entry: Entry) -> str:
    text = str(entry)
    return text if len(text) <= 80 else text[:79].rstrip() + "…"


@login_required
@require_POST
def entry_end(request: Request, pk: int, kind: str, entry: int) -> HttpResponse:
    """End an offer or a request as of yesterday, or with `?until=` set that day (empty: open)."""
    desk = desk_of(request, pk)
    found = _entry_of(desk, kind, entry)
    yesterday = desk.on - dt.timedelta(days=1)
    last_day = _day(request.GET["until"]) if "until" in request.GET else yesterday
    before = services.end_entry(
        found, desk.organisation, last_day=last_day, by=desk.person, on=desk.on
    )
    undo = reverse("entry_end", args=[pk, kind, entry])
    undo += f"?until={before.isoformat() if before else ''}"
    if last_day == yesterday:
        message = _("Ended: “%(text)s”. Nobody but you and your office sees it any more.")
        toasts.say(request, message % {"text": _short(found)}, undo=undo)
    else:
        toasts.say(request, _goes_on(found))
    return redirect("organisation_entries", pk)


def _goes_on(entry: Entry) -> str:
    text = {"text": _short(entry)}
    if entry.ends_on is None:
        return _("It goes on: “%(text)s”.") % text
    day = {"day": date_format(entry.ends_on)}
    return _("It goes on until %(day)s: “%(text)s”.") % (text | day)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


@login_required
@require_POST
def entry_delete(request: Request, pk: int, kind: str, entry: int) -> HttpResponse:
    desk = desk_of(request, pk)
    found = _MODELS[kind].objects.filter(pk=entry, organisation=desk.organisation).first()
    if found:
        text = _short(found)
        if page := ask_first(
            request,
            found,
            desk.on,
            title=_("Delete “%(text)s”?") % {"text": text},
            button=_("Delete for good"),
            back=reverse("organisation_entries", args=[pk]),
        ):
            return page
        services.delete_entry(found, desk.organisation, by=desk.person, on=desk.on)
        toasts.say(request, _("Deleted for good: “%(text)s”.") % {"text": text})
    return redirect("organisation_entries", pk)


@login_required
def organisation_contacts(request: Request, pk: int) -> HttpResponse:
    desk = desk_of(request, pk)
    people = desk.organisation.contact_persons
    ended = people.filter(valid_until__lt=desk.on)
    context = {"desk": desk, "people": people.exclude(pk__in=ended.values("pk")), "ended": ended}
    return render(request, "directory/contacts.html", context)


@login_required
def contact_new(request: Request, pk: int) -> HttpResponse:
    desk = desk_of(request, pk)
    return _edit_contact(request, desk, ContactPerson(organisation=desk.organisation))


@login_required
def contact_edit(request: Request, pk: int, person: int) -> HttpResponse:
    desk = desk_of(request, pk)
    found = get_object_or_404(ContactPerson, pk=person, organisation=desk.organisation)
    return _edit_contact(request, desk, found)


def _edit_contact(request: Request, desk: Desk, person: ContactPerson) -> HttpResponse:
    form = ContactForm(posted(request), instance=person)
    if request.method == "POST" and form.is_valid():
        services.save_contact(person, by=desk.person)
        message = _("%(name)s is saved as contact person of %(organisation)s.")
        toasts.say(request, message % {"name": person, "organisation": desk.organisation})
        return redirect("organisation_contacts", desk.organisation.pk)
    context = {"desk": desk, "form": form, "person": person}
    return render(request, "directory/contact.html", context)


@login_required
@require_POST
def contact_delete(request: Request, pk: int, person: int) -> HttpResponse:
    desk = desk_of(request, pk)
    found = ContactPerson.objects.filter(pk=person, organisation=desk.organisation).first()
    if found:
        if page := ask_first(
            request,
            found,
            desk.on,
            title=_("Delete %(name)s?") % {"name": found},
            button=_("Delete for good"),
            back=reverse("organisation_contacts", args=[pk]),
        ):
            return page
        services.delete_contact(found, by=desk.person, on=desk.on)
        message = _("%(name)s is no contact person of %(organisation)s any more.")
        toasts.say(request, message % {"name": found, "organisation": desk.organisation})
    return redirect("organisation_contacts", pk)
