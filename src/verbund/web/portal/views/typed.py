"""After signing in again: what was typed before is there, and one press sends it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render

from verbund.web.networks.requests import Request
from verbund.web.portal.typed import forget, kept_for


@login_required
def typed(request: Request) -> HttpResponse:
    if request.method == "POST":
        forget(request)
        return redirect("home")
    kept = kept_for(request)
    if kept is None:
        return redirect("home")
    return render(request, "portal/typed.html", {"kept": kept})
