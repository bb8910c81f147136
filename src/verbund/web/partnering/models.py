"""Who should meet, who was introduced, and what became of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from verbund.web.agreements.models import Clause
from verbund.web.core.models import Mail
from verbund.web.core.texts import current_language
from verbund.web.directory.models import Offer, Profile, Request
from verbund.web.networks.models import Network, Organisation


class Suggestion(models.Model):
    """Two organisations that should meet, with reasons; a manager decides once for the pair.

    Both networks are the same where members of one network fit each other. `reasons` and `doubts`
    are sentences in both languages with the facts behind them:
    `[{"code", "de", "en", "contribution", "facts"}]`. What they quote is linked (`Quote`), so that
    a suggestion vanishes from screens that may no longer show one of the entries.

    `contributions` are what each comparison adds to the score under the weights named beside it.
    `left_shown_on` is when the left member first had the pair on its page; so for the right one.
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
        MEMBER = "member", _("a member does not want it")
        OTHER = "other", _("other reason")

    class Wish(models.TextChoices):
        NONE = "", _("nothing said yet")
        INTERESTED = "interested", _("is interested")
        REFUSED = "refused", _("does not want it")

    left_network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    right_network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    left = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    rank = models.PositiveIntegerField()
    score = models.FloatField()
    strength = models.CharField(max_length=10)
    topic_de = models.CharField(max_length=200, blank=True)
    topic_en = models.CharField(max_length=200, blank=True)
    search = models.TextField(blank=True, editable=False)  # folded names, topics and reasons
    reasons = models.JSONField(default=list)
    doubts = models.JSONField(default=list)
    distance = models.JSONField(default=dict)
    contributions = models.JSONField(default=dict)
    weights_version = models.CharField(max_length=80, blank=True)
    offers = models.ManyToManyField(Offer, through="Quote", related_name="+")
    requests = models.ManyToManyField(Request, through="Quote", related_name="+")
    found_at = models.DateTimeField(default=timezone.now)
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
    left_wish = models.CharField(max_length=10, choices=Wish, default=Wish.NONE, blank=True)
    right_wish = models.CharField(max_length=10, choices=Wish, default=Wish.NONE, blank=True)
    left_shown_on = models.DateField(null=True, editable=False)
    right_shown_on = models.DateField(null=True, editable=False)

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

    @property
    def is_within(self) -> bool:
        """Tell whether both belong to one network, so that no agreement is needed."""
        return self.left_network_id == self.right_network_id

    @property
    def is_wished(self) -> bool:
        return self.Wish.INTERESTED in (self.left_wish, self.right_wish)

    @property
    def reason_count(self) -> int:
        """Count the reasons as a page numbers them: a short way is one too."""
        return len(self.reasons) + bool(self.distance)

    @property
    def reason_texts(self) -> list[str]:
        return [reason[current_language()] for reason in self.reasons]

    @property
    def doubt_texts(self) -> list[str]:
        return [doubt[current_language()] for doubt in self.doubts]

    @property
    def distance_text(self) -> str:
        return str(self.distance.get(current_language(), ""))


class Quote(models.Model):
    """What a reason or a doubt quotes, verbatim, and the entry it stands in.

    A quote whose entry is gone, or says something else by now, invalidates its suggestion.
    """

    suggestion = models.ForeignKey(Suggestion, on_delete=models.CASCADE, related_name="quotes")
    offer = models.ForeignKey(Offer, null=True, on_delete=models.SET_NULL, related_name="+")
    request = models.ForeignKey(Request, null=True, on_delete=models.SET_NULL, related_name="+")
    profile = models.ForeignKey(Profile, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField()

    def __str__(self) -> str:
        return self.text

    @property
    def organisation_id(self) -> int | None:
        entry = self.offer or self.request or self.profile
        return entry.organisation_id if entry else None

    @property
    def kind(self) -> str:
        return "offer" if self.offer_id else "request" if self.request_id else "profile"


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
        WITHDRAWN = "withdrawn", _("withdrawn")

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
    reasons = models.TextField(_("reasons in the office's words"), blank=True)  # one a line
    language = models.CharField(max_length=2, default="de")  # of subject, text and reasons
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    left_answer = models.CharField(max_length=5, choices=Answer, default=Answer.OPEN)
    right_answer = models.CharField(max_length=5, choices=Answer, default=Answer.OPEN)
    decline_reason = models.CharField(max_length=300, blank=True)
    met_on = models.DateField(_("talked on"), null=True, blank=True)
    second_met_on = models.DateField(_("talked again on"), null=True, blank=True)
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome, default=Outcome.NONE, blank=True
    )
    outcome_text = models.TextField(_("what came of it"), blank=True)
    mails = models.ManyToManyField(Mail, blank=True, related_name="+")
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

    @property
    def reason_texts(self) -> list[str]:
        """The reasons as the office reworded them, else those of the suggestion."""
        reworded = [line.strip() for line in self.reasons.splitlines() if line.strip()]
        return reworded or (self.suggestion.reason_texts if self.suggestion else [])


class IntroductionStep(models.Model):
    """What happened to an introduction, in order."""

    class What(models.TextChoices):
        ASKED = "asked", _("Both were asked")
        REMINDED = "reminded", _("Reminded")
        YES = "yes", _("Said yes")
        NO = "no", _("Said no")
        AGREED = "agreed", _("Both agreed; contact persons exchanged")
        MET = "met", _("Talked")
        MET_AGAIN = "met again", _("Talked a second time")
        CLOSED = "closed", _("Outcome noted")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    introduction = models.ForeignKey(Introduction, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    what = models.CharField(max_length=20, choices=What)
    side = models.CharField(max_length=5, blank=True)
    by = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.what} {self.at:%Y-%m-%d}"


class WeightVersion(models.Model):
    """What each comparison counts for two networks (or inside one), learned from decisions.

    A version is a proposal until an office uses it. Of a pair at most one is in use; where none is,
    the weights count that Verbund brings. `made_by` is empty where it was proposed by itself.
    """

    left_network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    right_network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    version = models.CharField(max_length=80)
    values = models.JSONField(default=dict)
    decisions = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_used = models.BooleanField(default=False)
    used_at = models.DateTimeField(_("used since"), null=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["left_network", "right_network", "version"], name="weights_made_once"
            ),
            models.UniqueConstraint(
                fields=["left_network", "right_network"],
                condition=Q(is_used=True),
                name="weights_of_a_pair",
            ),
        ]

    def __str__(self) -> str:
        return self.version


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

    @property
    def networks(self) -> list[Network]:
        return [self.left_network, self.right_network]
