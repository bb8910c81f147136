"""Published figures: all of them, one of them, and the forms of the offices that publish them."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from verbund.web.accounts.models import User
from verbund.web.core import toasts
from verbund.web.core.exports import as_file, wanted_kind
from verbund.web.core.texts import Text, current_language, text_of
from verbund.web.indicators import services
from verbund.web.indicators.chart import SMALL
from verbund.web.indicators.drawing import Portrait, changes_of
from verbund.web.indicators.forms import IndicatorForm, ObservationForm
from verbund.web.indicators.models import Indicator, Observation
from verbund.web.indicators.queries import published, trace_of
from verbund.web.indicators.rules import can_edit_indicator, can_make_indicator
from verbund.web.networks.models import Network
from verbund.web.networks.requests import Request

_PAGE = 50


def figures(request: Request) -> HttpResponse:
    """List all figures with their newest value; figures are public."""
    networks = list(Network.objects.filter(indicators__isnull=False).distinct())
    network = next((one for one in networks if one.slug == request.GET.get("network")), None)
    found = published(network.slug if network else "")
    if kind := wanted_kind(request.GET.get("export")):
        return _file(_("figures"), [Portrait(one) for one in found], kind)
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    context = {
        "networks": networks,
        "network": network,
        "page": page,
        "portraits": [Portrait(one, size=SMALL) for one in page],
        "can_make": can_make_indicator(request.viewer),
    }
    return render(request, "indicators/figures.html", context)


def indicator(request: Request, slug: str) -> HttpResponse:
    """Show one figure over the years; figures are public, names in the trace are not."""
    found = get_object_or_404(published(), slug=slug)
    portrait = Portrait(found)
    if kind := wanted_kind(request.GET.get("export")):
        return _file(found.slug, [portrait], kind)
    context = {
        "portrait": portrait,
        "indicator": found,
        "definition": text_of(found, "definition"),
        "other_definition": _other_definition(found),
        "changes": changes_of(trace_of(found)),
        "can_edit": can_edit_indicator(request.viewer, found),
    }
    return render(request, "indicators/indicator.html", context)


@login_required
def indicator_new(request: Request) -> HttpResponse:
    if not can_make_indicator(request.viewer):
        raise PermissionDenied
    form = IndicatorForm(request.POST or None, viewer=request.viewer)
    if form.is_valid():
        try:
            made = services.make_indicator(form.save(commit=False), by=_user(request))
        except services.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            toasts.say(
                request,
                _("%(name)s is published. Add its first value now.")
                % {"name": text_of(made, "name")},
            )
            return redirect("observation_new", made.slug)
    return render(request, "indicators/indicator_form.html", {"form": form})


@login_required
def indicator_edit(request: Request, slug: str) -> HttpResponse:
    found = _own_indicator(request, slug)
    form = IndicatorForm(request.POST or None, instance=found, viewer=request.viewer)
    if form.is_valid():
        if services.describe_indicator(form.save(commit=False), by=_user(request)):
            toasts.say(
                request,
                _("The description of %(name)s is changed; the page shows what it said before.")
                % {"name": text_of(found, "name")},
            )
        return redirect("indicator", found.slug)
    context = {"form": form, "indicator": get_object_or_404(Indicator, pk=found.pk)}
    return render(request, "indicators/indicator_form.html", context)


@login_required
def observation_new(request: Request, slug: str) -> HttpResponse:
    found = _own_indicator(request, slug)
    form = ObservationForm(request.POST or None, instance=Observation(indicator=found))
    if form.is_valid():
        try:
            made = services.add_observation(form.save(commit=False), by=_user(request))
        except services.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            toasts.say(
                request,
                _("The value of %(year)s is published.") % {"year": made.year},
                undo=reverse("observation_remove", args=[found.slug, made.pk]),
            )
            return redirect("indicator", found.slug)
    return render(request, "indicators/observation_form.html", {"form": form, "indicator": found})


@login_required
def observation_edit(request: Request, slug: str, pk: int) -> HttpResponse:
    found = _own_indicator(request, slug)
    stored = get_object_or_404(found.observations, pk=pk)
    form = ObservationForm(request.POST or None, instance=stored)
    if form.is_valid():
        try:
            is_changed = services.correct_observation(form.save(commit=False), by=_user(request))
        except services.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            if is_changed:
                text = _("The value of %(year)s is corrected; the page shows what it said before.")
                toasts.say(request, text % {"year": stored.year})
            return redirect("indicator", found.slug)
    context = {"form": form, "indicator": found, "pk": pk}
    return render(request, "indicators/observation_form.html", context)


@login_required
@require_POST
def observation_remove(request: Request, slug: str, pk: int) -> HttpResponse:
    found = _own_indicator(request, slug)
    stored = found.observations.filter(pk=pk).first()
    if stored:
        services.remove_observation(stored, by=_user(request))
        toasts.say(
            request, _("The value of %(year)s is no longer published.") % {"year": stored.year}
        )
    return redirect("indicator", found.slug)


def _other_definition(found: Indicator) -> Text | None:
    """Return the definition in the language the page is not in, if there are both."""
    if not (found.definition_de and found.definition_en):
        return None
    return text_of(found, "definition", "en" if current_language() == "de" else "de")


def _own_indicator(request: Request, slug: str) -> Indicator:
    found = get_object_or_404(Indicator.objects.select_related("network"), slug=slug)
    if not can_edit_indicator(request.viewer, found):
        raise PermissionDenied
    return found


def _user(request: Request) -> User:
    return cast("User", request.user)


def _file(name: str, portraits: list[Portrait], kind: str) -> HttpResponse:
    """Write every value with all that makes it comparable."""
    headings = [
        _("Figure"),
        _("Year"),
        _("Value"),
        _("Qualifier"),
        _("Unit"),
        _("Edition"),
        _("Population"),
        _("Source"),
        _("Note"),
        _("Definition"),
    ]
    return as_file(name, headings, [r for p in portraits for r in _rows(p)], kind=kind)


def _rows(portrait: Portrait) -> list[list[Any]]:
    indicator = portrait.indicator
    return [
        [
            portrait.name,
            one.year,
            float(one.value),
            one.get_qualifier_display(),
            indicator.get_unit_display(),
            one.edition,
            text_of(one, "population"),
            one.source,
            text_of(one, "note"),
            text_of(indicator, "definition"),
        ]
        for one in (shown.observation for shown in portrait.rows)
    ]
