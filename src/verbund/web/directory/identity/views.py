"""Pages of what an organisation is: names, sites, numbers, parent, membership."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import ModelForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from verbund.records.names import legal_form_in
from verbund.web.core import toasts
from verbund.web.directory.identity import services
from verbund.web.directory.identity.forms import PARTS, BelongsForm, MembershipForm, parent_named
from verbund.web.directory.identity.queries import identity_of
from verbund.web.directory.queries import namesakes, sight_of
from verbund.web.directory.views.access import Desk, desk_of, posted
from verbund.web.networks.models import Membership
from verbund.web.networks.requests import Request


@login_required
def organisation_identity(request: Request, pk: int) -> HttpResponse:
    desk = desk_of(request, pk)
    mine = Membership.objects.filter(organisation=pk, network__in=desk.homes)
    context = {
        "desk": desk,
        "identity": identity_of(desk.organisation, sight_of(request.viewer, desk.on)),
        "memberships": mine.select_related("network").order_by("network__name"),
    }
    return render(request, "directory/identity/identity.html", context)


@login_required
def belongs_edit(request: Request, pk: int) -> HttpResponse:
    desk = desk_of(request, pk)
    stated = legal_form_in(desk.organisation.name)
    parent = identity_of(desk.organisation, sight_of(request.viewer, desk.on)).parent
    first = {"legal_form": stated or desk.organisation.legal_form, "parent": parent}
    form = BelongsForm(posted(request), initial=first)
    form.fields["legal_form"].disabled = bool(stated)
    if request.method == "POST" and form.is_valid() and _save_belonging(request, desk, form):
        toasts.say(request, _("Saved for %(name)s.") % {"name": desk.organisation})
        return redirect("organisation_identity", pk)
    context = {"desk": desk, "form": form, "title": _("Legal form and parent")}
    return render(request, "directory/identity/part.html", context)


def _save_belonging(request: Request, desk: Desk, form: BelongsForm) -> bool:
    name = form.cleaned_data["parent"]
    try:
        found = namesakes(request.viewer, desk.on, name) if name else []
        parent = parent_named(name, found, desk.organisation)
    except ValidationError as error:
        form.add_error("parent", error)
        return False
    legal_form = form.cleaned_data["legal_form"]
    services.save_belonging(desk.organisation, legal_form, parent, by=desk.person)
    return True


@login_required
def membership_edit(request: Request, pk: int, slug: str) -> HttpResponse:
    desk = desk_of(request, pk)
    network = next((network for network in desk.edited if network.slug == slug), None)
    if network is None:
        raise PermissionDenied
    membership = get_object_or_404(Membership, organisation=pk, network=network)
    form = MembershipForm(posted(request), instance=membership, on=desk.on)
    if request.method == "POST" and form.is_valid():
        services.save_membership(membership, changed=form.changed_data, by=desk.person)
        message = _("The membership of %(name)s in %(network)s is saved.")
        toasts.say(request, message % {"name": desk.organisation, "network": network})
        return redirect("organisation_identity", pk)
    title = _("Membership in %(network)s") % {"network": network}
    context = {"desk": desk, "form": form, "title": title}
    return render(request, "directory/identity/part.html", context)


@login_required
def part_new(request: Request, pk: int, part: str) -> HttpResponse:
    desk = desk_of(request, pk)
    if part not in PARTS:
        raise Http404
    row = PARTS[part].model(organisation=desk.organisation)
    return _edit_part(request, desk, part, row)


@login_required
def part_edit(request: Request, pk: int, part: str, row: int) -> HttpResponse:
    desk = desk_of(request, pk)
    if part not in PARTS:
        raise Http404
    found = get_object_or_404(PARTS[part].model, pk=row, organisation=desk.organisation)
    return _edit_part(request, desk, part, found)


def _edit_part(request: Request, desk: Desk, part: str, row: services.Row) -> HttpResponse:
    kind = PARTS[part]
    form = kind.form(posted(request), instance=row)
    if request.method == "POST" and form.is_valid() and _is_new_here(form, row):
        services.save_part(row, by=desk.person, on=desk.on)
        toasts.say(request, _("Saved: %(what)s.") % {"what": row})
        return redirect("organisation_identity", desk.organisation.pk)
    context = {"desk": desk, "form": form, "title": kind.change if row.pk else kind.new}
    return render(request, "directory/identity/part.html", context)


def _is_new_here(form: ModelForm[Any], row: services.Row) -> bool:
    """Say it in the form if the organisation has this row already, as after a double click."""
    others = type(row)._default_manager.filter(organisation=row.organisation).exclude(pk=row.pk)
    names = [name for name in form.fields if not name.startswith("valid_")]
    if others.filter(**{name: getattr(row, name) for name in names}).exists():
        form.add_error(None, _("This stands here already."))
        return False
    return True


@login_required
@require_POST
def part_delete(request: Request, pk: int, part: str, row: int) -> HttpResponse:
    desk = desk_of(request, pk)
    if part not in PARTS:
        raise Http404
    found = PARTS[part].model.objects.filter(pk=row, organisation=desk.organisation).first()
    if found:
        text = str(found)
        services.delete_part(found, by=desk.person, on=desk.on)
        toasts.say(request, _("Deleted for good: “%(text)s”.") % {"text": text})
    return redirect("organisation_identity", pk)
