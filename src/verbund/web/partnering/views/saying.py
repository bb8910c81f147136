"""How a suggestion is told: its reasons, a first draft of the question, who decided what."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from verbund.web.core.texts import current_language
from verbund.web.directory.concepts import vocabulary_in_use
from verbund.web.partnering.models import Suggestion
from verbund.wording import Language, Phrase


def reasons_of(suggestion: Suggestion) -> list[dict[str, str]]:
    """Put each reason under a headline; what the sides quote above is not said twice."""
    heads = {
        "request_met": _("The offer meets the request."),
        "request_in_profile": _("The profile speaks of what is looked for."),
        "request_in_topic": _("The topics name what is looked for."),
        "shared_subject": _("The same field."),
        "same_request": _("Both look for something similar."),
        "common_partners": _("Known by way of others."),
        "project_subjects": _("Projects that are alike."),
    }
    reasons = [
        {"head": heads.get(reason["code"], ""), "text": _unquoted(reason)}
        for reason in suggestion.reasons
    ]
    if suggestion.distance_text:
        reasons.append({"head": _("The way."), "text": suggestion.distance_text})
    return reasons


def _unquoted(reason: dict[str, Any]) -> str:
    if reason["code"] == "same_request":
        return ""
    if "request" not in reason["facts"]:
        return str(reason[current_language()])
    known = vocabulary_in_use().concepts
    shared = [known[id_] for id_ in reason["facts"]["concepts"] if id_ in known]
    number = "one" if len(shared) == 1 else "several"
    phrase = Phrase(f"reason.shared_{number}", {"concepts": shared})
    return phrase.say(language()) if shared else ""


def draft_of(suggestion: Suggestion, *, asks: bool) -> dict[str, str]:
    """Prefill subject, text and reasons; with the doubt as a question if wanted."""
    topic = suggestion.topic_de if is_german() else suggestion.topic_en
    facts = suggestion.reasons[0]["facts"] if suggestion.reasons else {}
    names = {str(one.pk): one.name for one in (suggestion.left, suggestion.right)}
    if facts.get("seeker") in names and facts.get("answerer") in names:
        first = _(
            "%(seeker)s is looking for something that %(answerer)s could have: %(topic)s."
        ) % {
            "seeker": names[facts["seeker"]],
            "answerer": names[facts["answerer"]],
            "topic": topic,
        }
    else:
        first = _("%(left)s and %(right)s could have something to talk about: %(topic)s.") % {
            "left": suggestion.left,
            "right": suggestion.right,
            "topic": topic,
        }
    parts = [first, _("Would a talk of 20 minutes in the next two weeks suit you?")]
    if asks and suggestion.doubt_texts:
        parts.insert(1, _("Still open: %(doubt)s") % {"doubt": suggestion.doubt_texts[0]})
    reasons = "\n".join(suggestion.reason_texts)
    return {"subject": topic, "text": " ".join(parts), "reasons": reasons}


def is_german() -> bool:
    return current_language() == "de"


def language() -> Language:
    return "de" if is_german() else "en"


def decision_of(suggestion: Suggestion) -> str:
    """Say who decided what, for whom comes second and for the record."""
    state, reason = suggestion.State, suggestion.RejectReason
    if suggestion.state == state.OPEN:
        return ""
    if suggestion.reject_reason == reason.MEMBER:
        return _("One of the two members does not want this introduction.")
    decided_at = suggestion.decided_at
    values = {
        "who": suggestion.decided_by or _("Somebody"),
        "when": date_format(decided_at, "DATETIME_FORMAT") if decided_at else "",
        "reason": suggestion.get_reject_reason_display(),
        "until": date_format(suggestion.postponed_until) if suggestion.postponed_until else "",
    }
    if suggestion.state == state.POSTPONED:
        return _("%(who)s put this off until %(until)s.") % values
    if suggestion.state == state.REJECTED:
        return _("%(who)s rejected this on %(when)s: %(reason)s.") % values
    return _("%(who)s wrote to both on %(when)s.") % values
