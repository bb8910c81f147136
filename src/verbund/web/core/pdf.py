"""PDF files: a document of plain blocks, set by Typst in our type, tagged for screen readers.

What stands in a block is text and never markup, whatever somebody typed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.http import HttpResponse

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Heading:
    text: str
    level: int = 1
    kind: str = "heading"


@dataclass(frozen=True)
class Paragraph:
    text: str
    kind: str = "paragraph"


@dataclass(frozen=True)
class Listing:
    items: Sequence[str]
    kind: str = "list"


@dataclass(frozen=True)
class Facts:
    """Short facts, each below its name, in two columns."""

    rows: Sequence[tuple[str, str]]
    kind: str = "facts"


@dataclass(frozen=True)
class Table:
    """A table with one line of headings; `widths` are shares of the page's width."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    kind: str = "table"


Block = Heading | Paragraph | Listing | Facts | Table


@dataclass(frozen=True)
class Document:
    """A document; `author` stands in the head of every page, `footer` at its foot."""

    title: str
    language: str
    subtitle: str = ""
    author: str = "Verbund"
    footer: str = ""
    blocks: list[Block] = field(default_factory=list)


def as_pdf(document: Document) -> bytes:
    """Set a document as PDF/UA-1."""
    import typst  # noqa: PLC0415  # 81 MB that only PDF files need

    return bytes(
        typst.compile(
            _DATA / "document.typ",
            font_paths=[_DATA],
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
            sys_inputs={"document": json.dumps(asdict(document))},
        )
    )


def pdf_response(document: Document, *, name: str) -> HttpResponse:
    """Return a document as a file to be kept."""
    response = HttpResponse(as_pdf(document), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response
