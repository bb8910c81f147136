"""Web input of the set-up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from verbund.web.accounts.models import User
from verbund.web.networks.colours import (
    DARK_SHEET,
    ENOUGH,
    HUES,
    LIGHT_SHEET,
    contrast,
    readable,
)
from verbund.web.networks.forms import LANGUAGE_LABEL, NAME_HELP
from verbund.web.networks.models import Network
from verbund.web.portal.setup.services import FirstMember

OWN = "own"
_ROWS = 3


@dataclass(frozen=True)
class Shade:
    """A colour of the palette: how it looks on white and on dark ground, and what it is called."""

    on_white: str
    on_dark: str
    name: str | Promise


_NAMES = (
    _("blue"),
    _("amber"),
    _("petrol"),
    _("violet"),
    _("magenta"),
    _("red"),
    _("brown"),
    _("slate"),
)
PALETTE = tuple(
    Shade(on_white, on_dark, name)
    for (on_white, on_dark), name in zip(HUES.items(), _NAMES, strict=True)
)


class NetworkStep(forms.ModelForm[Network]):
    shade = forms.ChoiceField(
        label=_("Colour"),
        choices=[*((shade.on_white, shade.name) for shade in PALETTE), (OWN, _("own colour"))],
        widget=forms.RadioSelect,
        initial=PALETTE[0].on_white,
    )
    own_colour = forms.RegexField(
        r"^#[0-9a-fA-F]{6}$",
        label=_("Own colour"),
        required=False,
        help_text=_("As in your style guide, such as #1d5fae. Only with the choice “own colour”."),
        error_messages={"invalid": _("Write the colour as #1d5fae.")},
    )

    class Meta:
        model = Network
        fields = ["name", "region", "language"]
        labels = {
            "name": _("Name of the network"),
            "region": _("Region"),
            "language": LANGUAGE_LABEL,
        }
        help_texts = {
            "name": NAME_HELP,
            "region": _("Where most members are, such as “Thuringia”."),
        }

    field_order = ["name", "region", "language", "shade", "own_colour"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            known = {shade.on_white for shade in PALETTE}
            is_own = self.instance.colour not in known
            self.initial["shade"] = OWN if is_own else self.instance.colour
            self.initial["own_colour"] = self.instance.colour if is_own else ""

    @property
    def shades(self) -> list[tuple[Any, str]]:
        """Pair each radio button with the colour to show beside it."""
        return [
            (button, "" if button.data["value"] == OWN else button.data["value"])
            for button in self["shade"]
        ]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("shade") != OWN or "own_colour" in self.errors:
            return given
        colour = given.get("own_colour", "").lower()
        if not colour:
            self.add_error("own_colour", _("Write the colour, or choose one of the palette."))
        elif contrast(colour, LIGHT_SHEET) < ENOUGH:
            text = gettext("%(colour)s is too light to be seen on white. %(proposal)s would do.")
            proposal = readable(colour, LIGHT_SHEET)
            self.add_error("own_colour", text % {"colour": colour, "proposal": proposal})
        given["own_colour"] = colour
        return given

    def network(self) -> Network:
        """Return the network with what the form says, not yet saved."""
        network = self.instance
        chosen = self.cleaned_data["shade"]
        if chosen == OWN:
            network.colour = self.cleaned_data["own_colour"]
            network.dark_colour = readable(network.colour, DARK_SHEET)
        else:
            shade = next(shade for shade in PALETTE if shade.on_white == chosen)
            network.colour, network.dark_colour = shade.on_white, shade.on_dark
        return network


class ManagerStep(forms.Form):
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
        help_text=_("With it you sign in."),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_(
            "At least 10 characters, no common password, and not like your name or address."
        ),
    )
    again = forms.CharField(
        label=_("Password once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=email).exists():
            raise ValidationError(_("There is an account with this address already."))
        return email

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        password = given.get("password")
        if password and given.get("again") and password != given["again"]:
            self.add_error("again", _("The two passwords differ."))
        elif password:
            person = User(email=given.get("email", ""), name=given.get("name", ""))
            try:
                validate_password(password, person)
            except ValidationError as error:
                self.add_error("password", error)
        return given


class MemberRow(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=300, required=False)
    city = forms.CharField(label=_("Town"), max_length=120, required=False)
    offers = forms.CharField(
        label=_("Offers, one a line"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    requests = forms.CharField(
        label=_("Requests, one a line"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        says_something = any(given.get(field) for field in ("city", "offers", "requests"))
        if says_something and not given.get("name") and "name" not in self.errors:
            self.add_error("name", _("The name is missing."))
        return given

    def member(self) -> FirstMember | None:
        given = self.cleaned_data
        if not given.get("name"):
            return None
        return FirstMember(
            given["name"],
            given["city"],
            _lines(given["offers"]),
            _lines(given["requests"]),
        )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


MemberRows = forms.formset_factory(MemberRow, extra=_ROWS, max_num=_ROWS, absolute_max=_ROWS)
