"""Who should meet, who was introduced, and what became of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from verbund.web.agreements.models import Clause
from verbund.web.directory.models import Offer, Request
from verbund.web.networks.models import Network, Organisation


class Suggestion(models.Model):
    """Two organisations that should meet, with reasons; a manager decides once for the pair.

    `reasons` and `doubts` are sentences in both languages with the facts behind them:
    `[{"code", "de", "en", "contribution", "facts"}]`. The quoted entries are linked, so that a
    suggestion vanishes from screens that may no longer show one of them.
    """

    class State(models.TextChoices):
        OPEN = "open", _("to be checked")
        POSTPONED = "postponed", _("postponed")
        REJECTED = "rejected", _("rejected")
        INTRODUCED = "introduced", _("introduced")

    class RejectReason(models.TextChoices):
        KNOWN = "known", _("know each other already")
        COMPETITORS = "competitors", _("competitors")
        TOPIC = "topic", _("the topic does not fit")
        SIZE = "size", _("sizes or quantities do not fit")
        TIMING = "timing", _("the time is not right")
        OTHER = "other", _("other reason")

    left_network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    right_network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    left = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    rank = models.PositiveIntegerField()
    score = models.FloatField()
    strength = models.CharField(max_length=10)
    reasons = models.JSONField(default=list)
    doubts = models.JSONField(default=list)
    distance = models.JSONField(default=dict)
    offers = models.ManyToManyField(Offer, blank=True, related_name="+")
    requests = models.ManyToManyField(Request, blank=True, related_name="+")
    computed_at = models.DateTimeField()
    is_current = models.BooleanField(default=True)  # False: the last run did not find it again
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    postponed_until = models.DateField(null=True, blank=True)
    reject_reason = models.CharField(max_length=15, choices=RejectReason, blank=True)
    note = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["rank", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["left_network", "right_network", "left", "right"],
                name="pair_suggested_once",
            ),
            models.CheckConstraint(
                name="pair_stands_in_order", condition=Q(left_network__lte=F("right_network"))
            ),
            models.CheckConstraint(name="pair_is_two", condition=~Q(left=F("right"))),
        ]

    def __str__(self) -> str:
        return f"{self.left} – {self.right}"

    def get_absolute_url(self) -> str:
        return reverse("suggestion", args=[self.pk])


class Introduction(models.Model):
    """Two members asked whether they want to talk: asked, answered, met, and the outcome.

    Until both say yes, neither sees the other's contact person.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("waiting for answers")
        ACCEPTED = "accepted", _("both want to talk")
        DECLINED = "declined", _("declined")
        MET = "met", _("have talked")
        CLOSED = "closed", _("closed")

    class Answer(models.TextChoices):
        OPEN = "open", _("no answer yet")
        YES = "yes", _("yes")
        NO = "no", _("no")

    class Outcome(models.TextChoices):
        NONE = "", _("not known yet")
        NOTHING = "nothing", _("nothing came of it")
        CONTACT = "contact", _("stay in contact")
        IDEA = "idea", _("project idea")
        PROJECT = "project", _("joint project")
        ORDER = "order", _("order or delivery")

    suggestion = models.OneToOneField(
        Suggestion, null=True, on_delete=models.SET_NULL, related_name="introduction"
    )
    clause = models.ForeignKey(
        Clause, null=True, on_delete=models.SET_NULL, related_name="introductions"
    )
    left_network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    right_network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    left = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text of the introduction"))
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    left_answer = models.CharField(max_length=5, choices=Answer, default=Answer.OPEN)
    right_answer = models.CharField(max_length=5, choices=Answer, default=Answer.OPEN)
    decline_reason = models.CharField(max_length=300, blank=True)
    met_on = models.DateField(_("talked on"), null=True, blank=True)
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome, default=Outcome.NONE, blank=True
    )
    outcome_text = models.TextField(_("what came of it"), blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(name="introduction_is_two", condition=~Q(left=F("right")))
        ]

    def __str__(self) -> str:
        return f"{self.left} – {self.right}"

    def get_absolute_url(self) -> str:
        return reverse("introduction", args=[self.pk])


class IntroductionStep(models.Model):
    """What happened to an introduction, in order."""

    introduction = models.ForeignKey(Introduction, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    what = models.CharField(max_length=20)
    side = models.CharField(max_length=5, blank=True)
    by = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.what} {self.at:%Y-%m-%d}"


class Hindsight(models.Model):
    """What the suggestions of a day in the past would have found: counted on what really happened.

    `result` holds the figures and the pairs that came true.
    """

    left_network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    right_network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    before = models.DateField()
    until = models.DateField()
    result = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.before} to {self.until}"
