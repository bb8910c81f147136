"""What every app needs kept: who changed what, how background work is, which mails went out."""

from __future__ import annotations

from typing import NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class NeverChanged(TypeError):  # noqa: N818  # reads as the sentence it is
    """The audit log is only added to."""


class Entries(models.QuerySet["AuditEntry"]):
    def update(self, **fields: object) -> NoReturn:
        raise NeverChanged

    def delete(self) -> NoReturn:
        raise NeverChanged


class AuditEntry(models.Model):
    """One change: who did what to which thing; written by every service, never changed.

    Triggers in the database (`append_only`) refuse what this class does not see. `name` is what the
    thing was called then; of persons, and of things that name them or another network's members, it
    is empty: they are looked up when the entry is read. `networks` lists the networks whose offices
    may read it, each between bars: `|3|7|`.
    """

    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    verb = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=40)
    name = models.CharField(max_length=300, blank=True)
    changes = models.JSONField(default=dict)
    networks = models.CharField(max_length=300, blank=True)

    objects = Entries.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["kind", "key"]), models.Index(fields=["at"])]

    def __str__(self) -> str:
        return f"{self.verb} {self.kind} {self.name}"

    def save(self, *args: object, **options: object) -> None:
        if not self._state.adding:
            raise NeverChanged
        super().save(force_insert=True)

    def delete(self, *args: object, **options: object) -> NoReturn:
        raise NeverChanged


class RetentionPeriod(models.Model):
    """How long something is kept from a day on, where the operator decided otherwise."""

    key = models.CharField(max_length=40)
    months = models.PositiveSmallIntegerField(_("months"))
    valid_from = models.DateField(_("from"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["key", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["key", "valid_from"], name="one_period_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.months}"


class Removal(models.Model):
    """What was removed because its time was over; while it goes on, `finished_at` is empty.

    The triggers let go of audit entries older than `before` of a removal that goes on, and of none
    else.
    """

    key = models.CharField(max_length=40)
    before = models.DateTimeField()
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    removed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-started_at", "-id"]

    def __str__(self) -> str:
        return f"{self.key}: {self.removed}"


class BackgroundRun(models.Model):
    """Work done beside the web process: how far it is, and when it was last done."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    share_done = models.FloatField(default=0)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="one_run_per_kind_and_key")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}: {self.state}"


class Mail(models.Model):
    """A mail as it goes out; kept so that offices can read what was said to whom."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting to be sent")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("could not be sent")
        BOUNCED = "bounced", _("came back")
        SUPPRESSED = "suppressed", _("not sent")  # why: `unwanted` or `bounced` as the problem

    written_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    to = models.EmailField()
    reply_to = models.EmailField(blank=True)
    sender = models.CharField(max_length=300, blank=True)  # the name beside our address
    language = models.CharField(max_length=2, default="de")
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField(blank=True)
    about = models.CharField(max_length=40, blank=True)
    network_key = models.CharField(max_length=40, blank=True)
    problem = models.TextField(blank=True)

    class Meta:
        ordering = ["-written_at", "-id"]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"


class MailAddress(models.Model):
    """What is known of an address: whether mail came back, and which kinds it does not want."""

    address = models.EmailField(unique=True)
    bounced_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    unwanted = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.address
