"""Named reads of agreements, their clauses and what came of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from django.db.models import Count, Exists, Max, Min, Model, OuterRef, Q, QuerySet, Subquery, Sum

from verbund.web.agreements.models import (
    Activity,
    Agreement,
    Clause,
    Field,
    Party,
    Version,
    is_in_force,
)
from verbund.web.agreements.terms import Terms, terms_of
from verbund.web.networks.models import Network, holds
from verbund.web.networks.rules import Viewer

M = TypeVar("M", bound=Model)
_AGREED = (Version.State.IN_FORCE, Version.State.SUPERSEDED)
PREPARED, COMING, IN_FORCE, ENDED = "prepared", "coming", "in_force", "ended"
_BAR, _FEWEST_PLACES, _MOST_PIECES = 96, 6, 12  # width of the small bar, and what fits into it


def known_agreements(viewer: Viewer) -> QuerySet[Agreement]:
    """Return the agreements a viewer knows of; what `rules.can_see_agreement` says."""
    agreements = _known(Agreement.objects.all(), viewer, way="")
    return agreements.prefetch_related("signing__network")


def known_activities(viewer: Viewer) -> QuerySet[Activity]:
    """Return the activities under the agreements a viewer knows of, with all a list shows."""
    activities = _known(Activity.objects.all(), viewer, way="clause__agreement__")
    return activities.select_related("clause__agreement").prefetch_related(
        "clause__agreement__signing__network", "partners"
    )


def _known(queryset: QuerySet[M], viewer: Viewer, *, way: str) -> QuerySet[M]:
    parties = Party.objects.filter(agreement=OuterRef(f"{way}pk"))
    own = parties.filter(network__in=viewer.networks)
    signed = Q(**{f"{way}stage": Agreement.Stage.SIGNED})
    return queryset.filter(
        signed & (~Exists(parties.filter(is_confirmed=False)) | Exists(own))
        | Exists(parties.filter(network__in=viewer.offices))
    )


def clauses_to_fill(viewer: Viewer, on: dt.date) -> QuerySet[Clause]:
    """Return the clauses in force under which the viewer may plan activities."""
    parties = Party.objects.filter(
        agreement=OuterRef("agreement"), network__in=viewer.edited, is_confirmed=True
    )
    return Clause.objects.filter(
        Exists(parties), is_in_force(on, prefix="agreement__"), holds(on)
    ).select_related("agreement")


def clause_for(first: Network, second: Network, *, field: Field, on: dt.date) -> Clause | None:
    """Return the clause about a field in the newest agreement in force between two networks."""
    return (
        Clause.objects.filter(
            is_in_force(on, prefix="agreement__"),
            holds(on),
            Exists(Party.objects.filter(agreement=OuterRef("agreement"), network=first)),
            Exists(Party.objects.filter(agreement=OuterRef("agreement"), network=second)),
            field=field,
        )
        .order_by("-agreement__signed_on", "number")
        .first()
    )


def standing(agreement: Agreement, on: dt.date) -> str:
    """Tell whether an agreement is being prepared, coming, in force or has ended."""
    if agreement.stage != Agreement.Stage.SIGNED:
        return PREPARED
    if agreement.valid_from and agreement.valid_from > on:
        return COMING
    return ENDED if agreement.valid_until and agreement.valid_until < on else IN_FORCE


def clauses_in(agreement: Agreement, year: int) -> QuerySet[Clause]:
    """Return the clauses that held in a year; an amendment may have brought or dropped some."""
    return agreement.clauses.filter(_held_in(year))


def _held_in(year: int) -> Q:
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    begun = Q(valid_from=None) | Q(valid_from__lte=last)
    return begun & (Q(valid_until=None) | Q(valid_until__gte=first))


def versions_of(agreement: Agreement) -> QuerySet[Version]:
    """Return the texts of an agreement with their signatures, newest first."""
    return agreement.versions.select_related("agreement", "made_by").prefetch_related(
        "signatures__network", "agreement__signing__network"
    )


def terms_before(version: Version) -> Terms | None:
    """Return the terms in whose place a version comes, with the day and names of their signing."""
    earlier = version.agreement.versions.filter(state__in=_AGREED, number__lt=version.number)
    agreed = list(earlier.prefetch_related("signatures__network")[:2])
    if not agreed:
        return None
    terms = replace(terms_of(agreed[0].content), valid_from=version.agreement.valid_from)
    return terms if len(agreed) > 1 else _with_names(terms, agreed[0])


def _with_names(terms: Terms, first: Version) -> Terms:
    """Name who signed the first text, as the agreement's rows do; it may have left that open."""
    signed = {one.network.slug: one for one in first.signatures.all()}
    return replace(
        terms,
        parties=tuple(
            replace(party, signatory=one.name, signatory_role=one.role)
            if (one := signed.get(party.slug))
            else party
            for party in terms.parties
        ),
    )


def terms_compared(version: Version) -> Terms | None:
    """Return the terms a version is read against: the agreed ones, else those laid out last."""
    if agreed := terms_before(version):
        return agreed
    last = version.agreement.versions.filter(number__lt=version.number).first()
    return terms_of(last.content) if last else None


def text_in_force(agreement: Agreement, on: dt.date) -> Version | None:
    """Return the text that holds on a day; none if it was kept before texts were."""
    agreed = agreement.versions.filter(
        Q(takes_effect_on=None) | Q(takes_effect_on__lte=max(on, agreement.valid_from or on)),
        state__in=_AGREED,
    )
    return agreed.first()


def day_in_term(agreement: Agreement, on: dt.date) -> dt.date:
    """Return the day nearest to `on` on which the agreement is in force."""
    day = max(on, agreement.valid_from or on)
    return min(day, agreement.valid_until or day)


def years_of(agreement: Agreement, on: dt.date) -> list[int]:
    """Return the years of the term up to now, and those of activities, newest first."""
    found = Activity.objects.filter(clause__agreement=agreement).aggregate(
        first=Min("date__year"), last=Max("date__year")
    )
    begin = (agreement.valid_from or agreement.signed_on or on).year
    now = day_in_term(agreement, on).year
    first, last = found["first"] or begin, found["last"] or now
    return list(range(max(now, last), min(begin, first) - 1, -1))


@dataclass(frozen=True)
class Tally:
    """How many activities were held and are planned, and how many the clauses promise."""

    held: int = 0
    planned: int = 0
    promised: int = 0

    @property
    def state(self) -> str:
        if self.promised and self.held >= self.promised:
            return "kept"
        return "going" if self.held or self.planned else "open"

    @property
    def bar(self) -> list[tuple[str, str, str]]:
        """Return place, width and class of the bar's pieces: each activity one, many as a share."""
        pieces = max(self.held, self.promised)
        if pieces > _MOST_PIECES:
            share = (_BAR - 1) * self.held / pieces
            return [("0.5", f"{_BAR - 1:.1f}", "plan"), ("0.5", f"{share:.1f}", "held")]
        step = _BAR / max(pieces, _FEWEST_PLACES)
        return [
            (f"{0.5 + n * step:.1f}", f"{step * 0.75:.1f}", "held" if n < self.held else "plan")
            for n in range(pieces)
        ]


@dataclass(frozen=True)
class Progress:
    """A clause in a year: what came of it, and the last thing that was held."""

    clause: Clause
    tally: Tally
    last: Activity | None


def progress_of(clauses: Iterable[Clause], year: int) -> list[Progress]:
    """Return how far each clause is in a year (three queries)."""
    listed = list(clauses)
    counted = _counted(Activity.objects.filter(clause__in=listed), "clause", year)
    held = Activity.objects.filter(
        clause=OuterRef("pk"), state=Activity.State.HELD, date__year__lte=year
    )
    last = dict(
        Clause.objects.filter(pk__in=[clause.pk for clause in listed])
        .order_by()
        .annotate(last=Subquery(held.values("pk")[:1]))
        .values_list("pk", "last")
    )
    activities = Activity.objects.in_bulk([pk for pk in last.values() if pk])
    return [
        Progress(
            clause,
            Tally(*counted.get(clause.pk, (0, 0)), clause.planned_a_year),
            activities.get(last.get(clause.pk) or 0),
        )
        for clause in listed
    ]


def tallies_of(agreements: Iterable[Agreement], year: int) -> dict[int, Tally]:
    """Return the sums of each agreement in a year (two queries)."""
    listed = [agreement.pk for agreement in agreements]
    promised = dict(
        Clause.objects.filter(_held_in(year), agreement__in=listed)
        .order_by()
        .values_list("agreement")
        .annotate(promised=Sum("planned_a_year"))
    )
    activities = Activity.objects.filter(clause__agreement__in=listed)
    counted = _counted(activities, "clause__agreement", year)
    return {pk: Tally(*counted.get(pk, (0, 0)), promised.get(pk, 0)) for pk in listed}


def _counted(activities: QuerySet[Activity], way: str, year: int) -> dict[int, tuple[int, int]]:
    """Return how many were held and are planned in a year, by what `way` leads to."""
    of_year = activities.filter(date__year=year).order_by()
    found = of_year.values_list(way).annotate(
        held=Count("pk", filter=Q(state=Activity.State.HELD)),
        planned=Count("pk", filter=Q(state=Activity.State.PLANNED)),
    )
    return {pk: (held, planned) for pk, held, planned in found}


def overdue(on: dt.date) -> Q:
    """Return the condition of an activity that is still planned though its day is past."""
    return Q(state=Activity.State.PLANNED) & (Q(until__lt=on) | Q(until=None, date__lt=on))


def taking_part(network: Network) -> Q:
    """Return the condition of activities that a network agreed to or is a partner of."""
    return Q(clause__agreement__signing__network=network) | Q(partners=network)
