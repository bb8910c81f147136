"""Published figures: a value never stands without edition, population, definition and source."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from verbund.web.networks.models import Network


class Indicator(models.Model):
    """A figure that is measured again and again under one definition."""

    class Unit(models.TextChoices):
        PERCENT = "percent", _("percent")
        COUNT = "count", _("number")
        MILLION_EUR = "million_eur", _("million EUR")

    network = models.ForeignKey(
        Network, null=True, blank=True, on_delete=models.CASCADE, related_name="indicators"
    )
    slug = models.SlugField(unique=True, max_length=60)
    name_de = models.CharField(_("name (German)"), max_length=200, blank=True)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    unit = models.CharField(_("unit"), max_length=15, choices=Unit, default=Unit.COUNT)
    definition_de = models.TextField(_("definition (German)"), blank=True)
    definition_en = models.TextField(_("definition (English)"), blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "slug"]

    def __str__(self) -> str:
        return self.name_de or self.name_en

    def get_absolute_url(self) -> str:
        return reverse("indicator", args=[self.slug])


class Observation(models.Model):
    """One value of one edition; several editions and sources of a year may stand side by side."""

    class Qualifier(models.TextChoices):
        EXACT = "", _("as published")
        ABOUT = "about", _("about")
        MORE = "more", _("more than")
        NEARLY = "nearly", _("nearly")

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="observations")
    year = models.PositiveSmallIntegerField(_("year"))
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2)
    qualifier = models.CharField(
        _("qualifier"), max_length=10, choices=Qualifier, default=Qualifier.EXACT, blank=True
    )
    edition = models.CharField(_("edition"), max_length=120, blank=True)
    population_de = models.CharField(_("population (German)"), max_length=300, blank=True)
    population_en = models.CharField(_("population (English)"), max_length=300, blank=True)
    source = models.CharField(_("source"), max_length=300)
    note_de = models.CharField(_("note (German)"), max_length=300, blank=True)
    note_en = models.CharField(_("note (English)"), max_length=300, blank=True)

    class Meta:
        ordering = ["indicator", "year", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "indicator",
                    "year",
                    "edition",
                    "source",
                    "population_de",
                    "population_en",
                ],
                name="observation_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.year}"
