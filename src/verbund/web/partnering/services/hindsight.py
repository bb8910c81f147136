"""What suggestions made on a day in the past would have found."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from verbund.matching.evaluate import Hindsight as LookBack
from verbund.web.core.services import record
from verbund.web.networks.models import Network
from verbund.web.partnering.models import Hindsight


@transaction.atomic
def store_hindsight(
    left_network: Network,
    right_network: Network,
    hindsight: LookBack,
    before: dt.date,
    until: dt.date,
) -> Hindsight:
    """Keep what `verbund.matching.evaluate.look_back` counted, replacing an earlier count.

    The ids of the engine's organisations must be primary keys. `result` then holds `introduced`,
    `came_true`, `by_popularity`, `by_chance`, `possible`, `happened`, and `pairs`:
    `[{"rank", "left", "right", "project", "title", "start"}]`, left and right as primary keys.
    """
    result = {
        "introduced": hindsight.introduced,
        "came_true": len(hindsight.came_true),
        "by_popularity": hindsight.by_popularity,
        "by_chance": hindsight.by_chance,
        "possible": hindsight.possible,
        "happened": hindsight.happened,
        "pairs": [
            {
                "rank": introduction.rank,
                "left": int(introduction.left.id),
                "right": int(introduction.right.id),
                "project": project.label,
                "title": project.title,
                "start": project.start.isoformat() if project.start else None,
            }
            for introduction, project in hindsight.came_true
        ],
    }
    kept, _made = Hindsight.objects.update_or_create(
        left_network=left_network,
        right_network=right_network,
        defaults={"before": before, "until": until, "result": result},
    )
    record(None, "hindsight", kept)
    return kept
