"""What changed, for whom, and a way back: said once, on the next page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.utils.functional import Promise

_UNDO = "undo:"


def say(request: HttpRequest, text: str | Promise, *, undo: str = "") -> None:
    """Say what changed; `undo` is the address that takes it back when posted to."""
    messages.success(request, str(text), extra_tags=_UNDO + undo if undo else "")


def warn(request: HttpRequest, text: str | Promise) -> None:
    """Say why nothing changed, or what needs a look."""
    messages.warning(request, str(text))


def undo_address(tags: str) -> str:
    return tags.removeprefix(_UNDO) if tags.startswith(_UNDO) else ""
