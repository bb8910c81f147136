"""What every app needs kept: who changed what, how background work is, which mails went out."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One change: who did what to which thing; written by every service, never changed.

    `networks` lists the networks whose offices may read it, each between bars: `|3|7|`.
    """

    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    verb = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=40)
    name = models.CharField(max_length=300)
    changes = models.JSONField(default=dict)
    networks = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["kind", "key"]), models.Index(fields=["at"])]

    def __str__(self) -> str:
        return f"{self.verb} {self.kind} {self.name}"


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

    written_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    to = models.EmailField()
    reply_to = models.EmailField(blank=True)
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
