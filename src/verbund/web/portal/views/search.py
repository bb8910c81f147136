"""One search over everything the reader may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import overload

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from verbund.web.core import registries
from verbund.web.core.registries import Hit, SearchKind
from verbund.web.core.services import today
from verbund.web.directory.hits import similar
from verbund.web.networks.models import Network
from verbund.web.networks.requests import Request
from verbund.web.networks.rules import Viewer

_FIRST, _PAGE, _MOST = 5, 50, 1000


Shown = tuple[Hit, list[Network]]


@dataclass(frozen=True)
class Group:
    """What was found of one kind: how many, and the first of them."""

    kind: SearchKind
    count: int
    hits: list[Shown]

    @property
    def has_more(self) -> bool:
        return self.count > len(self.hits)


@dataclass(frozen=True)
class Found(Sequence[Hit]):
    """All hits of a kind, fetched as far as a page needs them."""

    kind: SearchKind
    viewer: Viewer
    text: str
    on: dt.date

    def _first(self, limit: int) -> tuple[int, list[Hit]]:
        return self.kind.find(self.viewer, self.text, self.on, limit)

    def __len__(self) -> int:
        return min(self._first(1)[0], _MOST)

    @overload
    def __getitem__(self, at: int) -> Hit: ...
    @overload
    def __getitem__(self, at: slice) -> list[Hit]: ...
    def __getitem__(self, at: int | slice) -> Hit | list[Hit]:
        if isinstance(at, int):
            return self._first(at + 1)[1][at]
        return self._first(at.stop)[1][at]


def search(request: Request) -> HttpResponse:
    viewer, on = request.viewer, today()
    text = request.GET.get("q", "").replace("\0", "").strip()[:200]
    known = {network.slug: network for network in Network.objects.all()}
    groups = _groups(viewer, text, on, known) if text else []
    chosen = next((g for g in groups if g.kind.key == request.GET.get("kind")), None)
    page = None
    if chosen:
        found = Found(chosen.kind, viewer, text, on)
        page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    context = {
        "text": text,
        "groups": groups,
        "total": sum(group.count for group in groups),
        "chosen": chosen,
        "page": page,
        "hits": _shown(page, known) if page else [],
        "similar": [] if groups or not text else similar(viewer, text, on),
    }
    return render(request, "portal/search.html", context)


def _groups(viewer: Viewer, text: str, on: dt.date, known: dict[str, Network]) -> list[Group]:
    found = ((kind, *kind.find(viewer, text, on, _FIRST)) for kind in registries.searches)
    return [Group(kind, count, _shown(hits, known)) for kind, count, hits in found if count]


def _shown(hits: Iterable[Hit], known: dict[str, Network]) -> list[Shown]:
    """Put the networks beside each hit, for their discs."""
    return [(hit, [known[slug] for slug in hit.network_slugs if slug in known]) for hit in hits]
