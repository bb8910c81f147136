"""Small lists whose answers are known by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from verbund.records.history import History, JointProject
from verbund.records.organisation import Organisation, OrganisationType

Firm = Callable[..., Organisation]
Past = Callable[..., History]


@pytest.fixture
def firm() -> Firm:
    """Build a company from its id; the name follows from it."""

    def build(id_: str, **values: object) -> Organisation:
        known: dict[str, object] = {"name": f"{id_} GmbH", "type": OrganisationType.COMPANY}
        return Organisation(id=id_, **(known | values))  # type: ignore[arg-type]  # test values

    return build


@pytest.fixture
def past() -> Past:
    """Build a history from (year, text, members) of each project."""

    def build(*projects: tuple[int, str, Sequence[str]]) -> History:
        ids = list(dict.fromkeys(member for *_, members in projects for member in members))
        rows = [
            (p, ids.index(m), k) for p, (*_, ms) in enumerate(projects) for k, m in enumerate(ms)
        ]
        table = np.array(rows, dtype=np.int64).reshape(-1, 3)
        return History(
            organisation_ids=tuple(ids),
            organisations={i: Organisation(id=i, name=f"{i} GmbH") for i in ids},
            projects=tuple(
                JointProject(f"p{n}", acronym=f"PROJ{n}", title=text, start=dt.date(year, 1, 1))
                for n, (year, text, _) in enumerate(projects)
            ),
            project_index=table[:, 0],
            organisation_index=table[:, 1],
            coordinates=table[:, 2] == 0,
            affiliated=np.zeros(len(rows), dtype=bool),
        )

    return build
