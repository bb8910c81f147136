"""People and their roles, settings of a network, its legal pages."""

from __future__ import annotations

import datetime as dt
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
from verbund.web.networks.forms import InviteForm, LegalForm, NetworkForm, NewNetworkForm, RoleForm
from verbund.web.networks.models import LegalPage, Network, Role, holds
from verbund.web.networks.queries import (
    gaps_in,
    legal_page,
    roles_in,
    roles_to_agree_to,
    starting_text,
)
from verbund.web.networks.requests import Request
from verbund.web.networks.roles import WHAT_IT_DOES, consequences_of_end
from verbund.web.networks.rules import can_manage, can_run_installation


def _office(request: Request, networks: frozenset[int]) -> Network:
    """Return the one of these networks that `?network=` names, or the first one."""
    own = Network.objects.filter(pk__in=networks)
    if not networks:
        raise PermissionDenied
    return own.filter(slug=request.GET.get("network", "")).first() or own[0]


@login_required
def people(request: Request) -> HttpResponse:
    network, on = _office(request, request.viewer.offices), today()
    kinds = _by_kind(network, on)
    kind = request.GET.get("kind", "")
    kind = kind if kind in kinds else ""
    if file_kind := wanted_kind(request.GET.get("export")):
        return _people_file(kinds[kind], file_kind)
    context = {
        "network": network,
        "may_manage": can_manage(request.viewer, network),
        "offices": list(Network.objects.filter(pk__in=request.viewer.offices)),
        "page": Paginator(kinds[kind], 50).get_page(request.GET.get("page")),
        "kind": kind,
        "counts": {key or "all": found.count() for key, found in kinds.items()},
        "what_it_does": [(kind.label, does) for kind, does in WHAT_IT_DOES.items()],
    }
    return render(request, "networks/people.html", context)


def _by_kind(network: Network, on: dt.date) -> dict[str, QuerySet[Role]]:
    roles = roles_in(network, on)
    held = roles.filter(holds(on))
    return {
        "": held,
        "office": held.filter(network=network),
        "representative": held.filter(kind=Role.Kind.REPRESENTATIVE),
        "asked": roles.filter(asked_by=network),
        "ended": roles.filter(valid_until__lt=on, asked_by=None),
    }


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
            role.person_name,
            role.user.email,
            role.get_kind_display(),
            role.organisation.name if role.organisation else "",
            role.valid_from or role.user.joined_at.date(),
            role.last_seen.date() if role.last_seen else None,
        )
        for role in roles
    )
    return as_file("people", headings, rows, kind=kind)


@login_required
def person_invite(request: Request) -> HttpResponse:
    network, on = _office(request, request.viewer.managed), today()
    first = {"organisation": request.GET.get("organisation"), "language": network.language}
    form = InviteForm(network, on, request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        by = cast("User", request.user)
        role = services.invite_person(network, by=by, on=on, **form.cleaned_data)
        toasts.say(request, _said_of(role), undo=reverse("person_end", args=[role.pk]))
        return redirect(_people_of(network))
    return render(request, "networks/person_invite.html", {"form": form, "network": network})


def _said_of(role: Role) -> str:
    said = _("%(name)s now has the role; an invitation goes to %(email)s.")
    if role.asked_by:
        said = _("%(what)s belongs to another network, too. Once they agree, %(name)s is invited.")
    values = {"name": role.person_name, "email": role.user.email, "what": role.organisation}
    return said % values


def _people_of(network: Network) -> str:
    return f"{reverse('people')}?network={network.slug}"


def _role_in_my_network(request: Request, pk: int) -> tuple[Role, Network]:
    on = today()
    for network in Network.objects.filter(pk__in=request.viewer.managed):
        if role := roles_in(network, on).filter(pk=pk).first():
            return role, network
    raise Http404


@login_required
def person(request: Request, pk: int) -> HttpResponse:
    """Show what a person may do, and what follows if they no longer may."""
    role, network = _role_in_my_network(request, pk)
    if not roles_in(network, today()).filter(holds(today()), pk=pk).exists():
        return redirect(_people_of(network))
    refusal = services.why_role_stays(role, by=cast("User", request.user), on=today())
    context = {
        "role": role,
        "network": network,
        "form": RoleForm(initial={"kind": role.kind}) if role.network and not refusal else None,
        "consequences": consequences_of_end(role, today()),
        "refusal": refusal,
    }
    return render(request, "networks/person.html", context)


@login_required
@require_POST
def person_change(request: Request, pk: int) -> HttpResponse:
    role, network = _role_in_my_network(request, pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        raise Http404
    kind = form.cleaned_data["kind"]
    try:
        new = services.change_role(role, kind=kind, by=cast("User", request.user), on=today())
    except VerbundError as error:
        toasts.warn(request, str(error))
    else:
        values = {"name": new.person_name, "kind": new.get_kind_display()}
        toasts.say(request, _("%(name)s: %(kind)s, from now on.") % values)
    return redirect(_people_of(network))


@login_required
@require_POST
def person_end(request: Request, pk: int) -> HttpResponse:
    role, network = _role_in_my_network(request, pk)
    by, name = cast("User", request.user), role.person_name
    if role.asked_by:
        services.refuse_person(role, by=by)
        toasts.say(request, _("Nobody is asked about %(name)s any more.") % {"name": name})
        return redirect(_people_of(network))
    try:
        services.end_role(role, by=by, on=today())
    except VerbundError as error:
        toasts.warn(request, str(error))
    else:
        text = _("%(name)s no longer has this role, from now on.")
        toasts.say(request, text % {"name": name}, undo=reverse("person_restore", args=[role.pk]))
    return redirect(_people_of(network))


@login_required
@require_POST
def person_restore(request: Request, pk: int) -> HttpResponse:
    role, network = _role_in_my_network(request, pk)
    role = services.restore_role(role, network, by=cast("User", request.user), on=today())
    if role.asked_by:
        text = _("%(name)s gets the role back once the other network agrees.")
    else:
        text = _("%(name)s has the role again.")
    toasts.say(request, text % {"name": role.person_name})
    return redirect(_people_of(network))


@login_required
@require_POST
def person_remind(request: Request, pk: int) -> HttpResponse:
    role, network = _role_in_my_network(request, pk)
    services.remind_person(role, network, by=cast("User", request.user))
    toasts.say(request, _("The invitation goes to %(email)s again.") % {"email": role.user.email})
    return redirect(_people_of(network))


@login_required
def people_asked(request: Request) -> HttpResponse:
    """Show whom other networks would like to speak for an organisation of this person's."""
    if not (request.viewer.managed or request.viewer.organisations):
        raise Http404
    waiting = roles_to_agree_to(request.viewer, today())
    return render(request, "networks/people_asked.html", {"waiting": waiting[:50]})


@login_required
@require_POST
def person_answer(request: Request, pk: int) -> HttpResponse:
    role = get_object_or_404(roles_to_agree_to(request.viewer, today()), pk=pk)
    by, values = cast("User", request.user), {"name": role.person_name, "what": role.organisation}
    if request.POST.get("answer") == "yes":
        services.agree_to_person(role, by=by, on=today())
        toasts.say(request, _("%(name)s speaks for %(what)s from now on and gets a mail.") % values)
    elif request.POST.get("answer") == "no":
        services.refuse_person(role, by=by)
        toasts.say(request, _("%(name)s does not speak for %(what)s.") % values)
    else:
        toasts.warn(request, _("Nothing changed. Say yes or no."))
    return redirect("people_asked")


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
