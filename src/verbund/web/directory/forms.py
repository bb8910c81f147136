"""Web input about members."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from verbund.web.directory.amounts import AmountField, CountField
from verbund.web.directory.map import state_names
from verbund.web.directory.models import ContactPerson, Figures, Offer, Profile, Request
from verbund.web.directory.naming import names_itself
from verbund.web.networks.models import Network, Organisation, Visibility

if TYPE_CHECKING:
    OrganisationModelForm = forms.ModelForm[Organisation]
    ProfileModelForm = forms.ModelForm[Profile]
    FiguresModelForm = forms.ModelForm[Figures]
    ContactModelForm = forms.ModelForm[ContactPerson]
else:
    OrganisationModelForm = ProfileModelForm = FiguresModelForm = forms.ModelForm
    ContactModelForm = forms.ModelForm

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class IdentityForm(OrganisationModelForm):
    website = forms.URLField(
        label=_("Website"), required=False, max_length=300, assume_scheme="https"
    )
    state = forms.ChoiceField(label=_("Federal state"), required=False)

    class Meta:
        model = Organisation
        fields = ["name", "kind", "street", "postal_code", "city", "state", "country", "website"]
        help_texts = {"country": _("Two letters: DE, AT, CZ.")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        states = list(state_names().items())
        if self.instance.state and self.instance.state not in dict(states):
            states.append((self.instance.state, self.instance.state))
        choice = self.fields["state"]
        if isinstance(choice, forms.ChoiceField):
            choice.choices = [("", "–"), *states]

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()


class ProfileForm(ProfileModelForm):
    class Meta:
        model = Profile
        fields = ["text_de", "text_en", "topics", "segment"]
        widgets = {
            "text_de": forms.Textarea(attrs={"rows": 4, "lang": "de"}),
            "text_en": forms.Textarea(attrs={"rows": 4, "lang": "en"}),
            "topics": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "text_en": _("One language is enough; readers of the other one are told."),
            "topics": _("One topic per line."),
        }

    def clean_topics(self) -> str:
        lines = (line.strip() for line in str(self.cleaned_data["topics"]).splitlines())
        return "\n".join(dict.fromkeys(line for line in lines if line))


class FiguresForm(FiguresModelForm):
    employees = CountField(label=_("employees"))
    turnover_eur = AmountField(
        label=_("turnover in EUR"), help_text=_("In full or short: 312,000,000 or 312 m.")
    )
    balance_eur = AmountField(label=_("balance-sheet total in EUR"))

    class Meta:
        model = Figures
        fields = ["employees", "turnover_eur", "balance_eur", "as_of"]
        widgets = {"as_of": _DAY}
        help_texts = {
            "as_of": _("A later day than before keeps what stands here now as an earlier year.")
        }


class ContactForm(ContactModelForm):
    class Meta:
        model = ContactPerson
        fields = ["name", "function", "email", "phone", "valid_from", "valid_until"]
        widgets = {"valid_from": _DAY, "valid_until": _DAY}
        help_texts = {
            "valid_until": _("From the day after, nobody sees or writes to this person any more.")
        }

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = given.get("valid_from"), given.get("valid_until")
        if first and last and last < first:
            raise ValidationError(gettext("The last day lies before the first."))
        return given


class EntryForm(forms.Form):
    """An offer or a request, in one language or both."""

    text_de = forms.CharField(
        label=_("In German"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "de"}),
    )
    text_en = forms.CharField(
        label=_("In English"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "en"}),
        help_text=_("One language is enough; readers of the other one are told."),
    )
    visibility = forms.ChoiceField(label=_("Who may see it?"), widget=forms.RadioSelect)
    is_anonymous = forms.BooleanField(
        label=_("Others read it without our name"),
        required=False,
        help_text=_(
            "Other networks read the text only; it stands on no page of ours and counts nowhere."
            " You decide step by step who learns that it is yours."
        ),
    )
    capacity = forms.CharField(
        label=_("Capacity or quantity"),
        required=False,
        max_length=200,
        help_text=_("Such as 500 pieces a month, or from autumn on."),
    )
    trl = forms.TypedChoiceField(
        label=_("Technology readiness level"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "–"), *((level, f"TRL {level}") for level in range(1, 10))],
        help_text=_("1: principle observed, 4: shown in the laboratory, 7: prototype, 9: in use."),
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=_DAY,
        help_text=_("Empty: it goes on until somebody ends it."),
    )

    def __init__(
        self,
        *args: Any,
        entry: Offer | Request,
        homes: Sequence[Network],
        partners: Sequence[Network],
        on: dt.date,
        **options: Any,
    ) -> None:
        self._entry, self._on = entry, on
        super().__init__(*args, **options)
        if not isinstance(entry, Request):
            del self.fields["is_anonymous"]
        self.initial = {name: getattr(entry, name) for name in self.fields}
        choice = self.fields["visibility"]
        if isinstance(choice, forms.ChoiceField):
            choice.choices = visibility_choices(homes, partners)

    def clean_ends_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["ends_on"]
        if day and day < self._on and day != self._entry.ends_on:
            raise ValidationError(gettext("This day has passed. Choose today or a later day."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not (cleaned["text_de"] or cleaned["text_en"]):
            raise ValidationError(gettext("Write one sentence, in German or in English."))
        if cleaned.get("is_anonymous"):
            self._refuse_own_name(cleaned.get("text_de", ""), cleaned.get("text_en", ""))
        return cleaned

    def _refuse_own_name(self, *texts: str) -> None:
        organisation = self._entry.organisation
        if names_itself(organisation, *texts):
            message = gettext("The text names %(name)s. Leave the name out, or show it.")
            raise ValidationError(message % {"name": organisation})

    def written(self) -> Offer | Request:
        """Return the entry as the form states it, not yet saved."""
        for name in self.fields:
            setattr(self._entry, name, self.cleaned_data[name])
        return self._entry


def visibility_choices(
    homes: Sequence[Network], partners: Sequence[Network]
) -> list[tuple[str, Any]]:
    """Name those whom each choice lets in."""
    own = ", ".join(network.name for network in homes) or "–"
    others = ", ".join(network.name for network in partners)
    if others:
        to_partners = format_lazy(_("Partner networks too, as far as agreements go: {}"), others)
    else:
        to_partners = _("Partner networks too, as soon as an agreement is in force")
    return [
        (Visibility.OWN.value, format_lazy(_("Own network only: {}"), own)),
        (Visibility.PARTNERS.value, to_partners),
        (Visibility.PUBLIC.value, _("Everyone, without signing in")),
    ]


class VisibilityForm(forms.Form):
    visibility = forms.ChoiceField(label=_("Who may see the profile?"), widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, homes: Sequence[Network], partners: Sequence[Network], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        choice = self.fields["visibility"]
        if isinstance(choice, forms.ChoiceField):
            choice.choices = visibility_choices(homes, partners)


class NewMemberForm(OrganisationModelForm):
    """The few things a new member needs; a namesake among those already seen is asked about."""

    is_another = forms.BooleanField(
        label=_("It is another organisation of the same name"),
        required=False,
        widget=forms.HiddenInput,
    )

    class Meta:
        model = Organisation
        fields = ["name", "kind", "postal_code", "city", "country"]
        help_texts = {"country": _("Two letters: DE, AT, CZ.")}

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()
