"""What can go wrong through no fault of the program.

    VerbundError                 anything a user can cause and mend
    └── InvalidInput             a file, a cell, an argument that cannot be used (also a ValueError)

Programming errors stay Python's own exceptions. `verbund.wording.refuse` builds these errors, and
`verbund.wording.message` says them in German or English.
"""

from __future__ import annotations


class VerbundError(Exception):
    """A refusal with its reason.

    Attributes
    ----------
    code
        Names the sentence in `verbund.wording`.
    values
        What fills the sentence.
    """

    def __init__(self, text: str, *, code: str, values: dict[str, object]) -> None:
        super().__init__(text)
        self.code = code
        self.values = values


class InvalidInput(VerbundError, ValueError):  # noqa: N818  # the name users read
    """Input that cannot be used; the message names the place and what to do."""
