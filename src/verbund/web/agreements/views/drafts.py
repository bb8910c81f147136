"""Pages on which an agreement is drafted, proposed, signed and changed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from verbund.web.agreements import queries, rules, services
from verbund.web.agreements.answers import answers_to
from verbund.web.agreements.differences import differences
from verbund.web.agreements.exposure import Change, preview
from verbund.web.agreements.forms.agreements import DraftPaper, PartiesForm
from verbund.web.agreements.forms.deciding import AnswerForm, RecordForm, RefusalForm
from verbund.web.agreements.models import Agreement, Signature, Version
from verbund.web.agreements.terms import PartyTerms, terms_of
from verbund.web.agreements.views.access import (
    agreement_or_404,
    managed_agreement,
    managed_version,
    user_of,
    version_or_404,
)
from verbund.web.core import toasts
from verbund.web.core.services import today
from verbund.web.core.texts import text_of
from verbund.web.networks.models import Network
from verbund.web.networks.requests import Request

State = Version.State


def way_to(version: Version, page: str = "version") -> HttpResponse:
    return redirect(page, version.agreement.slug, version.number)


@login_required
def agreement_new(request: Request) -> HttpResponse:
    """Begin an agreement by saying who the parties are."""
    if not rules.can_record_agreement(request.viewer):
        raise PermissionDenied
    return _begin(request, model=None)


@login_required
def agreement_clone(request: Request, slug: str) -> HttpResponse:
    """Begin one with the clauses of another, for parties to be chosen."""
    if not rules.can_record_agreement(request.viewer):
        raise PermissionDenied
    return _begin(request, model=agreement_or_404(request, slug))


def _begin(request: Request, model: Agreement | None) -> HttpResponse:
    form = PartiesForm(request.POST or None, viewer=request.viewer)
    if form.is_valid():
        parties = form.cleaned_data["parties"]
        draft = services.start_draft(parties, by=user_of(request), on=today(), model=model)
        toasts.say(request, _("The draft is kept. Only the parties' offices see it."))
        return way_to(draft, "version_edit")
    return render(request, "agreements/agreement_begin.html", {"form": form, "model": model})


@require_POST
@login_required
def agreement_renew(request: Request, slug: str) -> HttpResponse:
    """Begin the agreement that follows one with the same parties."""
    found = managed_agreement(request, slug)
    parties = [party.network for party in found.signing.all()]
    draft = services.start_draft(
        parties, by=user_of(request), on=today(), model=found, is_renewal=True
    )
    toasts.say(request, _("The renewal is drafted with the same clauses."))
    return way_to(draft, "version_edit")


@require_POST
@login_required
def agreement_amend(request: Request, slug: str) -> HttpResponse:
    """Open a draft of what is to change in an agreement in force."""
    found = managed_agreement(request, slug)
    try:
        draft = services.begin_amendment(found, by=user_of(request), on=today())
    except services.Refused as refusal:
        toasts.warn(request, str(refusal))
        return redirect(found)
    return way_to(draft, "version_edit" if draft.state == State.DRAFT else "version")


@login_required
def version_edit(request: Request, slug: str, number: int) -> HttpResponse:
    """Change the text of a draft."""
    version = managed_version(request, slug, number)
    if version.state != State.DRAFT:
        toasts.warn(request, _("This text is no draft any more and cannot be changed."))
        return way_to(version)
    paper = DraftPaper(version, request.POST or None)
    if request.method == "POST" and paper.is_valid() and _saved(request, paper):
        toasts.say(request, _("The draft is kept for the offices of all parties."))
        return way_to(version)
    return render(request, "agreements/version_form.html", {"paper": paper, "version": version})


def _saved(request: Request, paper: DraftPaper) -> bool:
    by = user_of(request)
    try:
        services.save_draft(
            paper.version, paper.terms(), reason=paper.reason, seen=paper.seen, by=by
        )
    except services.Refused as refusal:
        paper.problems.append(str(refusal))
        return False
    return True


def version(request: Request, slug: str, number: int) -> HttpResponse:
    """Show a text with all it says, what it changes, who signed it, and what is to be done."""
    found, on = version_or_404(request, slug, number), today()
    terms, before = terms_of(found.content), queries.terms_compared(found)
    is_open = found.state in (State.DRAFT, State.PROPOSED)
    problem, changes = _foreseen(request, found, on) if is_open else ("", [])
    context = {
        "version": found,
        "agreement": found.agreement,
        "terms": terms,
        "differences": differences(before, terms) if before else [],
        "is_amendment": queries.terms_before(found) is not None,
        "is_open": is_open,
        "problem": problem,
        "changes": changes,
        "answers": answers_to(found),
        "answer_forms": _answer_forms(request, found),
        "can_manage": rules.can_manage_agreement(request.viewer, found.agreement),
    }
    return render(request, "agreements/version.html", context)


def _foreseen(request: Request, found: Version, on: dt.date) -> tuple[str, list[Change]]:
    """Tell what the text would make visible on its first day, or why it cannot take effect."""
    terms = terms_of(found.content)
    first = terms.takes_effect_on or max(on, found.agreement.valid_from or on)
    day = max(on, first)
    try:
        return "", preview(
            found.agreement,
            lambda: services.foresee(found, on=on),
            viewer=request.viewer,
            on=day,
        )
    except services.Refused as refusal:
        return str(refusal), []


def _answer_forms(
    request: Request, found: Version
) -> list[tuple[Network, AnswerForm, RefusalForm]]:
    """Return for each network the person answers for a form to sign, and one to refuse."""
    terms, forms = terms_of(found.content), []
    for network in rules.signs_for(request.viewer, found):
        known = {"seen": found.digest, "role": _role(request, terms.party(network.slug))}
        signing = AnswerForm(initial=known, auto_id=f"id_{network.slug}_%s")
        refusing = RefusalForm(initial=known, auto_id=f"id_{network.slug}_refusal_%s")
        forms.append((network, signing, refusing))
    return forms


def _role(request: Request, party: PartyTerms) -> str:
    """Propose the role that the text names for this person, else the one they signed in last."""
    if party.signatory == request.viewer.name and party.signatory_role:
        return party.signatory_role
    last = Signature.objects.filter(user=user_of(request), network__slug=party.slug).last()
    return last.role if last else ""


@require_POST
@login_required
def version_propose(request: Request, slug: str, number: int) -> HttpResponse:
    found = managed_version(request, slug, number)
    try:
        services.propose(found, by=user_of(request), on=today())
    except services.Refused as refusal:
        toasts.warn(request, str(refusal))
    else:
        said = _("The text is frozen and laid before the signatories of all parties.")
        toasts.say(request, said)
    return way_to(found)


@require_POST
@login_required
def version_withdraw(request: Request, slug: str, number: int) -> HttpResponse:
    """Take a proposal back; it goes on as a draft."""
    found = managed_version(request, slug, number)
    draft = services.withdraw_proposal(found, by=user_of(request))
    toasts.say(request, _("The proposal is withdrawn. Its text goes on as a draft."))
    return way_to(draft)


@require_POST
@login_required
def version_discard(request: Request, slug: str, number: int) -> HttpResponse:
    found = managed_version(request, slug, number)
    agreement = services.discard_draft(found, by=user_of(request))
    toasts.say(request, _("The draft of “%s” is given up.") % text_of(agreement, "title"))
    return redirect(agreement if agreement.stage == Agreement.Stage.SIGNED else "agreements")


@require_POST
@login_required
def version_sign(request: Request, slug: str, number: int) -> HttpResponse:
    """Keep a signatory's yes to the text that stood beside the button."""
    found, form = version_or_404(request, slug, number), AnswerForm(request.POST)
    network = _signed_for(request, found)
    if not form.is_valid():
        toasts.warn(request, _("Please say in which role you sign."))
        return way_to(found)
    try:
        signed = services.sign(found, network, **form.cleaned_data, by=user_of(request), on=today())
    except services.Refused as refusal:
        toasts.warn(request, str(refusal))
        return redirect(found.agreement)
    toasts.say(request, _said_of_signing(signed, network))
    return way_to(signed)


def _signed_for(request: Request, found: Version) -> Network:
    """Return the party the person answers for; who answered already may press again."""
    for party in found.agreement.signing.all():
        is_meant = str(party.network_id) == request.POST.get("network", "")
        if is_meant and party.network_id in request.viewer.signs_for:
            return party.network
    raise PermissionDenied


def _said_of_signing(signed: Version, network: Network) -> str:
    said = _("Signed for %(network)s. The other parties have yet to sign.")
    if signed.state == State.IN_FORCE and signed.takes_effect_on:
        said = _("Signed for %(network)s. All have signed; it holds from %(day)s.")
    day = date_format(signed.takes_effect_on) if signed.takes_effect_on else ""
    return said % {"network": network.name, "day": day}


@require_POST
@login_required
def version_refuse(request: Request, slug: str, number: int) -> HttpResponse:
    """Keep a signatory's no with its reason; the text becomes a draft again."""
    found, form = version_or_404(request, slug, number), RefusalForm(request.POST)
    network = _signed_for(request, found)
    if not form.is_valid():
        toasts.warn(request, _("Please give the reason, for the other parties to read."))
        return way_to(found)
    try:
        services.refuse_to_sign(found, network, **form.cleaned_data, by=user_of(request))
    except services.Refused as refusal:
        toasts.warn(request, str(refusal))
        return redirect(found.agreement)
    toasts.say(request, _("Refused. The offices read the reason, and the text is a draft again."))
    return way_to(found)


@login_required
def version_record(request: Request, slug: str, number: int) -> HttpResponse:
    """Record that a draft was signed on paper, after saying who will see what."""
    found, on = managed_version(request, slug, number), today()
    first = found.agreement.valid_from or on
    form = RecordForm(request.POST or None, initial={"signed_on": first})
    try:
        if form.is_valid():
            _record(request, found, **form.cleaned_data)
            toasts.say(request, _said_of_recording(found.agreement, request.viewer.managed))
            return redirect(found.agreement)
        changes = preview(
            found.agreement,
            lambda: _record(request, found, signed_on=first),
            viewer=request.viewer,
            on=max(on, first),
        )
    except services.Refused as refusal:
        toasts.warn(request, str(refusal))
        return way_to(found)
    context = {"agreement": found.agreement, "form": form, "changes": changes, "version": found}
    return render(request, "agreements/version_record.html", context)


def _record(request: Request, found: Version, **signed: Any) -> None:
    services.record_agreement(
        found, **signed, givers=request.viewer.managed, by=user_of(request), on=today()
    )


def _said_of_recording(agreement: Agreement, givers: frozenset[int]) -> str:
    others = [p.network.name for p in agreement.signing.all() if p.network_id not in givers]
    if not others:
        return _("“%s” is recorded and in the public list.") % text_of(agreement, "title")
    said = _("“%(title)s” is recorded. %(others)s is asked to confirm it.")
    return said % {"title": text_of(agreement, "title"), "others": ", ".join(others)}
