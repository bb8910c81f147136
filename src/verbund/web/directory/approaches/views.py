"""Requests without a name: reading them, contributing, and giving names step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from verbund.web.agreements.sharing import visible
from verbund.web.core import toasts
from verbund.web.core.exports import as_file, wanted_kind
from verbund.web.core.responses import private
from verbund.web.core.services import today
from verbund.web.core.texts import text_of
from verbund.web.directory.approaches import queries, services, tokens
from verbund.web.directory.approaches.forms import AskForm
from verbund.web.directory.approaches.queries import Seat, Unnamed
from verbund.web.directory.approaches.rules import STEPS
from verbund.web.directory.finding import Wanted, entries_saying
from verbund.web.directory.models import Approach, ContactPerson, Sighting
from verbund.web.directory.sightings.services import note_sightings
from verbund.web.networks.models import holds
from verbund.web.networks.requests import Request

if TYPE_CHECKING:
    from verbund.web.accounts.models import User

_ROWS = 50


def unnamed(request: Request) -> HttpResponse:
    """List the requests whose text this person may read, and not whose they are."""
    viewer, on = request.viewer, today()
    found, wanted = queries.unnamed_requests(viewer, on), Wanted.read(request.GET)
    narrowed = entries_saying(found, wanted.q) if wanted.q else found
    if kind := wanted_kind(request.GET.get("export")):
        rows = queries.told_of(list(narrowed), viewer, on)
        note_sightings(narrowed, viewer=viewer, place=Sighting.Place.EXPORT, on=on)
        return as_file(_("requests-without-a-name"), _headings(), map(_row, rows), kind=kind)
    page = Paginator(narrowed, _ROWS).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    note_sightings(shown, viewer=viewer, place=Sighting.Place.PAGE, on=on)
    context = {
        "page": page,
        "rows": queries.told_of(shown, viewer, on),
        "wanted": wanted,
        "waiting": len(_open_seats(request)),
    }
    return render(request, "directory/approaches/requests.html", context)


def _headings() -> list[str]:
    return [_("Request"), _("Network"), _("Topics"), _("Since"), _("Last day")]


def _row(told: Unnamed) -> list[object]:
    one = told.request
    network = told.network.name if told.network else ""
    return [text_of(one, "text").text, network, ", ".join(told.topics), one.made_on, one.ends_on]


def _open_seats(request: Request) -> list[Seat]:
    rows = queries.approaches_for(request.viewer, today())
    return [seat for seat in queries.seats(rows, request.viewer, today()) if seat.needs_me]


def unnamed_request(request: Request, pk: int) -> HttpResponse:
    """Show one of them, and take what an organisation can contribute."""
    viewer, on = request.viewer, today()
    found = get_object_or_404(queries.unnamed_requests(viewer, on), pk=pk)
    organisations = queries.organisations_to_ask(viewer, found)
    form = AskForm(request.POST or None, organisations=organisations)
    if request.method == "POST" and form.is_valid():
        return _ask(request, found.pk, form)
    note_sightings([found], viewer=viewer, place=Sighting.Place.PAGE, on=on)
    (told,) = queries.told_of([found], viewer, on)
    context = {"told": told, "form": form if organisations.exists() else None}
    return render(request, "directory/approaches/request.html", context)


def _ask(request: Request, pk: int, form: AskForm) -> HttpResponse:
    found = get_object_or_404(queries.unnamed_requests(request.viewer, today()), pk=pk)
    try:
        made = services.ask(found, **form.cleaned_data, by=_user(request), on=today())
    except services.Refused as refusal:
        toasts.warn(request, str(refusal))
        return redirect("unnamed_requests")
    toasts.say(request, _("Who made the request reads your text now, without your name."))
    return redirect("approach", made.pk)


def _user(request: Request) -> User:
    return cast("User", request.user)


# ---------------------------------------------------------------- approaches


@login_required
def approaches(request: Request) -> HttpResponse:
    """List what was written about requests without a name, on both sides."""
    viewer, on = request.viewer, today()
    rows = queries.approaches_for(viewer, on)
    if kind := wanted_kind(request.GET.get("export")):
        seats = queries.seats(rows, viewer, on)
        return as_file(_("approaches"), _approach_headings(), map(_approach_row, seats), kind=kind)
    page = Paginator(rows, _ROWS).get_page(request.GET.get("page"))
    context = {"page": page, "seats": queries.seats(page.object_list, viewer, on)}
    return render(request, "directory/approaches/approaches.html", context)


def _approach_headings() -> list[str]:
    return [_("Request"), _("Contribution"), _("For"), _("Other side"), _("State"), _("Asked on")]


def _approach_row(seat: Seat) -> list[object]:
    row = seat.approach
    other = seat.other.name if seat.other else ""
    asked = row.asked_at.date()
    state = row.get_state_display()
    return [text_of(row.request, "text").text, row.text, seat.own.name, other, state, asked]


def _seat(request: Request, pk: int) -> Seat:
    viewer, on = request.viewer, today()
    found = get_object_or_404(queries.approaches_for(viewer, on), pk=pk)
    (seat,) = queries.seats([found], viewer, on)
    return seat


@login_required
def approach(request: Request, pk: int) -> HttpResponse:
    seat = _seat(request, pk)
    return render(request, "directory/approaches/approach.html", _context(request, seat))


def _context(request: Request, seat: Seat) -> dict[str, object]:
    """Return an approach with its steps and, once both are known, whom to write to."""
    viewer, on = request.viewer, today()
    people = (
        ContactPerson.objects.filter(holds(on), organisation=seat.other) if seat.other else None
    )
    shown = people is not None and seat.approach.state == Approach.State.REVEALED
    return {
        "seat": seat,
        "approach": seat.approach,
        "steps": queries.steps_taken(seat),
        "contacts": list(visible(people, to=viewer, on=on)) if people and shown else [],
        "may_show_contact": shown and seat.may_act and not queries.shows_contact(seat, on),
    }


@login_required
@require_POST
def approach_step(request: Request, pk: int, step: str) -> HttpResponse:
    seat = _seat(request, pk)
    if step not in STEPS or not seat.may_act or STEPS[step].side != seat.side:
        raise Http404
    _take(request, seat.approach, step, by=_user(request))
    return redirect("approach", pk)


def _take(
    request: Request, row: Approach, step: str, *, by: User | None = None, name: str = ""
) -> None:
    said = {
        "want": _("The other side is asked for its name. Yours stays hidden."),
        "name": _("The other side sees your name now. Its own name it may give or not."),
        "reveal": _("Both sides see each other's name now."),
        "refuse": _("Refused. The other side is told that it does not suit; no name is shown."),
        "withdraw": _("Withdrawn. The other side is told; no name is shown any more."),
    }
    try:
        services.take(row, step, by=by, on=today(), name=name)
    except services.Refused as refusal:
        toasts.warn(request, str(refusal))
    else:
        toasts.say(request, said[step])


@login_required
@require_POST
def approach_contact(request: Request, pk: int) -> HttpResponse:
    seat = _seat(request, pk)
    if not seat.may_act:
        raise Http404
    try:
        services.show_contact(seat.approach, seat.side, by=_user(request), on=today())
    except services.Refused as refusal:
        toasts.warn(request, str(refusal))
    else:
        toasts.say(request, _("%(other)s sees your contact person now.") % {"other": seat.other})
    return redirect("approach", pk)


def approach_by_mail(request: Request, token: str) -> HttpResponse:
    """Answer from a mail, without sign-in; mail scanners follow links, so the page asks once."""
    ticket = tokens.read(token)
    row = queries.approach_of(ticket.approach, ticket.side, today()) if ticket else None
    if ticket is None or row is None:
        return render(request, "directory/approaches/gone.html", status=410)
    seat = queries.seat_of(row, ticket.side, may_act=True)
    step = request.POST.get("step", "")
    if request.method == "POST" and step in seat.steps and row.state == ticket.state:
        _take(request, row, step, name=ticket.name)
        return redirect("approach_by_mail", token)
    context = {
        "seat": seat,
        "approach": row,
        "is_open": row.state == ticket.state,
        "wanted": request.GET.get("step"),
    }
    return private(render(request, "directory/approaches/answer.html", context))
