"""The demo's organisations in depth: earlier years, ties, names, sites, proven competences.

All of it is invented, as the organisations are.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from verbund.web.directory.models import (
    Competence,
    ContactPerson,
    EnterpriseLink,
    Figures,
    Offer,
    PastFigures,
)
from verbund.web.networks.models import Alias, Identifier, Organisation, Site

_OPTICS, _BODIES = "Saalitz Freiform GmbH", "Kornbach Karosserie GmbH"
_GROWTH = Decimal("0.9")


def deepen(on: dt.date) -> None:
    """Give two organisations of the demo what a long membership brings."""
    for name in (_OPTICS, _BODIES):
        _years(Organisation.objects.get(name=name), on)
    optics, bodies = (Organisation.objects.get(name=name) for name in (_OPTICS, _BODIES))
    EnterpriseLink.objects.create(
        organisation=optics,
        name="Beispiel Beteiligungen GmbH",
        direction=EnterpriseLink.Direction.OWNER,
        share_percent=30,
        employees=120,
        turnover_eur=18_000_000,
        balance_eur=14_000_000,
    )
    Alias.objects.create(
        organisation=optics, name="Saalitz Optik GmbH", valid_until=dt.date(2016, 6, 30)
    )
    Site.objects.create(organisation=bodies, name="Werk 2", city="Zwickau", country="DE")
    Identifier.objects.create(
        organisation=optics, scheme=Identifier.Scheme.REGISTER, value="HRB 000000 Jena"
    )
    _stated(optics)
    for number, offer in enumerate(Offer.objects.filter(organisation=optics).order_by("pk")):
        offer.trl, offer.capacity = 9 - number % 3, "" if number else "Lose ab 50 Stück"
        offer.save(update_fields=["trl", "capacity"])
    ContactPerson.objects.create(
        organisation=optics,
        name="Rolf Altmann",
        function="Vertrieb",
        valid_until=on - dt.timedelta(days=200),
    )


def _years(organisation: Organisation, on: dt.date) -> None:
    """Put the figures at the end of the last year, and smaller ones a year before."""
    figures = Figures.objects.get(organisation=organisation)
    figures.as_of = dt.date(on.year - 1, 12, 31)
    figures.balance_eur = figures.turnover_eur and figures.turnover_eur * _GROWTH
    figures.save()
    PastFigures.objects.create(
        organisation=organisation,
        as_of=dt.date(on.year - 2, 12, 31),
        employees=figures.employees and int(figures.employees * _GROWTH),
        turnover_eur=figures.turnover_eur and figures.turnover_eur * _GROWTH,
        balance_eur=figures.balance_eur and figures.balance_eur * _GROWTH,
    )


def _stated(organisation: Organisation) -> None:
    """Confirm what the texts name: the first with a product, the second with a project."""
    named = Competence.objects.filter(organisation=organisation).order_by("concept")
    proofs = (
        (Competence.Evidence.PRODUCT, "Beispielprodukt FF-200"),
        (Competence.Evidence.PROJECT, "Beispielprojekt Lichtleiter"),
        (Competence.Evidence.DECLARED, ""),
    )
    for competence, (evidence, source) in zip(named, proofs, strict=False):
        competence.evidence, competence.source = evidence, source
        competence.save(update_fields=["evidence", "source"])
