"""Writes of figures and ties."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from verbund.web.core.services import record
from verbund.web.directory.models import EnterpriseLink, Figures, PastFigures

if TYPE_CHECKING:
    from verbund.web.accounts.models import User

_VALUES = ("employees", "turnover_eur", "balance_eur")


def keep_figures(figures: Figures, *, on: dt.date) -> None:
    """Write figures; those of a later closing day put the former ones among the earlier years.

    Figures of an earlier day than the kept ones are written among the earlier years themselves.
    Called inside the transaction of a service.
    """
    figures.as_of = figures.as_of or on
    kept = Figures.objects.select_for_update().filter(organisation=figures.organisation_id).first()
    if kept is None or kept.as_of is None or kept.as_of == figures.as_of:
        figures.save()
    elif figures.as_of < kept.as_of:
        _keep_year(figures, figures.as_of)
    else:
        _keep_year(kept, kept.as_of)
        figures.save()
    latest = Figures.objects.get(organisation=figures.organisation_id).as_of
    if latest:  # a corrected closing day may meet that of an earlier year
        earlier = PastFigures.objects.filter(organisation=figures.organisation_id)
        earlier.filter(as_of=latest).delete()


def _keep_year(figures: Figures, closing_day: dt.date) -> None:
    PastFigures.objects.update_or_create(
        organisation_id=figures.organisation_id,
        as_of=closing_day,
        defaults={name: getattr(figures, name) for name in _VALUES},
    )


@transaction.atomic
def save_figures(figures: Figures, *, changed: list[str], by: User | None, on: dt.date) -> None:
    """Write the size of an organisation; `changed` names the fields."""
    if not changed:
        return
    keep_figures(figures, on=on)
    record(by, "figures", figures.organisation, {"fields": sorted(changed)})


@transaction.atomic
def delete_year(year: PastFigures, *, by: User | None) -> None:
    """Take the figures of an earlier year away."""
    record(by, "figures", year.organisation, {"deleted": year.as_of})
    year.delete()


@transaction.atomic
def save_link(link: EnterpriseLink, *, by: User | None) -> None:
    """Write a tie to another enterprise."""
    link.save()
    record(by, "figures", link.organisation, {"fields": ["links"]})


@transaction.atomic
def delete_link(link: EnterpriseLink, *, by: User | None) -> None:
    """Take a tie away that never was; one that ended gets a last day instead."""
    record(by, "figures", link.organisation, {"fields": ["links"]})
    link.delete()
