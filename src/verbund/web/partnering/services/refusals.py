"""Why a step is not taken, in words for the person who asked for it."""

from __future__ import annotations

from django.utils.functional import Promise

from verbund.errors import VerbundError
from verbund.web.partnering.models import Suggestion


class Refused(VerbundError):  # noqa: N818  # like InvalidInput: what happened, not a fault
    """Nothing was changed; the text says why and what to do."""

    def __init__(self, text: str | Promise) -> None:
        super().__init__(str(text), code="partnering.refused", values={})


class AlreadyDecided(Refused):
    """Somebody else was quicker; `suggestion` tells who decided what."""

    def __init__(self, suggestion: Suggestion) -> None:
        super().__init__("decided by somebody else in the meantime")
        self.suggestion = suggestion
