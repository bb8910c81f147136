"""What members say about themselves: profile, figures, contact persons, offers and requests."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from verbund.web.core.searching import SearchField
from verbund.web.networks.models import DataClass, Dated, Network, Organisation, Visibility


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
    asked_on = models.DateField(null=True, blank=True)  # the last mail that asked to confirm
    reminded_on = models.DateField(null=True, blank=True)  # the one reminder of that mail
    search = SearchField()

    def __str__(self) -> str:
        return str(self.organisation)


class ProfileDraft(models.Model):
    """What somebody has typed into the pages of a profile and not sent off yet.

    Who came by a link in a mail has no account: `address` is where the mail went.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    address = models.EmailField(blank=True)
    page = models.CharField(max_length=40)
    content = models.JSONField(default=dict)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "user", "page"], name="one_draft_each"),
            models.UniqueConstraint(
                fields=["organisation", "address", "page"],
                name="one_draft_each_by_link",
                condition=models.Q(user=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.page}"


class Competence(models.Model):
    """A concept of the vocabulary that an organisation can do, and what speaks for it.

    What profile and topics name is found again whenever they change; what somebody declared, or a
    project or product proves, stays.
    """

    class Evidence(models.TextChoices):
        TEXT = "text", _("found in the profile")
        DECLARED = "declared", _("self-declared")
        PROJECT = "project", _("shown by a project")
        PRODUCT = "product", _("shown by a product")

    data_class: ClassVar[DataClass] = DataClass.PROFILE
    way_to_organisation: ClassVar[str] = "organisation"

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="competences"
    )
    concept = models.CharField(max_length=80, db_index=True)
    evidence = models.CharField(
        _("evidence"), max_length=10, choices=Evidence, default=Evidence.TEXT
    )
    source = models.CharField(_("project or product"), max_length=300, blank=True)

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
    balance_eur = models.DecimalField(
        _("balance-sheet total in EUR"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    as_of = models.DateField(_("closing day of the accounting year"), null=True, blank=True)

    class Meta:
        verbose_name_plural = "figures"

    def __str__(self) -> str:
        return str(self.organisation)


class PastFigures(models.Model):
    """Size of an organisation in an earlier year: a status as an SME changes after two years."""

    data_class: ClassVar[DataClass] = DataClass.FIGURES
    way_to_organisation: ClassVar[str] = "organisation"

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="past_figures"
    )
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    turnover_eur = models.DecimalField(
        _("turnover in EUR"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    balance_eur = models.DecimalField(
        _("balance-sheet total in EUR"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    as_of = models.DateField(_("as of"))

    class Meta:
        ordering = ["-as_of"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "as_of"], name="figures_of_a_day_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.as_of:%Y}"


class EnterpriseLink(Dated):
    """An enterprise that owns a share of an organisation, or of which it owns one.

    The other one's figures stand here, as it need not be a member of any network.
    """

    data_class: ClassVar[DataClass] = DataClass.FIGURES
    way_to_organisation: ClassVar[str] = "organisation"

    class Direction(models.TextChoices):
        OWNER = "owner", _("owns a share of us")
        OWNED = "owned", _("we own a share of it")

    class Holder(models.TextChoices):
        ENTERPRISE = "enterprise", _("an enterprise")
        PUBLIC_BODY = "public", _("a public body")
        EXEMPT_INVESTOR = "exempt", _("an investor such as venture capital or a university")

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="links")
    name = models.CharField(_("enterprise"), max_length=300)
    holder = models.CharField(
        _("what it is"), max_length=10, choices=Holder, default=Holder.ENTERPRISE
    )
    direction = models.CharField(_("direction"), max_length=5, choices=Direction)
    share_percent = models.DecimalField(_("share in %"), max_digits=5, decimal_places=2)
    is_dominant = models.BooleanField(_("controls it in another way"), default=False)
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    turnover_eur = models.DecimalField(
        _("turnover in EUR"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    balance_eur = models.DecimalField(
        _("balance-sheet total in EUR"), max_digits=15, decimal_places=2, null=True, blank=True
    )

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                name="share_is_a_percentage",
                condition=models.Q(share_percent__gte=0, share_percent__lte=100),
            )
        ]

    def __str__(self) -> str:
        return self.name


class ContactPerson(Dated):
    """Whom to write to, as long as they are; hidden from partners until the person consents."""

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

    `trl` is the technology readiness level (1 to 9) that is offered or wanted.

    `concepts` lists the vocabulary's concepts the text names, each between bars: `|lenses|lidar|`.
    """

    text_de = models.TextField(_("text (German)"), blank=True)
    text_en = models.TextField(_("text (English)"), blank=True)
    visibility = models.CharField(
        _("who may see it"), max_length=10, choices=Visibility, default=Visibility.OWN
    )
    made_on = models.DateField(_("since"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    capacity = models.CharField(_("capacity or quantity"), max_length=200, blank=True)
    trl = models.PositiveSmallIntegerField(
        _("technology readiness level"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(9)],
    )
    concepts = models.TextField(blank=True, editable=False)
    search = SearchField()

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
    """A need. Where it is anonymous, nobody outside the own networks learns whose it is.

    Its name is revealed to one organisation at a time (`Approach`).
    """

    data_class: ClassVar[DataClass] = DataClass.REQUESTS
    way_to_organisation: ClassVar[str] = "organisation"
    nameless: ClassVar[str] = "is_anonymous"
    way_to_told: ClassVar[str] = "approaches__organisation"
    is_told: ClassVar[models.Q] = models.Q(approaches__state="revealed")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="requests"
    )
    is_anonymous = models.BooleanField(_("without our name"), default=False)


class Approach(models.Model):
    """Somebody wants to know whose an anonymous request is; both consent, step by step.

    Asked: the owner reads what the asking organisation says, not yet who it is. Wanted: the owner
    would like to know. Named: the asking organisation gave its name to the owner. Revealed: the
    owner gave its name in return. The owner refuses and the asking organisation withdraws at any
    time, which hides the names again. Each step is kept (`ApproachStep`).
    """

    class State(models.TextChoices):
        ASKED = "asked", _("asked without names")
        WANTED = "wanted", _("the owner would like to know who asks")
        NAMED = "named", _("the asking organisation gave its name")
        REVEALED = "revealed", _("both know each other")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="approaches")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="approaches"
    )
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    text = models.TextField(_("what you can contribute"))
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "organisation"], name="asked_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.request}"


class ApproachStep(models.Model):
    """One step of an approach: who did what; never changed."""

    approach = models.ForeignKey(Approach, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(max_length=10, choices=Approach.State)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.get_state_display()


class Sighting(models.Model):
    """Somebody of another network had a request on the screen or in a file; once a day and place.

    `organisation` is the one the person represents, or none for a network's office.
    """

    class Place(models.TextChoices):
        PAGE = "page", _("a page")
        SEARCH = "search", _("a search")
        SUGGESTION = "suggestion", _("a suggestion")
        EXPORT = "export", _("a file")
        MAIL = "mail", _("a mail")

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="sightings")
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.CASCADE, related_name="+"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    place = models.CharField(max_length=10, choices=Place)
    on = models.DateField()

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "network", "user", "place", "on"], name="seen_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.network}: {self.request}"


class Merge(models.Model):
    """Two records of one organisation made one; `content` is what it takes to part them again.

    `merged_key` is the key of the record that is gone: its old address leads to the kept one.
    """

    kept = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="merges")
    merged_key = models.BigIntegerField(db_index=True)
    merged_name = models.CharField(max_length=300)
    content = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.merged_name} → {self.kept}"


class MergeProposal(models.Model):
    """Two networks hold one firm as two records; every office concerned agrees to make them one.

    `agreed` are the networks whose office did; answered without a yes or no means that it was
    withdrawn. `choices` are the fields that come from the merged record.
    """

    kept = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    merged = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    agreed = models.ManyToManyField(Network, related_name="+")
    choices = models.JSONField(default=list)
    asked_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    is_granted = models.BooleanField(null=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kept", "merged"],
                condition=models.Q(answered_at=None),
                name="one_open_proposal",
            ),
            models.CheckConstraint(
                name="proposal_is_about_two", condition=~models.Q(kept=models.F("merged"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merged} → {self.kept}"


class DistinctPair(models.Model):
    """Two organisations that look alike and are two; an office said so."""

    left = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["left", "right"], name="distinct_once"),
            models.CheckConstraint(
                name="distinct_pair_in_order", condition=models.Q(left__lt=models.F("right"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.left} ≠ {self.right}"


class ColumnMapping(models.Model):
    """Which columns of a list mean what, as an office decided it for a list with these headings."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="+")
    headings = models.CharField(max_length=64)  # SHA-256 of the folded headings in their order
    columns = models.JSONField(default=dict)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "headings"], name="one_mapping_a_list")
        ]

    def __str__(self) -> str:
        return f"{self.network}: {len(self.columns)}"


class VocabularyVersion(models.Model):
    """A vocabulary that takes the place of the one the product brings.

    In use is the one whose `used_from` is the latest; without one it waits to be looked at. One
    without concepts stands for the product's own.
    """

    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    title = models.CharField(max_length=200)
    source = models.CharField(max_length=300, blank=True)
    concepts = models.JSONField(default=list)
    used_from = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return self.title


class ImportRun(models.Model):
    """A member list on its way in: read, looked at, then taken over as one step or discarded.

    `content` is what was read (rows and findings), `decisions` what the manager chose per row,
    `to_decide` how many rows still wait for that, `result` what the step changed, and `before` what
    it takes to undo it.
    """

    class State(models.TextChoices):
        READ = "read", _("to be checked")
        TAKEN = "taken", _("taken over")
        DISCARDED = "discarded", _("discarded")
        UNDONE = "undone", _("undone")

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
    before = models.JSONField(default=dict)

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("import_check", args=[self.pk])
