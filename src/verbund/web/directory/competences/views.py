"""The page on which an organisation states what it can do, in the words of the vocabulary."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from verbund.language.vocabulary import Concept
from verbund.web.core import toasts
from verbund.web.directory.competences import services
from verbund.web.directory.competences.forms import EvidenceForm
from verbund.web.directory.competences.queries import competences_of, proposals
from verbund.web.directory.concepts import vocabulary_in_use
from verbund.web.directory.models import Competence
from verbund.web.directory.queries import label_of
from verbund.web.directory.views.access import desk_of, posted
from verbund.web.networks.requests import Request


@login_required
def organisation_competences(request: Request, pk: int) -> HttpResponse:
    desk = desk_of(request, pk)
    typed = request.GET.get("q", "").replace("\0", "").strip()
    context = {"desk": desk, "typed": typed, "found": proposals(desk.organisation, typed)}
    if request.headers.get("HX-Request"):
        return render(request, "directory/competences/_found.html", context)
    shown = competences_of(desk.organisation, request.viewer, desk.on)
    context |= {
        "stated": [one for one in shown if one.is_declared],
        "mentioned": [one for one in shown if not one.is_declared],
    }
    return render(request, "directory/competences/competences.html", context)


def _concept(id_: str) -> Concept:
    concept = vocabulary_in_use().concepts.get(id_)
    if concept is None:
        raise Http404
    return concept


@login_required
def competence_edit(request: Request, pk: int, concept: str) -> HttpResponse:
    desk, known = desk_of(request, pk), _concept(concept)
    kept = Competence.objects.filter(organisation=pk, concept=concept).first()
    competence = kept or Competence(organisation=desk.organisation, concept=concept)
    form = EvidenceForm(posted(request), instance=competence)
    if request.method == "POST" and form.is_valid():
        services.state_competence(
            desk.organisation, concept, by=desk.person, on=desk.on, **form.cleaned_data
        )
        message = _("%(name)s is found under “%(concept)s” now, with what speaks for it.")
        toasts.say(request, message % {"name": desk.organisation, "concept": label_of(known)})
        return redirect("organisation_competences", pk)
    context = {"desk": desk, "form": form, "label": label_of(known), "kept": kept}
    return render(request, "directory/competences/evidence.html", context)


@login_required
@require_POST
def competence_declare(request: Request, pk: int, concept: str) -> HttpResponse:
    desk, known = desk_of(request, pk), _concept(concept)
    stated = Competence.objects.filter(organisation=pk, concept=concept)
    if not stated.exclude(evidence=Competence.Evidence.TEXT).exists():
        declared = Competence.Evidence.DECLARED
        services.state_competence(
            desk.organisation, concept, evidence=declared, by=desk.person, on=desk.on
        )
        message = _("%(name)s states “%(concept)s” as its competence now.")
        values = {"name": desk.organisation, "concept": label_of(known)}
        toasts.say(request, message % values, undo=reverse("competence_delete", args=[pk, concept]))
    return redirect("organisation_competences", pk)


@login_required
@require_POST
def competence_delete(request: Request, pk: int, concept: str) -> HttpResponse:
    desk = desk_of(request, pk)
    if services.take_back_competence(desk.organisation, concept, by=desk.person, on=desk.on):
        known = vocabulary_in_use().concepts.get(concept)
        label = label_of(known) if known else concept
        message = _("%(name)s no longer states “%(concept)s” as its competence.")
        toasts.say(request, message % {"name": desk.organisation, "concept": label})
    return redirect("organisation_competences", pk)
