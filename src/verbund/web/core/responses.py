"""Answers to whoever holds a link of a mail."""

from __future__ import annotations

from django.http import HttpResponse


def private(response: HttpResponse) -> HttpResponse:
    """Keep a page whose address is a permission out of caches and out of what other sites see.

    Not `no-referrer`: browsers would name no origin either, and every form of the page be refused.
    """
    response["Cache-Control"], response["Referrer-Policy"] = "no-store", "same-origin"
    return response
