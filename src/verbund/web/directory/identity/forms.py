"""Web input about names, sites, numbers, the parent and the membership of an organisation."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from verbund.errors import InvalidInput
from verbund.records.identifiers import read_identifier
from verbund.web.directory.member_lists.content import engine_language
from verbund.web.networks.models import Alias, Identifier, Membership, Organisation, Site
from verbund.wording import message

if TYPE_CHECKING:
    AliasModelForm = forms.ModelForm[Alias]
    SiteModelForm = forms.ModelForm[Site]
    IdentifierModelForm = forms.ModelForm[Identifier]
    MembershipModelForm = forms.ModelForm[Membership]
else:
    AliasModelForm = SiteModelForm = IdentifierModelForm = MembershipModelForm = forms.ModelForm

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_DAYS = {"valid_from": _DAY, "valid_until": _DAY}


def _in_order(given: dict[str, Any]) -> dict[str, Any]:
    first, last = given.get("valid_from"), given.get("valid_until")
    if first and last and last < first:
        raise ValidationError(gettext("The last day lies before the first."))
    return given


class AliasForm(AliasModelForm):
    class Meta:
        model = Alias
        fields = ["name", "valid_from", "valid_until"]
        labels = {"name": _("Name")}
        widgets = _DAYS
        help_texts = {"valid_until": _("A former name: the last day on which it was in use.")}

    def clean(self) -> dict[str, Any]:
        return _in_order(super().clean() or self.cleaned_data)


class SiteForm(SiteModelForm):
    class Meta:
        model = Site
        fields = ["name", "street", "postal_code", "city", "country", "valid_from", "valid_until"]
        widgets = _DAYS
        help_texts = {"country": _("Two letters: DE, AT, CZ.")}

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()

    def clean(self) -> dict[str, Any]:
        return _in_order(super().clean() or self.cleaned_data)


class IdentifierForm(IdentifierModelForm):
    class Meta:
        model = Identifier
        fields = ["scheme", "value"]
        help_texts = {
            "value": _("A slip of the pen is noticed where the register has check digits.")
        }

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("scheme") and given.get("value"):
            try:
                given["value"] = read_identifier(given["scheme"], given["value"])
            except InvalidInput as refusal:
                self.add_error("value", message(refusal, engine_language()))
        return given


class BelongsForm(forms.Form):
    """The legal form where the name does not say it, and the organisation this one belongs to."""

    legal_form = forms.CharField(
        label=_("Legal form"),
        required=False,
        max_length=40,
        help_text=_("Part of the identity: “X e.V.” and “X GmbH” are two organisations."),
    )
    parent = forms.CharField(
        label=_("Belongs to"),
        required=False,
        max_length=300,
        help_text=_("The name of an organisation that stands among the members you see."),
    )


class MembershipForm(MembershipModelForm):
    class Meta:
        model = Membership
        fields = ["status", "number", "valid_from", "valid_until"]
        widgets = _DAYS
        labels = {"valid_from": _("Member since"), "valid_until": _("Last day")}
        help_texts = {"valid_until": _("If notice was given. Empty: it goes on.")}

    def __init__(self, *args: Any, on: dt.date, **options: Any) -> None:
        super().__init__(*args, **options)
        self._on = on

    def clean_valid_until(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["valid_until"]
        if day and day < self._on:
            raise ValidationError(
                gettext("This day has passed. To end it now, end the membership.")
            )
        return day

    def clean(self) -> dict[str, Any]:
        return _in_order(super().clean() or self.cleaned_data)


class Part:
    """One kind of row of an identity: model, form, and how its page is called."""

    def __init__(self, model: Any, form: Any, new: Any, change: Any) -> None:
        self.model, self.form, self.new, self.change = model, form, new, change


PARTS = {
    "aliases": Part(Alias, AliasForm, _("Add a name"), _("Change a name")),
    "sites": Part(Site, SiteForm, _("Add a site"), _("Change a site")),
    "numbers": Part(
        Identifier, IdentifierForm, _("Add a number of a register"), _("Change a number")
    ),
}


def parent_named(
    name: str, candidates: list[Organisation], organisation: Organisation
) -> Organisation | None:
    """Return the one organisation of a name that is not below this one.

    Raises
    ------
    ValidationError
        If none or several are called so, or it belongs to this one itself.
    """
    if not name:
        return None
    if len(candidates) != 1:
        text = gettext(
            "Among the members you see, %(number)d are called “%(name)s”; one is needed."
        )
        raise ValidationError(text % {"number": len(candidates), "name": name})
    above: Organisation | None = candidates[0]
    while above:
        if above == organisation:
            raise ValidationError(gettext("An organisation cannot belong to itself."))
        above = above.parent
    return candidates[0]
