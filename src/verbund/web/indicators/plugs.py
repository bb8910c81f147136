"""What this app announces to the others."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from verbund.language.spelling import fold
from verbund.web.core.registries import Hit, NavEntry, SearchKind, navigation, searches
from verbund.web.core.texts import text_of
from verbund.web.indicators.changes import announce_changes
from verbund.web.indicators.models import Indicator
from verbund.web.indicators.queries import newest, published
from verbund.web.indicators.values import said
from verbund.web.networks.rules import Viewer

_PAGES = ("indicator", "indicator_new", "indicator_edit", "observation_new", "observation_edit")


def announce() -> None:
    """Announce navigation and search."""
    announce_changes()
    navigation.add("figures", NavEntry("figures", _("Figures"), "figures", covers=_PAGES), place=10)
    searches.add("figures", SearchKind("figures", _("Figures"), find_figures), place=70)


def find_figures(viewer: Viewer, text: str, on: dt.date, limit: int) -> tuple[int, list[Hit]]:
    """Find figures by name or definition in either language; they are public."""
    words = fold(text).split()
    if not words:
        return 0, []
    found = [one for one in published() if all(word in _searched(one) for word in words)]
    return len(found), [_hit(one) for one in found[:limit]]


def _searched(indicator: Indicator) -> str:
    texts = (indicator.name_de, indicator.name_en, indicator.definition_de, indicator.definition_en)
    return fold(" ".join(texts))


def _hit(indicator: Indicator) -> Hit:
    value = newest(indicator)
    about = f"{said(value, indicator.unit)} ({value.year})" if value else ""
    networks = (indicator.network.slug,) if indicator.network else ()
    return Hit(str(text_of(indicator, "name")), indicator.get_absolute_url(), about, networks)
