"""Small pieces of the pages about agreements."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from verbund.web.agreements import days
from verbund.web.agreements.differences import renewal_of, shares_said
from verbund.web.agreements.models import Agreement, Clause
from verbund.web.agreements.queries import Tally
from verbund.web.agreements.terms import ClauseTerms, Terms
from verbund.web.core.templatetags.verbund import said

register = template.Library()


@register.filter
def clause_title(clause: Clause | ClauseTerms) -> SafeString | str:
    """Say the title of a clause, or its field of cooperation where it has none."""
    return said(clause, "title") or clause.get_field_display()


@register.inclusion_tag("agreements/_bar.html")
def held_bar(tally: Tally) -> dict[str, Any]:
    """Draw what was held of what is promised, and say it."""
    return {"tally": tally}


@register.filter
def signed_day(agreement: Agreement) -> str:
    """Say when an agreement was signed, as exactly as it is known."""
    return days.signed_day(agreement)


@register.filter
def renewal(agreement: Agreement) -> str:
    """Say what happens at the end of the term."""
    return renewal_of(agreement)


@register.filter
def shared_in(clause: ClauseTerms, terms: Terms) -> list[str]:
    """Say what is shared for a clause."""
    return shares_said(clause.shares, terms)


@register.simple_tag
def party_name(terms: Terms, slug: str) -> str:
    return terms.party(slug).name
