"""What a person changes about themselves."""

from __future__ import annotations

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
