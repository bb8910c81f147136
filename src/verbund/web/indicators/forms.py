"""Forms of the offices that publish figures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from verbund.web.core.services import today
from verbund.web.core.texts import current_language, text_of
from verbund.web.indicators.models import Indicator, Observation
from verbund.web.indicators.values import read_number, written
from verbund.web.networks.models import Network
from verbund.web.networks.rules import Viewer

_EARLIEST = 1800
_WHOSE = _("Whose value it is: the sector, the members, those who answered?")
_COMPARE = _("What a reader has to know to compare it.")


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
    """What is measured, with its definition; one language is enough."""

    class Meta:
        model = Indicator
        fields = ("network", "name_de", "name_en", "unit", "definition_de", "definition_en")
        widgets = {
            "definition_de": forms.Textarea({"rows": 4}),
            "definition_en": forms.Textarea({"rows": 4}),
        }
        error_messages = {
            f"definition_{language}": {"required": _("Say what is counted, of whom, and how.")}
            for language in ("de", "en")
        }

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _need_one_language(self, "name", "definition")
        edited = Network.objects.filter(pk__in=viewer.edited)
        if self.instance.pk:
            del self.fields["network"]
            return
        field = forms.ModelChoiceField(
            edited, label=gettext("network"), empty_label=None, initial=edited.first()
        )
        if len(viewer.edited) == 1:
            field.widget = forms.HiddenInput()
        self.fields["network"] = field


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
            "population_de": _WHOSE,
            "population_en": _WHOSE,
            "source": _("Address or title under which others find the value."),
            "note_de": _COMPARE,
            "note_en": _COMPARE,
        }
        error_messages = {
            f"population_{language}": {
                "required": _("Say whose value it is; without it nobody can compare.")
            }
            for language in ("de", "en")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _need_one_language(self, "population")

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


def _need_one_language(form: forms.ModelForm[Any], *fields: str) -> None:
    """Require a text in the reader's language, unless the other one is there already."""
    for field in fields:
        text = text_of(form.instance, field)
        language = text.language if text else current_language()
        form.fields[f"{field}_{language}"].required = True
