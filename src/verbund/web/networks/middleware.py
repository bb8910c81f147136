"""Every request knows who looks, worked out when first asked."""

from __future__ import annotations

from collections.abc import Callable

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
