"""What merging two organisations means for suggestions and introductions."""

from __future__ import annotations

from django.utils.translation import ngettext

from verbund.web.directory.duplicates.policies import Policy, policies


def announce_merging() -> None:
    for key, policy in _POLICIES.items():
        policies.add(key, policy)


def _suggestions(number: int) -> str:
    return ngettext("%(n)s suggestion", "%(n)s suggestions", number) % {"n": number}


def _introductions(number: int) -> str:
    return ngettext("%(n)s introduction", "%(n)s introductions", number) % {"n": number}


_POLICIES = {
    "partnering.suggestion.left": Policy(counted=_suggestions),
    "partnering.suggestion.right": Policy(counted=_suggestions),
    "partnering.introduction.left": Policy(counted=_introductions),
    "partnering.introduction.right": Policy(counted=_introductions),
}
