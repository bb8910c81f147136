"""Agreements between networks, what their clauses share, who consented, and what came of them."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from verbund.web.networks.models import DataClass, Dated, Network, Organisation, holds


class Field(models.TextChoices):
    """Fields of cooperation; a clause is one, and a purpose of sharing is one."""

    EXCHANGE = "exchange", _("Regular exchange")
    PROJECTS = "projects", _("Joint development projects")
    EVENTS = "events", _("Events and new formats")
    FAIRS = "fairs", _("Trade fairs")
    EDUCATION = "education", _("Education and training")
    GROUPS = "groups", _("Working groups")
    TRENDS = "trends", _("Market trends")
    DISCOURSE = "discourse", _("Discourse on new developments")
    ADVOCACY = "advocacy", _("Advocacy")
    TRANSFER = "transfer", _("Technology transfer")
    INTERNATIONAL = "international", _("Internationalisation")


class Agreement(Dated):
    """A signed cooperation of two or more networks; in force from the first day to the last.

    `valid_from` is the day it takes effect, usually the day of signing. What is signed is
    changed by amendments (`Version`) alone; its rows say what is in force.
    """

    class Kind(models.TextChoices):
        COOPERATION = "cooperation", _("Cooperation agreement")
        MEMORANDUM = "memorandum", _("Memorandum of understanding")
        INTENT = "intent", _("Letter of intent")
        FRAMEWORK = "framework", _("Framework agreement")
        ALLIANCE = "alliance", _("Alliance")

    class Stage(models.TextChoices):
        """How far it has come; whether it is in force follows from stage and term."""

        DRAFT = "draft", _("draft")
        PROPOSED = "proposed", _("proposed for signing")
        SIGNED = "signed", _("signed")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Precision(models.TextChoices):
        DAY = "day", _("to the day")
        MONTH = "month", _("to the month")
        YEAR = "year", _("to the year")

    class Renewal(models.TextChoices):
        NONE = "none", _("ends with its term")
        AGREED = "agreed", _("is agreed anew")
        AUTOMATIC = "automatic", _("goes on unless one party gives notice")

    slug = models.SlugField(unique=True, max_length=60)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind, default=Kind.COOPERATION)
    title_de = models.CharField(_("title (German)"), max_length=200, blank=True)
    title_en = models.CharField(_("title (English)"), max_length=200, blank=True)
    aim_de = models.TextField(_("aim (German)"), blank=True)
    aim_en = models.TextField(_("aim (English)"), blank=True)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.DRAFT)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    signed_precision = models.CharField(
        _("how exact the day is"), max_length=5, choices=Precision, default=Precision.DAY
    )
    signed_at = models.CharField(_("signed at (town)"), max_length=120, blank=True)
    review_on = models.DateField(_("next review"), null=True, blank=True)
    renewal = models.CharField(_("renewal"), max_length=10, choices=Renewal, default=Renewal.AGREED)
    renewal_months = models.PositiveSmallIntegerField(_("goes on for (months)"), default=12)
    notice_months = models.PositiveSmallIntegerField(_("notice (months)"), default=3)
    terminated_on = models.DateField(_("terminated on"), null=True, blank=True)
    terminated_by = models.ForeignKey(
        Network, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    renews = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="renewed_by"
    )
    cloned_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    source = models.CharField(max_length=300, blank=True)
    parties = models.ManyToManyField(Network, through="Party", related_name="agreements")

    class Meta:
        ordering = ["-signed_on", "slug"]
        constraints = [
            models.CheckConstraint(
                name="agreement_ends_after_it_begins",
                condition=Q(valid_until=None)
                | Q(valid_from=None)
                | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="signed_agreement_has_its_day",
                condition=~Q(stage="signed") | Q(signed_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title_de or self.title_en

    def get_absolute_url(self) -> str:
        return reverse("agreement", args=[self.slug])

    @property
    def day(self) -> dt.date:
        """The day of signing; of a draft, which has none yet, the first day it is meant for."""
        return self.signed_on or self.valid_from or dt.date.max


def is_in_force(on: dt.date, *, prefix: str = "") -> Q:
    """Return the condition that an agreement is in force on a day; `prefix` is the way to it."""
    return Q(**{f"{prefix}stage": Agreement.Stage.SIGNED}) & holds(on, prefix=prefix)


class Party(models.Model):
    """A network that signed, and who signed for it.

    Where another party's office typed the agreement in, this one's office first confirms it; until
    then its members' data stay with it.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="signing")
    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="signing")
    signatory = models.CharField(_("signed by"), max_length=200, blank=True)
    signatory_role = models.CharField(_("role at signing"), max_length=200, blank=True)
    is_confirmed = models.BooleanField(default=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "network"], name="party_signs_once")
        ]

    def __str__(self) -> str:
        return f"{self.network}: {self.agreement}"


class Version(models.Model):
    """The text of an agreement or of an amendment, as it is laid before the parties and signed.

    `content` holds everything that is agreed, `digest` the SHA-256 of its canonical form. The first
    version is the agreement itself; each later one takes the place of what was in force.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PROPOSED = "proposed", _("proposed for signing")
        IN_FORCE = "in_force", _("in force")
        SUPERSEDED = "superseded", _("superseded")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    content = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    reason = models.CharField(_("what changes, and why"), max_length=300, blank=True)
    takes_effect_on = models.DateField(_("takes effect on"), null=True, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["agreement", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["agreement"],
                condition=Q(state__in=["draft", "proposed"]),
                name="one_open_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} ({self.number})"

    @property
    def is_signed_on_paper(self) -> bool:
        is_agreed = self.state in (self.State.IN_FORCE, self.State.SUPERSEDED)
        return is_agreed and not self.signatures.all()


class Signature(models.Model):
    """One party's word on a version: who signed or refused which text, when; never changed."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="signatures")
    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="signatures")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField(_("name"), max_length=200)
    role = models.CharField(_("role at signing"), max_length=200, blank=True)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    is_refusal = models.BooleanField(default=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "network"], name="party_signs_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.version}"


class Document(models.Model):
    """A file of an agreement; for the parties' offices and signatories."""

    data_class: ClassVar[DataClass] = DataClass.DOCUMENTS
    way_to_parties: ClassVar[str] = "agreement__parties"

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="documents")
    title = models.CharField(_("title"), max_length=200)
    file = models.FileField(_("file"), upload_to="agreements/%Y", max_length=300)
    digest = models.CharField(max_length=64)
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["added_at", "id"]

    def __str__(self) -> str:
        return self.title


class Clause(Dated):
    """A field of cooperation of one agreement: its aim, what is planned, what is shared for it.

    An amendment that drops a clause ends it; its activities stay.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="clauses")
    number = models.PositiveSmallIntegerField()
    field = models.CharField(_("field of cooperation"), max_length=15, choices=Field)
    title_de = models.CharField(_("title (German)"), max_length=200, blank=True)
    title_en = models.CharField(_("title (English)"), max_length=200, blank=True)
    aim_de = models.TextField(_("aim (German)"), blank=True)
    aim_en = models.TextField(_("aim (English)"), blank=True)
    measures_de = models.TextField(_("planned measures (German)"), blank=True)
    measures_en = models.TextField(_("planned measures (English)"), blank=True)
    planned_a_year = models.PositiveSmallIntegerField(_("activities planned a year"), default=1)

    class Meta:
        ordering = ["agreement", "number"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="clause_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title_de or self.title_en or self.get_field_display()}"

    def get_absolute_url(self) -> str:
        return reverse("clause", args=[self.agreement.slug, self.number])


class Responsible(models.Model):
    """Who takes care of a clause for one party."""

    clause = models.ForeignKey(Clause, on_delete=models.CASCADE, related_name="responsible")
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        ordering = ["clause", "network"]
        constraints = [
            models.UniqueConstraint(
                fields=["clause", "network"], name="one_responsible_person_a_party"
            )
        ]

    def __str__(self) -> str:
        return self.name


class SharingRule(Dated):
    """A clause lets the members (or managers) of the other parties see one class of data.

    Without `giver` every party gives; without `receiver` every other party receives.
    """

    class Audience(models.TextChoices):
        MEMBERS = "members", _("members of the partner network")
        MANAGERS = "managers", _("the partner network's office")

    clause = models.ForeignKey(Clause, on_delete=models.CASCADE, related_name="rules")
    data_class = models.CharField(max_length=10, choices=DataClass)
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.MEMBERS)
    giver = models.ForeignKey(
        Network, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    receiver = models.ForeignKey(
        Network, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        ordering = ["clause", "id"]

    def __str__(self) -> str:
        return f"{self.clause}: {self.data_class}"


class Consent(models.Model):
    """What an organisation allows or refuses one partner network (or one organisation) to see.

    `allows` False is an objection: for the profile it takes everything from that partner's screens.
    Rows are never changed but for `withdrawn_on`, so the history stays.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="consents"
    )
    data_class = models.CharField(max_length=10, choices=DataClass)
    allows = models.BooleanField(default=True)
    to_network = models.ForeignKey(
        Network, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    to_organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    given_on = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    occasion = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-given_on", "-id"]
        constraints = [
            models.CheckConstraint(
                name="consent_names_one_receiver",
                condition=Q(to_network=None, to_organisation__isnull=False)
                | Q(to_network__isnull=False, to_organisation=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_data_class_display()}"


class Activity(models.Model):
    """Something planned or held under a clause, typed by hand or recorded by another part."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        HELD = "held", _("held")
        CANCELLED = "cancelled", _("cancelled")

    class Kind(models.TextChoices):
        MEETING = "meeting", _("meeting")
        WORKSHOP = "workshop", _("workshop")
        EVENT = "event", _("event")
        CONGRESS = "congress", _("congress")
        FAIR = "fair", _("joint stand at a trade fair")
        PROJECT = "project", _("project")
        COURSE = "course", _("course")
        VISIT = "visit", _("company visit")
        REPORT = "report", _("report")
        INTRODUCTION = "introduction", _("introduction")
        OTHER = "other", _("other")

    clause = models.ForeignKey(Clause, on_delete=models.CASCADE, related_name="activities")
    kind = models.CharField(_("kind"), max_length=15, choices=Kind, default=Kind.MEETING)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    date = models.DateField(_("date"))
    until = models.DateField(_("until"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    title_de = models.CharField(_("title (German)"), max_length=200, blank=True)
    title_en = models.CharField(_("title (English)"), max_length=200, blank=True)
    result_de = models.TextField(_("result (German)"), blank=True)
    result_en = models.TextField(_("result (English)"), blank=True)
    participants = models.PositiveIntegerField(_("number of participants"), null=True, blank=True)
    partners = models.ManyToManyField(
        Network, blank=True, related_name="activities", verbose_name=_("partners")
    )
    others = models.CharField(_("others taking part"), max_length=300, blank=True)
    file = models.FileField(_("file"), upload_to="activities/%Y", blank=True, max_length=300)
    source = models.CharField(_("source"), max_length=300, blank=True)
    link = models.CharField(max_length=300, blank=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-date", "-id"]
        verbose_name_plural = "activities"

    def __str__(self) -> str:
        return self.title_de or self.title_en

    def get_absolute_url(self) -> str:
        return reverse("activity", args=[self.pk])
