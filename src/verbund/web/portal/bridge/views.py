"""The bridge: what one network can do, by what the other needs."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from verbund.web.agreements.models import Activity
from verbund.web.core.exports import as_file, wanted_kind
from verbund.web.core.services import today
from verbund.web.directory.concepts import vocabulary_in_use
from verbund.web.networks.requests import Request
from verbund.web.networks.rules import is_in_office
from verbund.web.portal.bridge.matrix import HOW, WHERE, Cell, Key
from verbund.web.portal.bridge.page import BridgePage, Choice, label, title
from verbund.web.portal.bridge.queries import behind, clause_for_workshop, who_could_offer
from verbund.web.portal.bridge.rules import can_plan_workshop

_PAGE = 50


def bridge(request: Request) -> HttpResponse:
    """Show the matrix; every number in it counts only what this viewer may see."""
    choice = Choice.of(request.GET.dict(), request.viewer, today())
    if choice is None:
        return render(request, "portal/bridge/bridge.html", {"bridge": None})
    page = BridgePage(choice, request.viewer, today())
    if kind := wanted_kind(request.GET.get("export")):
        return _file(page, kind)
    return render(request, "portal/bridge/bridge.html", _context(request, page))


def bridge_cell(request: Request, row: str, column: str) -> HttpResponse:
    """Show what stands behind a cell: beside the matrix, or alone for its panel."""
    choice = Choice.of(request.GET.dict(), request.viewer, today())
    if choice is None or not _is_cell((row, column)):
        raise Http404
    page = BridgePage(choice, request.viewer, today(), chosen=(row, column))
    context = _context(request, page) | {"panel": _panel(page, (row, column))}
    is_fragment = request.htmx and not request.htmx.history_restore_request
    name = "_answer" if is_fragment else "bridge"
    response = render(request, f"portal/bridge/{name}.html", context)
    response["Vary"] = "HX-Request"
    return response


def _is_cell(key: Key) -> bool:
    """Rows are the widest technologies and processes, columns the widest applications."""
    known = vocabulary_in_use().concepts
    return all(
        id_ in known and known[id_].kind in kinds and not known[id_].broader
        for id_, kinds in zip(key, (HOW, WHERE), strict=True)
    )


def _context(request: Request, page: BridgePage) -> dict[str, Any]:
    cells = Paginator(page.listed, _PAGE).get_page(request.GET.get("page"))
    return {"bridge": page, "choice": page.choice, "page": cells}


def _panel(page: BridgePage, key: Key) -> dict[str, Any]:
    """Return what the panel shows; an empty cell says that it is empty."""
    able = page.choice.able
    cell = page.all_cells.get(key, Cell())
    row, column = (vocabulary_in_use().concepts[id_] for id_ in key)
    could = who_could_offer(page.reading, able, *key, cell) if cell.is_gap else []
    known = vocabulary_in_use().concepts
    return {
        "title": title(row, column),
        "cell": cell,
        "behind": behind(cell),
        "more_pairs": len(cell.pairs) - 3,
        "nearby": [
            (near.organisation, [label(known[id_]) for id_ in near.concepts]) for near in could
        ],
        "workshop_url": _workshop_url(page, key),
        "suggestions_url": _suggestions_url(page),
    }


def _workshop_url(page: BridgePage, key: Key) -> str:
    """Return the form that plans a workshop about a cell, filled in as far as it can be."""
    able, using = page.choice.able, page.choice.using
    if not can_plan_workshop(page.viewer, able, using):
        return ""
    clause = clause_for_workshop(able, using, page.on)
    if clause is None:
        return ""
    wanted: dict[str, object] = {
        "clause": clause.pk,
        "kind": Activity.Kind.WORKSHOP,
        "origin": page.choice.cell_url(key),
    }
    row, column = (vocabulary_in_use().concepts[id_] for id_ in key)
    for language in ("de", "en"):
        with override(language):
            subject = {"subject": title(row, column)}
            wanted[f"title_{language}"] = _("Workshop: %(subject)s") % subject
    return f"{reverse('activity_new')}?{urlencode(wanted)}"


def _suggestions_url(page: BridgePage) -> str:
    """Return where an office decides about the pairs of these networks."""
    able, using = page.choice.able, page.choice.using
    if not (is_in_office(page.viewer, able) or is_in_office(page.viewer, using)):
        return ""
    first, second = sorted((able.pk, using.pk))
    return f"{reverse('suggestions')}?pair={first}-{second}"


def _file(page: BridgePage, kind: str) -> HttpResponse:
    """Write all cells of the view as a list."""
    headings = [
        *(heading.label for heading in page.headings()),
        _("Note"),
        _("Technologies of"),
        _("Applications of"),
    ]
    rows = [
        (
            drawn.technology,
            drawn.application,
            *((c := (drawn.cell or Cell()).counts).offers, c.requests, c.pairs),
            _("nobody offers it") if c.is_gap else "",
            page.choice.able.name,
            page.choice.using.name,
        )
        for drawn in page.listed
    ]
    return as_file(_("bridge"), headings, rows, kind=kind)
