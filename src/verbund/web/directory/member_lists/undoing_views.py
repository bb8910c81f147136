"""The page on which an import is taken back: what is restored, and what was edited since."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from verbund.web.core import toasts
from verbund.web.core.services import today
from verbund.web.directory.member_lists.access import run_of, too_late
from verbund.web.directory.member_lists.showing_undone import shown_undone
from verbund.web.directory.member_lists.taking_back import undo_import
from verbund.web.directory.member_lists.undoing import undo_plan
from verbund.web.directory.models import ImportRun
from verbund.web.networks.requests import Request

if TYPE_CHECKING:
    from verbund.web.accounts.models import User

_ROWS = 200


@login_required
def undo(request: Request, pk: int) -> HttpResponse:
    run = run_of(request, pk)
    if run.state != ImportRun.State.TAKEN or not run.before:
        return too_late(request, run)
    if request.method == "POST":
        return _undone(request, run)
    rows = [row for row in undo_plan(run) if row.outcome(overrides=False) != "nothing"]
    conflicts = [row for row in rows if row.has_conflict]
    others = [row for row in rows if not row.has_conflict]
    context: dict[str, Any] = {
        "run": run,
        "counts": Counter(row.outcome(overrides=False) for row in rows),
        "conflicts": [shown_undone(row) for row in conflicts],
        "page": (page := Paginator(others, _ROWS).get_page(request.GET.get("page"))),
        "rows": [shown_undone(row) for row in page],
    }
    return render(request, "directory/member_lists/undo.html", context)


def _undone(request: Request, run: ImportRun) -> HttpResponse:
    overrides = {int(text) for text in request.POST.getlist("override") if text.isdecimal()}
    counts = undo_import(run, overrides=overrides, by=cast("User", request.user), on=today())
    if counts is None:
        return too_late(request, run)
    toasts.say(request, f"{said_counts(counts)}.")
    return redirect(run)


def said_counts(counts: Counter[str] | dict[str, int]) -> str:
    """Say what became of the organisations of an import that was taken back."""
    words = {
        "gone": ngettext("%(n)s removed", "%(n)s removed", counts.get("gone", 0)),
        "ended": ngettext(
            "%(n)s membership ended", "%(n)s memberships ended", counts.get("ended", 0)
        ),
        "restored": ngettext("%(n)s as before", "%(n)s as before", counts.get("restored", 0)),
        "partly": ngettext(
            "%(n)s as before but for later edits",
            "%(n)s as before but for later edits",
            counts.get("partly", 0),
        ),
        "kept": ngettext("%(n)s left as it is", "%(n)s left as they are", counts.get("kept", 0)),
        "withdrawn": ngettext(
            "%(n)s question withdrawn", "%(n)s questions withdrawn", counts.get("withdrawn", 0)
        ),
    }
    said = [text % {"n": counts[name]} for name, text in words.items() if counts.get(name)]
    return ", ".join(said) or _("Nothing was left to take back")
