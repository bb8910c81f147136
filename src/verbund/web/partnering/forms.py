"""What offices and members type about pairs."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from verbund.web.partnering.models import Introduction, Suggestion
from verbund.web.partnering.monthly import next_month
from verbund.wording import LANGUAGES

_QUOTED = re.compile(r"[„“]([^„“”]+)[“”]")


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
    reasons = forms.CharField(
        label=gettext_lazy("Reasons, one a line"),
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "They stand in the mail under “Why we write to you”. Put them in your own words; what"
            " stands in quotation marks must remain as the member wrote it."
        ),
    )

    def __init__(self, *args: Any, suggestion: Suggestion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.suggestion = suggestion

    def clean_reasons(self) -> str:
        """Return what the office reworded; nothing if the reasons are as they were proposed."""
        lines = [line.strip() for line in self.cleaned_data["reasons"].splitlines() if line.strip()]
        if " ".join(lines).split() == " ".join(self.suggestion.reason_texts).split():
            return ""
        said = " ".join(
            reason[language] for reason in self.suggestion.reasons for language in LANGUAGES
        )
        written = " ".join([said, *self.suggestion.quotes.values_list("text", flat=True)])
        for quote in _QUOTED.findall(" ".join(lines)):
            if quote not in written:
                text = _("“%(quote)s” is not what the member wrote. Quotations stay word for word.")
                raise ValidationError(text % {"quote": quote})
        return "\n".join(lines)


NEXT_MONTH = "month"


class PostponeForm(forms.Form):
    weeks = forms.ChoiceField(
        label=gettext_lazy("Put off for"),
        choices=[
            ("2", gettext_lazy("2 weeks")),
            (NEXT_MONTH, gettext_lazy("until next month")),
            ("4", gettext_lazy("4 weeks")),
            ("13", gettext_lazy("3 months")),
        ],
    )

    def until(self, on: dt.date) -> dt.date:
        weeks = self.cleaned_data["weeks"]
        return next_month(on) if weeks == NEXT_MONTH else on + dt.timedelta(weeks=int(weeks))


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
        fields = ["met_on", "second_met_on", "outcome", "outcome_text"]
        widgets = {
            "met_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "second_met_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "outcome_text": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, on: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        self.fields["met_on"].required = True

    def clean_met_on(self) -> dt.date:
        met_on: dt.date = self.cleaned_data["met_on"]
        return self._held(met_on)

    def clean_second_met_on(self) -> dt.date | None:
        second: dt.date | None = self.cleaned_data["second_met_on"]
        first = self.cleaned_data.get("met_on")
        if second and first and second < first:
            raise ValidationError(_("The second talk cannot lie before the first."))
        return second and self._held(second)

    def _held(self, day: dt.date) -> dt.date:
        if day > self.on:
            raise ValidationError(_("A talk that has been held cannot lie in the future."))
        return day


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
    reason = forms.CharField(max_length=300, required=False)
