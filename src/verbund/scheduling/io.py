"""Problems and timetables as files: the format `verbund-schedule/1`, column-wise JSON.

`null` and a missing column mean "not used"; -1 stands for "none" inside a column.
"""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from verbund.scheduling.problem import Objective, Participant, Problem, Request, slots_of
from verbund.wording import refuse

FORMAT = "verbund-schedule/1"
_LARGEST = 1_000_000_000  # letters of JSON


def read_problem(path: Path | str) -> Problem:
    """Read a problem from a file, `.json` or `.json.gz`.

    Raises
    ------
    InvalidInput
        If the file cannot be read or does not say what the format asks for.
    """
    path = Path(path)
    return problem_of(_content(path), name=path.name.removesuffix(".gz").removesuffix(".json"))


def _content(path: Path) -> Any:
    if not path.exists():
        raise refuse("file.missing", file=str(path))
    try:
        if path.suffix == ".gz":
            with gzip.open(path, "rt", encoding="utf-8") as file:
                return json.loads(file.read(_LARGEST))
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, EOFError, zlib.error) as problem:
        raise refuse("file.unreadable", file=str(path), why=problem) from None
    except (ValueError, RecursionError):
        raise refuse("schedule.not_json", file=str(path)) from None


def problem_of(content: Any, *, name: str = "") -> Problem:
    """Build a problem from the objects of a JSON file.

    Raises
    ------
    InvalidInput
        If something is missing or of the wrong kind; the message names the field.
    """
    if not isinstance(content, Mapping) or content.get("format") != FORMAT:
        raise refuse("schedule.format", wanted=FORMAT)
    slots = _number(content, "slots")
    sessions = tuple(_column(content, "sessions", slots) or [0] * slots)
    tables = content.get("tables", 0)
    objective = content.get("objective") or {}
    kind = objective.get("kind", "weight")
    if kind not in list(Objective):
        raise refuse("schedule.field", field="objective.kind", found=kind)
    return Problem(
        name=str(content.get("name") or name),
        sessions=sessions,
        tables=tuple(_column(content, "tables", slots) or [0] * slots)
        if isinstance(tables, Sequence)
        else (_number(content, "tables"),) * slots,
        participants=tuple(_participants(content, slots)),
        requests=tuple(_requests(content)),
        booth_capacity=tuple(_numbers(content.get("booth_capacity") or [], "booth_capacity")),
        exclusive=tuple(
            tuple(_numbers(group, "exclusive")) for group in content.get("exclusive") or ()
        ),
        objective=Objective(kind),
        fairness=objective.get("fairness"),
        previous=dict(_pairs(content.get("previous") or (), "previous")),
    )


def _participants(content: Mapping[str, Any], slots: int) -> list[Participant]:
    given = _object(content, "participants")
    number = _number(given, "n")
    away = given.get("unavailable") or [[]] * number
    if len(away) != number:
        raise refuse("schedule.length", field="unavailable", found=len(away), wanted=number)
    most = _column(given, "max_meetings", number) or [slots] * number
    booths = _column(given, "booth", number) or [-1] * number
    everything = (1 << slots) - 1
    found = []
    for unavailable, at_most, booth in zip(away, most, booths, strict=True):
        gone = _numbers(unavailable, "unavailable")
        if any(not 0 <= slot < slots for slot in gone):
            raise refuse("schedule.field", field="participants.unavailable", found=gone)
        available = everything & ~slots_of(gone)
        found.append(Participant(available, at_most, None if booth < 0 else booth))
    return found


def _requests(content: Mapping[str, Any]) -> list[Request]:
    given = _object(content, "requests")
    number = _number(given, "n")
    members = given.get("members")
    if not isinstance(members, list) or len(members) != number:
        found = len(members) if isinstance(members, list) else 0
        raise refuse("schedule.length", field="members", found=found, wanted=number)
    weights = _column(given, "weight", number) or [1] * number
    sessions = _column(given, "session", number) or [-1] * number
    fixed = _column(given, "fixed", number) or [-1] * number
    after = {int(key): value for key, value in (given.get("after") or {}).items()}
    mandatory = given.get("mandatory") or False
    must = mandatory if isinstance(mandatory, list) else [mandatory] * number
    if len(must) != number:
        raise refuse("schedule.length", field="mandatory", found=len(must), wanted=number)
    return [
        Request(
            members=tuple(_numbers(members[place], "members")),
            weight=weights[place],
            session=None if sessions[place] < 0 else sessions[place],
            fixed=None if fixed[place] < 0 else fixed[place],
            after=tuple(_numbers(after.get(place, []), "after")),
            mandatory=bool(must[place]),
        )
        for place in range(number)
    ]


def _object(content: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = content.get(key)
    if not isinstance(found, Mapping):
        raise refuse("schedule.field", field=key, found=found)
    return found


def _number(content: Mapping[str, Any], key: str) -> int:
    found = content.get(key)
    if not isinstance(found, int) or isinstance(found, bool) or found < 0:
        raise refuse("schedule.field", field=key, found=found)
    return found


def _column(content: Mapping[str, Any], key: str, length: int) -> list[Any] | None:
    found = content.get(key)
    if found is None:
        return None
    if not isinstance(found, list) or len(found) != length:
        size = len(found) if isinstance(found, list) else 0
        raise refuse("schedule.length", field=key, found=size, wanted=length)
    if any(isinstance(value, bool) or not isinstance(value, int | float) for value in found):
        raise refuse("schedule.field", field=key, found=found[:3])
    return found


def _numbers(found: Any, key: str) -> list[int]:
    if not isinstance(found, list | tuple) or any(
        isinstance(value, bool) or not isinstance(value, int) for value in found
    ):
        raise refuse("schedule.field", field=key, found=found)
    return list(found)


def _pairs(found: Any, key: str) -> list[tuple[int, int]]:
    rows = [_numbers(row, key)[:2] for row in found]
    if any(len(row) < 2 for row in rows):
        raise refuse("schedule.field", field=key, found=found)
    return [cast("tuple[int, int]", tuple(row)) for row in rows]


def write_json(path: Path, value: object) -> None:
    """Write a file that appears whole or not at all."""
    half = path.with_name(path.name + ".part")
    try:
        text = json.dumps(value, ensure_ascii=False)
        if path.suffix == ".gz":
            half.write_bytes(gzip.compress(text.encode(), mtime=0))
        else:
            half.write_text(text, encoding="utf-8")
        os.replace(half, path)  # noqa: PTH105  # atomic, also where the file exists
    except OSError as problem:
        half.unlink(missing_ok=True)
        raise refuse("file.not_writable", file=str(path), why=problem.strerror) from None
