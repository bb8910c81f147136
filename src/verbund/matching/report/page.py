"""The report as one page that needs nothing else: no script, no font, no other host."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from verbund.language.lexicon import lexicon
from verbund.language.spelling import fold
from verbund.language.vocabulary import Concept
from verbund.matching.bridge import Cell
from verbund.matching.report.content import DEPTHS, Report

_LABEL_WIDTH, _CELL_WIDTH, _CELL_HEIGHT, _HEAD_HEIGHT, _GAP = 190, 88, 46, 66, 3
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
            Label(0, _HEAD_HEIGHT + r * step_y, wrapped(concept.say(report.language), 28))
            for r, concept in enumerate(matrix.rows)
        ),
        columns=tuple(
            Label(_LABEL_WIDTH + c * step_x, 0, wrapped(concept.say(report.language), 14))
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
        pairs=cell.pairs,
        offers=cell.offers,
        requests=cell.requests,
    )
    if cell.is_gap:
        return Box(x, y, "gap", str(cell.requests), report.say("bridge.wanted_short"), title)
    if not cell.pairs and not cell.offers:
        return Box(x, y, "none", "·", "", title)
    if not cell.pairs and not cell.requests:
        return Box(x, y, "only", str(cell.offers), report.say("bridge.offered_short"), title)
    return Box(x, y, _style(cell), str(cell.pairs), f"{cell.offers} / {cell.requests}", title)


def _style(cell: Cell) -> str:
    depth = sum(1 for least in DEPTHS if cell.pairs >= least)
    return f"q{depth}"


def wrapped(text: str, width: int, most: int = 3) -> tuple[str, ...]:
    """Break a label into lines; a word too long for one is cut, at a seam if it is a compound."""
    pieces = [piece for word in text.split() for piece in _pieces(word, width)]
    lines = [""]
    for piece in pieces:
        joined = f"{lines[-1]} {piece}".strip()
        if len(joined) <= width and not lines[-1].endswith("-"):
            lines[-1] = joined
        else:
            lines.append(piece)
    kept = [line for line in lines if line]
    if len(kept) > most:
        kept = [*kept[: most - 1], kept[most - 1][: width - 2] + " …"]
    return tuple(kept)


def _pieces(word: str, width: int) -> list[str]:
    if len(word) <= width:
        return [word]
    fitting = [cut for cut in _seams(word) if 2 < cut < width] or _syllables(word, width)
    cut = fitting[-1] if fitting else width - 1
    hyphen = "" if word[cut - 1] == "-" else "-"
    return [word[:cut] + hyphen, *_pieces(word[cut:], width)]


def _syllables(word: str, width: int) -> list[int]:
    """Find cuts before a consonant that a vowel follows, which is nearly always a syllable."""
    vowels = "aeiouyäöü"
    last = min(width - 1, len(word) - 3)
    return [
        cut for cut in range(3, last + 1) if word[cut] not in vowels and word[cut + 1] in vowels
    ]


def _seams(word: str) -> list[int]:
    """Find where the parts of a compound meet, counted in the letters of the word as written."""
    parts = lexicon().split(fold(word))
    position = 0
    seams: list[int] = []
    for part in parts[:-1]:
        # A part may be written with a linking letter: look for where the next part begins.
        position = fold(word).find(parts[len(seams) + 1][:3], position + len(part))
        seams.append(len(word) if position < 0 else _unfolded(word, position))
    return [*(i + 1 for i, letter in enumerate(word) if letter == "-"), *seams]


def _unfolded(word: str, position: int) -> int:
    """Turn a position in the folded word into one in the word as written (ü became ue)."""
    return next(i for i in range(len(word) + 1) if len(fold(word[:i])) >= position)
