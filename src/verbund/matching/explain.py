"""Why two organisations should meet: evidence of one pair in sentences.

Each comparison has a function that turns its evidence into a reason. Quoted texts are verbatim.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from verbund.language.spelling import fold
from verbund.matching.acquaintance import GoBetween
from verbund.matching.answers import (
    Answer,
    Answers,
    closest,
    requests_and_offers,
    requests_and_profile,
)
from verbund.matching.doubts import LEAST_CONTRIBUTION, Doubts
from verbund.matching.evidence import Evidence
from verbund.matching.quotes import called, project_name, quoted
from verbund.matching.result import Explanation, Reason
from verbund.matching.score import Scores
from verbund.matching.statements import Kind
from verbund.records.places import distance_km, position_of
from verbund.wording import Phrase

MOST_REASONS = 3
_SAME_TOWN_KM = 30
_WORTH_A_SECOND = 0.65  # likeness from which the other direction is quoted as well
_PROFILE_BESIDE_OFFER = 0.12  # contribution from which a profile is quoted beside a met request
_SUBJECT_BESIDE_OTHERS = 0.05  # contribution from which a subject is named beside other reasons


class Explainer:
    """Explains pairs of one match; positions are those of the two lists."""

    def __init__(self, evidence: Evidence, scores: Scores) -> None:
        self.evidence = evidence
        self.scores = scores
        self.answers = Answers(evidence)
        self.doubts = Doubts(self.answers)

    def explain(self, i: int, j: int) -> Explanation:
        contributions = self.scores.of(i, j)
        reasons: list[Reason] = []
        for name, amount in contributions.items():
            if amount >= LEAST_CONTRIBUTION and len(reasons) < MOST_REASONS:
                reason = self._reason(name, i, j, amount, reasons)
                if reason and not _is_repetition(reason, reasons):
                    reasons.append(reason)
        reasons.sort(key=_is_makeshift)
        return Explanation(
            reasons=tuple(reasons),
            distance=self._distance(i, j),
            doubts=tuple(self.doubts.find(i, j, contributions)),
            contributions=contributions,
        )

    def _reason(
        self, name: str, i: int, j: int, amount: float, said: Sequence[Reason]
    ) -> Reason | None:
        match name:
            case "request_met":
                return self._request_met(i, j, amount)
            case "request_in_profile":
                return self._request_in_profile(i, j, amount, said)
            case "shared_subject":
                return self._shared_subject(i, j, amount, said)
            case "same_request":
                return self._same_request(i, j, amount)
            case "project_subjects" | "project_meanings" | "project_fields":
                return self._project_subjects(i, j, amount)
            case "paths" | "alike_partners":
                return self._common_partners(i, j, amount)
        return None

    # ------------------------------------------------------------ requests

    def _request_met(self, i: int, j: int, amount: float) -> Reason | None:
        """Quote the better direction, and the other one as well if it says enough."""
        answers = self.answers.find(i, j, requests_and_offers)
        if not answers:
            return None
        best, *others = answers
        if not others or others[0].similarity < _WORTH_A_SECOND:
            return self._answered("request_met", best, amount)
        return self._exchange(best, others[0], amount)

    def _request_in_profile(
        self, i: int, j: int, amount: float, said: Sequence[Reason]
    ) -> Reason | None:
        best = self.answers.best(i, j, requests_and_profile)
        if best is None:
            return None
        is_weak = amount < _PROFILE_BESIDE_OFFER or best.answer.kind is Kind.TOPIC
        if is_weak and _names(said, "request_met"):
            return None
        return self._answered(f"request_in_{best.answer.kind}", best, amount)

    def _answered(self, code: str, answer: Answer, amount: float) -> Reason:
        seeker, answerer = self.answers.people(answer)
        shared = self.answers.shared(answer)
        names = {"seeker": called(seeker.name), "answerer": called(answerer.name)}
        if code == "request_met" and answer.is_far and not shared:
            lead = Phrase("lead.nearest", names)
        else:
            lead = self._lead(code, names, shared, sure=self._is_sure(answer))
        request, reply = self.answers.quotes(answer)
        phrase = Phrase(f"reason.{code}", {"lead": lead, "request": request, "answer": reply})
        return Reason(code, lead, phrase, amount, self._facts(answer))

    def _exchange(self, best: Answer, other: Answer, amount: float) -> Reason:
        """Tell that each side offers what the other is looking for."""
        seeker, answerer = self.answers.people(best)
        shared = list(dict.fromkeys((*self.answers.shared(best), *self.answers.shared(other))))
        names = {"seeker": called(seeker.name), "answerer": called(answerer.name)}
        sure = self._is_sure(best) and self._is_sure(other)
        lead = self._lead("exchange", names, shared, sure=sure)
        values = dict(zip(("request", "answer"), self.answers.quotes(best), strict=True))
        values |= dict(zip(("second_request", "second"), self.answers.quotes(other), strict=True))
        phrase = Phrase("reason.exchange", {"lead": lead, **names, **values})
        facts = {**self._facts(best), "concepts": shared, "in_return": self._facts(other)}
        return Reason("request_met", lead, phrase, amount, facts)

    def _lead(
        self, code: str, names: Mapping[str, str], concepts: Sequence[str], *, sure: bool
    ) -> Phrase:
        known = f"lead.{code}" + ("" if sure or code.startswith("request_in_") else "_perhaps")
        lead = Phrase(known, names)
        if not concepts:
            return Phrase("lead.plain", {"lead": lead})
        return Phrase("lead.about", {"lead": lead, "concepts": self.answers.named(concepts)})

    def _is_sure(self, answer: Answer) -> bool:
        return answer.is_alike and not self.answers.open_points(answer)

    def _facts(self, answer: Answer) -> dict[str, object]:
        seeker, answerer = self.answers.people(answer)
        request, reply = self.answers.quotes(answer)
        return {
            "seeker": seeker.id,
            "request": answer.request.text,
            "request_language": request.language or "",
            "answerer": answerer.id,
            "answer": answer.answer.text,
            "answer_language": reply.language or "",
            "concepts": self.answers.shared(answer),
        }

    # ------------------------------------------------------------ what both do or seek

    def _shared_subject(
        self, i: int, j: int, amount: float, said: Sequence[Reason]
    ) -> Reason | None:
        """Name what both do that no earlier reason has named; what they look for is no doing."""
        if said and amount < _SUBJECT_BESIDE_OTHERS:
            return None
        left, right = self.evidence.abilities[0][i], self.evidence.abilities[1][j]
        named = {concept for reason in said for concept in _named_by(reason)}
        shared = self.answers.rarest(sorted((left.keys() & right.keys()) - named))
        if not shared:
            return None
        phrase = Phrase("reason.shared_subject", {"concepts": self.answers.named(shared)})
        return Reason("shared_subject", phrase, phrase, amount, {"concepts": shared})

    def _same_request(self, i: int, j: int, amount: float) -> Reason | None:
        pair = closest(self.evidence.left.requests, i, self.evidence.right.requests, j)
        if pair is None:
            return None
        left, right = self.evidence.problem.left[i], self.evidence.problem.right[j]
        ours, theirs, _ = pair
        names = {"left": called(left.name), "right": called(right.name)}
        lead = Phrase("lead.same_request", names)
        values = {
            "lead": lead,
            **names,
            "left_request": self.answers.quote(left, ours.text),
            "right_request": self.answers.quote(right, theirs.text),
        }
        facts = {"left_request": ours.text, "right_request": theirs.text}
        return Reason("same_request", lead, Phrase("reason.same_request", values), amount, facts)

    # ------------------------------------------------------------ history

    def _project_subjects(self, i: int, j: int, amount: float) -> Reason | None:
        pair = self.evidence.past.alike_projects(i, j) if self.evidence.past else None
        if pair is None:
            return None
        ours, theirs = pair
        if ours.id == theirs.id:
            return None  # a joint project is told of elsewhere
        values = {
            "left": called(self.evidence.problem.left[i].name),
            "left_project": project_name(ours),
            "left_title": quoted(ours.title),
            "right": called(self.evidence.problem.right[j].name),
            "right_project": project_name(theirs),
            "right_title": quoted(theirs.title),
        }
        lead = Phrase("lead.project_subjects", {"left": values["left"], "right": values["right"]})
        phrase = Phrase("reason.project_subjects", {"lead": lead, **values})
        facts = {"left_project": ours.id, "right_project": theirs.id}
        return Reason("project_subjects", lead, phrase, amount, facts)

    def _common_partners(self, i: int, j: int, amount: float) -> Reason | None:
        found = self.evidence.past.go_betweens(i, j, most=1) if self.evidence.past else []
        if not found:
            return None
        lead, phrase = self._go_between(i, j, found[0])
        facts = {"partner": found[0].organisation.id, "partners": found[0].of}
        return Reason("common_partners", lead, phrase, amount, facts)

    def _go_between(self, i: int, j: int, between: GoBetween) -> tuple[Phrase, Phrase]:
        known = Phrase("lead.common_partner", {"partner": between.organisation.name})
        values: dict[str, object] = {
            "lead": known,
            "left": called(self.evidence.problem.left[i].name),
            "right": called(self.evidence.problem.right[j].name),
            "left_project": project_name(between.left_project),
            "right_project": project_name(between.right_project),
            "others": between.of - 1,
        }
        more = {1: "", 2: "_and_other"}.get(between.of, "_and_others")
        lead = Phrase("lead.plain", {"lead": known})
        return lead, Phrase(f"reason.common_partner{more}", values)

    def _distance(self, i: int, j: int) -> Phrase | None:
        left, right = self.evidence.problem.left[i], self.evidence.problem.right[j]
        ours, theirs = position_of(left), position_of(right)
        if not ours or not theirs:
            return None
        kilometres = round(distance_km(ours, theirs))
        if left.city and fold(left.city) == fold(right.city) and kilometres < _SAME_TOWN_KM:
            return Phrase("distance.same_town", {"city": left.city})
        if not left.city or not right.city:
            return Phrase("distance.bare", {"km": kilometres})
        values = {"left_city": left.city, "right_city": right.city, "km": kilometres}
        return Phrase("distance.towns", values)


def _is_makeshift(reason: Reason) -> bool:
    """Tell whether a reason only names what comes nearest: it stands behind all others."""
    return reason.lead.code == "lead.nearest"


def _named_by(reason: Reason) -> list[str]:
    return cast("list[str]", reason.facts.get("concepts", []))


def _names(said: Sequence[Reason], code: str) -> bool:
    return any(reason.code == code for reason in said)


def _is_repetition(reason: Reason, said: Sequence[Reason]) -> bool:
    """Tell whether a reason says nothing new: the same kind, or a request quoted before."""
    if _names(said, reason.code):
        return True
    quoted_requests = [
        facts.get("request")
        for earlier in said
        for facts in (earlier.facts, cast("dict[str, object]", earlier.facts.get("in_return", {})))
    ]
    return reason.code.startswith("request_in_") and reason.facts["request"] in quoted_requests
