"""The questions of a profile, one at a time: each a form the other pages use, and its service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from verbund.web.core.registries import Text
from verbund.web.directory import services
from verbund.web.directory.confirming.chairs import Chair
from verbund.web.directory.forms import (
    ContactForm,
    EntryForm,
    FiguresForm,
    IdentityForm,
    ProfileForm,
    VisibilityForm,
)
from verbund.web.directory.models import ContactPerson, Figures, Offer, Profile
from verbund.web.directory.models import Request as MemberRequest
from verbund.web.directory.queries import goes_on
from verbund.web.networks.models import Organisation, Visibility, holds

Typed = QueryDict | None
FIRST = ("about", "offers", "requests", "contact", "visibility")  # of a first profile
_ENTRIES: dict[str, type[Offer] | type[MemberRequest]] = {
    "offers": Offer,
    "requests": MemberRequest,
}


@dataclass(frozen=True)
class Question:
    """`form` builds the form about one thing of the organisation (`one` is its key, if it has)."""

    key: str
    title: Text
    lede: Text
    form: Callable[[Chair, Typed, str], forms.BaseForm]
    save: Callable[[Chair, Any], None]
    things: Callable[[Chair], list[Any]] = lambda chair: []  # there may be several


def _identity(chair: Chair, typed: Typed, one: str) -> forms.BaseForm:
    return IdentityForm(typed, instance=Organisation.objects.get(pk=chair.organisation.pk))


def _about(chair: Chair, typed: Typed, one: str) -> forms.BaseForm:
    return ProfileForm(typed, instance=_profile(chair))


def _figures(chair: Chair, typed: Typed, one: str) -> forms.BaseForm:
    return FiguresForm(typed, instance=_size(chair))


def _save_identity(chair: Chair, form: Any) -> None:
    _save_portrait(chair, form, form.instance, _profile(chair), _size(chair))


def _save_about(chair: Chair, form: Any) -> None:
    _save_portrait(chair, form, chair.organisation, form.instance, _size(chair))


def _save_figures(chair: Chair, form: Any) -> None:
    _save_portrait(chair, form, chair.organisation, _profile(chair), form.instance)


def _save_portrait(
    chair: Chair, form: Any, organisation: Organisation, profile: Profile, figures: Figures
) -> None:
    changed = form.changed_data
    services.save_portrait(
        organisation, profile, figures, changed=changed, by=chair.by, on=chair.on
    )


def _profile(chair: Chair) -> Profile:
    found = Profile.objects.filter(organisation=chair.organisation).first()
    return found or Profile(organisation=chair.organisation)


def _size(chair: Chair) -> Figures:
    found = Figures.objects.filter(organisation=chair.organisation).first()
    return found or Figures(organisation=chair.organisation)


def _entry(kind: str) -> Callable[[Chair, Typed, str], forms.BaseForm]:
    def form(chair: Chair, typed: Typed, one: str) -> forms.BaseForm:
        entry: Offer | MemberRequest = _ENTRIES[kind](organisation=chair.organisation)
        if one:
            model: type[Any] = _ENTRIES[kind]
            entry = get_object_or_404(model, pk=_key(one), organisation=chair.organisation)
        return EntryForm(
            typed, entry=entry, homes=chair.homes, partners=chair.partners, on=chair.on
        )

    return form


def _save_entry(chair: Chair, form: Any) -> None:
    services.save_entry(form.written(), chair.organisation, by=chair.by, on=chair.on)


def _entries(kind: str) -> Callable[[Chair], list[Any]]:
    def things(chair: Chair) -> list[Any]:
        rows = _ENTRIES[kind].objects.filter(goes_on(chair.on), organisation=chair.organisation)
        return list(rows.order_by("pk"))

    return things


def _contact(chair: Chair, typed: Typed, one: str) -> forms.BaseForm:
    people = _contacts(chair)
    person = people[0] if people and not one else ContactPerson(organisation=chair.organisation)
    if one and one != "new":
        person = get_object_or_404(ContactPerson, pk=_key(one), organisation=chair.organisation)
    return ContactForm(typed, instance=person)


def _save_contact(chair: Chair, form: Any) -> None:
    services.save_contact(form.instance, by=chair.by)


def _contacts(chair: Chair) -> list[Any]:
    people = ContactPerson.objects.filter(holds(chair.on), organisation=chair.organisation)
    return list(people.order_by("pk"))


def _visibility(chair: Chair, typed: Typed, one: str) -> forms.BaseForm:
    return VisibilityForm(
        typed,
        homes=chair.homes,
        partners=chair.partners,
        initial={"visibility": chair.organisation.visibility},
    )


def _save_visibility(chair: Chair, form: Any) -> None:
    wanted = Visibility(form.cleaned_data["visibility"])
    services.set_visibility(chair.organisation, wanted, by=chair.by, on=chair.on)


def _key(one: str) -> int:
    return int(one) if one.isdecimal() and len(one) < 19 else 0


QUESTIONS = {
    question.key: question
    for question in (
        Question(
            "about",
            _("What do you do?"),
            _("Two or three sentences, as you would say it to somebody from another field."),
            _about,
            _save_about,
        ),
        Question(
            "offers",
            _("What do you offer?"),
            _("One sentence: what others can get from you, with a size or a number if it matters."),
            _entry("offers"),
            _save_entry,
            _entries("offers"),
        ),
        Question(
            "requests",
            _("What are you looking for?"),
            _("One sentence: the task, not the product. Only a request lets others answer."),
            _entry("requests"),
            _save_entry,
            _entries("requests"),
        ),
        Question(
            "contact",
            _("Who is the contact?"),
            _("Partners see them only once the person has consented; your office always does."),
            _contact,
            _save_contact,
            _contacts,
        ),
        Question(
            "visibility",
            _("Who may see the profile?"),
            _("Offers and requests each say themselves who may see them."),
            _visibility,
            _save_visibility,
        ),
        Question(
            "identity",
            _("Name and place"),
            _("Who the organisation is and where it is."),
            _identity,
            _save_identity,
        ),
        Question(
            "figures",
            _("Figures"),
            _("Seen by your office; by partners only if you consent."),
            _figures,
            _save_figures,
        ),
    )
}
