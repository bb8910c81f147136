"""Three steps from an empty installation to a network with members."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import cast

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext

from verbund.web.accounts.models import SetupLink, User
from verbund.web.core import toasts
from verbund.web.core.services import today
from verbund.web.core.texts import current_language
from verbund.web.networks.models import Network
from verbund.web.networks.requests import Request
from verbund.web.portal.setup import services
from verbund.web.portal.setup.forms import ManagerStep, MemberRows, NetworkStep
from verbund.web.portal.setup.queries import begun_network, is_open, link_of

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
Step = Callable[[Request, SetupLink, str], HttpResponse]


def with_link(step: Step) -> Callable[[HttpRequest, str], HttpResponse]:
    """Let only the holder of the open link in; who has used it goes on to the members."""

    @wraps(step)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        link = link_of(token)
        if link is None:
            raise Http404
        if is_open(link):
            return step(cast("Request", request), link, token)
        if cast("Request", request).viewer.managed:
            return redirect("setup_members")
        return render(request, "portal/setup/used.html", status=410)

    return guarded


@with_link
def setup_network(request: Request, link: SetupLink, token: str) -> HttpResponse:
    form = NetworkStep(request.POST or None, instance=begun_network())
    if request.method == "POST" and form.is_valid():
        services.save_network(form.network())
        return redirect("setup_manager", token)
    return render(request, "portal/setup/network.html", {"form": form, "step": 1})


@with_link
def setup_manager(request: Request, link: SetupLink, token: str) -> HttpResponse:
    network = begun_network()
    if network is None:
        return redirect("setup_network", token)
    form = ManagerStep(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = _make_manager(link, network, form)
        except services.LinkUsed:
            return redirect(request.path)
        login(request, user, backend=_BACKEND)
        return redirect("setup_members")
    context = {"form": form, "network": network, "token": token, "step": 2}
    return render(request, "portal/setup/manager.html", context)


def _make_manager(link: SetupLink, network: Network, form: ManagerStep) -> User:
    given = form.cleaned_data
    return services.make_manager(
        link,
        network,
        name=given["name"],
        email=given["email"],
        password=given["password"],
        language=current_language(),
        on=today(),
    )


def setup_members(request: Request) -> HttpResponse:
    network = Network.objects.filter(pk__in=request.viewer.managed).order_by("pk").first()
    if network is None:
        raise Http404
    rows = MemberRows(request.POST or None)
    if request.method == "POST" and rows.is_valid():
        typed = [member for form in rows if (member := form.member())]
        by = cast("User", request.user)
        taken = services.take_first_members(typed, network, by=by, on=today())
        _say_taken(request, len(taken), network)
        return redirect("home" if taken else "setup_members")
    context = {"rows": rows, "network": network, "step": 3}
    return render(request, "portal/setup/members.html", context)


def _say_taken(request: Request, count: int, network: Network) -> None:
    if not count:
        toasts.warn(request, gettext("Nothing was typed, so nothing was saved."))
        return
    text = ngettext(
        "%(count)s member is now in %(network)s. Suggestions within the network follow shortly.",
        "%(count)s members are now in %(network)s. Suggestions within the network follow shortly.",
        count,
    )
    toasts.say(request, text % {"count": count, "network": network.name})
