"""One question at a time, for who is signed in and for who came by a link of a mail."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from verbund.web.core import toasts
from verbund.web.core.responses import private
from verbund.web.directory.confirming import drafts
from verbund.web.directory.confirming.chairs import Chair
from verbund.web.directory.confirming.links import chair_of, closed
from verbund.web.directory.confirming.questions import FIRST, QUESTIONS, Question
from verbund.web.directory.views.access import desk_of
from verbund.web.networks.requests import Request


@login_required
def question(request: Request, pk: int, step: str) -> HttpResponse:
    return _ask(request, _signed_in_chair(request, pk), step)


def question_by_link(request: Request, token: str, step: str) -> HttpResponse:
    chair = chair_of(token)
    return private(_ask(request, chair, step)) if chair else closed(request, token)


@require_POST
def draft(request: Request, pk: int, step: str) -> HttpResponse:
    """Keep what is being typed; who was signed out meanwhile is told, and the page stays."""
    if not request.user.is_authenticated:
        return HttpResponse(
            _("You are signed out. Your text is still here: press Save, sign in, and go on.")
        )
    return _keep(request, _signed_in_chair(request, pk), step)


@require_POST
def draft_by_link(request: Request, token: str, step: str) -> HttpResponse:
    chair = chair_of(token)
    return _keep(request, chair, step) if chair else closed(request, token)


def _signed_in_chair(request: Request, pk: int) -> Chair:
    desk = desk_of(request, pk)
    return Chair(
        desk.organisation,
        desk.on,
        desk.homes,
        desk.partners,
        by=desk.person,
        may_release=desk.may_release,
    )


def _ask(request: Request, chair: Chair, key: str) -> HttpResponse:
    asked, one = _question(chair, key), request.GET.get("one", "")
    page = f"{key} {one}".strip()
    form = asked.form(chair, request.POST if request.method == "POST" else None, one)
    wish = _wish(request, asked, one)
    if request.method == "POST" and wish in ("back", "skip"):
        drafts.keep(chair, page, form.fields, request.POST)
        return redirect(_next(chair, key, wish, one))
    if request.method == "POST" and form.is_valid():
        with chair.recorded():
            asked.save(chair, form)
        drafts.drop(chair, page)
        toasts.say(request, _("Saved for %(name)s.") % {"name": chair.organisation})
        return redirect(_next(chair, key, wish, one))
    restored = None
    if request.method == "POST":
        drafts.keep(chair, page, form.fields, request.POST)
    elif restored := drafts.kept(chair, page):
        form.initial.update(restored.content)
    return _page(request, chair, asked, {"form": form, "one": one, "restored": restored})


def _wish(request: Request, asked: Question, one: str) -> str:
    """Return what was pressed; to go on without a further text is to skip."""
    wish = request.POST.get("then", "")
    said = any(request.POST.get(name, "").strip() for name in ("text_de", "text_en"))
    is_further = asked.key in ("offers", "requests") and not one
    return "skip" if wish == "next" and is_further and not said else wish


def _question(chair: Chair, key: str) -> Question:
    asked = QUESTIONS.get(key)
    if asked is None or (key == "visibility" and not chair.may_release):
        raise Http404
    return asked


def _next(chair: Chair, key: str, wish: str, one: str) -> str:
    """Return where to go on; a single thing that was changed leads back to its question."""
    if wish == "more" or (one and wish != "back"):
        return chair.question(key)
    if key not in FIRST:
        return chair.home
    path = [step for step in FIRST if chair.may_release or step != "visibility"]
    place = path.index(key) + (-1 if wish == "back" else 1)
    return chair.question(path[place]) if 0 <= place < len(path) else chair.home


def _page(
    request: Request, chair: Chair, asked: Question, context: dict[str, object]
) -> HttpResponse:
    number = FIRST.index(asked.key) + 1 if asked.key in FIRST else 0
    named = {
        "chair": chair,
        "asked": asked,
        "things": asked.things(chair),
        "number": number,
        "total": len(FIRST) if chair.may_release else len(FIRST) - 1,
        "draft_url": chair.draft(asked.key),
        "page_url": chair.question(asked.key),
    }
    return render(request, "directory/confirming/question.html", named | context)


def _keep(request: Request, chair: Chair, key: str) -> HttpResponse:
    asked, one = _question(chair, key), request.GET.get("one", "")
    form: BaseForm = asked.form(chair, None, one)
    drafts.keep(chair, f"{key} {one}".strip(), form.fields, request.POST)
    now = time_format(timezone.localtime(), "TIME_FORMAT")
    return HttpResponse(_("Kept at %(time)s, not saved yet.") % {"time": now})
