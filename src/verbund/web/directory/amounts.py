"""Numbers as people write them: "312 Mio.", "1.250", "ca. 45"."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext

from verbund.records.values import Reading, read_amount, read_count

_LARGEST_COUNT = 2_147_483_647
_LARGEST_AMOUNT = 9_999_999_999_999
_LONGEST = 60
_CENT = Decimal("0.01")


class _NumberField(forms.Field):
    """Shown with separators of the language, read as member lists are."""

    widget = forms.TextInput(attrs={"maxlength": _LONGEST})

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False} | options)

    def prepare_value(self, value: Any) -> Any:
        if value is None or isinstance(value, str):
            return value
        decimals = 0 if value == int(value) else 2
        return number_format(value, decimals, force_grouping=True)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != initial)
        except ValidationError:
            return True

    def _checked(self, text: str, reading: Reading[Any], largest: int) -> Any:
        if reading.value is None or reading.value > largest:
            message = gettext("“%(text)s” is no number from 0 on. Write 120, 1,250 or 3.5 m.")
            raise ValidationError(message % {"text": text[:_LONGEST]})
        return reading.value


class CountField(_NumberField):
    def to_python(self, value: Any) -> int | None:
        text = str(value or "").strip()
        return int(self._checked(text, read_count(text), _LARGEST_COUNT)) if text else None


class AmountField(_NumberField):
    def to_python(self, value: Any) -> Decimal | None:
        text = str(value or "").strip()
        if not text:
            return None
        amount = self._checked(text, read_amount(text), _LARGEST_AMOUNT)
        return Decimal(str(amount)).quantize(_CENT)
