"""Clauses, activities, drafts and signatures."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.web import factories
from verbund.web.accounts.models import User
from verbund.web.agreements import services
from verbund.web.agreements.model_clauses import audience_of
from verbund.web.agreements.models import Activity, Agreement, Clause, Field, Version
from verbund.web.agreements.terms import ClauseTerms, PartyTerms, Share, Terms, terms_of
from verbund.web.core.services import today
from verbund.web.networks.models import DataClass, Network, Role

DAY = dt.timedelta(days=1)


def clause(agreement: Agreement, field: Field = Field.EVENTS, **fields: Any) -> Clause:
    number = agreement.clauses.count() + 1
    return Clause.objects.create(
        agreement=agreement, field=field, **{"number": number, "title_de": "Treffen"} | fields
    )


def activity(agreement: Agreement, **fields: Any) -> Activity:
    """Make a workshop planned for today under the agreement's first clause."""
    partners = fields.pop("partners", [])
    first = agreement.clauses.order_by("number").first()
    made = Activity.objects.create(
        **{
            "clause": first,
            "kind": Activity.Kind.WORKSHOP,
            "date": today(),
            "title_de": "Werkstatt Innenraum",
            "place": "Zwickau",
        }
        | fields
    )
    made.partners.set(partners)
    return made


def held(agreement: Agreement, **fields: Any) -> Activity:
    return activity(agreement, **{"state": Activity.State.HELD} | fields)


def signatory_of(network: Network, **fields: Any) -> User:
    person = factories.user(**fields)
    Role.objects.create(user=person, kind=Role.Kind.SIGNATORY, network=network)
    return person


def draft(
    *parties: Network, shares: tuple[DataClass, ...] = (DataClass.PROFILE,), **terms: Any
) -> Version:
    """Make a draft with one clause, by which every party gives these classes to every other."""
    names = tuple(PartyTerms(party.slug, party.name) for party in parties)
    given = {
        Share(data_class, party.slug, "", audience_of(data_class))
        for party in parties
        for data_class in shares
    }
    only = ClauseTerms(1, Field.EXCHANGE, title_de="Austausch", shares=tuple(sorted(given)))
    by = factories.manager_of(parties[0])
    version = services.start_draft(parties, by=by, on=today())
    return services.save_draft(
        version,
        Terms(names, **{"title_de": "Neue Vereinbarung", "clauses": (only,)} | terms),
        seen=terms_of(version.content).digest,
        by=by,
    )


def signed(version: Version, *, on: dt.date | None = None) -> Version:
    """Have a draft proposed and signed by all its parties."""
    day = on or today()
    by = version.made_by
    assert by
    found = services.propose(version, by=by, on=day)
    for party in found.agreement.signing.all():
        person = signatory_of(party.network, name=f"Zeichnet für {party.network}")
        found = services.sign(
            found, party.network, role="Vorstand", seen=found.digest, by=person, on=day
        )
    return found
