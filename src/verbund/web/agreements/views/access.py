"""What the views look up first: the thing, and whether this person may."""

from __future__ import annotations

from typing import cast

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from verbund.web.accounts.models import User
from verbund.web.agreements import queries, rules
from verbund.web.agreements.models import Agreement
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
