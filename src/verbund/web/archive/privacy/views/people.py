"""One's own data, and those of contact persons who ask their office."""

from __future__ import annotations

from typing import cast

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from verbund.web.accounts.models import User
from verbund.web.archive.privacy.data_file import Part, data_file, parts_about
from verbund.web.archive.privacy.erasing import Refused, erase_contacts, erase_person
from verbund.web.archive.privacy.people import can_act_for, is_all_own, person_behind, person_of
from verbund.web.core import toasts
from verbund.web.core.consequences import CONFIRMED, Consequence, what_follows
from verbund.web.core.personal import Person
from verbund.web.core.services import record, today
from verbund.web.directory.models import ContactPerson
from verbund.web.networks.requests import Request


@login_required
def own_data(request: Request) -> HttpResponse:
    person, on = person_of(cast("User", request.user)), today()
    parts = parts_about(person, on=on)
    if request.method == "POST":
        return _file(person, parts)
    return render(request, "privacy/data.html", {"person": person, "parts": parts})


def _file(person: Person, parts: list[Part]) -> HttpResponse:
    body = data_file(person, parts, now=timezone.localtime())
    response = HttpResponse(body, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{_("my-data")}.zip"'
    return response


@login_required
def own_erasure(request: Request) -> HttpResponse:
    user, on = cast("User", request.user), today()
    person = person_of(user)
    if request.method == "POST" and CONFIRMED in request.POST:
        try:
            erase_person(person, by=user, on=on)
        except Refused as refused:
            toasts.warn(request, str(refused))
            return redirect("own_erasure")
        logout(request)
        toasts.say(request, _("Your account and your data are erased. Nobody can sign in with it."))
        return redirect("home")
    return _ask(request, person, what_follows(person, on), parts_about(person, on=on))


def _ask(
    request: Request,
    person: Person,
    follows: list[Consequence],
    parts: list[Part],
    contact: ContactPerson | None = None,
) -> HttpResponse:
    shown = [one for one in follows if one.is_shown]
    context = {
        "person": person,
        "contact": contact,
        "consequences": shown,
        "prevented": any(one.prevents for one in shown),
        "parts": parts,
    }
    return render(request, "privacy/erase.html", context)


def _contact(request: Request, pk: int) -> ContactPerson:
    contact = get_object_or_404(ContactPerson.objects.select_related("organisation"), pk=pk)
    if not can_act_for(request.viewer, contact, today()):
        raise Http404
    return contact


@login_required
def contact_data(request: Request, pk: int) -> HttpResponse:
    contact = _contact(request, pk)
    person = Person(contact.email, contact.name)
    parts = parts_about(person, office=request.viewer, on=today())
    if request.method == "POST":
        record(cast("User", request.user), "give_data", contact.organisation, {"contact": pk})
        return _file(person, parts)
    context = {"person": person, "contact": contact, "parts": parts}
    return render(request, "privacy/data.html", context)


@login_required
def contact_erasure(request: Request, pk: int) -> HttpResponse:
    contact, by, on = _contact(request, pk), cast("User", request.user), today()
    person, is_whole = person_behind(contact), is_all_own(request.viewer, contact, on)
    if request.method != "POST" or CONFIRMED not in request.POST:
        parts = parts_about(Person(contact.email, contact.name), office=request.viewer, on=on)
        return _ask(
            request, person, what_follows(person if is_whole else contact, on), parts, contact
        )
    try:
        if is_whole:
            erase_person(person, by=by, on=on, contact=contact)
        else:
            erase_contacts(contact, request.viewer, by=by, on=on)
    except Refused as refused:
        toasts.warn(request, str(refused))
        return redirect("contact_data", pk)
    text = _("What your network kept of this person is erased; whoever relied on it is told.")
    toasts.say(request, text)
    return redirect("organisation_contacts", contact.organisation_id)
