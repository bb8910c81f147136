import datetime as dt
from pathlib import Path

import numpy as np

from verbund.records.history import History, JointProject, read_history
from verbund.records.history_files import write_history
from verbund.records.organisation import Organisation


def test_written_history_is_read_as_it_was(tmp_path: Path) -> None:
    history = History(
        organisation_ids=("1", "2"),
        organisations={
            "1": Organisation(id="1", name='Optik "Nord", GmbH', country="DE", city="Jena"),
            "2": Organisation(id="2", name="Werk", country="GB", lat=51.5, lon=-0.1),
        },
        projects=(
            JointProject("p", "ACR", "Titel\nüber zwei Zeilen", "Ziel; eins", "a | b"),
            JointProject("q", start=dt.date(2020, 5, 1), fields="/physik/optik", topic="T-1"),
        ),
        project_index=np.array([0, 0, 1]),
        organisation_index=np.array([0, 1, 1]),
        coordinates=np.array([True, False, False]),
        affiliated=np.array([False, False, True]),
    )

    write_history(tmp_path / "history", history)
    again = read_history(tmp_path / "history")

    assert again.projects == history.projects
    assert again.organisations == history.organisations
    assert again.organisation_ids == history.organisation_ids
    for field in ("project_index", "organisation_index", "coordinates", "affiliated"):
        assert getattr(again, field).tolist() == getattr(history, field).tolist()
