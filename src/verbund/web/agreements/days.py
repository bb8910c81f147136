"""Days of an agreement: said as exactly as they are known, and counted in months."""

from __future__ import annotations

import calendar
import datetime as dt

from django.utils.formats import date_format

from verbund.web.agreements.models import Agreement


def signed_day(agreement: Agreement) -> str:
    """Say when it was signed: the day, "March 2022" or "2022"; nothing if it is not signed."""
    day = agreement.signed_on
    if day is None:
        return ""
    if agreement.signed_precision == Agreement.Precision.YEAR:
        return str(day.year)
    if agreement.signed_precision == Agreement.Precision.MONTH:
        return date_format(day, "F Y")
    return date_format(day)


def months_after(day: dt.date, months: int) -> dt.date:
    """Return the same day some months later or earlier, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def notice_day(agreement: Agreement) -> dt.date | None:
    """Return the last day on which notice keeps an agreement with a term from going on."""
    if agreement.valid_until is None:
        return None
    return months_after(agreement.valid_until, -agreement.notice_months)
