"""What a service refuses."""

from __future__ import annotations

from verbund.errors import VerbundError


class Refused(VerbundError):  # noqa: N818  # the name says what happened
    """What an agreement does not allow; the text is for the person who tried."""

    def __init__(self, text: str) -> None:
        super().__init__(text, code="agreement.refused", values={})
