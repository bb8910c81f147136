"""The vocabulary: what it is, as a file, and how the operator changes it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from verbund.language.skos import FORMATS, write_skos
from verbund.web.core import toasts
from verbund.web.core.models import BackgroundRun
from verbund.web.directory.concepts import vocabulary_in_use
from verbund.web.directory.member_lists.content import engine_language
from verbund.web.directory.models import VocabularyVersion
from verbund.web.directory.views.access import person_of
from verbund.web.directory.vocabularies import services
from verbund.web.directory.vocabularies.forms import VocabularyForm
from verbund.web.directory.vocabularies.queries import numbers_by_kind, preview_of, version_in_use
from verbund.web.directory.vocabularies.tasks import ask_to_find_anew
from verbund.web.networks.requests import Request
from verbund.web.networks.rules import can_run_installation


def vocabulary_page(request: Request) -> HttpResponse:
    concepts = vocabulary_in_use().concepts.values()
    context: dict[str, object] = {
        "numbers": numbers_by_kind(concepts),
        "total": len(concepts),
        "used": version_in_use(),
        "may_change": can_run_installation(request.viewer),
    }
    if context["may_change"]:
        versions = VocabularyVersion.objects.exclude(title="").defer("concepts")
        context |= {
            "form": VocabularyForm(),
            "waiting": versions.filter(used_from=None),
            "former": versions.exclude(used_from=None),
            "run": BackgroundRun.objects.filter(kind=services.RUN_KIND).first(),
        }
    return render(request, "directory/vocabularies/vocabulary.html", context)


def vocabulary_file(request: Request, kind: str) -> HttpResponse:
    if kind not in FORMATS:
        raise Http404
    used = version_in_use()
    content = write_skos(
        vocabulary_in_use().concepts.values(),
        base=f"{settings.URL}{reverse('vocabulary')}#",
        title=used.title if used else "Verbund",
        source=used.source if used else "",
        kind=kind,
    )
    answer = HttpResponse(content, content_type=f"{FORMATS[kind][0]}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="vocabulary.{kind}"'
    return answer


def _operator(request: Request) -> None:
    if not can_run_installation(request.viewer):
        raise PermissionDenied


@login_required
@require_POST
def vocabulary_import(request: Request) -> HttpResponse:
    _operator(request)
    form = VocabularyForm(request.POST, request.FILES)
    if not form.is_valid():
        for errors in form.errors.values():
            toasts.warn(request, str(errors[0]))
        return redirect("vocabulary")
    name = str(form.cleaned_data["file"].name)
    version = services.read_version(form.read, name=name, by=person_of(request))
    for finding in form.read.findings[:5]:
        toasts.warn(request, finding.say(engine_language()))
    return redirect("vocabulary_version", version.pk)


@login_required
def vocabulary_version(request: Request, pk: int) -> HttpResponse:
    _operator(request)
    version = get_object_or_404(VocabularyVersion, pk=pk)
    context = {"version": version, "preview": preview_of(version), "used": version_in_use()}
    return render(request, "directory/vocabularies/version.html", context)


@login_required
@require_POST
def vocabulary_use(request: Request, pk: int) -> HttpResponse:
    _operator(request)
    version = get_object_or_404(VocabularyVersion, pk=pk)
    return _use(request, version)


@login_required
@require_POST
def vocabulary_own(request: Request) -> HttpResponse:
    _operator(request)
    return _use(request, None)


def _use(request: Request, version: VocabularyVersion | None) -> HttpResponse:
    before = version_in_use()
    if before != version:
        services.use_version(version, by=person_of(request))
        ask_to_find_anew()
        address = reverse("vocabulary_use", args=[before.pk]) if before else ""
        name = version.title if version else _("the vocabulary that Verbund brings")
        text = _("Everybody goes by %(name)s from now on. All texts are searched anew.")
        undo = address or reverse("vocabulary_own")
        toasts.say(request, text % {"name": name}, undo=undo)
    return redirect("vocabulary")


@login_required
@require_POST
def vocabulary_discard(request: Request, pk: int) -> HttpResponse:
    _operator(request)
    version = VocabularyVersion.objects.filter(pk=pk).first()
    if version and services.discard_version(version, by=person_of(request)):
        toasts.say(request, _("Discarded: %(name)s. Nothing has changed.") % {"name": version})
    return redirect("vocabulary")
