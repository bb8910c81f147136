"""What the archive of a network holds: for every model which rows, and what tells one apart.

A network archives what it controls: itself, all of its members of today, its agreements, and what
came of them. Of other networks and their members it holds the names that stand in these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet

from verbund.web.accounts.models import User
from verbund.web.agreements.models import (
    Activity,
    Agreement,
    Clause,
    Consent,
    Document,
    Party,
    Responsible,
    SharingRule,
    Signature,
    Version,
)
from verbund.web.agreements.sharing import visible
from verbund.web.core.auditing import entries_for
from verbund.web.core.models import AuditEntry
from verbund.web.core.services import between_bars, today
from verbund.web.directory.models import (
    Competence,
    ContactPerson,
    EnterpriseLink,
    Figures,
    Offer,
    PastFigures,
    Profile,
    Request,
)
from verbund.web.directory.services import index_entry, index_organisation
from verbund.web.indicators.models import Indicator, Observation
from verbund.web.networks.models import (
    Alias,
    Identifier,
    LegalPage,
    Membership,
    Network,
    Organisation,
    Role,
    Site,
    Visibility,
    holds,
)
from verbund.web.networks.rules import Viewer
from verbund.web.partnering.models import Introduction, IntroductionStep

_WORKED_OUT = frozenset(("search", "concepts", "changed_at"))


@dataclass(frozen=True)
class Part:
    """The rows of one model.

    Attributes
    ----------
    rows
        Those of a network.
    identity
        Columns by which a row is the same in another installation.
    left_out
        Fields that belong to this installation or are worked out anew.
    named
        The fields kept of rows of others that these name; without them they are not named at all.
    given
        What an imported row says here whatever it said there.
    is_final
        A record of what happened: an import adds to it and never changes it.
    """

    name: str
    model: type[Model]
    rows: Callable[[Network], QuerySet[Any]]
    identity: tuple[str, ...]
    left_out: frozenset[str] = frozenset()
    named: tuple[str, ...] = ()
    given: Callable[[Network], dict[str, Any]] = lambda network: {}
    is_final: bool = False

    @property
    def fields(self) -> list[str]:
        """The names of all fields that are written, the many-to-many ones last."""
        meta = self.model._meta
        own = [field.name for field in (*meta.concrete_fields, *meta.many_to_many)]
        through = {f.name for f in meta.many_to_many if not _is_plain_table(f)}
        return [name for name in own if name not in {"id", *self.left_out, *_WORKED_OUT, *through}]


def _is_plain_table(field: Any) -> bool:
    return bool(field.remote_field.through._meta.auto_created)


def members(network: Network) -> QuerySet[Organisation]:
    """Return the members of today; who left takes its data along."""
    return Organisation.objects.filter(
        holds(today(), prefix="memberships__"), memberships__network=network
    ).distinct()


def _of_members(model: type[Model]) -> Callable[[Network], QuerySet[Any]]:
    return lambda network: model._default_manager.filter(organisation__in=members(network))


def _of_agreements(model: type[Model], way: str) -> Callable[[Network], QuerySet[Any]]:
    return lambda network: model._default_manager.filter(
        **{f"{way}__in": Agreement.objects.filter(parties=network)}
    )


def _roles(network: Network) -> QuerySet[Role]:
    return Role.objects.filter(Q(network=network) | Q(organisation__in=members(network)))


def _introductions(network: Network) -> QuerySet[Introduction]:
    """Return the network's own, but for members of others whom its office may not see today."""
    own = frozenset((network.pk,))
    seen = visible(Organisation.objects.order_by(), to=Viewer(networks=own), on=today())
    members = Membership.objects.filter(holds(today()))
    hidden = members.exclude(organisation__in=seen.values("pk")).values("organisation")
    rows = Introduction.objects.filter(Q(left_network=network) | Q(right_network=network))
    return rows.exclude(Q(left__in=hidden) | Q(right__in=hidden))


PARTS = (
    Part(
        "networks",
        Network,
        lambda network: Network.objects.filter(pk=network.pk),
        ("slug",),
        named=("slug", "name", "full_name", "colour", "dark_colour"),
    ),
    Part(
        "legal-pages",
        LegalPage,
        lambda network: LegalPage.objects.filter(network=network),
        ("network", "kind"),
    ),
    Part("organisations", Organisation, members, ("uid",), named=("uid", "name")),
    Part(
        "people",
        User,
        lambda network: User.objects.filter(roles__in=_roles(network)).distinct(),
        ("email",),
        left_out=frozenset(
            ("password", "last_login", "is_superuser", "groups", "user_permissions")
        ),
    ),
    Part(
        "memberships",
        Membership,
        lambda network: Membership.objects.filter(network=network),
        ("network", "organisation"),
    ),
    Part("roles", Role, _roles, ("user", "kind", "network", "organisation")),
    Part("aliases", Alias, _of_members(Alias), ("organisation", "name")),
    Part("identifiers", Identifier, _of_members(Identifier), ("organisation", "scheme", "value")),
    Part("sites", Site, _of_members(Site), ("organisation", "city", "street", "name")),
    Part("profiles", Profile, _of_members(Profile), ("organisation",)),
    Part("competences", Competence, _of_members(Competence), ("organisation", "concept")),
    Part("figures", Figures, _of_members(Figures), ("organisation",)),
    Part("past-figures", PastFigures, _of_members(PastFigures), ("organisation", "as_of")),
    Part(
        "linked-enterprises",
        EnterpriseLink,
        _of_members(EnterpriseLink),
        ("organisation", "name", "direction"),
    ),
    Part(
        "contact-persons",
        ContactPerson,
        _of_members(ContactPerson),
        ("organisation", "name", "email"),
    ),
    Part("offers", Offer, _of_members(Offer), ("organisation", "text_de", "text_en")),
    Part("requests", Request, _of_members(Request), ("organisation", "text_de", "text_en")),
    Part(
        "agreements",
        Agreement,
        lambda network: Agreement.objects.filter(parties=network),
        ("slug",),
    ),
    Part("parties", Party, _of_agreements(Party, "agreement"), ("agreement", "network")),
    Part(
        "versions",
        Version,
        _of_agreements(Version, "agreement"),
        ("agreement", "number"),
        is_final=True,
    ),
    Part(
        "signatures",
        Signature,
        _of_agreements(Signature, "version__agreement"),
        ("version", "network"),
        is_final=True,
    ),
    Part(
        "documents",
        Document,
        _of_agreements(Document, "agreement"),
        ("agreement", "digest", "title"),
    ),
    Part("clauses", Clause, _of_agreements(Clause, "agreement"), ("agreement", "number")),
    Part(
        "responsible",
        Responsible,
        _of_agreements(Responsible, "clause__agreement"),
        ("clause", "network"),
    ),
    Part(
        "sharing-rules",
        SharingRule,
        _of_agreements(SharingRule, "clause__agreement"),
        ("clause", "data_class", "audience", "giver", "receiver", "valid_from"),
    ),
    Part(
        "consents",
        Consent,
        _of_members(Consent),
        ("organisation", "data_class", "allows", "to_network", "to_organisation", "given_on"),
    ),
    Part(
        "activities",
        Activity,
        _of_agreements(Activity, "clause__agreement"),
        ("clause", "kind", "date", "title_de", "title_en"),
        left_out=frozenset(("link",)),
    ),
    Part(
        "introductions",
        Introduction,
        _introductions,
        ("left", "right", "asked_at"),
        left_out=frozenset(("suggestion", "mails")),
    ),
    Part(
        "introduction-steps",
        IntroductionStep,
        lambda network: IntroductionStep.objects.filter(introduction__in=_introductions(network)),
        ("introduction", "at", "what", "side"),
        is_final=True,
    ),
    Part(
        "indicators",
        Indicator,
        lambda network: Indicator.objects.filter(network=network),
        ("slug",),
    ),
    Part(
        "observations",
        Observation,
        lambda network: Observation.objects.filter(indicator__network=network),
        ("indicator", "year", "edition", "source", "population_de", "population_en"),
    ),
    Part(
        "audit-entries",
        AuditEntry,
        lambda network: entries_for([network.pk]),
        ("at", "verb", "kind", "name"),
        left_out=frozenset(("networks",)),
        given=lambda network: {"networks": between_bars([network.pk])},
        is_final=True,
    ),
)
BY_MODEL = {part.model: part for part in PARTS}
BY_KIND = {part.model._meta.model_name: part for part in PARTS}
# Somebody else's, of the moment, or worked out anew; a test names a model that stands nowhere.
NOT_ARCHIVED = frozenset(
    (
        "accounts.cacherow", "accounts.setuplink", "core.backgroundrun", "core.mail",
        "core.mailaddress", "core.removal", "core.retentionperiod", "directory.approach",
        "directory.approachstep", "directory.columnmapping", "directory.distinctpair",
        "directory.importrun", "directory.merge", "directory.mergeproposal",
        "directory.profiledraft", "directory.sighting", "directory.vocabularyversion",
        "networks.membershipclaim", "partnering.hindsight", "partnering.quote",
        "partnering.suggestion", "partnering.weightversion",
    )
)  # fmt: skip


# ---------------------------------------------------------------- on the way in


def harmless(model: type[Model], rows: Sequence[Any], network: Network) -> list[Any]:
    """Keep what an archive says from opening other networks' data.

    A network with members of its own confirms here itself that it is a party; until then no rule
    lets it give anything. Names of others' members are seen by nobody.
    """
    if model is Party:
        for party in rows:
            if party.network != network and _has_members(party.network):
                party.is_confirmed = False
    if model is SharingRule:
        return [rule for rule in rows if _gives_own(rule, network)]
    return list(rows)


def _has_members(network: Network) -> bool:
    return Membership.objects.filter(network=network).exists()


def _gives_own(rule: SharingRule, network: Network) -> bool:
    """Tell whether a rule may hold; where it binds all parties, it binds the own network alone."""
    others = Party.objects.filter(agreement=rule.clause.agreement, is_confirmed=False)
    waiting = set(others.values_list("network_id", flat=True))
    if waiting and rule.giver_id is None:
        rule.giver = network
    return rule.giver_id not in waiting


def prepare(row: Model, *, is_named: bool) -> Model:
    """Make a new row safe: names of others are seen by nobody, nobody has a password."""
    if isinstance(row, Organisation) and is_named:
        row.visibility = Visibility.OWN
    if isinstance(row, User):
        row.set_unusable_password()
    return row


def work_out(rows: Iterable[Model]) -> None:
    """Work out anew what searches need of imported rows."""
    for row in rows:
        if isinstance(row, (Offer, Request)):
            index_entry(row)
            row.save(update_fields=["search", "concepts"])
    for row in rows:
        if isinstance(row, Organisation):
            index_organisation(row)
