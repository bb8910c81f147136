"""What an organisation lets others see, and whose member it is."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from verbund.web.agreements.models import Consent
from verbund.web.core import toasts
from verbund.web.core.consequences import ask_first
from verbund.web.core.services import today
from verbund.web.directory import services
from verbund.web.directory.audiences import audiences_of, who_sees
from verbund.web.directory.forms import VisibilityForm
from verbund.web.directory.releases import RELEASED, consents_to_single, releases_of, said_of
from verbund.web.directory.views.access import Desk, desk_of, person_of, posted
from verbund.web.networks.models import (
    DataClass,
    Membership,
    Network,
    Organisation,
    Visibility,
    holds,
)
from verbund.web.networks.requests import Request
from verbund.web.networks.rules import can_edit


@login_required
def organisation_sharing(request: Request, pk: int) -> HttpResponse:
    desk = desk_of(request, pk)
    if request.method == "POST" and not desk.may_release:
        raise PermissionDenied
    form = VisibilityForm(
        posted(request),
        initial={"visibility": desk.organisation.visibility},
        homes=desk.homes,
        partners=desk.partners,
    )
    if request.method == "POST" and form.is_valid():
        return _show_to(request, desk, Visibility(form.cleaned_data["visibility"]))
    context = {
        "desk": desk,
        "form": form,
        "releases": releases_of(desk.organisation, desk.partners, desk.on),
        "singles": consents_to_single(desk.organisation, desk.on),
        "lines": who_sees(desk.organisation, audiences_of(desk.homes, desk.partners), desk.on),
    }
    return render(request, "directory/sharing.html", context)


def _show_to(request: Request, desk: Desk, visibility: Visibility) -> HttpResponse:
    services.set_visibility(desk.organisation, visibility, by=desk.person, on=desk.on)
    messages = {
        Visibility.OWN: _("Only its own network sees %(name)s from now on."),
        Visibility.PARTNERS: _("Partners see %(name)s from now on, as far as agreements go."),
        Visibility.PUBLIC: _("Everyone sees the profile of %(name)s from now on."),
    }
    toasts.say(request, messages[visibility] % {"name": desk.organisation})
    return redirect("organisation_sharing", desk.organisation.pk)


def _releasing(request: Request, pk: int) -> Desk:
    desk = desk_of(request, pk)
    if not desk.may_release:
        raise PermissionDenied
    return desk


@login_required
@require_POST
def consent_set(request: Request, pk: int, slug: str, data_class: str, answer: str) -> HttpResponse:
    desk = _releasing(request, pk)
    network = next((partner for partner in desk.partners if partner.slug == slug), None)
    if network is None or data_class not in RELEASED:
        raise Http404
    allows = answer == "yes"
    occasion = request.POST.get("occasion", "").strip()[:200]
    is_undo = "undo" in request.GET
    if allows and desk.is_office and data_class != DataClass.PROFILE and not (occasion or is_undo):
        toasts.warn(request, _("Nothing changed. Say how and when the consent was given."))
        return redirect("organisation_sharing", pk)
    if is_undo:
        occasion = _("withdrawal taken back")
    is_changed = services.set_consent(
        desk.organisation,
        DataClass(data_class),
        network,
        allows=allows,
        by=desk.person,
        on=desk.on,
        occasion=occasion,
    )
    if is_changed:
        back = reverse("consent_set", args=[pk, slug, data_class, "no" if allows else "yes"])
        said = said_of(DataClass(data_class), network, allows=allows)
        toasts.say(request, said, undo="" if is_undo else f"{back}?undo=1")
    return redirect("organisation_sharing", pk)


@login_required
@require_POST
def consent_to_one_set(request: Request, pk: int, consent: int, answer: str) -> HttpResponse:
    """Withdraw a consent that an introduction gave; giving it again is only the undo of that."""
    desk = _releasing(request, pk)
    given = get_object_or_404(
        Consent, pk=consent, organisation=desk.organisation, to_organisation__isnull=False
    )
    allows, occasion = answer == "yes", _("withdrawal taken back")
    if services.set_consent_to_one(
        given, allows=allows, by=desk.person, on=desk.on, occasion=occasion
    ):
        back = reverse("consent_to_one_set", args=[pk, consent, "yes"])
        name = {"name": given.to_organisation}
        if allows:
            toasts.say(request, _("%(name)s sees this again.") % name)
        else:
            toasts.say(request, _("%(name)s does not see this any more.") % name, undo=back)
    return redirect("organisation_sharing", pk)


@login_required
@require_POST
def member_leave(request: Request, pk: int, slug: str) -> HttpResponse:
    desk = desk_of(request, pk)
    network = next((network for network in desk.ends_in if network.slug == slug), None)
    if network is None:
        raise PermissionDenied
    membership = Membership.objects.filter(
        holds(desk.on), network=network, organisation=desk.organisation
    ).first()
    values = {"name": desk.organisation, "network": network}
    if membership and (
        page := ask_first(
            request,
            membership,
            desk.on,
            title=_("End the membership of %(name)s in %(network)s?") % values,
            button=_("End the membership"),
            back=reverse("organisation_sharing", args=[pk]),
        )
    ):
        return page
    services.leave_network(desk.organisation, network, by=desk.person, on=desk.on)
    message = _("%(name)s is no member of %(network)s any more; its partners see nothing of it.")
    toasts.say(
        request,
        message % values,
        undo=reverse("member_return", args=[pk, slug]),
    )
    return redirect("members" if desk.is_office else desk.organisation)


@login_required
@require_POST
def member_return(request: Request, pk: int, slug: str) -> HttpResponse:
    network = get_object_or_404(Network, slug=slug)
    if not can_edit(request.viewer, network) and pk not in request.viewer.organisations:
        raise PermissionDenied
    of_organisation = Membership.objects.filter(organisation__in=Organisation.objects.filter(pk=pk))
    former = get_object_or_404(of_organisation, network=network)
    organisation: Organisation = former.organisation
    values = {"name": organisation, "network": network}
    is_member = former.valid_until is None  # a second click
    if is_member or services.return_to_network(
        organisation, network, by=person_of(request), on=today()
    ):
        toasts.say(request, _("%(name)s is a member of %(network)s again.") % values)
        return redirect(organisation)
    message = _("Nothing changed. Leaving %(network)s can be taken back on the same day only.")
    toasts.warn(request, message % values)
    return redirect("members")
