"""Numbers under which registers, and the platform itself, know an organisation."""

from __future__ import annotations

from uuid import UUID

from verbund.errors import InvalidInput
from verbund.records.identifiers import read_identifier
from verbund.records.tables import Cell
from verbund.records.values.cells import Reading, text_of, unread


def read_key(cell: Cell) -> Reading[str]:
    """Read the id that the platform gave an organisation."""
    try:
        return Reading(str(UUID(text_of(cell))))
    except ValueError:
        return unread("not_a_key")


def read_register_number(scheme: str, cell: Cell) -> Reading[str]:
    """Read a number of the commercial register, a VAT number, a ROR id or an LEI."""
    try:
        return Reading(read_identifier(scheme, text_of(cell)))
    except InvalidInput:
        return unread(f"not_a_{scheme}")
