"""The report as one page that needs nothing else: no script, no font, no other host."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from verbund.language.vocabulary import Concept
from verbund.matching.bridge import Cell
from verbund.matching.report.content import Report

_LABEL_WIDTH, _CELL_WIDTH, _CELL_HEIGHT, _HEAD_HEIGHT, _GAP = 210, 84, 46, 66, 3
_STEPS = (16, 9, 4, 1)  # introductions from which a cell gets a deeper green
_MOST_TABLE_ROWS = 40


def write_page(path: Path, report: Report) -> None:
    path.write_text(render_page(report), encoding="utf-8")


def render_page(report: Report) -> str:
    environment = Environment(
        loader=PackageLoader("verbund.matching.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    cells = report.bridge_cells()
    return environment.get_template("report.html").render(
        report=report,
        say=report.say,
        language=report.language,
        picture=picture_of_bridge(report),
        cells=cells[:_MOST_TABLE_ROWS],
        cells_in_all=len(cells),
        problems=list(report.problems()),
    )


@dataclass(frozen=True, slots=True)
class Box:
    """A cell of the picture: place in pixels, texts, and a class for its colour."""

    x: int
    y: int
    style: str
    large: str
    small: str
    title: str


@dataclass(frozen=True, slots=True)
class Label:
    x: int
    y: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """The bridge matrix laid out, sizes in pixels."""

    width: int
    height: int
    cell_width: int
    cell_height: int
    rows: tuple[Label, ...]
    columns: tuple[Label, ...]
    boxes: tuple[Box, ...]


def picture_of_bridge(report: Report) -> Picture:
    matrix = report.result.bridge
    step_x, step_y = _CELL_WIDTH + _GAP, _CELL_HEIGHT + _GAP
    boxes = tuple(
        _box(report, technology, application, _LABEL_WIDTH + c * step_x, _HEAD_HEIGHT + r * step_y)
        for r, technology in enumerate(matrix.rows)
        for c, application in enumerate(matrix.columns)
    )
    return Picture(
        width=_LABEL_WIDTH + len(matrix.columns) * step_x,
        height=_HEAD_HEIGHT + len(matrix.rows) * step_y,
        cell_width=_CELL_WIDTH,
        cell_height=_CELL_HEIGHT,
        rows=tuple(
            Label(0, _HEAD_HEIGHT + r * step_y, wrapped(concept.say(report.language), 30))
            for r, concept in enumerate(matrix.rows)
        ),
        columns=tuple(
            Label(_LABEL_WIDTH + c * step_x, 0, wrapped(concept.say(report.language), 13))
            for c, concept in enumerate(matrix.columns)
        ),
        boxes=boxes,
    )


def _box(report: Report, technology: Concept, application: Concept, x: int, y: int) -> Box:
    cell = report.result.bridge.cell(technology, application)
    title = report.say(
        "bridge.cell",
        technology=technology,
        application=application,
        pairs=len(cell.pairs),
        offers=cell.offers,
        requests=cell.requests,
    )
    if cell.is_gap:
        return Box(x, y, "gap", str(cell.requests), report.say("bridge.wanted_short"), title)
    if not cell.pairs and not cell.offers:
        return Box(x, y, "none", "·", "", title)
    if not cell.pairs and not cell.requests:
        return Box(x, y, "only", str(cell.offers), report.say("bridge.offered_short"), title)
    return Box(x, y, _style(cell), str(len(cell.pairs)), f"{cell.offers} / {cell.requests}", title)


def _style(cell: Cell) -> str:
    depth = sum(1 for least in _STEPS if len(cell.pairs) >= least)
    return f"q{depth}"


def wrapped(text: str, width: int, most: int = 3) -> tuple[str, ...]:
    """Break a label into lines; a word that is too long for one is cut with a hyphen."""
    lines = [""]
    for word in text.split():
        while len(word) > width:
            head, word = word[: width - 1] + "-", word[width - 1 :]
            lines = [*lines, head] if lines[-1] else [*lines[:-1], head]
            lines.append("")
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) <= width or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    kept = [line for line in lines if line]
    if len(kept) > most:
        kept = [*kept[: most - 1], kept[most - 1][: width - 1] + "…"]
    return tuple(kept)
