"""What a link of a mail opens today, and the page of one that opens nothing any more."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from verbund.web.core.responses import private
from verbund.web.core.services import today
from verbund.web.directory.confirming import tokens
from verbund.web.directory.confirming.chairs import Chair
from verbund.web.directory.confirming.queries import Link, LinkState, link_of
from verbund.web.directory.queries import home_networks, partners_of
from verbund.web.networks.requests import Request


def read_link(token: str) -> Link | None:
    """Return what a link may do today; None if it was not made here."""
    found = tokens.read(token)
    return link_of(found[0], today(), is_old=found[1]) if found else None


def chair_of(token: str) -> Chair | None:
    """Return the profile a link opens for change; None if it opens nothing."""
    link = read_link(token)
    if link is None or link.state is not LinkState.OPEN or link.profile is None:
        return None
    organisation, on = link.profile.organisation, today()
    homes = home_networks(organisation, on)
    return Chair(organisation, on, homes, partners_of(homes, on), address=link.address, token=token)


def closed(request: Request, token: str) -> HttpResponse:
    """Say why a link opens nothing, and the way on."""
    link = read_link(token)
    state = link.state if link else LinkState.GONE
    context = {"state": state.value, "link": link, "token": token}
    status = 200 if state is LinkState.DONE else 410
    return private(render(request, "directory/confirming/closed.html", context, status=status))
