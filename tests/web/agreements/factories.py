"""Clauses and activities."""

from __future__ import annotations

import datetime as dt
from typing import Any

from verbund.web.agreements.models import Activity, Agreement, Clause, Field
from verbund.web.core.services import today

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
