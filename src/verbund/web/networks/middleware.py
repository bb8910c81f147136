"""Every request knows who looks; no answer to somebody known is kept by a browser or a proxy."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from verbund.web.core.services import today
from verbund.web.networks.rules import viewer_of


class ViewerMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer = SimpleLazyObject(  # type: ignore[attr-defined]  # see networks.requests
            lambda: viewer_of(request.user, today())
        )
        return self.get_response(request)


class PrivateAnswers:
    """Keep pages out of caches, so that "Back" after signing out shows nothing.

    Asks the cookie and not the database, which may be what is broken.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            is_known = settings.SESSION_COOKIE_NAME in request.COOKIES
            response["Cache-Control"] = "private, no-store" if is_known else "private, no-cache"
        return response
