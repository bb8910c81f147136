"""Words of the audit log for approaches; each office reads of the steps of its own side only."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from verbund.web.core.auditing import Audited, Changes, announce_kind
from verbund.web.directory.approaches.queries import approaches_for
from verbund.web.directory.approaches.rules import ASKING, SIDE_OF
from verbund.web.directory.models import Approach
from verbund.web.networks.changes import homes_of


def announce_changes() -> None:
    announce_kind(Approach, _APPROACH)


def _offices(approach: Approach, verb: str, changes: Changes) -> Iterable[int]:
    if SIDE_OF[Approach.State(verb)] == ASKING:
        return [approach.network_id]
    return homes_of(approach.request.organisation_id)


_APPROACH = Audited(
    _("approach to a request without a name"),
    said={
        "asked": _("%(who)s wrote about a request without a name: %(what)s"),
        "wanted": _("%(who)s asked who wrote about the request: %(what)s"),
        "named": _("%(who)s gave the own name for the request: %(what)s"),
        "revealed": _("%(who)s told whose request it is: %(what)s"),
        "refused": _("%(who)s refused an approach to the request: %(what)s"),
        "withdrawn": _("%(who)s withdrew an approach to the request: %(what)s"),
    },
    offices=_offices,
    seen=approaches_for,
    name=lambda approach: str(approach.request),  # the other side may be without a name still
)
