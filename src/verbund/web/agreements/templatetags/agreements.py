"""Small pieces of the pages about agreements."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from verbund.web.agreements.models import Clause
from verbund.web.agreements.queries import Tally
from verbund.web.core.templatetags.verbund import said

register = template.Library()


@register.filter
def clause_title(clause: Clause) -> SafeString | str:
    """Say the title of a clause, or its field of cooperation where it has none."""
    return said(clause, "title") or clause.get_field_display()


@register.inclusion_tag("agreements/_bar.html")
def held_bar(tally: Tally) -> dict[str, Any]:
    """Draw what was held of what is promised, and say it."""
    return {"tally": tally}
