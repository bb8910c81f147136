"""Forms of the offices that publish figures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from verbund.web.core.services import today
from verbund.web.indicators.models import Indicator, Observation
from verbund.web.indicators.values import read_number, written
from verbund.web.networks.models import Network
from verbund.web.networks.rules import Viewer

_EARLIEST = 1800
_LANGUAGES = ("de", "en")


class NumberField(forms.Field):
    """A number as people type it in their language."""

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        try:
            return read_number(value)
        except ValueError:
            example = written(Decimal("1234.5"))
            raise ValidationError(
                gettext("Write the number like %(example)s.") % {"example": example}
            ) from None

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, Decimal) else value


class IndicatorForm(forms.ModelForm[Indicator]):
    """What is measured; a definition is needed in one language at least."""

    class Meta:
        model = Indicator
        fields = ("network", "name_de", "name_en", "unit", "definition_de", "definition_en")
        widgets = {
            "definition_de": forms.Textarea({"rows": 4}),
            "definition_en": forms.Textarea({"rows": 4}),
        }

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        managed = Network.objects.filter(pk__in=viewer.managed)
        if self.instance.pk:
            del self.fields["network"]
            return
        field = forms.ModelChoiceField(
            managed, label=gettext("network"), empty_label=None, initial=managed.first()
        )
        if len(viewer.managed) == 1:
            field.widget = forms.HiddenInput()
        self.fields["network"] = field

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        _need_one_language(self, "name", gettext("Name the figure in one language at least."))
        _need_one_language(
            self,
            "definition",
            gettext("Say in one language at least what is counted, of whom, and how."),
        )
        return cleaned


class ObservationForm(forms.ModelForm[Observation]):
    """A value with all that makes it comparable."""

    value = NumberField(label=_("value"), widget=forms.TextInput({"inputmode": "decimal"}))

    class Meta:
        model = Observation
        fields = (
            "year",
            "value",
            "qualifier",
            "edition",
            "population_de",
            "population_en",
            "source",
            "note_de",
            "note_en",
        )
        help_texts = {
            "year": _("The year the value speaks of, not the year of publication."),
            "edition": _("For example: PHOTONICS Report 2025"),
            "population_de": _("Whose value it is: the sector, the members, those who answered?"),
            "source": _("Address or title under which others find the value."),
            "note_de": _("What a reader has to know to compare it."),
        }

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if not _EARLIEST <= year <= today().year:
            raise ValidationError(
                gettext("The year lies between %(first)s and %(last)s.")
                % {"first": _EARLIEST, "last": today().year}
            )
        return year

    def clean_value(self) -> Decimal:
        value: Decimal = self.cleaned_data["value"]
        stored = Observation._meta.get_field("value")
        cleaned: Decimal = stored.clean(value, self.instance)
        return cleaned

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        _need_one_language(
            self,
            "population",
            gettext(
                "Say in one language at least whose value it is; without it nobody can compare."
            ),
        )
        return cleaned


def _need_one_language(form: forms.BaseForm, field: str, problem: str) -> None:
    names = [f"{field}_{language}" for language in _LANGUAGES]
    if not any(form.cleaned_data.get(name) for name in names):
        form.add_error(names[0], problem)
