"""How long something is kept, as the operator sets it."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from verbund.web.core.retention import Retention


class PeriodForm(forms.Form):
    months = forms.IntegerField(label=gettext_lazy("Months"))

    def __init__(self, period: Retention, data: Mapping[str, str] | None, *, months: int) -> None:
        super().__init__(data, prefix=period.key, initial={"months": months})
        field = self.fields["months"]
        field.min_value, field.max_value = period.least, period.most  # type: ignore[attr-defined]
        field.widget.attrs.update(min=period.least, max=period.most)
        self._period = period

    def clean_months(self) -> int:
        months: int = self.cleaned_data["months"]
        if not self._period.least <= months <= self._period.most:
            text = _("Between %(least)d and %(most)d months, please.")
            raise forms.ValidationError(
                text % {"least": self._period.least, "most": self._period.most}
            )
        return months
