"""From suggestion to project under one agreement, against what such work should reach.

Every number counts only pairs of which the reader may see both members.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from verbund.web.agreements.models import Agreement
from verbund.web.agreements.sharing import visible
from verbund.web.core.registries import Text
from verbund.web.networks.models import Organisation
from verbund.web.networks.rules import Viewer
from verbund.web.partnering.models import Introduction, Suggestion
from verbund.web.partnering.queries import bonds, introductions_for

_State = Suggestion.State


@dataclass(frozen=True, slots=True)
class Target:
    """A share of the step before, in per cent, that good work lies in."""

    least: int
    most: int
    text: Text


_PROJECT = _("Joint project")
ACCEPTED = Target(40, 60, _("40 to 60 % of those checked"))
KEPT = Target(80, 100, _("80 % of those agreed"))


@dataclass(frozen=True, slots=True)
class Step:
    """A step; `share` in per cent of the step before, `width` of the longest.

    A project need not wait for a second talk, so it is no share of those.
    """

    label: Text
    count: int
    share: int | None
    width: str
    target: Target | None = None

    @property
    def reaches(self) -> bool | None:
        """Tell whether the share lies in its target; None where there is nothing to tell."""
        if self.target is None or self.share is None:
            return None
        return self.target.least <= self.share <= self.target.most


def suggested_under(agreement: Agreement, viewer: Viewer, on: dt.date) -> QuerySet[Suggestion]:
    """Return the suggestions between members that an agreement brings together today."""
    known = visible(Organisation.objects.order_by(), to=viewer, on=on).values("pk")
    between = Q(pk__in=[])
    for bond in bonds(on, of=viewer.offices):
        if bond.clause and bond.clause.agreement_id == agreement.pk:
            between |= Q(left_network=bond.left, right_network=bond.right)
    return Suggestion.objects.filter(between, left__in=known, right__in=known).order_by()


def introduced_under(agreement: Agreement, viewer: Viewer, on: dt.date) -> QuerySet[Introduction]:
    """Return the introductions on the ground of an agreement that went on to be answered."""
    rows = introductions_for(viewer, on).filter(clause__agreement=agreement).order_by()
    return rows.exclude(state=Introduction.State.WITHDRAWN)


def years_of(agreement: Agreement, viewer: Viewer, on: dt.date) -> list[int]:
    """Return the years in which something was suggested or asked, the newest first."""
    days = suggested_under(agreement, viewer, on).dates("found_at", "year")
    asked = introduced_under(agreement, viewer, on).dates("asked_at", "year")
    return sorted({day.year for day in (*days, *asked)} | {on.year}, reverse=True)


def funnel_of(agreement: Agreement, viewer: Viewer, on: dt.date, year: int) -> list[Step]:
    """Return the steps of a year; what became of an introduction counts where it was asked."""
    rejected = Q(state=_State.REJECTED, decided_at__year=year)
    rejected &= ~Q(reject_reason=Suggestion.RejectReason.MEMBER)
    pairs = suggested_under(agreement, viewer, on).aggregate(
        suggested=Count("pk", filter=Q(found_at__year=year)),
        rejected=Count("pk", filter=rejected),
    )
    state, outcome = Introduction.State, Introduction.Outcome
    asked = introduced_under(agreement, viewer, on).filter(asked_at__year=year)
    agreed = Q(state__in=(state.ACCEPTED, state.MET, state.CLOSED))
    became = asked.aggregate(
        accepted=Count("pk"),
        agreed=Count("pk", filter=agreed),
        met=Count("pk", filter=Q(met_on__isnull=False)),
        again=Count("pk", filter=Q(second_met_on__isnull=False)),
        project=Count("pk", filter=Q(outcome=outcome.PROJECT)),
    )
    return _steps(
        [
            (_("Suggested"), pairs["suggested"], None),
            (_("Checked by an office"), pairs["rejected"] + became["accepted"], None),
            (_("Accepted by an office"), became["accepted"], ACCEPTED),
            (_("Both said yes"), became["agreed"], None),
            (_("Talked"), became["met"], KEPT),
            (_("Talked a second time"), became["again"], None),
            (_PROJECT, became["project"], None),
        ]
    )


def _steps(counted: list[tuple[Text, int, Target | None]]) -> list[Step]:
    longest = max(count for _label, count, _target in counted)
    steps: list[Step] = []
    for label, count, target in counted:
        before = steps[-1].count if steps and label != _PROJECT else 0
        share = round(100 * count / before) if before else None
        width = f"{100 * count / longest if longest else 0:.1f}%"
        steps.append(Step(label, count, share, width, target))
    return steps
