"""The first page, by who looks: the office, a member, the operator, somebody passing by."""

from __future__ import annotations

import datetime as dt
from operator import attrgetter

from django.http import HttpResponse
from django.shortcuts import render

from verbund.web.core import registries
from verbund.web.core.services import today
from verbund.web.networks.models import Network
from verbund.web.networks.requests import Request
from verbund.web.networks.rules import Viewer
from verbund.web.portal import member, news, overview


def home(request: Request) -> HttpResponse:
    viewer, on = request.viewer, today()
    if viewer.offices:
        return _office(request, viewer, on)
    if viewer.organisations:
        return _member(request, viewer, on)
    if viewer.is_signed_in:
        return render(request, "portal/home_without_role.html", {"tasks": _tasks(viewer, on)})
    return _front(request, viewer, on)


def _tasks(viewer: Viewer, on: dt.date) -> list[registries.Task]:
    found = [task for find in registries.tasks for task in find(viewer, on)]
    return sorted(found, key=attrgetter("is_urgent"), reverse=True)


def _office(request: Request, viewer: Viewer, on: dt.date) -> HttpResponse:
    context = {
        "today": on,
        "tasks": _tasks(viewer, on),
        "funnel": overview.funnel(viewer, on),
        "orders": overview.orders(viewer, on),
        "lens": overview.lens(viewer, on),
        "agenda": overview.agenda(viewer, on),
        "news": news.since_last_week(viewer, on),
        "year_begin": on.replace(month=1, day=1),
    }
    return render(request, "portal/home_office.html", context)


def _member(request: Request, viewer: Viewer, on: dt.date) -> HttpResponse:
    context = {
        "today": on,
        "tasks": _tasks(viewer, on),
        "cards": member.cards(viewer, on),
        "introductions": member.introductions(viewer, on),
        "fitting": member.fitting_requests(viewer, on),
        "agenda": overview.agenda(viewer, on),
    }
    return render(request, "portal/home_member.html", context)


def _front(request: Request, viewer: Viewer, on: dt.date) -> HttpResponse:
    context = {
        "today": on,
        "networks": list(Network.objects.all()),
        "lens": overview.lens(viewer, on),
        "agreements": overview.agreements_in_force(viewer, on),
        "agenda": overview.agenda(viewer, on),
    }
    return render(request, "portal/home_front.html", context)
