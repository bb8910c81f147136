"""Web input about ties to other enterprises."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from verbund.web.directory.amounts import AmountField, CountField
from verbund.web.directory.models import EnterpriseLink

if TYPE_CHECKING:
    LinkModelForm = forms.ModelForm[EnterpriseLink]
else:
    LinkModelForm = forms.ModelForm

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class LinkForm(LinkModelForm):
    employees = CountField(label=_("its employees"))
    turnover_eur = AmountField(label=_("its turnover in EUR"))
    balance_eur = AmountField(
        label=_("its balance-sheet total in EUR"),
        help_text=_("If it is tied to further enterprises: with those included."),
    )

    class Meta:
        model = EnterpriseLink
        fields = [
            "name",
            "direction",
            "share_percent",
            "is_dominant",
            "holder",
            "employees",
            "turnover_eur",
            "balance_eur",
            "valid_from",
            "valid_until",
        ]
        widgets = {
            "direction": forms.RadioSelect,
            "valid_from": _DAY,
            "valid_until": _DAY,
        }
        help_texts = {
            "share_percent": _("Of capital or votes, whichever is more."),
            "is_dominant": _("By contract or by votes in the board, whatever the share."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        direction = self.fields["direction"]
        if isinstance(direction, forms.ChoiceField):
            direction.choices = EnterpriseLink.Direction.choices

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = given.get("valid_from"), given.get("valid_until")
        if first and last and last < first:
            raise ValidationError(gettext("The last day lies before the first."))
        return given
