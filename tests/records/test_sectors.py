import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from verbund.records.history import History, JointProject
from verbund.records.organisation import Organisation
from verbund.records.sectors import is_mobility, is_photonics, networks_of


@pytest.mark.parametrize(
    ("project", "sectors"),
    [
        (JointProject("1", title="Laser welding"), (True, False)),
        (JointProject("2", title="Electric vehicles"), (False, True)),
        (JointProject("3", title="Lidar for automated driving"), (True, True)),
        (JointProject("4", title="Bread", topic="HORIZON-CL5-2022-D6-01-02"), (False, True)),
        (JointProject("5", title="Carbon and scarce goods"), (False, False)),
    ],
)
def test_sector_follows_from_title_and_topic(
    project: JointProject, sectors: tuple[bool, bool]
) -> None:
    assert (is_photonics(project), is_mobility(project)) == sectors


def test_networks_are_disjoint_and_leave_out_grants_to_single_researchers() -> None:
    projects = (
        JointProject("1", title="Laser welding", start=dt.date(2022, 1, 1)),
        JointProject("2", title="Electric vehicles", start=dt.date(2022, 1, 1)),
        JointProject("3", title="Laser physics", programme="HORIZON.1.1", topic="ERC-2022"),
    )
    took_part = [(0, 0), (1, 1), (0, 2), (1, 2), (1, 2), (2, 3)]  # (project, organisation)
    history = History(
        organisation_ids=("P", "M", "B", "E"),
        organisations={i: Organisation(id=i, name=i) for i in "PMBE"},
        projects=projects,
        project_index=np.array([p for p, _ in took_part]),
        organisation_index=np.array([o for _, o in took_part]),
        coordinates=np.zeros(len(took_part), dtype=bool),
        affiliated=np.zeros(len(took_part), dtype=bool),
    )

    networks = networks_of(history)
    without = networks_of(replace(history, affiliated=np.ones(len(took_part), dtype=bool)))

    found = {name: [o.id for o in members] for name, members in networks.items()}
    assert found == {"photonics": ["P"], "mobility": ["M", "B"]}
    assert without == {"photonics": (), "mobility": ()}
