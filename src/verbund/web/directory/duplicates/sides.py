"""Two records side by side: field by field what each says, and which says more."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from verbund.records.names import parse_name
from verbund.web.core.registries import Text
from verbund.web.core.templatetags.verbund import number
from verbund.web.directory.models import Figures, Profile
from verbund.web.networks.models import Organisation

LEFT, RIGHT = "left", "right"


@dataclass(frozen=True)
class Choice:
    """Columns that belong together: the address of one and the town of the other would be wrong."""

    key: str
    model: type[Model]
    columns: tuple[str, ...]
    label: Text
    shown: tuple[str, ...] = ()


def _own(name: str) -> Choice:
    column = Organisation._meta.get_field(name)
    return Choice(name, Organisation, (column.attname,), column.verbose_name, (name,))  # type: ignore[union-attr]  # a column


def _profile(name: str) -> Choice:
    return Choice(name, Profile, (name,), Profile._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # a column


CHOICES = (
    _own("name"),
    _own("legal_form"),
    _own("kind"),
    _own("parent"),
    Choice(
        "address",
        Organisation,
        ("street", "postal_code", "city", "state", "country", "lat", "lon"),
        _("address"),
        ("street", "postal_code", "city", "country"),
    ),
    _own("website"),
    _own("language"),
    _profile("text_de"),
    _profile("text_en"),
    _profile("topics"),
    _profile("segment"),
    Choice(
        "figures",
        Figures,
        ("employees", "turnover_eur", "balance_eur", "as_of"),
        _("figures"),
    ),
)
# Nobody chooses these: who may see it is settled by the stricter, the rest is worked out.
SETTLED = {
    Organisation: {"id", "uid", "visibility", "is_invented", "search", "changed_at"},
    Profile: {
        "id", "organisation_id", "confirmed_on", "confirmed_by", "asked_on",
        "reminded_on", "search",
    },
    Figures: {"id", "organisation_id"},
}  # fmt: skip


@dataclass
class Side:
    """A record with what it says of itself."""

    organisation: Organisation
    profile: Profile
    figures: Figures
    rows: dict[type[Model], Model] = field(init=False)

    def __post_init__(self) -> None:
        self.rows = {Organisation: self.organisation, Profile: self.profile, Figures: self.figures}

    def values(self, choice: Choice) -> dict[str, Any]:
        row = self.rows[choice.model]
        return {column: getattr(row, column) for column in choice.columns}

    def fullness(self, choice: Choice) -> int:
        """Tell how much a record says: a name with its legal form is more than one without."""
        if choice.key == "name" and parse_name(self.organisation.name).legal_form:
            return 2
        return sum(value not in (None, "") for value in self.values(choice).values())

    def says(self, choice: Choice) -> str:
        """Return a value as a page shows it."""
        row = self.rows[choice.model]
        parts = []
        for name in choice.shown or choice.columns:
            display = getattr(row, f"get_{name}_display", None)
            value = display() if display else getattr(row, name)
            if value not in (None, ""):
                parts.append(_said(row, name, value, is_labelled=choice.model is Figures))
        return "\n".join(parts) if choice.model is Figures else ", ".join(parts)

    @property
    def stamp(self) -> dt.date:
        """The day from which this is known to be right: confirmed, else changed."""
        return self.profile.confirmed_on or timezone.localdate(self.organisation.changed_at)


def _said(row: Model, name: str, value: Any, *, is_labelled: bool) -> str:
    text = number(value) if isinstance(value, (int, Decimal)) else str(localize(value))
    return f"{capfirst(row._meta.get_field(name).verbose_name)}: {text}" if is_labelled else text  # type: ignore[union-attr]  # a column


@dataclass(frozen=True)
class Line:
    """A choice with both values; `chosen` is the side that is proposed."""

    choice: Choice
    left: str
    right: str
    chosen: str

    @property
    def differs(self) -> bool:
        return self.left != self.right


def side_of(organisation: Organisation) -> Side:
    """Read a record; what it has not got yet stands empty and unsaved."""
    profile = Profile.objects.filter(organisation=organisation).first()
    figures = Figures.objects.filter(organisation=organisation).first()
    return Side(
        organisation,
        profile or Profile(organisation=organisation),
        figures or Figures(organisation=organisation),
    )


def compare(left: Side, right: Side) -> list[Line]:
    """Lay two records side by side; the fuller, else the newer value is proposed."""
    chosen = proposed(left, right)
    return [
        Line(
            choice,
            left.says(choice),
            right.says(choice),
            RIGHT if choice.key in chosen else LEFT,
        )
        for choice in CHOICES
        if left.fullness(choice) or right.fullness(choice)
    ]


def proposed(left: Side, right: Side) -> list[str]:
    return [choice.key for choice in CHOICES if _is_better(right, left, choice)]


def _is_better(one: Side, other: Side, choice: Choice) -> bool:
    if choice.model is Figures and one.fullness(choice) and other.fullness(choice):
        return (one.figures.as_of or dt.date.min) > (other.figures.as_of or dt.date.min)
    if one.fullness(choice) != other.fullness(choice):
        return one.fullness(choice) > other.fullness(choice)
    return one.values(choice) != other.values(choice) and one.stamp > other.stamp
