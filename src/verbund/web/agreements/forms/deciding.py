"""What people decide about an agreement: signing, recording, ending, giving less."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from verbund.web.agreements.forms.activities import harmless
from verbund.web.agreements.forms.days import day_input
from verbund.web.agreements.models import Agreement, Document

_PRECISION = gettext_lazy("If only month or year are known, choose any day in it and say so here.")


class RecordForm(forms.Form):
    signed_on = forms.DateField(label=capfirst(gettext_lazy("signed on")), widget=day_input())
    signed_precision = forms.ChoiceField(
        label=capfirst(gettext_lazy("how exact the day is")),
        choices=Agreement.Precision.choices,
        help_text=_PRECISION,
    )


class AnswerForm(forms.Form):
    """A signatory's word on the text with this fingerprint."""

    seen = forms.CharField(widget=forms.HiddenInput)
    role = forms.CharField(
        label=capfirst(gettext_lazy("role at signing")),
        max_length=200,
        help_text=gettext_lazy("For example chair of the board."),
    )


class RefusalForm(AnswerForm):
    reason = forms.CharField(label=gettext_lazy("Why not?"), max_length=300)


class EndForm(forms.Form):
    last_day = forms.DateField(label=gettext_lazy("Last day in force"), widget=day_input())


class ReviewForm(forms.Form):
    review_on = forms.DateField(
        label=capfirst(gettext_lazy("next review")), required=False, widget=day_input()
    )


class NarrowForm(forms.Form):
    """What one's own network gives, to be ended piece by piece."""

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ended"] = forms.MultipleChoiceField(
            label=gettext_lazy("No longer give"),
            choices=choices,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": gettext_lazy("Choose what is to end.")},
        )


class DocumentForm(forms.ModelForm[Document]):
    class Meta:
        model = Document
        fields = ["title", "file"]

    file = forms.FileField(label=gettext_lazy("File"), validators=[harmless])
