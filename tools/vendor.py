"""Copy the files of other projects that Verbund carries, each checked against its SHA-256.

    python tools/vendor.py            fetch them with npm and write them
    python tools/vendor.py --check    read only: exit 1 and name each committed file that differs

What is copied stands in `vendor.json`. A changed package writes nothing: look at it, then change
the checksum there. Files below `var/` are input for other tools: they do not ship, and `--check`
passes them by.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
MANIFEST = Path(__file__).with_name("vendor.json")


@dataclass(frozen=True)
class Copy:
    package: str
    version: str
    file: str
    to: str
    sha256: str

    @property
    def ships(self) -> bool:
        return not self.to.startswith("var/")


def copies() -> list[Copy]:
    entries = json.loads(MANIFEST.read_text(encoding="utf-8"))["packages"]
    return [
        Copy(entry["package"], entry["version"], **file)
        for entry in entries
        for file in entry["files"]
    ]


def read_package(package: str, version: str, names: Sequence[str]) -> dict[str, bytes]:
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is needed to fetch packages.")
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", f"{package}@{version}", "--silent", "--pack-destination", folder]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - own manifest
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as members:
            return {name: read_member(members, f"package/{name}") for name in names}


def read_member(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.extractfile(name)
    if member is None:
        raise FileNotFoundError(name)
    return member.read()


def fetch(wanted: Sequence[Copy]) -> list[str]:
    contents: dict[Copy, bytes] = {}
    for package, version in dict.fromkeys((copy.package, copy.version) for copy in wanted):
        mine = [copy for copy in wanted if copy.package == package]
        files = read_package(package, version, [copy.file for copy in mine])
        contents |= {copy: files[copy.file] for copy in mine}
    problems = [
        f"{copy.package} {copy.file}: {found}, not {copy.sha256 or 'yet noted'}"
        for copy, content in contents.items()
        if (found := hashlib.sha256(content).hexdigest()) != copy.sha256
    ]
    if not problems:
        for copy, content in contents.items():
            (ROOT / copy.to).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / copy.to).write_bytes(content)
    return problems


def check(wanted: Sequence[Copy]) -> list[str]:
    problems = []
    for copy in wanted:
        target = ROOT / copy.to
        if not copy.ships:
            continue
        if not target.is_file():
            problems.append(f"{copy.to}: missing")
        elif hashlib.sha256(target.read_bytes()).hexdigest() != copy.sha256:
            problems.append(f"{copy.to}: differs from {copy.package} {copy.version}")
    return problems


def main() -> int:
    parser = argparse.ArgumentParser(description="Copy the files of other projects that ship.")
    parser.add_argument("--check", action="store_true", help="read only; exit 1 on a difference")
    problems = check(copies()) if parser.parse_args().check else fetch(copies())
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
