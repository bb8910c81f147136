"""Who counts as a small or medium-sized enterprise: definitions as dated data with their source.

A programme that changes its rule gets a further definition here; none is ever overwritten.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from verbund.wording import Language, refuse, sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A size class: an enterprise belongs to the first one whose ceilings it does not exceed.

    Headcount has to stay below its ceiling; of turnover and balance-sheet total one may exceed it,
    if both are named. With `waits` the status changes only after two accounting years in a row.
    """

    id: str
    employees_below: int | None = None
    turnover_up_to: int | None = None
    balance_up_to: int | None = None
    is_sme: bool = True
    waits: bool = True

    def say(self, language: Language) -> str:
        return sentence(f"sme.step.{self.id}", language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A rule of who counts as an SME, from when to when, and where it stands.

    Ids are kept in results; `title` names the sentence that says it. `counts_partners` is False
    where a rule adds linked enterprises only.
    """

    id: str
    title: str
    steps: tuple[Step, ...]
    source: str
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    counts_partners: bool = True

    def holds(self, on: dt.date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_until is None or on <= self.valid_until
        )

    def say(self, language: Language) -> str:
        return sentence(f"sme.title.{self.title}", language)


_MILLION = 1_000_000
_EU = (
    Step(id="micro", employees_below=10, turnover_up_to=2 * _MILLION, balance_up_to=2 * _MILLION),
    Step(id="small", employees_below=50, turnover_up_to=10 * _MILLION, balance_up_to=10 * _MILLION),
    Step(
        id="medium", employees_below=250, turnover_up_to=50 * _MILLION, balance_up_to=43 * _MILLION
    ),
)
# Counted when applying, whatever turnover and balance-sheet total are.
_ZIM = (
    *_EU,
    Step(id="under-500", employees_below=500, is_sme=False, waits=False),
    Step(id="under-1000", employees_below=1000, is_sme=False, waits=False),
)

DEFINITIONS = {
    definition.id: definition
    for definition in (
        Definition(
            id="eu-2003-361",
            title="eu",
            steps=_EU,
            valid_from=dt.date(2005, 1, 1),
            source="2003/361/EC, OJ L 124, 20.5.2003, p. 36; https://eur-lex.europa.eu/eli/reco/2003/361/oj",
        ),
        Definition(
            id="zim-2020",
            title="zim",
            steps=_ZIM,
            valid_from=dt.date(2020, 1, 20),
            valid_until=dt.date(2024, 12, 31),
            source="BAnz AT 20.01.2020 B1; https://www.zim.de",
        ),
        Definition(
            id="zim-2025",
            title="zim",
            steps=_ZIM,
            valid_from=dt.date(2025, 1, 1),
            source="https://www.zim.de/ZIM/Redaktion/DE/FAQ/FuE-Projekte/fue-projekte.html",
        ),
        Definition(
            id="igf-125m",
            title="igf",
            steps=(Step(id="igf", turnover_up_to=125 * _MILLION, waits=False),),
            valid_until=dt.date(2022, 12, 31),
            counts_partners=False,
            source="https://www.forschung-fom.de/fom/aktuelles",
        ),
        Definition(
            id="igf-2023",
            title="igf",
            steps=_EU,
            valid_from=dt.date(2023, 1, 1),
            valid_until=dt.date(2026, 12, 31),
            source="BAnz AT 29.12.2022 B1; (EU) 651/2014, annex I",
        ),
    )
}


def definitions_on(day: dt.date) -> list[Definition]:
    """Return the definitions that hold on a day."""
    return [definition for definition in DEFINITIONS.values() if definition.holds(day)]


def definition_for(id_: str, on: dt.date) -> Definition:
    """Return the definition of an id.

    Raises
    ------
    InvalidInput
        For an unknown id, or a day on which the definition does not hold.
    """
    definition = DEFINITIONS.get(id_)
    if definition is None:
        raise refuse("sme.unknown_definition", found=id_, known=sorted(DEFINITIONS))
    if not definition.holds(on):
        raise refuse("sme.not_in_force", definition=definition, id=id_, day=on)
    return definition
