"""Pages on which an office says what columns and terms of its list mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from verbund.web.core import toasts
from verbund.web.core.services import today
from verbund.web.directory.member_lists import services
from verbund.web.directory.member_lists.access import run_of, too_late
from verbund.web.directory.member_lists.choosing import (
    chosen_columns,
    chosen_terms,
    field_choices,
    sheets_of,
    terms_to_choose,
)
from verbund.web.directory.models import ImportRun
from verbund.web.networks.requests import Request

if TYPE_CHECKING:
    from verbund.web.accounts.models import User


@login_required
def columns(request: Request, pk: int) -> HttpResponse:
    run = run_of(request, pk)
    if run.state != ImportRun.State.READ:
        return too_late(request, run)
    problem = ""
    if request.method == "POST":
        problem = _choose_columns(request, run)
        if not problem:
            return redirect(run)
    context = {
        "run": run,
        "sheets": sheets_of(run.content),
        "fields": field_choices(),
        "total": len(run.content.get("rows", ())),
        "problem": problem,
    }
    return render(request, "directory/member_lists/columns.html", context)


def _choose_columns(request: Request, run: ImportRun) -> str:
    """Read the list with the columns chosen; return what is wrong with them, if anything."""
    mappings = chosen_columns(run.content, request.POST)
    try:
        run = services.choose_columns(
            run,
            mappings,
            by=cast("User", request.user),
            viewer=request.viewer,
            on=today(),
        )
    except ValidationError as error:
        return error.messages[0]
    rows = len(run.content["rows"])
    said = ngettext(
        "Read with these columns: %(n)s row. The next list with these headings is read like this.",
        "Read with these columns: %(n)s rows. The next list with these headings is read like this.",
        rows,
    )
    toasts.say(request, said % {"n": rows})
    return ""


@login_required
def terms(request: Request, pk: int) -> HttpResponse:
    run = run_of(request, pk)
    if run.state != ImportRun.State.READ:
        return too_late(request, run)
    offered = terms_to_choose(run.content)
    if request.method == "POST":
        chosen = chosen_terms(offered, request.POST)
        services.choose_terms(run, chosen, viewer=request.viewer, on=today())
        said = ngettext(
            "%(n)s term is settled, in all its rows.",
            "%(n)s terms are settled, each in all its rows.",
            len(chosen),
        )
        toasts.say(request, said % {"n": len(chosen)} if chosen else _("No term was chosen."))
        return redirect(run)
    context = {"run": run, "terms": offered}
    return render(request, "directory/member_lists/terms.html", context)
