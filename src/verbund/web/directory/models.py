"""What members say about themselves: profile, figures, contact persons, offers and requests."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from verbund.web.networks.models import DataClass, Network, Organisation, Visibility


class Profile(models.Model):
    """What an organisation is about, in its own words; `topics` are separated by line breaks."""

    data_class: ClassVar[DataClass] = DataClass.PROFILE
    way_to_organisation: ClassVar[str] = "organisation"

    organisation = models.OneToOneField(
        Organisation, on_delete=models.CASCADE, related_name="profile"
    )
    text_de = models.TextField(_("profile (German)"), blank=True)
    text_en = models.TextField(_("profile (English)"), blank=True)
    topics = models.TextField(_("topics"), blank=True)
    segment = models.CharField(_("field of business"), max_length=120, blank=True)
    confirmed_on = models.DateField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=120, blank=True)
    search = models.TextField(blank=True, editable=False)

    def __str__(self) -> str:
        return str(self.organisation)


class Competence(models.Model):
    """A concept of the vocabulary that profile and topics name; recomputed when they change."""

    data_class: ClassVar[DataClass] = DataClass.PROFILE
    way_to_organisation: ClassVar[str] = "organisation"

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="competences"
    )
    concept = models.CharField(max_length=80, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "concept"], name="competence_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.concept}"


class Figures(models.Model):
    """Size of an organisation; hidden from partners until it consents."""

    data_class: ClassVar[DataClass] = DataClass.FIGURES
    way_to_organisation: ClassVar[str] = "organisation"

    organisation = models.OneToOneField(
        Organisation, on_delete=models.CASCADE, related_name="figures"
    )
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    turnover_eur = models.DecimalField(
        _("turnover in EUR"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    as_of = models.DateField(_("as of"), null=True, blank=True)

    class Meta:
        verbose_name_plural = "figures"

    def __str__(self) -> str:
        return str(self.organisation)


class ContactPerson(models.Model):
    """Whom to write to; hidden from partners until the person consents."""

    data_class: ClassVar[DataClass] = DataClass.CONTACT
    way_to_organisation: ClassVar[str] = "organisation"

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="contact_persons"
    )
    name = models.CharField(_("name"), max_length=120)
    function = models.CharField(_("function"), max_length=120, blank=True)
    email = models.EmailField(_("mail address"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Entry(models.Model):
    """An offer or a request: one sentence, as the member wrote it, in either language or both.

    `concepts` lists the vocabulary's concepts the text names, each between bars: `|lenses|lidar|`.
    """

    text_de = models.TextField(_("text (German)"), blank=True)
    text_en = models.TextField(_("text (English)"), blank=True)
    visibility = models.CharField(
        _("who may see it"), max_length=10, choices=Visibility, default=Visibility.OWN
    )
    made_on = models.DateField(_("since"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    concepts = models.TextField(blank=True, editable=False)
    search = models.TextField(blank=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["organisation", "id"]

    def __str__(self) -> str:
        return self.text_de or self.text_en

    @property
    def concept_ids(self) -> list[str]:
        return [id_ for id_ in self.concepts.split("|") if id_]


class Offer(Entry):
    data_class: ClassVar[DataClass] = DataClass.OFFERS
    way_to_organisation: ClassVar[str] = "organisation"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="offers")


class Request(Entry):
    data_class: ClassVar[DataClass] = DataClass.REQUESTS
    way_to_organisation: ClassVar[str] = "organisation"

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="requests"
    )


class ImportRun(models.Model):
    """A member list on its way in: read, looked at, then taken over as one step or discarded.

    `content` is what was read (rows and findings), `decisions` what the manager chose per row,
    `to_decide` how many rows still wait for that, `result` what the step changed.
    """

    class State(models.TextChoices):
        READ = "read", _("to be checked")
        TAKEN = "taken", _("taken over")
        DISCARDED = "discarded", _("discarded")

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="imports")
    file_name = models.CharField(max_length=300)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State, default=State.READ)
    entries_visibility = models.CharField(
        _("who may see new offers and requests"),
        max_length=10,
        choices=Visibility,
        default=Visibility.OWN,
    )
    to_decide = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    content = models.JSONField(default=dict)
    decisions = models.JSONField(default=dict)
    result = models.JSONField(default=dict)

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("import_check", args=[self.pk])
