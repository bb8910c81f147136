"""An indicator as the pages show it: chart, the chart in words, and what not to compare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlsplit

from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from verbund.web.core.models import AuditEntry
from verbund.web.core.texts import text_of
from verbund.web.indicators.chart import LARGE, MOST_LINES, Chart, Line, Size, Value, draw
from verbund.web.indicators.models import Indicator, Observation
from verbund.web.indicators.queries import Series, newest, series_of
from verbund.web.indicators.values import said, short, with_unit, written


@dataclass(frozen=True)
class Shown:
    """One observation with its value in words."""

    observation: Observation
    value: str

    @property
    def source_site(self) -> str:
        """Name the site where the source is an address."""
        address = urlsplit(self.observation.source)
        return address.hostname or "" if address.scheme in ("https", "http") else ""


class Portrait:
    """An indicator with its observations, ready to be drawn and read out."""

    def __init__(self, indicator: Indicator, *, size: Size = LARGE) -> None:
        self.indicator = indicator
        self.observations = list(indicator.observations.all())
        self.size = size
        self.series = series_of(self.observations)
        self.drawn_series = self.series[:MOST_LINES] if size is LARGE else self._main_series()

    def _main_series(self) -> list[Series]:
        """Return the line that leads to the newest value, for the small picture."""
        last = newest(self.indicator)
        return [one for one in self.series if last in one.observations]

    @property
    def name(self) -> str:
        return str(text_of(self.indicator, "name"))

    def shown(self, observation: Observation) -> Shown:
        return Shown(observation, said(observation, self.indicator.unit))

    @property
    def newest(self) -> Shown | None:
        found = newest(self.indicator)
        return self.shown(found) if found else None

    @property
    def rows(self) -> list[Shown]:
        """All values, latest year first; of a year, in the order they were entered."""
        ordered = sorted(self.observations, key=lambda one: (-one.year, one.pk))
        return [self.shown(one) for one in ordered]

    @property
    def chart(self) -> Chart | None:
        """Draw the series; one value alone needs no picture."""
        if sum(len(one.observations) for one in self.drawn_series) < 2:
            return None
        lines = [
            Line(
                one.name or self.name,
                tuple(Value(o.year, o.value, short(o)) for o in one.observations),
            )
            for one in self.drawn_series
        ]
        return draw(lines, write=self._write, size=self.size)

    def _write(self, value: Decimal) -> str:
        if self.indicator.unit == Indicator.Unit.PERCENT:
            return with_unit(written(value), self.indicator.unit)
        return written(value)

    @property
    def description(self) -> str:
        """Say the chart in words, series by series."""
        return " ".join(self._sentence(one) for one in self.drawn_series)

    def _sentence(self, series: Series) -> str:
        first, last = series.observations[0], series.observations[-1]
        values = {
            "name": capfirst(series.name) or self.name,
            "value": said(first, self.indicator.unit),
            "year": first.year,
            "last_value": said(last, self.indicator.unit),
            "last_year": last.year,
        }
        if first is last:
            return _("%(name)s: %(value)s in %(year)s.") % values
        return (
            _("%(name)s: from %(value)s in %(year)s to %(last_value)s in %(last_year)s.") % values
        )

    @property
    def hints(self) -> list[str]:
        """Say what a reader might compare wrongly."""
        found = []
        populations = {one.population for one in self.series}
        if len(populations) > 1:
            found.append(
                _(
                    "The values speak of different populations: %(names)s. They are drawn apart"
                    " and cannot be compared with each other."
                )
                % {"names": "; ".join(dict.fromkeys(s.population or "–" for s in self.series))}
            )
        if years := self._disputed_years():
            found.append(
                ngettext(
                    "%(years)s has several values: sources may disagree, and all of them stand.",
                    "%(years)s have several values: sources may disagree, and all of them stand.",
                    len(years),
                )
                % {"years": ", ".join(map(str, years))}
            )
        if len(self.series) > len(self.drawn_series):
            found.append(_("The drawing shows the first series; the table shows all values."))
        return found

    def _disputed_years(self) -> list[int]:
        counted = Counter((o.year, str(text_of(o, "population"))) for o in self.observations)
        return sorted({year for (year, _name), number in counted.items() if number > 1})


@dataclass(frozen=True)
class Change:
    """One line of the trace: what a field said before and says now."""

    entry: AuditEntry
    year: int | None
    field: str
    old: str
    new: str


def changes_of(trace: Iterable[AuditEntry]) -> list[Change]:
    """List the changed fields of the trace, latest first."""
    return [
        Change(entry, entry.changes.get("year"), _label(field, entry), *map(_said, ends))
        for entry in trace
        for field, ends in entry.changes.get("fields", {}).items()
    ]


def _label(field: str, entry: AuditEntry) -> str:
    model: type[Model] = Indicator if entry.verb == "update" else Observation
    labels = {one.name: one.verbose_name for one in model._meta.fields}
    return capfirst(str(labels[field]))


def _said(value: object) -> str:
    """Write an old or new content; numbers come out of the audit log as plain text."""
    text = str(value)
    try:
        return written(Decimal(text)) if "." in text else text
    except ArithmeticError:
        return text
