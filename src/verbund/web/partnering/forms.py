"""What offices and members type about pairs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from verbund.web.partnering.models import Introduction, Suggestion


class IntroduceForm(forms.Form):
    subject = forms.CharField(label=gettext_lazy("Topic"), max_length=200)
    text = forms.CharField(
        label=gettext_lazy("Text of the introduction"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Salutation, reasons and answer buttons are added, for each side its own."
        ),
    )


class PostponeForm(forms.Form):
    weeks = forms.TypedChoiceField(
        label=gettext_lazy("Put off for"),
        coerce=int,
        choices=[
            (2, gettext_lazy("2 weeks")),
            (4, gettext_lazy("4 weeks")),
            (13, gettext_lazy("3 months")),
        ],
    )

    def until(self, on: dt.date) -> dt.date:
        return on + dt.timedelta(weeks=self.cleaned_data["weeks"])


class RejectForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[c for c in Suggestion.RejectReason.choices if c[0] != "member"],
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Both offices can read it, the members cannot."),
    )


class TalkForm(forms.ModelForm[Introduction]):
    class Meta:
        model = Introduction
        fields = ["met_on", "outcome", "outcome_text"]
        widgets = {
            "met_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "outcome_text": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        self.fields["met_on"].required = True

    def clean_met_on(self) -> dt.date:
        met_on: dt.date = self.cleaned_data["met_on"]
        if met_on > self.on:
            raise ValidationError(_("A talk that has been held cannot lie in the future."))
        return met_on


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
    reason = forms.CharField(max_length=300, required=False)
