"""Weights learned from decisions: proposed, taken into use, given up again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from verbund.matching.learning import learn
from verbund.matching.weights import PRIOR
from verbund.web.core.services import record
from verbund.web.partnering.models import WeightVersion
from verbund.web.partnering.queries import Bond
from verbund.web.partnering.weights import decisions_of, versions_of

if TYPE_CHECKING:
    from verbund.web.accounts.models import User

PROPOSE_AFTER = 20  # new decisions that say something about the fit


@transaction.atomic
def propose(bond: Bond, *, by: User | None) -> WeightVersion | None:
    """Learn weights from all decisions about a bond; they count nothing before an office says so.

    The same decisions give the same version again. None where no decision says anything.
    """
    decisions = decisions_of(bond)
    learned = learn(PRIOR, decisions)
    if learned.version == PRIOR.version:
        return None
    row, is_new = versions_of(bond).get_or_create(
        left_network=bond.left,
        right_network=bond.right,
        version=learned.version,
        defaults={"values": dict(learned.values), "decisions": len(decisions), "made_by": by},
    )
    if is_new:
        record(by, "propose", row)
    return row


def propose_if_due(bond: Bond) -> None:
    """Propose new weights once enough has been decided since the last ones."""
    newest = versions_of(bond).first()
    known = newest.decisions if newest else 0
    if len(decisions_of(bond)) >= known + PROPOSE_AFTER:
        propose(bond, by=None)


@transaction.atomic
def use_weights(row: WeightVersion, *, by: User) -> WeightVersion:
    """Let suggestions of its pair be computed with a version from the next run on."""
    own = _locked(row)
    row = next(one for one in own if one.pk == row.pk)
    if row.is_used:
        return row
    _lay_down(own)
    row.is_used, row.used_at, row.used_by = True, timezone.now(), by
    row.save()
    record(by, "use weights", row)
    return row


@transaction.atomic
def use_shipped_weights(row: WeightVersion, *, by: User) -> None:
    """Go back from a version to the weights that Verbund brings; the version is kept."""
    used = [one for one in _lay_down(_locked(row)) if one.pk == row.pk]
    if used:
        record(by, "use shipped weights", row)


def _locked(row: WeightVersion) -> list[WeightVersion]:
    own = WeightVersion.objects.select_for_update().order_by("pk")
    return list(own.filter(left_network=row.left_network, right_network=row.right_network))


def _lay_down(versions: list[WeightVersion]) -> list[WeightVersion]:
    used = [one for one in versions if one.is_used]
    for one in used:
        one.is_used = False
        one.save(update_fields=["is_used"])
    return used
