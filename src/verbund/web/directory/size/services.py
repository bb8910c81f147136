"""Writes of figures and ties."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from verbund.web.core.services import record
from verbund.web.directory.models import EnterpriseLink, Figures, PastFigures

if TYPE_CHECKING:
    from verbund.web.accounts.models import User
    from verbund.web.networks.models import Organisation

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
    earlier = PastFigures.objects.filter(organisation=figures.organisation_id)
    earlier.filter(as_of=Figures.objects.filter(pk=figures.pk).values("as_of")).delete()


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
    record(by, "update", figures.organisation, {"fields": sorted(changed)})


@transaction.atomic
def delete_year(year: PastFigures, *, by: User | None) -> None:
    """Take the figures of an earlier year away."""
    record(by, "update", year.organisation, {"fields": ["figures"], "year": year.as_of})
    year.delete()


@transaction.atomic
def save_link(link: EnterpriseLink, *, by: User | None) -> None:
    """Write a tie to another enterprise."""
    is_new = link.pk is None
    link.save()
    _record(link, "create" if is_new else "update", by)


@transaction.atomic
def delete_link(link: EnterpriseLink, *, by: User | None) -> None:
    """Take a tie away that never was; one that ended gets a last day instead."""
    _record(link, "delete", by)
    link.delete()


def _record(link: EnterpriseLink, verb: str, by: User | None) -> None:
    organisation: Organisation = link.organisation
    record(by, verb, link, {"organisation": organisation.pk})
