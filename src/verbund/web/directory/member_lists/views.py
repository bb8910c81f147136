"""Pages of the import: upload, check row by row, take over, look at what it changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from verbund.records.problems import Severity
from verbund.web.agreements.sharing import visible
from verbund.web.core import toasts
from verbund.web.core.exports import as_file, wanted_kind
from verbund.web.core.services import today
from verbund.web.directory.claims.queries import claims_of_office, with_names
from verbund.web.directory.member_lists import sample as samples
from verbund.web.directory.member_lists import services, tasks
from verbund.web.directory.member_lists.access import run_of, too_late
from verbund.web.directory.member_lists.choosing import sheets_of, terms_to_choose
from verbund.web.directory.member_lists.content import problems_of
from verbund.web.directory.member_lists.forms import UploadForm, choices_of
from verbund.web.directory.member_lists.queries import (
    ADDED,
    ASKED,
    CHANGED,
    DECIDE,
    OUT,
    SAME,
    Plan,
    changed_since,
    differences_of,
    imports_of,
    latest_entry,
    plan_of,
)
from verbund.web.directory.member_lists.reading import plain_name
from verbund.web.directory.member_lists.showing import (
    finding,
    findings_table,
    said_result,
    shown_row,
)
from verbund.web.directory.member_lists.undoing_views import said_counts
from verbund.web.directory.models import ImportRun
from verbund.web.networks.models import MembershipClaim, Organisation, Visibility
from verbund.web.networks.requests import Request

if TYPE_CHECKING:
    from verbund.web.accounts.models import User

_ROWS = 50
_NAMED = 5
_FINDINGS = "notes"


@login_required
def imports(request: Request) -> HttpResponse:
    if not request.viewer.edited:
        raise Http404
    posted = request.method == "POST"
    form = UploadForm(
        request.viewer, request.POST if posted else None, request.FILES if posted else None
    )
    if posted and form.is_valid():
        return redirect(_started(request, form))
    page = Paginator(imports_of(request.viewer), _ROWS).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "runs": [(run, said_result(run.result) if run.result else "") for run in page],
        "several": len(request.viewer.edited) > 1,
        "limit": settings.UPLOAD_LIMIT_MB,
    }
    return render(request, "directory/member_lists/imports.html", context)


def _started(request: Request, form: UploadForm) -> ImportRun:
    return services.start_import(
        form.content,
        form.cleaned_data["network"],
        file_name=plain_name(form.cleaned_data["file"].name),
        entries_visibility=Visibility(form.cleaned_data["entries_visibility"]),
        by=cast("User", request.user),
        viewer=request.viewer,
        on=today(),
    )


@login_required
def sample(request: Request, language: str) -> HttpResponse:
    if not request.viewer.edited or language not in samples.HEADINGS:
        raise Http404
    name, headings = samples.NAMES[language], samples.HEADINGS[language]
    return as_file(name, headings, samples.ROWS[language], kind="xlsx")


@login_required
def check(request: Request, pk: int) -> HttpResponse:
    run = run_of(request, pk)
    if kind := wanted_kind(request.GET.get("export")):
        return _faulty_rows(run, kind)
    if run.state != ImportRun.State.READ:
        return _ended(request, run)
    if not run.content.get("rows"):
        return redirect("import_columns", pk)
    work = tasks.working_on(run).first()
    if tasks.is_busy(work):
        return render(request, "directory/member_lists/working.html", {"run": run, "work": work})
    plan = plan_of(run, to=request.viewer, on=today())
    show = _shown(request.GET.get("show"), plan)
    context = _frame(run, plan) | {"show": show, "problem": work.problem if work else ""}
    if show == _FINDINGS:
        context["page"] = page = _page(request, plan.problems)
        context["findings"] = [finding(problem) for problem in page]
    else:
        context["page"] = page = _page(request, plan.having(show))
        differences = differences_of(page, run, to=request.viewer, on=today())
        context["rows"] = [shown_row(row, plan, differences) for row in page]
    return render(request, "directory/member_lists/check.html", context)


def _page(request: Request, things: Any) -> Page[Any]:
    return Paginator(things, _ROWS).get_page(request.GET.get("page"))


def _shown(asked: str | None, plan: Plan) -> str:
    """Return the filter asked for; else the first that has something to look at."""
    counts = plan.counts
    if asked in (DECIDE, ADDED, CHANGED, ASKED, SAME, OUT, _FINDINGS):
        return asked
    return next((one for one in (DECIDE, ADDED, CHANGED, ASKED) if counts[one]), SAME)


def _frame(run: ImportRun, plan: Plan) -> dict[str, Any]:
    counts = plan.counts
    labels = {
        DECIDE: _("To decide"),
        ADDED: _("New"),
        CHANGED: _("Changed"),
        ASKED: _("Needs consent"),
        SAME: _("Unchanged"),
        OUT: _("Left out"),
    }
    sheets = sheets_of(run.content)
    terms = terms_to_choose(run.content)
    return {
        "run": run,
        "filters": [
            *(
                (key, label, counts[key])
                for key, label in labels.items()
                if key != ASKED or counts[ASKED]
            ),
            (_FINDINGS, _("Findings"), len(plan.problems)),
        ],
        "total": len(plan.rows),
        "seen": f"{plan.fingerprint}-{latest_entry()}",
        "to_decide": counts[DECIDE],
        "ready": len(plan.rows) - counts[DECIDE],
        "to_write": counts[ADDED] + counts[CHANGED],
        "to_ask": len(plan.claimed),
        "left_out": counts[OUT],
        "sheets": [sheet.name for sheet in sheets if sheet.name],
        "columns": sum(len(sheet.columns) for sheet in sheets),
        "unused": sum(sheet.unused for sheet in sheets),
        "terms": sum(1 for term in terms if not term.value),
        "faulty": sum(problem.severity is not Severity.NOTE for problem in plan.problems),
    }


def _faulty_rows(run: ImportRun, kind: str) -> HttpResponse:
    """Give what needs a look as a file; notes about what was right stay on the page."""
    found = [one for one in problems_of(run.content) if one.severity is not Severity.NOTE]
    headings = (
        _("Sheet"),
        _("Row"),
        _("Column"),
        _("What stands there"),
        _("Weight"),
        _("Reason"),
        _("Proposal"),
    )
    return as_file(_("to-check"), headings, findings_table(found), kind=kind)


def _ended(request: Request, run: ImportRun) -> HttpResponse:
    members = Organisation.objects.filter(pk__in=run.result.get("members", []))
    context = {
        "run": run,
        "is_taken": run.state == ImportRun.State.TAKEN,
        "is_undone": run.state == ImportRun.State.UNDONE,
        "can_be_undone": bool(run.before.get("rows") or run.result.get("claims")),
        "may_open": bool(run.before.get("rows")) and run.network_id in request.viewer.managed,
        "undone": said_counts(run.result.get("undone", {})),
        "page": _page(request, visible(members, to=request.viewer, on=today())),
        "claims": _claims_of(request, run),
        "faulty": sum(one.severity is not Severity.NOTE for one in problems_of(run.content)),
    }
    return render(request, "directory/member_lists/ended.html", context)


def _claims_of(request: Request, run: ImportRun) -> list[tuple[MembershipClaim, str]]:
    """Return what was asked because of an import, as it stands now."""
    claims = claims_of_office(request.viewer).filter(pk__in=run.result.get("claims", []))
    return with_names(claims, request.viewer, today())


@require_POST
@login_required
def decide(request: Request, pk: int) -> HttpResponse:
    run = run_of(request, pk)
    if "all" in request.POST:
        counts = services.accept_proposals(run, viewer=request.viewer, on=today())
    else:
        choices = choices_of(request.POST)
        counts = services.decide(run, choices, viewer=request.viewer, on=today())
    if counts is None:
        return too_late(request, run)
    toasts.say(request, _said_progress(counts[DECIDE], counts.total()))
    show = request.GET.get("show", "")
    stays = show in (ADDED, CHANGED, ASKED, OUT) or (show == DECIDE and counts[DECIDE])
    query = f"?{request.GET.urlencode()}" if stays else ""
    return redirect(reverse("import_check", args=[pk]) + query)


def _said_progress(left: int, total: int) -> str:
    if not left:
        return _("Decisions saved. Every row is decided; nothing is taken over yet.")
    return ngettext(
        "Decisions saved. %(left)s row of %(total)s is still to decide.",
        "Decisions saved. %(left)s rows of %(total)s are still to decide.",
        left,
    ) % {"left": left, "total": total}


@require_POST
@login_required
def take_over(request: Request, pk: int) -> HttpResponse:
    run = run_of(request, pk)
    if run.state != ImportRun.State.READ:
        return too_late(request, run)
    seen, _dash, entry = request.POST.get("seen", "").partition("-")
    if len(run.content.get("rows", ())) > tasks.LONG:
        tasks.begin(run, by=cast("User", request.user), seen=seen)
        return redirect(run)
    try:
        run = services.take_over(
            run, by=cast("User", request.user), viewer=request.viewer, on=today(), seen=seen
        )
    except services.ChangedMeanwhileError as changed:
        return _look_again(request, run, changed.plan, entry)
    if run.state == ImportRun.State.READ:
        toasts.warn(
            request,
            ngettext(
                "Nothing was taken over yet: %(n)s row is still to decide.",
                "Nothing was taken over yet: %(n)s rows are still to decide.",
                run.to_decide,
            )
            % {"n": run.to_decide},
        )
    elif run.ended_by_id != request.user.pk:
        return too_late(request, run)
    else:
        toasts.say(request, _said_taken(request, run))
    return redirect(run)


def _look_again(request: Request, run: ImportRun, plan: Plan, entry: str) -> HttpResponse:
    """Say whose rows look different now, and who changed them; nothing was taken over."""
    since = int(entry) if entry.isascii() and entry.isdigit() and len(entry) < 18 else 0
    names = dict.fromkeys(
        f"{name} ({actor})" if actor else name for name, actor in changed_since(plan, since)
    )
    named = ", ".join(list(names)[:_NAMED]) + (", …" if len(names) > _NAMED else "")
    said = _("Nothing was taken over yet: members changed since you looked at them. %(names)s")
    toasts.warn(request, (said % {"names": named}).strip())
    return redirect(reverse("import_check", args=[run.pk]) + f"?show={CHANGED}")


def _said_taken(request: Request, run: ImportRun) -> str:
    """Say what was written and for whom, then who is asked first."""
    written = run.result | {ASKED: 0}
    parts = [f"{said_result(written)}."]
    if run.result[ADDED] or run.result[CHANGED]:
        parts.append(_said_audience(run))
    if names := [name for _claim, name in _claims_of(request, run) if name]:
        said = ngettext(
            "%(n)s waiting for the member's consent: %(names)s.",
            "%(n)s waiting for the member's consent: %(names)s.",
            run.result[ASKED],
        )
        named = ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
        parts.append(said % {"n": run.result[ASKED], "names": named})
    return " ".join(parts)


def _said_audience(run: ImportRun) -> str:
    audiences = {
        Visibility.OWN: _("Members of %(network)s see them; new offers and requests only they."),
        Visibility.PARTNERS: _(
            "Members of %(network)s see them; partner networks as far as an agreement in force"
            " shares them, new offers and requests too."
        ),
        Visibility.PUBLIC: _(
            "Members of %(network)s see them; new offers and requests may be seen by everyone."
        ),
    }
    return audiences[Visibility(run.entries_visibility)] % {"network": run.network.name}


@login_required
def working(request: Request, pk: int) -> HttpResponse:
    """Say how far a list is; when it is done, the page it was asked from is loaded again."""
    run = run_of(request, pk)
    work = tasks.working_on(run).first()
    if not tasks.is_busy(work):
        return HttpResponse(headers={"HX-Redirect": run.get_absolute_url()})
    return render(request, "directory/member_lists/_working.html", {"run": run, "work": work})


@require_POST
@login_required
def stop(request: Request, pk: int) -> HttpResponse:
    run = run_of(request, pk)
    if run.state != ImportRun.State.READ:
        return too_late(request, run)
    if tasks.stop(run):
        toasts.say(request, _("Stopped. Nothing was taken over; your decisions are kept."))
    return redirect(run)


@require_POST
@login_required
def discard(request: Request, pk: int) -> HttpResponse:
    run = run_of(request, pk)
    if run.state != ImportRun.State.READ:
        return too_late(request, run)
    services.discard(run, by=cast("User", request.user))
    toasts.say(
        request,
        _("“%(file)s” is discarded. Nothing of it was taken over.") % {"file": run.file_name},
    )
    return redirect("import")
