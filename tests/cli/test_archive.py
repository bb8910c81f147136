"""A network taken from one installation to another, as an operator types it."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

from tests.cli.conftest import Typed

_NETWORK = (
    "INSERT INTO networks_network (slug, name, full_name, colour, dark_colour, region, language,"
    " website, email, about_de, about_en, source)"
    " VALUES ('acod', 'ACOD', '', '#1d5fae', '#7fb5f4', '', 'de', '', '', '', '', '')"
)


def change(folder: Path, statement: str) -> None:
    database = sqlite3.connect(folder / "verbund.sqlite3")
    with database:
        database.execute(statement)
    database.close()


def test_a_network_moves_and_is_never_overwritten_silently(
    installation: Path, typed: Typed
) -> None:
    other = shutil.copytree(installation, installation.parent / "other")
    change(installation, _NETWORK)
    out = installation.parent / "acod.zip"

    written = typed("export", "network", "acod", "--data", installation, "--out", out)
    checked = typed("import", "network", out, "--data", other, "--check")
    taken = typed("import", "network", out, "--data", other)
    change(other, "UPDATE networks_network SET region = 'Sachsen'")
    refused = typed("import", "network", out, "--data", other)
    kept = typed("import", "network", out, "--data", other, "--keep")

    codes = [one.returncode for one in (written, checked, taken, refused, kept)]
    assert codes == [0, 0, 0, 1, 0], written.stderr + taken.stderr
    assert "networks: 1 new, 0 the same, 0 different" in checked.stdout
    assert "region is “Sachsen” here, “” in the archive" in refused.stdout


def test_an_unknown_network_is_named(installation: Path, typed: Typed) -> None:
    refused = typed("export", "network", "nix", "--data", installation)

    assert refused.returncode == 2
    assert "There is no network “nix”" in refused.stderr
