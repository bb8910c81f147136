"""Ready texts of clauses, one for each field of cooperation: a start for an office's own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from verbund.web.agreements.models import Field, SharingRule
from verbund.web.agreements.terms import (
    EVERY_OTHER,
    ClauseTerms,
    PartyTerms,
    Share,
    Terms,
    flows,
)
from verbund.web.networks.models import DataClass

# What a clause can share; files of activities stay with the offices, whatever a clause says.
SHAREABLE = (
    DataClass.PROFILE,
    DataClass.OFFERS,
    DataClass.REQUESTS,
    DataClass.CONTACT,
    DataClass.FIGURES,
)


def audience_of(data_class: DataClass) -> SharingRule.Audience:
    """Figures go to the partner's office only, as in the own network; the rest to its members."""
    if data_class is DataClass.FIGURES:
        return SharingRule.Audience.MANAGERS
    return SharingRule.Audience.MEMBERS


@dataclass(frozen=True)
class ModelClause:
    title_de: str
    title_en: str
    aim_de: str
    aim_en: str
    planned_a_year: int
    shares: tuple[DataClass, ...] = ()
    is_usual: bool = False


MODEL_CLAUSES = {
    Field.EXCHANGE: ModelClause(
        "Regelmäßiger Austausch",
        "Regular exchange",
        "Die Parteien treffen sich regelmäßig, damit ihre Mitglieder voneinander wissen, was sie"
        " können und woran sie arbeiten.",
        "The parties meet regularly so that their members know of each other what they can do"
        " and what they are working on.",
        2,
        (DataClass.PROFILE,),
        is_usual=True,
    ),
    Field.PROJECTS: ModelClause(
        "Gemeinsame Entwicklungsprojekte",
        "Joint development projects",
        "Die Parteien bringen Unternehmen und Forschungspartner beider Seiten zusammen, damit"
        " gemeinsame Vorhaben entstehen, besonders für kleine und mittlere Unternehmen.",
        "The parties bring companies and research partners of both sides together so that joint"
        " projects come about, above all for small and medium-sized enterprises.",
        2,
        (DataClass.PROFILE, DataClass.OFFERS, DataClass.REQUESTS),
        is_usual=True,
    ),
    Field.EVENTS: ModelClause(
        "Gemeinsame Veranstaltungen und neue Formate",
        "Joint events and new formats",
        "Die Parteien laden die Mitglieder der anderen zu ihren Veranstaltungen ein und erproben"
        " Formate, die beide Branchen verbinden.",
        "The parties invite each other's members to their events and try formats that connect"
        " both industries.",
        2,
        is_usual=True,
    ),
    Field.FAIRS: ModelClause(
        "Messeauftritte",
        "Trade fairs",
        "Die Parteien stimmen ihre Messepläne ab und treten gemeinsam auf, wo es den Mitgliedern"
        " beider Seiten nützt.",
        "The parties coordinate their plans for trade fairs and appear together where it serves"
        " members of both sides.",
        1,
    ),
    Field.EDUCATION: ModelClause(
        "Aus- und Weiterbildung",
        "Education and training",
        "Die Parteien öffnen einander ihre Bildungsangebote und bündeln den Bedarf ihrer"
        " Mitglieder.",
        "The parties open their training offers to each other and pool their members' needs.",
        1,
    ),
    Field.GROUPS: ModelClause(
        "Arbeitskreise",
        "Working groups",
        "Mitglieder jeder Partei können in den Arbeitskreisen der anderen mitwirken.",
        "Members of each party can take part in the working groups of the others.",
        2,
    ),
    Field.TRENDS: ModelClause(
        "Marktbeobachtung",
        "Market trends",
        "Die Parteien teilen Marktbeobachtungen, Erfahrungen und veröffentlichte Kennzahlen.",
        "The parties share market observations, experience and published figures.",
        1,
    ),
    Field.DISCOURSE: ModelClause(
        "Diskurs über neue Entwicklungen",
        "Discourse on new developments",
        "Die Parteien erörtern laufend, wie sich neue Entwicklungen beider Branchen verbinden"
        " lassen.",
        "The parties keep discussing how new developments of both industries can be combined.",
        1,
    ),
    Field.ADVOCACY: ModelClause(
        "Interessenvertretung",
        "Advocacy",
        "Die Parteien stimmen sich ab, wenn sie sich gegenüber Politik und Öffentlichkeit äußern.",
        "The parties consult each other before they speak to politics and the public.",
        1,
    ),
    Field.TRANSFER: ModelClause(
        "Technologietransfer",
        "Technology transfer",
        "Die Parteien machen Ergebnisse der Forschung für Mitglieder der anderen zugänglich.",
        "The parties make results of research accessible to each other's members.",
        1,
    ),
    Field.INTERNATIONAL: ModelClause(
        "Internationalisierung",
        "Internationalisation",
        "Die Parteien öffnen einander ihre Verbindungen ins Ausland, etwa bei Reisen und Besuchen.",
        "The parties open their connections abroad to each other, as on journeys and visits.",
        1,
    ),
}


def usual_clauses(parties: Sequence[PartyTerms]) -> tuple[ClauseTerms, ...]:
    """Return the clauses that most agreements have, for these parties."""
    usual = [field for field, ready in MODEL_CLAUSES.items() if ready.is_usual]
    return tuple(ready_clause(field, number, parties) for number, field in enumerate(usual, 1))


def ready_clause(field: Field, number: int, parties: Sequence[PartyTerms]) -> ClauseTerms:
    """Return the ready text for a field; what it shares, every party gives every other."""
    ready = MODEL_CLAUSES[field]
    return ClauseTerms(
        number=number,
        field=field,
        title_de=ready.title_de,
        title_en=ready.title_en,
        aim_de=ready.aim_de,
        aim_en=ready.aim_en,
        planned_a_year=ready.planned_a_year,
        shares=tuple(sorted(_of_all(ready.shares, parties))),
    )


def _of_all(classes: Iterable[DataClass], parties: Sequence[PartyTerms]) -> Iterator[Share]:
    for data_class in classes:
        for party in parties:
            yield Share(data_class, party.slug, EVERY_OTHER, audience_of(data_class))


def clauses_for(parties: Sequence[PartyTerms], old: Terms) -> tuple[ClauseTerms, ...]:
    """Carry clauses over to other parties.

    What all parties gave each other, the new ones give each other; of the rest, what was given
    among those who stay.
    """
    return tuple(
        replace(
            clause,
            number=number,
            responsible=tuple(one for one in clause.responsible if one[0] in _slugs(parties)),
            shares=tuple(sorted(_carried(clause.shares, parties, old))),
        )
        for number, clause in enumerate(old.clauses, 1)
    )


def _carried(shares: Iterable[Share], parties: Sequence[PartyTerms], old: Terms) -> Iterator[Share]:
    given, before, now = set(shares), _slugs(old.parties), _slugs(parties)
    for data_class in {share.data_class for share in given}:
        of_class = {share for share in given if share.data_class == data_class}
        audience = next(iter(of_class)).audience
        mutual = {Share(data_class, slug, EVERY_OTHER, audience) for slug in before}
        if flows(mutual, before) == flows(of_class, before):
            yield from (Share(data_class, slug, EVERY_OTHER, audience) for slug in now)
        else:
            yield from (s for s in of_class if s.giver in now and s.receiver in {EVERY_OTHER, *now})


def _slugs(parties: Iterable[PartyTerms]) -> list[str]:
    return [party.slug for party in parties]
