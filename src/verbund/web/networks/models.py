"""Networks, the organisations that are their members, and the roles people have in them."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from verbund.web.core.searching import SearchField


class DataClass(models.TextChoices):
    """What agreements share, class by class; every model of members' data declares its own."""

    PROFILE = "profile", _("profile")
    OFFERS = "offers", _("offers")
    REQUESTS = "requests", _("requests")
    CONTACT = "contact", _("contact person")
    FIGURES = "figures", _("figures")
    DOCUMENTS = "documents", _("documents")


class Visibility(models.TextChoices):
    """How far the owner lets an entry go; an agreement can only narrow it."""

    OWN = "own", _("own network")
    PARTNERS = "partners", _("partner networks")
    PUBLIC = "public", _("everyone")


_COLOUR = RegexValidator(r"^#[0-9a-f]{6}$", _("Write the colour as #1d5fae."))


class Network(models.Model):
    """An office with members; controller of its members' data."""

    slug = models.SlugField(unique=True, max_length=40)
    name = models.CharField(_("name"), max_length=120)
    full_name = models.CharField(_("full name"), max_length=200, blank=True)
    colour = models.CharField(
        _("colour on white"), max_length=7, default="#1d5fae", validators=[_COLOUR]
    )
    dark_colour = models.CharField(
        _("colour on dark"), max_length=7, default="#7fb5f4", validators=[_COLOUR]
    )
    region = models.CharField(_("region"), max_length=120, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default="de"
    )
    website = models.URLField(_("website"), blank=True)
    email = models.EmailField(_("mail address of the office"), blank=True)
    about_de = models.TextField(_("about the network (German)"), blank=True)
    about_en = models.TextField(_("about the network (English)"), blank=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("network", args=[self.slug])


class LegalPage(models.Model):
    """Impressum, privacy notice, accessibility statement: one of each per network."""

    class Kind(models.TextChoices):
        IMPRINT = "imprint", _("Imprint")
        PRIVACY = "privacy", _("Privacy")
        ACCESSIBILITY = "accessibility", _("Accessibility")

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="legal_pages")
    kind = models.CharField(max_length=20, choices=Kind)
    text_de = models.TextField(_("text (German)"), blank=True)
    text_en = models.TextField(_("text (English)"), blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "kind"], name="one_legal_page_of_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.network}: {self.get_kind_display()}"


class Organisation(models.Model):
    """A company, institute or authority; one record, however many networks it is a member of.

    Its identity (name, place, website) is as visible as its profile. `uid` names it in archives,
    in whichever installation it stands.
    """

    data_class: ClassVar[DataClass] = DataClass.PROFILE
    way_to_organisation: ClassVar[str] = ""

    class Kind(models.TextChoices):
        COMPANY = "company", _("company")
        RESEARCH = "research", _("research institute")
        EDUCATION = "education", _("education provider")
        PUBLIC = "public", _("public body")
        NETWORK = "network", _("network")
        OTHER = "other", _("other")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=300)
    legal_form = models.CharField(_("legal form"), max_length=40, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.COMPANY)
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="children",
        verbose_name=_("belongs to"),
    )
    street = models.CharField(_("street"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=12, blank=True)
    city = models.CharField(_("town"), max_length=120, blank=True)
    state = models.CharField(_("federal state"), max_length=60, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    lat = models.FloatField(
        null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    lon = models.FloatField(
        null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    website = models.URLField(_("website"), blank=True, max_length=300)
    language = models.CharField(_("language"), max_length=2, blank=True)
    visibility = models.CharField(
        _("who may see the profile"),
        max_length=10,
        choices=Visibility,
        default=Visibility.PARTNERS,
    )
    is_invented = models.BooleanField(default=False)
    search = SearchField()  # name, aliases, place
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["name"]), models.Index(fields=["city"])]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("organisation", args=[self.pk])


class Dated(models.Model):
    """Something that holds from a day to a day, both included; open where a day is missing."""

    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        abstract = True


def holds(on: dt.date, *, prefix: str = "") -> Q:
    """Return the condition that a `Dated` row holds on a day; `prefix` is the way to it."""
    started = Q(**{f"{prefix}valid_from": None}) | Q(**{f"{prefix}valid_from__lte": on})
    going_on = Q(**{f"{prefix}valid_until": None}) | Q(**{f"{prefix}valid_until__gte": on})
    return started & going_on


class Alias(Dated):
    """Another name of an organisation, or a spelling under which a list or a person knows it."""

    data_class: ClassVar[DataClass] = DataClass.PROFILE
    way_to_organisation: ClassVar[str] = "organisation"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=300)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="alias_stands_once")
        ]

    def __str__(self) -> str:
        return self.name


class Identifier(models.Model):
    """A number under which a register knows an organisation.

    Not unique over organisations: two networks may hold the same firm until somebody merges them,
    and a refusal would betray what another network holds.
    """

    data_class: ClassVar[DataClass] = DataClass.PROFILE
    way_to_organisation: ClassVar[str] = "organisation"

    class Scheme(models.TextChoices):
        VAT = "vat", _("VAT number")
        REGISTER = "register", _("commercial register")
        ROR = "ror", "ROR"
        PIC = "pic", "PIC"
        LEI = "lei", "LEI"

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="identifiers"
    )
    scheme = models.CharField(_("register"), max_length=10, choices=Scheme)
    value = models.CharField(_("register number"), max_length=80)

    class Meta:
        ordering = ["scheme", "value"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "scheme", "value"], name="identifier_stands_once"
            )
        ]
        indexes = [models.Index(fields=["scheme", "value"])]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.value}"


class Site(Dated):
    """A further place of an organisation, beside its seat."""

    data_class: ClassVar[DataClass] = DataClass.PROFILE
    way_to_organisation: ClassVar[str] = "organisation"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="sites")
    name = models.CharField(_("name of the site"), max_length=200, blank=True)
    street = models.CharField(_("street"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=12, blank=True)
    city = models.CharField(_("town"), max_length=120)
    country = models.CharField(_("country"), max_length=2, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)

    class Meta:
        ordering = ["city", "id"]

    def __str__(self) -> str:
        return self.name or self.city


class Membership(Dated):
    """An organisation in a network; `number` is how the office's own list names it."""

    class Status(models.TextChoices):
        FULL = "full", _("member")
        ASSOCIATED = "associated", _("associated member")
        SUPPORTING = "supporting", _("supporting member")
        HONORARY = "honorary", _("honorary member")

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="memberships"
    )
    number = models.CharField(_("number in the office's list"), max_length=80, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.FULL)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "organisation"], name="member_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.network}"


class MembershipClaim(models.Model):
    """A network says that an organisation is its member, too; nobody's word alone opens data.

    The organisation or an office it belongs to answers. Answered without a yes or no means that
    the network withdrew it.
    """

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="claims")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="claims")
    number = models.CharField(_("number in the office's list"), max_length=80, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_granted = models.BooleanField(null=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "organisation"],
                condition=Q(answered_at=None),
                name="one_open_claim",
            ),
            models.CheckConstraint(
                name="claim_is_decided_when_answered",
                condition=Q(is_granted=None) | Q(answered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} in {self.network}"

    @property
    def is_open(self) -> bool:
        return self.answered_at is None


class Role(Dated):
    """What a person is to a network's office, or that they represent an organisation.

    A manager does everything; an editor keeps members' data, activities and introductions; a reader
    sees what the office sees; a signatory signs agreements and reads their documents.

    While `asked_by` waits for a yes (see `services.invite_person`), the role does not hold.
    """

    class Kind(models.TextChoices):
        MANAGER = "manager", _("network manager")
        EDITOR = "editor", _("editor")
        READER = "reader", _("reader")
        SIGNATORY = "signatory", _("authorised signatory")
        REPRESENTATIVE = "representative", _("representative")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="roles"
    )
    kind = models.CharField(max_length=15, choices=Kind)
    network = models.ForeignKey(
        Network, null=True, blank=True, on_delete=models.CASCADE, related_name="roles"
    )
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="roles"
    )
    given_at = models.DateTimeField(null=True, blank=True)
    given_name = models.CharField(max_length=120, blank=True)  # as who invited called the person
    asked_by = models.ForeignKey(
        Network, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="role_that_waits_does_not_hold",
                condition=Q(asked_by=None) | Q(valid_from=None, valid_until__isnull=False),
            ),
            models.CheckConstraint(
                name="role_names_what_it_is_in",
                condition=Q(
                    kind__in=["manager", "editor", "reader", "signatory"],
                    network__isnull=False,
                    organisation=None,
                )
                | Q(kind="representative", network=None, organisation__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["user", "network", "kind"],
                condition=Q(organisation=None),
                name="role_in_network_once",
            ),
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(network=None),
                name="representative_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_name}: {self.get_kind_display()}"

    @property
    def is_taken_up(self) -> bool:
        """Whether the person has signed in since; before, no office learns of their account."""
        seen = self.user.last_login
        return self.given_at is None or (seen is not None and seen >= self.given_at)

    @property
    def person_name(self) -> str:
        return str(self.user) if self.is_taken_up else self.given_name or self.user.email

    @property
    def last_seen(self) -> dt.datetime | None:
        return self.user.last_login if self.is_taken_up else None
