"""What somebody sends after their session has ended is kept and asked about after signing in."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import reverse

_KEY = "typed"
_SECONDS = 3600
_LONGEST = 100_000  # characters of all fields; more is not kept
_NOT_KEPT = ("csrfmiddlewaretoken", "password")


@dataclass(frozen=True)
class Typed:
    """A form as it was sent: where it goes, its fields, and whether files were with it."""

    path: str
    fields: list[tuple[str, str]]
    had_files: bool

    @property
    def texts(self) -> list[str]:
        return [value for _, value in self.fields if " " in value.strip() or "\n" in value]


class KeepTyped:
    """Send who was turned away from a form by way of what they had typed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if request.method != "POST":
            return response
        door = resolve_url(settings.LOGIN_URL)
        if request.user.is_authenticated:
            kept = kept_for(request)
            if kept and kept.path == request.get_full_path():
                forget(request)
        elif response.status_code == 302 and response["Location"].startswith(f"{door}?"):
            _keep(request)
            response["Location"] = f"{door}?next={reverse('typed')}"
        return response


def _keep(request: HttpRequest) -> None:
    fields = [
        [name, str(value)]
        for name, values in request.POST.lists()
        for value in values
        if not name.startswith(_NOT_KEPT)
    ]
    if sum(len(value) for _, value in fields) <= _LONGEST:
        request.session[_KEY] = {
            "path": request.get_full_path(),
            "fields": fields,
            "had_files": bool(request.FILES),
            "until": time.time() + _SECONDS,
        }


def kept_for(request: HttpRequest) -> Typed | None:
    kept: dict[str, Any] | None = request.session.get(_KEY)
    if kept is None or kept["until"] < time.time():
        return None
    fields = [(name, value) for name, value in kept["fields"]]
    return Typed(kept["path"], fields, kept["had_files"])


def forget(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)
