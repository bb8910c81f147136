"""Web input about approaches."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from verbund.web.directory.naming import names_itself
from verbund.web.networks.models import Organisation


class AskForm(forms.Form):
    """What one can contribute; for whom is only asked where there is a choice."""

    text = forms.CharField(
        label=_("What can you contribute?"),
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Your name stays hidden: write nothing that gives it away."),
    )
    organisation = forms.ModelChoiceField(
        label=_("For whom do you write?"), queryset=Organisation.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        choice = self.fields["organisation"]
        if isinstance(choice, forms.ModelChoiceField):
            choice.queryset = organisations
        listed = list(organisations[:2])
        if len(listed) == 1:
            choice.initial, choice.widget = listed[0].pk, forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        organisation, text = cleaned.get("organisation"), cleaned.get("text", "")
        if organisation and names_itself(organisation, text):
            message = gettext("The text names %(name)s. Leave the name out; you give it later.")
            raise ValidationError(message % {"name": organisation})
        return cleaned
