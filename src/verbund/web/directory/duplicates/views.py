"""The pages on which two records become one, are said to be two, or part again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from verbund.web.core import toasts
from verbund.web.core.exports import Row, as_file, wanted_kind
from verbund.web.core.services import today
from verbund.web.directory.duplicates import queries, services
from verbund.web.directory.duplicates.sides import CHOICES, RIGHT, compare, side_of
from verbund.web.directory.models import MergeProposal
from verbund.web.directory.queries import sight_of
from verbund.web.directory.views.access import person_of
from verbund.web.networks.models import Network, Organisation
from verbund.web.networks.requests import Request
from verbund.web.networks.rules import Viewer

_ROWS = 50


@login_required
def duplicates(request: Request) -> HttpResponse:
    viewer, on = _office(request), today()
    pairs = queries.twins_of(viewer, on)
    if kind := wanted_kind(request.GET.get("export")):
        return as_file(_("duplicates"), _HEADINGS(), _rows(pairs), kind=kind)
    page = Paginator(pairs, _ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "asked": queries.proposals_to_answer(viewer, on),
        "proposed": queries.own_proposals(viewer),
        "merges": queries.merges_of(viewer, on).filter(undone_at=None)[:_ROWS],
        "distinct": queries.distinct_pairs(viewer, on)[:_ROWS],
    }
    return render(request, "directory/duplicates/duplicates.html", context)


def _HEADINGS() -> list[str]:  # noqa: N802  # in the language of the request
    return [_("Organisation"), _("Town"), _("Organisation"), _("Town"), _("For"), _("Against")]


def _rows(pairs: Iterable[queries.Pair]) -> Iterable[Row]:
    for pair in pairs:
        sides = (pair.left.name, pair.left.city, pair.right.name, pair.right.city)
        yield (*sides, " ".join(pair.reasons), " ".join(pair.doubts))


@login_required
def duplicate(request: Request, left: int, right: int) -> HttpResponse:
    viewer, on = _office(request), today()
    pair = _pair_of(viewer, left, right, on)
    if pair is None:
        return redirect("organisation", left)
    kept, merged = pair
    may_decide = queries.may_decide(viewer, pair, on)
    if request.method == "POST":
        chosen = [c.key for c in CHOICES if request.POST.get(c.key) == RIGHT]
        return _merge(request, kept, merged, chosen) if may_decide else _ask(request, pair, chosen)
    others = queries.concerned(pair, on) - viewer.edited
    context = {
        "kept": kept,
        "merged": merged,
        "lines": compare(side_of(kept), side_of(merged)),
        "moving": queries.counted_of(merged),
        "ending": len(services.lone_consents(kept, merged, on)),
        "stricter": kept.visibility != merged.visibility,
        "may_decide": may_decide,
        "others": Network.objects.filter(pk__in=others),
        "crosses": len(queries.concerned(pair, on)) > 1,
    }
    return render(request, "directory/duplicates/duplicate.html", context)


def _office(request: Request) -> Viewer:
    if not request.viewer.edited:
        raise Http404
    return request.viewer


def _pair_of(
    viewer: Viewer, left: int, right: int, on: dt.date
) -> tuple[Organisation, Organisation] | None:
    """Return two records this office may decide or ask about; None if they are one by now."""
    if left == right or queries.kept_instead_of(right) == left:
        return None
    seen = sight_of(viewer, on).organisations
    pair = get_object_or_404(seen, pk=left), get_object_or_404(seen, pk=right)
    if not (queries.may_decide(viewer, pair, on) or queries.may_propose(viewer, *pair, on)):
        raise Http404
    return pair


def _merge(
    request: Request, kept: Organisation, merged: Organisation, chosen: list[str]
) -> HttpResponse:
    done = services.merge(kept, merged, from_merged=chosen, by=person_of(request), on=today())
    message = _("%(merged)s is now one with %(kept)s; its old address leads there.")
    values = {"merged": done.merged_name, "kept": done.kept}
    toasts.say(request, message % values, undo=reverse("merge_undo", args=[done.pk]))
    return redirect(done.kept)


def _ask(
    request: Request, pair: tuple[Organisation, Organisation], chosen: list[str]
) -> HttpResponse:
    kept, merged = pair
    concerned = queries.concerned(pair, today())
    agreed = concerned & request.viewer.edited
    services.propose_merge(
        kept,
        merged,
        network=min(agreed),
        agreed=agreed,
        from_merged=chosen,
        by=person_of(request),
    )
    names = ", ".join(n.name for n in Network.objects.filter(pk__in=concerned - agreed))
    message = _("%(networks)s is asked. Nothing changes until its office says yes.")
    toasts.say(request, message % {"networks": names})
    return redirect("duplicates")


@require_POST
@login_required
def distinct(request: Request, left: int, right: int) -> HttpResponse:
    pair = _pair_of(_office(request), left, right, today())
    if pair is None:
        return redirect("duplicates")
    services.say_distinct(*pair, by=person_of(request))
    message = _("%(one)s and %(other)s are two. They are not proposed any more.")
    toasts.say(request, message % {"one": pair[0], "other": pair[1]})
    return redirect("duplicates")


@require_POST
@login_required
def look_again(request: Request, pk: int) -> HttpResponse:
    viewer = _office(request)
    said = queries.distinct_pairs(viewer, today()).filter(pk=pk).first()
    if said is not None:
        services.forget_distinct(said, by=person_of(request))
        toasts.say(
            request,
            _("%(one)s and %(other)s are proposed again, if they still look alike.")
            % {"one": said.left, "other": said.right},
        )
    return redirect("duplicates")


@login_required
def merge_undo(request: Request, pk: int) -> HttpResponse:
    viewer, on = _office(request), today()
    merge = get_object_or_404(queries.merges_of(viewer, on), pk=pk)
    if merge.undone_at:
        return redirect("duplicates")
    later = queries.later_merges(merge).first()
    since = queries.strangers_since(merge)
    if request.method == "GET" or later or (since and "sure" not in request.POST):
        context = {"merge": merge, "later": later, "since": since}
        return render(request, "directory/duplicates/undo.html", context)
    chosen = request.POST.getlist("to_restored")
    restored, lost = services.unmerge(merge, to_restored=chosen, by=person_of(request), on=on)
    message = _("%(kept)s and %(restored)s are two again.")
    toasts.say(request, message % {"kept": merge.kept, "restored": restored})
    if lost:
        text = ngettext(
            "%(n)s row could not be given back, as what it names is gone or was made anew.",
            "%(n)s rows could not be given back, as what they name is gone or was made anew.",
            lost,
        )
        toasts.warn(request, text % {"n": lost})
    return redirect(restored)


@require_POST
@login_required
def answer(request: Request, pk: int) -> HttpResponse:
    viewer, on = _office(request), today()
    waiting = {one.pk: one for one in queries.proposals_to_answer(viewer, on)}
    proposal = waiting.get(pk)
    if proposal is None:
        return _too_late(request, pk)
    if request.POST.get("answer") not in ("yes", "no"):
        toasts.warn(request, _("Nothing changed. Say yes or no."))
        return redirect("duplicates")
    grants = request.POST["answer"] == "yes"
    networks = queries.asked_of(viewer, proposal, on)
    by = person_of(request)
    done = services.answer_proposal(proposal, grants=grants, networks=networks, by=by, on=on)
    values = {"merged": proposal.merged, "kept": proposal.kept}
    if done:
        toasts.say(
            request,
            _("%(merged)s is now one with %(kept)s; its old address leads there.") % values,
            undo=reverse("merge_undo", args=[done.pk]),
        )
        return redirect(done.kept)
    if grants:
        toasts.say(request, _("Your yes is noted. Another office is still to answer."))
    else:
        message = _("%(merged)s and %(kept)s stay two. The other office sees your answer.")
        toasts.say(request, message % values)
    return redirect("duplicates")


def _too_late(request: Request, pk: int) -> HttpResponse:
    viewer = request.viewer
    known = MergeProposal.objects.filter(pk=pk, agreed__in=viewer.edited)
    if not known.exists():
        raise Http404
    toasts.warn(request, _("Nothing changed: the question is answered already."))
    return redirect("duplicates")


@require_POST
@login_required
def withdraw(request: Request, pk: int) -> HttpResponse:
    viewer = _office(request)
    proposal = get_object_or_404(MergeProposal, pk=pk, network__in=viewer.edited)
    if services.withdraw_proposal(proposal, by=person_of(request)):
        toasts.say(request, _("The question is withdrawn. Nobody is asked any more."))
    else:
        toasts.warn(request, _("Nothing changed: the question is answered already."))
    return redirect("duplicates")
