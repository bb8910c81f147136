"""What was read from a file, as JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from verbund.records.members import MemberList
from verbund.records.organisation import Detail, OrganisationType, Origin, Visibility
from verbund.records.organisation import Organisation as Record
from verbund.records.problems import Problem, Severity
from verbund.web.core.texts import current_language
from verbund.wording import Language, Phrase

_LISTS = ("offers", "requests", "topics", "aliases")


def as_content(members: MemberList, digest: str) -> dict[str, Any]:
    content: dict[str, Any] = _storable(
        {
            "digest": digest,
            "columns": [asdict(column) for column in members.columns],
            "rows": [asdict(organisation) for organisation in members.organisations],
            "problems": [_problem(problem) for problem in members.problems],
        }
    )
    return content


def _problem(problem: Problem) -> dict[str, Any]:
    values = {name: _value(value) for name, value in problem.values.items()}
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "file": problem.file,
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "found": problem.found,
        "values": values,
    }


def _value(value: object) -> object:
    if isinstance(value, Phrase):
        return {"phrase": value.code}
    return value if isinstance(value, (int, float)) else str(value)


def _storable(value: Any) -> Any:
    """Drop what no database keeps in a text: the zero character, halves of characters."""
    if isinstance(value, str):
        return value.replace("\0", "").encode(errors="ignore").decode()
    if isinstance(value, Mapping):
        return {name: _storable(item) for name, item in value.items()}
    return [_storable(item) for item in value] if isinstance(value, (list, tuple)) else value


def rows_of(content: Mapping[str, Any]) -> list[Record]:
    return [_record(row) for row in content.get("rows", ())]


def _record(row: Mapping[str, Any]) -> Record:
    values = dict(row)
    values |= {name: tuple(row[name]) for name in _LISTS}
    values["details"] = tuple(_detail(detail) for detail in row.get("details", ()))
    values["origins"] = tuple(Origin(**origin) for origin in row["origins"])
    values["type"] = OrganisationType(row["type"]) if row["type"] else None
    values["visibility"] = Visibility(row["visibility"]) if row["visibility"] else None
    return Record(**values)


def _detail(detail: Mapping[str, Any]) -> Detail:
    visibility = detail["visibility"]
    return Detail(**{**detail, "visibility": Visibility(visibility) if visibility else None})


def problems_of(content: Mapping[str, Any]) -> list[Problem]:
    return [
        Problem(
            **{
                **problem,
                "severity": Severity(problem["severity"]),
                "values": {name: _said(value) for name, value in problem["values"].items()},
            }
        )
        for problem in content.get("problems", ())
    ]


def _said(value: object) -> object:
    return Phrase(value["phrase"]) if isinstance(value, dict) else value


def engine_language() -> Language:
    """Return the reader's language as the engines' sentences name it."""
    return "en" if current_language() == "en" else "de"
