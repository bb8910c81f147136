"""What is said when something goes wrong: in words, and what to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "portal/404.html", status=404)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "portal/403.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "portal/400.html", status=400)


def broken(request: HttpRequest) -> HttpResponse:
    """Say so without the frame: it would ask the database, which may be what is broken."""
    return render(None, "portal/500.html", status=500)
