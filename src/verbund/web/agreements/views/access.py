"""What the views look up first: the thing, and whether this person may."""

from __future__ import annotations

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from verbund.web.accounts.models import User
from verbund.web.agreements import queries, rules
from verbund.web.agreements.models import Agreement, Version
from verbund.web.networks.requests import Request


def user_of(request: Request) -> User:
    return cast("User", request.user)


def agreement_or_404(request: Request, slug: str) -> Agreement:
    return get_object_or_404(queries.known_agreements(request.viewer), slug=slug)


def managed_agreement(request: Request, slug: str) -> Agreement:
    found = agreement_or_404(request, slug)
    if not rules.can_manage_agreement(request.viewer, found):
        raise PermissionDenied
    return found


def papers_of(request: Request, slug: str) -> Agreement:
    """Return the agreement to somebody of a party's office; others learn nothing of its papers."""
    found = agreement_or_404(request, slug)
    if not rules.can_see_papers(request.viewer, found):
        raise Http404
    return found


def version_or_404(request: Request, slug: str, number: int) -> Version:
    return get_object_or_404(queries.versions_of(papers_of(request, slug)), number=number)


def managed_version(request: Request, slug: str, number: int) -> Version:
    found = version_or_404(request, slug, number)
    if not rules.can_manage_agreement(request.viewer, found.agreement):
        raise PermissionDenied
    return found
