"""People and their roles, settings of a network, its legal pages."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from verbund.errors import VerbundError
from verbund.web.accounts.models import User
from verbund.web.core import toasts
from verbund.web.core.exports import as_file, wanted_kind
from verbund.web.core.services import today
from verbund.web.core.texts import text_of
from verbund.web.networks import services
from verbund.web.networks.forms import InviteForm, LegalForm, NetworkForm, NewNetworkForm
from verbund.web.networks.models import LegalPage, Network, Role, holds
from verbund.web.networks.queries import gaps_in, legal_page, roles_in, starting_text
from verbund.web.networks.requests import Request
from verbund.web.networks.rules import can_manage, can_run_installation


def _office(request: Request) -> Network:
    """Return the managed network that `?network=` names, or the first one."""
    managed = Network.objects.filter(pk__in=request.viewer.managed)
    if not request.viewer.managed:
        raise PermissionDenied
    return managed.filter(slug=request.GET.get("network", "")).first() or managed[0]


@login_required
def people(request: Request) -> HttpResponse:
    network, on = _office(request), today()
    roles = roles_in(network, on)
    kinds = {
        "": roles.filter(holds(on)),
        "manager": roles.filter(holds(on), kind=Role.Kind.MANAGER),
        "representative": roles.filter(holds(on), kind=Role.Kind.REPRESENTATIVE),
        "ended": roles.filter(valid_until__lt=on),
    }
    kind = request.GET.get("kind", "")
    kind = kind if kind in kinds else ""
    if file_kind := wanted_kind(request.GET.get("export")):
        return _people_file(kinds[kind], file_kind)
    context = {
        "network": network,
        "managed": list(Network.objects.filter(pk__in=request.viewer.managed)),
        "page": Paginator(kinds[kind], 50).get_page(request.GET.get("page")),
        "kind": kind,
        "counts": {key or "all": found.count() for key, found in kinds.items()},
    }
    return render(request, "networks/people.html", context)


def _people_file(roles: QuerySet[Role], kind: str) -> HttpResponse:
    headings = (
        _("Name"),
        _("Mail address"),
        _("Role"),
        _("Organisation"),
        _("since"),
        _("last sign-in"),
    )
    rows = (
        (
            role.user.name,
            role.user.email,
            role.get_kind_display(),
            role.organisation.name if role.organisation else "",
            role.valid_from or role.user.joined_at.date(),
            role.user.last_login.date() if role.user.last_login else None,
        )
        for role in roles
    )
    return as_file("people", headings, rows, kind=kind)


@login_required
def person_invite(request: Request) -> HttpResponse:
    network, on = _office(request), today()
    first = {"organisation": request.GET.get("organisation"), "language": network.language}
    form = InviteForm(network, on, request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        given = {key: form.cleaned_data[key] for key in ("email", "name", "language")}
        organisation = form.cleaned_data["organisation"]
        role = services.invite_person(
            network, organisation=organisation, by=cast("User", request.user), on=on, **given
        )
        text = _("%(name)s now has the role; an invitation goes to %(email)s.")
        toasts.say(
            request,
            text % {"name": role.user, "email": role.user.email},
            undo=reverse("person_end", args=[role.pk]),
        )
        return redirect(f"{reverse('people')}?network={network.slug}")
    return render(request, "networks/person_invite.html", {"form": form, "network": network})


def _role_in_my_network(request: Request, pk: int) -> tuple[Role, Network]:
    on = today()
    for network in Network.objects.filter(pk__in=request.viewer.managed):
        if role := roles_in(network, on).filter(pk=pk).first():
            return role, network
    raise Http404


@login_required
@require_POST
def person_end(request: Request, pk: int) -> HttpResponse:
    role, network = _role_in_my_network(request, pk)
    try:
        services.end_role(role, by=cast("User", request.user), on=today())
    except VerbundError as error:
        toasts.warn(request, str(error))
    else:
        text = _("%(name)s no longer has this role, from now on.")
        toasts.say(
            request, text % {"name": role.user}, undo=reverse("person_restore", args=[role.pk])
        )
    return redirect(f"{reverse('people')}?network={network.slug}")


@login_required
@require_POST
def person_restore(request: Request, pk: int) -> HttpResponse:
    role, network = _role_in_my_network(request, pk)
    services.restore_role(role, by=cast("User", request.user))
    toasts.say(request, _("%(name)s has the role again.") % {"name": role.user})
    return redirect(f"{reverse('people')}?network={network.slug}")


@login_required
@require_POST
def person_remind(request: Request, pk: int) -> HttpResponse:
    role, network = _role_in_my_network(request, pk)
    services.remind_person(role, network, by=cast("User", request.user))
    toasts.say(request, _("The invitation goes to %(email)s again.") % {"email": role.user.email})
    return redirect(f"{reverse('people')}?network={network.slug}")


@login_required
def network_settings(request: Request, slug: str) -> HttpResponse:
    network = get_object_or_404(Network, slug=slug, pk__in=request.viewer.managed)
    form = NetworkForm(request.POST or None, instance=network)
    if request.method == "POST" and form.is_valid():
        services.change_network(network, changed=form.changed_data, by=cast("User", request.user))
        toasts.say(request, _("Everybody now sees %(name)s like this.") % {"name": network.name})
        return redirect(network)
    shown = Network.objects.get(pk=network.pk)  # a refused form has already changed the other
    context = {"form": form, "network": shown, "kinds": LegalPage.Kind}
    return render(request, "networks/network_settings.html", context)


@login_required
def network_new(request: Request) -> HttpResponse:
    if not can_run_installation(request.viewer):
        raise PermissionDenied
    form = NewNetworkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        role = services.make_network(
            form.network(),
            email=form.cleaned_data["manager_email"],
            name=form.cleaned_data["manager_name"],
            by=cast("User", request.user),
            on=today(),
        )
        text = _("%(network)s stands; an invitation goes to %(email)s.")
        toasts.say(request, text % {"network": role.network, "email": role.user.email})
        return redirect(role.network)  # type: ignore[arg-type]  # a manager's role has a network
    return render(request, "networks/network_new.html", {"form": form})


def _legal_of(slug: str, kind: str) -> LegalPage:
    if kind not in LegalPage.Kind.values:
        raise Http404
    return legal_page(get_object_or_404(Network, slug=slug), kind)


def legal(request: Request, slug: str, kind: str) -> HttpResponse:
    page = _legal_of(slug, kind)
    text = text_of(page, "text")
    may_edit = can_manage(request.viewer, page.network)
    context = {
        "legal": page,
        "text": text,
        "may_edit": may_edit,
        "gaps": gaps_in(text.text) if may_edit else [],
        "kinds": LegalPage.Kind,
    }
    return render(request, "networks/legal.html", context)


@login_required
def legal_edit(request: Request, slug: str, kind: str) -> HttpResponse:
    page = _legal_of(slug, kind)
    if not can_manage(request.viewer, page.network):
        raise PermissionDenied
    first = {
        f"text_{language}": getattr(page, f"text_{language}")
        or starting_text(page.network, kind, language)
        for language in ("de", "en")
    }
    form = LegalForm(request.POST or None, instance=page, initial=first)
    if request.method == "POST" and form.is_valid():
        services.write_legal_page(
            page.network, kind, by=cast("User", request.user), **form.cleaned_data
        )
        _say_gaps(request, form.cleaned_data["text_de"] + form.cleaned_data["text_en"])
        return redirect("legal", slug, kind)
    return render(request, "networks/legal_edit.html", {"form": form, "legal": page})


def _say_gaps(request: Request, text: str) -> None:
    toasts.say(request, _("Everybody can read the page now."))
    if gaps := gaps_in(text):
        gap_list = ", ".join(gaps[:5])
        toasts.warn(request, _("Still to be filled in: %(gaps)s") % {"gaps": gap_list})
