"""Cells as people write them: German and English numbers, words for kinds, countries, yes and no.

Each reader takes a cell and returns a `Reading`: the value, and a finding where the cell could not
be read or was read in a way worth checking.
"""

from verbund.records.values.addresses import (
    read_city_line,
    read_email,
    read_position,
    read_postal_code,
    read_website,
)
from verbund.records.values.cells import (
    Finding,
    Reading,
    guarded,
    is_excel_error,
    is_nothing,
    repaired,
    text_of,
    unread,
)
from verbund.records.values.days import read_day
from verbund.records.values.figures import (
    read_amount,
    read_count,
    read_degrees,
    read_number,
)
from verbund.records.values.identifiers import read_key, read_register_number
from verbund.records.values.terms import (
    COUNTRIES,
    LANGUAGES,
    STATES,
    known_values,
    nearest_values,
    read_country,
    read_language,
    read_member_status,
    read_state,
    read_type,
    read_visibility,
    read_yes_no,
)

__all__ = [
    "COUNTRIES",
    "LANGUAGES",
    "STATES",
    "Finding",
    "Reading",
    "guarded",
    "is_excel_error",
    "is_nothing",
    "known_values",
    "nearest_values",
    "read_amount",
    "read_city_line",
    "read_count",
    "read_country",
    "read_day",
    "read_degrees",
    "read_email",
    "read_key",
    "read_language",
    "read_member_status",
    "read_number",
    "read_position",
    "read_postal_code",
    "read_register_number",
    "read_state",
    "read_type",
    "read_visibility",
    "read_website",
    "read_yes_no",
    "repaired",
    "text_of",
    "unread",
]
