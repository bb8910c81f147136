"""Writing a report to a file: whole or not at all."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from verbund.matching.report.content import Report
from verbund.matching.report.page import write_page
from verbund.matching.report.workbook import write_workbook
from verbund.wording import refuse

COLUMNS = ("rank", "left_id", "left_name", "right_id", "right_name", "score", "reason", "doubt")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t")


def write_report(path: Path, report: Report) -> None:
    """Write a report in the form its ending names.

    The file appears only when it is complete; an interruption leaves what was there before.

    Raises
    ------
    InvalidInput
        For an ending that is not in `KINDS`, or a place that cannot be written to.
    """
    write = KINDS.get(path.suffix.lower())
    if write is None:
        known = " ".join(KINDS)
        raise refuse("file.unknown_result_kind", file=path.name, suffix=path.suffix, known=known)
    with _complete_or_nothing(path) as partial:
        write(partial, report)


@contextmanager
def _complete_or_nothing(path: Path) -> Iterator[Path]:
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        yield partial
        partial.replace(path)
    except OSError as error:
        raise refuse(
            "file.not_writable", file=str(path), why=error.strerror or str(error)
        ) from error
    finally:
        partial.unlink(missing_ok=True)


def _write_csv(path: Path, report: Report) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(
            {key: _harmless(value) for key, value in row.items()} for row in report.introductions()
        )


def _harmless(value: str | float) -> str | float:
    """Keep a spreadsheet from running a text as a formula."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


def _write_jsonl(path: Path, report: Report) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row, introduction in zip(
            report.introductions(), report.result.introductions, strict=True
        ):
            explanation = introduction.explanation
            structured = {
                **row,
                "strength": report.strength(introduction.explanation),
                "reasons": [
                    {
                        "code": reason.code,
                        "text": reason.phrase.say(report.language),
                        "contribution": round(reason.contribution, 4),
                        **reason.facts,
                    }
                    for reason in explanation.reasons
                ],
                "doubts": [
                    {"code": doubt.code, "text": doubt.say(report.language)}
                    for doubt in explanation.doubts
                ],
                "contributions": {k: round(v, 4) for k, v in explanation.contributions.items()},
            }
            file.write(json.dumps(structured, ensure_ascii=False) + "\n")


KINDS: dict[str, Callable[[Path, Report], None]] = {
    ".xlsx": write_workbook,
    ".csv": _write_csv,
    ".jsonl": _write_jsonl,
    ".html": write_page,
}
