"""Web input about networks and their people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from verbund.language.spelling import fold
from verbund.web.networks.colours import (
    DARK_SHEET,
    ENOUGH,
    HUES,
    LIGHT_SHEET,
    contrast,
    on_dark,
    readable,
)
from verbund.web.networks.models import LegalPage, Network, Organisation, Role
from verbund.web.networks.queries import members_of
from verbund.web.networks.roles import OFFICE_KINDS, WHAT_IT_DOES

NAME_HELP = _("Short, as it stands beside every member.")
LANGUAGE_LABEL = _("Language of the office")


class NetworkForm(forms.ModelForm[Network]):
    website = forms.URLField(label=_("website"), required=False, assume_scheme="https")

    class Meta:
        model = Network
        fields = [
            "name",
            "full_name",
            "region",
            "about_de",
            "about_en",
            "colour",
            "dark_colour",
            "website",
            "email",
            "language",
        ]
        labels = {
            "colour": _("Colour on white"),
            "dark_colour": _("Colour on dark ground"),
            "language": LANGUAGE_LABEL,
        }
        help_texts = {
            "name": NAME_HELP,
            "colour": _("Marks the network on lists and maps; always beside its name."),
            "email": _("Where members' answers to mails of the network go."),
        }
        widgets = {
            "colour": forms.TextInput(attrs={"type": "color"}),
            "dark_colour": forms.TextInput(attrs={"type": "color"}),
            "about_de": forms.Textarea(attrs={"rows": 5}),
            "about_en": forms.Textarea(attrs={"rows": 5}),
        }

    def clean_colour(self) -> str:
        return _enough_contrast(self.cleaned_data["colour"], LIGHT_SHEET)

    def clean_dark_colour(self) -> str:
        return _enough_contrast(self.cleaned_data["dark_colour"], DARK_SHEET)


def _enough_contrast(colour: str, sheet: str) -> str:
    Network._meta.get_field("colour").run_validators(colour)
    found = contrast(colour, sheet)
    if found < ENOUGH:
        text = gettext(
            "%(colour)s is too hard to see: contrast %(found)s to 1, at least 3 to 1 is needed."
            " %(proposal)s would do."
        )
        values = {
            "colour": colour,
            "found": number_format(int(found * 10) / 10, decimal_pos=1),
            "proposal": readable(colour, sheet),
        }
        raise ValidationError(text % values)
    return colour


class NewNetworkForm(NetworkForm):
    manager_name = forms.CharField(label=_("Name of the first manager"), max_length=120)
    manager_email = forms.EmailField(
        label=_("Mail address of the first manager"),
        help_text=_("This person gets an invitation and then invites everybody else."),
    )

    class Meta(NetworkForm.Meta):
        fields = ["name", "full_name", "region", "colour", "language"]
        labels = NetworkForm.Meta.labels | {"colour": _("Colour")}

    field_order = [*Meta.fields, "manager_name", "manager_email"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["website"]
        taken = set(Network.objects.values_list("colour", flat=True))
        self.initial["colour"] = next((hue for hue in HUES if hue not in taken), next(iter(HUES)))

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if fold(name) in map(fold, Network.objects.values_list("name", flat=True)):
            raise ValidationError(gettext("There is a network of this name already."))
        return name

    def network(self) -> Network:
        """Return the network with what the form says, not yet saved."""
        network = self.instance
        network.dark_colour = on_dark(network.colour)
        return network


def _kind_choices(kinds: Iterable[Role.Kind]) -> list[tuple[str, str]]:
    """Name each role with what it does."""
    return [
        (
            kind,
            format_html(
                "<span>{} <small>{}</small></span>", capfirst(kind.label), WHAT_IT_DOES[kind]
            ),
        )
        for kind in kinds
    ]


class InviteForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("Mail address"), max_length=254)
    kind = forms.ChoiceField(
        label=_("What the person does"),
        widget=forms.RadioSelect,
        initial=Role.Kind.REPRESENTATIVE,
        choices=lambda: _kind_choices((Role.Kind.REPRESENTATIVE, *OFFICE_KINDS)),
    )
    organisation = forms.ModelChoiceField(
        label=_("Organisation"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("please choose"),
        help_text=_("Needed for somebody who speaks for a member."),
    )
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)

    def __init__(self, network: Network, on: dt.date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = members_of(network, on)  # type: ignore[attr-defined]  # a model choice

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        if given.get("kind") in OFFICE_KINDS:
            given["organisation"] = None
        elif not given.get("organisation") and "organisation" not in self.errors:
            self.add_error("organisation", _("Choose the organisation this person speaks for."))
        return given


class RoleForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What the person does"),
        widget=forms.RadioSelect,
        choices=lambda: _kind_choices(OFFICE_KINDS),
    )


class LegalForm(forms.ModelForm[LegalPage]):
    class Meta:
        model = LegalPage
        fields = ["text_de", "text_en"]
        widgets = {
            "text_de": forms.Textarea(attrs={"rows": 16, "lang": "de"}),
            "text_en": forms.Textarea(attrs={"rows": 16, "lang": "en"}),
        }
