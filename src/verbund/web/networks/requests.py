"""The request as views know it: with the viewer and htmx."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from verbund.web.networks.rules import Viewer


class Request(HttpRequest):
    viewer: Viewer
    htmx: HtmxDetails
