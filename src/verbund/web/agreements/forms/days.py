"""How a day is asked for."""

from __future__ import annotations

from django import forms


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
