"""Words of the audit log for suggestions and introductions."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from verbund.web.core.auditing import Audited, Changes, announce_kind
from verbund.web.core.registries import Text
from verbund.web.partnering.models import Hindsight, Introduction, Suggestion, WeightVersion
from verbund.web.partnering.queries import introductions_for, suggestions_of_office
from verbund.web.partnering.weights import versions_known_to

_Pair = Suggestion | Introduction | Hindsight | WeightVersion


def announce_changes() -> None:
    announce_kind(Suggestion, _SUGGESTION)
    announce_kind(Introduction, _INTRODUCTION)
    announce_kind(Hindsight, _HINDSIGHT)
    announce_kind(WeightVersion, _WEIGHTS)


def _both(pair: _Pair, verb: str, changes: Changes) -> Iterable[int]:
    return pair.left_network_id, pair.right_network_id


def _answer(changes: Changes) -> Text:
    if changes.get("answer") == Introduction.Answer.YES:
        return _("%(who)s said yes to the introduction %(what)s")
    return _("%(who)s said no to the introduction %(what)s")


_SUGGESTION = Audited(
    _("suggestion"),
    said={
        Suggestion.State.OPEN: _("%(who)s put the suggestion %(what)s back among the open ones"),
        Suggestion.State.POSTPONED: _("%(who)s postponed the suggestion %(what)s"),
        Suggestion.State.REJECTED: _("%(who)s rejected the suggestion %(what)s"),
        Suggestion.State.INTRODUCED: _("%(who)s made an introduction of the suggestion %(what)s"),
        "wish": _("%(who)s noted what a member says to the suggestion %(what)s"),
    },
    offices=_both,
    seen=suggestions_of_office,
)
_INTRODUCTION = Audited(
    _("introduction"),
    said={
        "introduce": _("%(who)s asked both whether they want to talk: %(what)s"),
        "answer": _answer,
        "remind": _("%(who)s reminded of the introduction %(what)s"),
        "withdraw": _("%(who)s withdrew the introduction %(what)s"),
        "note talk": _("%(who)s noted what came of the introduction %(what)s"),
    },
    offices=_both,
    seen=introductions_for,
    by_link=frozenset({"answer"}),
)
_HINDSIGHT = Audited(
    _("look back"),
    said={"hindsight": _("%(who)s looked back at what suggestions would have found: %(what)s")},
    offices=_both,
    seen=lambda viewer, on: Hindsight.objects.none(),
    keeps_name=True,
)
_WEIGHTS = Audited(
    _("weights"),
    said={
        "propose": _("%(who)s had weights proposed from decisions: %(what)s"),
        "use weights": _("%(who)s let suggestions be computed with the weights %(what)s"),
        "use shipped weights": _(
            "%(who)s went back from the weights %(what)s to those that Verbund brings"
        ),
    },
    offices=_both,
    seen=versions_known_to,
    keeps_name=True,
)
