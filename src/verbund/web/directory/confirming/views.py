"""A profile as its link shows it, and the office's list of profiles that want a confirmation."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from verbund.web.accounts.models import User
from verbund.web.core import addresses, toasts
from verbund.web.core.exports import as_file, wanted_kind
from verbund.web.core.responses import private
from verbund.web.core.services import today
from verbund.web.directory.audiences import audiences_of, who_sees
from verbund.web.directory.confirming import queries, services
from verbund.web.directory.confirming.chairs import Chair
from verbund.web.directory.confirming.links import chair_of, closed, read_link
from verbund.web.directory.confirming.showing import HEADINGS, ProfileRow, file_rows, rows_of
from verbund.web.directory.models import Profile
from verbund.web.directory.portrait import portrait_of
from verbund.web.directory.queries import is_unconfirmed, sight_of
from verbund.web.directory.services import confirm_profile
from verbund.web.networks.models import Membership, Network, holds
from verbund.web.networks.requests import Request
from verbund.web.networks.rules import Viewer

_PER_PAGE = 50
_MOST_AT_ONCE = 500


def profile_by_link(request: Request, token: str) -> HttpResponse:
    """Show the whole profile; only pressing the button confirms it, mail scanners do not."""
    chair = chair_of(token)
    if chair is None:
        return closed(request, token)
    if request.method == "POST":
        link = read_link(token)
        with chair.recorded():
            name = link.ticket.name if link else ""
            confirm_profile(chair.organisation, by=None, name=name, on=chair.on)
        return redirect("profile_by_link", token)
    return private(render(request, "directory/confirming/profile.html", _whole(chair)))


def _whole(chair: Chair) -> dict[str, object]:
    viewer = Viewer(organisations=frozenset((chair.organisation.pk,)))
    portrait = portrait_of(chair.organisation, sight_of(viewer, chair.on))
    audiences = audiences_of(chair.homes, chair.partners)
    return {
        "chair": chair,
        "organisation": chair.organisation,
        "portrait": portrait,
        "lines": who_sees(chair.organisation, audiences, chair.on),
        "is_unconfirmed": is_unconfirmed(portrait.profile, chair.on),
    }


@require_POST
def fresh_link(request: Request, token: str) -> HttpResponse:
    """Send a new link to the address an old one went to, and nowhere else."""
    link = read_link(token)
    if link is None or link.profile is None:
        return closed(request, token)
    if services.send_fresh_link(link, today()):
        toasts.say(request, _("A new link is on its way to the address of the first one."))
    else:
        toasts.warn(request, _("No further link was sent today. Look into your mailbox."))
    return redirect("profile_by_link", token)


@login_required
def profiles_to_confirm(request: Request) -> HttpResponse:
    viewer, on = request.viewer, today()
    if not viewer.edited:
        raise Http404
    everything = queries.profiles_of_office(viewer, on)
    state = request.GET.get("state", "")
    state = state if state in queries.STATES else queries.STATES[0]
    found = queries.in_state(everything, state, on)
    if kind := wanted_kind(request.GET.get("export")):
        rows = file_rows(rows_of(list(found), on))
        return as_file(_("profiles"), [str(h) for h in HEADINGS], rows, kind=kind)
    page = Paginator(found, _PER_PAGE).get_page(request.GET.get("page"))
    shown: list[ProfileRow] = rows_of(list(page.object_list), on)
    context = {
        "page": page,
        "rows": shown,
        "state": state,
        "counts": [(one, queries.in_state(everything, one, on).count()) for one in queries.STATES],
    }
    return render(request, "directory/confirming/profiles.html", context)


@require_POST
@login_required
def profiles_ask(request: Request) -> HttpResponse:
    chosen = _chosen(request)
    on, person = today(), cast("User", request.user)
    asked = 0
    for profile in chosen:
        network = _asking(request.viewer, profile)
        asked += bool(services.ask(profile, on, by=person, network=network))
    if asked:
        text = ngettext("%(n)d member is asked by mail.", "%(n)d members are asked by mail.", asked)
        toasts.say(request, text % {"n": asked})
    if left := len(chosen) - asked:
        text = ngettext(
            "%(n)d cannot be reached by mail.", "%(n)d cannot be reached by mail.", left
        )
        toasts.warn(request, text % {"n": left})
    return _back(request)


@require_POST
@login_required
def profiles_vouch(request: Request) -> HttpResponse:
    person, on = cast("User", request.user), today()
    names = Network.objects.filter(pk__in=request.viewer.edited).values_list("name", flat=True)
    count = services.confirm_on_behalf(_chosen(request), ", ".join(names), by=person, on=on)
    if count:
        text = ngettext(
            "%(n)d profile says now that your office checked it today.",
            "%(n)d profiles say now that your office checked them today.",
            count,
        )
        toasts.say(request, text % {"n": count})
    return _back(request)


@require_POST
@login_required
def address_trust(request: Request) -> HttpResponse:
    """Let mails go to an address again, if it belongs to a member of the office."""
    address = request.POST.get("address", "").lower()
    theirs = queries.profiles_of_office(request.viewer, today())
    if queries.has_address(theirs, address, today()) and addresses.trust(address):
        toasts.say(request, _("Mails go to %(address)s again.") % {"address": address})
    return _back(request)


def _chosen(request: Request) -> list[Profile]:
    keys = [key for key in request.POST.getlist("profile") if key.isdecimal() and len(key) < 19]
    rows: QuerySet[Profile] = queries.profiles_of_office(request.viewer, today())
    found = list(rows.filter(pk__in=keys[:_MOST_AT_ONCE]))
    if not found:
        toasts.warn(request, _("Nothing happened: no profile was chosen."))
    return found


def _asking(viewer: Viewer, profile: Profile) -> Network | None:
    inside = Membership.objects.filter(
        holds(today()), organisation=profile.organisation_id, network__in=viewer.edited
    )
    membership = inside.select_related("network").order_by("network__name").first()
    return membership.network if membership else None


def _back(request: Request) -> HttpResponse:
    state = request.POST.get("state", "")
    state = state if state in queries.STATES else queries.STATES[0]
    return redirect(f"{reverse('profiles_to_confirm')}?state={state}")
