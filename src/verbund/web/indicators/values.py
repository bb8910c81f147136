"""How values are written and read in the reader's language."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from verbund.web.core.texts import current_language
from verbund.web.indicators.models import Indicator, Observation

_SEPARATORS = {"de": (".", ","), "en": (",", ".")}  # of thousands, of decimals
_Q = Observation.Qualifier


def written(value: Decimal) -> str:
    """Write a number as the language does, without decimals that say nothing."""
    plain = value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
    return number_format(plain, use_l10n=True, force_grouping=True)


def with_unit(text: str, unit: str) -> str:
    """Add the unit to a written number; counts have none."""
    if unit == Indicator.Unit.PERCENT:
        return _("%(number)s %%") % {"number": text}
    if unit == Indicator.Unit.MILLION_EUR:
        return _("EUR %(number)s million") % {"number": text}
    return text


def said(observation: Observation, unit: str) -> str:
    """Say a value as published: with unit and qualifier."""
    value = with_unit(written(observation.value), unit)
    sentences = {
        _Q.ABOUT: _("about %(value)s"),
        _Q.MORE: _("more than %(value)s"),
        _Q.NEARLY: _("nearly %(value)s"),
    }
    sentence = sentences.get(_Q(observation.qualifier))
    return sentence % {"value": value} if sentence else value


def short(observation: Observation) -> str:
    """Write a value as short as a chart needs it."""
    signs = {_Q.ABOUT: "≈ ", _Q.MORE: "> ", _Q.NEARLY: _("nearly") + " "}
    return signs.get(_Q(observation.qualifier), "") + written(observation.value)


def read_number(text: str) -> Decimal:
    """Read a number as people of the language type it: "3.800" is 3800 in German.

    Raises
    ------
    ValueError
        It is no number in this language.
    """
    thousands, point = map(re.escape, _SEPARATORS[current_language()])
    typed = re.sub(r"\s", "", text)
    grouped = re.fullmatch(rf"[+-]?\d{{1,3}}(?:{thousands}\d{{3}})+(?:{point}\d+)?", typed)
    if grouped:
        typed = typed.replace(_SEPARATORS[current_language()][0], "")
    elif not re.fullmatch(r"[+-]?\d+(?:[.,]\d+)?", typed):
        raise ValueError(text)
    try:
        return Decimal(typed.replace(",", "."))
    except InvalidOperation as error:
        raise ValueError(text) from error
