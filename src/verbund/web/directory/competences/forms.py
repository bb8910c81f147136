"""Web input about what speaks for a competence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from verbund.web.directory.models import Competence

if TYPE_CHECKING:
    CompetenceModelForm = forms.ModelForm[Competence]
else:
    CompetenceModelForm = forms.ModelForm

EVIDENCE = [
    choice for choice in Competence.Evidence.choices if choice[0] != Competence.Evidence.TEXT
]


class EvidenceForm(CompetenceModelForm):
    class Meta:
        model = Competence
        fields = ["evidence", "source"]
        help_texts = {"source": _("Its name, and an address where others can read about it.")}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        label = gettext("What speaks for it?")
        self.fields["evidence"] = forms.ChoiceField(
            label=label, choices=EVIDENCE, widget=forms.RadioSelect
        )
        if self.instance.evidence == Competence.Evidence.TEXT:
            self.initial["evidence"] = Competence.Evidence.DECLARED

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        needs_source = given.get("evidence") in ("project", "product")
        if needs_source and not given.get("source", "").strip():
            self.add_error("source", gettext("Name the project or the product."))
        return given
