"""What a person changes about themselves."""

from __future__ import annotations

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from verbund.web.accounts.models import User


class AccountForm(forms.ModelForm[User]):
    language = forms.ChoiceField(
        label=_("Language of the site and of mails to you"), choices=settings.LANGUAGES
    )

    class Meta:
        model = User
        fields = ["name", "language"]
        labels = {"name": _("Your name, as others see it")}


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth is untyped
    name = forms.CharField(
        label=_("Name of the passkey"),
        required=False,
        max_length=60,
        help_text=_("So that you tell them apart, such as “laptop at work”."),
    )
    passwordless = forms.BooleanField(
        label=_("Sign in with it alone"),
        required=False,
        initial=True,
        help_text=_(
            "Your device then asks for finger, face or PIN. Otherwise the passkey is the second"
            " step after password or code."
        ),
    )


class PasskeyNameForm(EditWebAuthnForm):  # type: ignore[misc]  # allauth is untyped
    name = forms.CharField(label=_("Name of the passkey"), max_length=60)
