"""Why two organisations should meet, and what speaks against it: evidence of one pair in sentences.

Each comparison has a function that turns its evidence into a reason. Quoted texts are verbatim.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from verbund.language.lexicon import lexicon
from verbund.language.spelling import fold, words
from verbund.language.terms import CONCEPT
from verbund.language.vocabulary import Concept
from verbund.matching.acquaintance import GoBetween
from verbund.matching.evidence import Evidence, Side
from verbund.matching.result import Explanation, Reason
from verbund.matching.score import Scores
from verbund.matching.statements import Spoken, Statement, likeness
from verbund.records.history import JointProject
from verbund.records.organisation import Organisation, Visibility
from verbund.records.places import distance_km, position_of
from verbund.wording import Phrase

_EXCLUDED = re.compile(r"\b(?:ohne|without|statt|instead of|kein\w*|no)\b[^,;.]*", re.IGNORECASE)
MOST_REASONS = 3
_LEAST_CONTRIBUTION = 0.02
_LONGEST_QUOTE = 180  # letters
_SAME_TOWN_KM = 30
_FAR_KM = 400.0
_SIZES_DIFFER = 100  # times
_COMPETING = -0.05  # contribution of alike offers from which it is said
_WORTH_A_SECOND = 0.5  # likeness from which the other direction is quoted as well
_SURE = 0.95  # likeness from which a met request needs no doubt about words


@dataclass(frozen=True, slots=True)
class Answer:
    """A request and what comes nearest to meeting it; `side` 0 means that the left one answers."""

    request: Statement
    answer: Statement
    similarity: float
    side: int


Picker = Callable[[Side], tuple[Spoken, Spoken]]


def requests_and_offers(side: Side) -> tuple[Spoken, Spoken]:
    return side.requests, side.offers


def requests_and_profile(side: Side) -> tuple[Spoken, Spoken]:
    return side.requests, side.about


class Explainer:
    """Explains pairs of one match; positions are those of the two lists."""

    def __init__(self, evidence: Evidence, scores: Scores) -> None:
        self.evidence = evidence
        self.scores = scores
        lists = (evidence.problem.left, evidence.problem.right)
        self._lists_name_contacts = [any(map(_has_contact, members)) for members in lists]

    def explain(self, i: int, j: int) -> Explanation:
        contributions = self.scores.of(i, j)
        reasons: list[Reason] = []
        for name, amount in contributions.items():
            if amount >= _LEAST_CONTRIBUTION and len(reasons) < MOST_REASONS:
                reason = self._reason(name, i, j, amount, reasons)
                if reason and not _is_repetition(reason, reasons):
                    reasons.append(reason)
        return Explanation(
            reasons=tuple(reasons),
            distance=self._distance(i, j),
            doubts=tuple(self._doubts(i, j, contributions)),
            contributions=contributions,
        )

    # ------------------------------------------------------------ reasons

    def _reason(
        self, name: str, i: int, j: int, amount: float, said: Sequence[Reason]
    ) -> Reason | None:
        match name:
            case "request_met":
                return self._request_met(i, j, amount)
            case "request_in_profile":
                return self._request_in_profile(i, j, amount)
            case "shared_subject":
                return self._shared_subject(i, j, amount, said)
            case "same_request":
                return self._same_request(i, j, amount)
            case "project_subjects":
                return self._project_subjects(i, j, amount)
            case "common_partners" | "paths":
                return self._common_partners(i, j, amount)
        return None

    def _request_met(self, i: int, j: int, amount: float) -> Reason | None:
        """Quote the better direction first, and the other one if it says enough."""
        answers = self.answers(i, j, requests_and_offers)
        if not answers:
            return None
        best, *others = [self._answered("request_met", answer, amount) for answer in answers]
        if not others or answers[1].similarity < _WORTH_A_SECOND:
            return best
        both = Phrase("reason.two_parts", {"one": best.phrase, "two": others[0].phrase})
        concepts = dict.fromkeys((*_named_by(best), *_named_by(others[0])))
        facts = {**best.facts, "concepts": list(concepts), "in_return": others[0].facts}
        return Reason("request_met", both, amount, facts)

    def _request_in_profile(self, i: int, j: int, amount: float) -> Reason | None:
        best = self.best_answer(i, j, requests_and_profile)
        return self._answered(f"request_in_{best.answer.kind}", best, amount) if best else None

    def _answered(self, code: str, best: Answer, amount: float) -> Reason:
        seeker, answerer = self._people(best)
        phrase = Phrase(
            f"reason.{code}",
            {
                "seeker": seeker.name,
                "request": quoted(best.request.text),
                "answerer": answerer.name,
                "answer": quoted(best.answer.text),
            },
        )
        shared = self._shared(best)
        if shared:
            number = "one" if len(shared) == 1 else "several"
            topic = Phrase(f"reason.shared_{number}", {"concepts": self._concepts(shared)})
            phrase = Phrase("reason.two_parts", {"one": phrase, "two": topic})
        facts = {
            "seeker": seeker.id,
            "request": best.request.text,
            "answerer": answerer.id,
            "answer": best.answer.text,
            "concepts": shared,
        }
        return Reason(code, phrase, amount, facts)

    def _people(self, best: Answer) -> tuple[Organisation, Organisation]:
        """Return who requests and who answers."""
        problem = self.evidence.problem
        if best.side == 0:
            return problem.right[best.request.owner], problem.left[best.answer.owner]
        return problem.left[best.request.owner], problem.right[best.answer.owner]

    def _shared_subject(
        self, i: int, j: int, amount: float, said: Sequence[Reason]
    ) -> Reason | None:
        """Name what both do that no earlier reason has named; what they look for is no doing."""
        left, right = self.evidence.abilities
        named = {concept for reason in said for concept in _named_by(reason)}
        both = (left[i].keys() & right[j].keys()) - named
        shared = sorted(both, key=lambda c: (-self._rarity(c), c))[:3]
        if not shared:
            return None
        phrase = Phrase("reason.shared_subject", {"concepts": self._concepts(shared)})
        return Reason("shared_subject", phrase, amount, {"concepts": shared})

    def _same_request(self, i: int, j: int, amount: float) -> Reason | None:
        pair = _closest(self.evidence.left.requests, i, self.evidence.right.requests, j)
        if pair is None:
            return None
        ours, theirs, _ = pair
        values = {
            "left": self.evidence.problem.left[i].name,
            "left_request": quoted(ours.text),
            "right": self.evidence.problem.right[j].name,
            "right_request": quoted(theirs.text),
        }
        facts = {"left_request": ours.text, "right_request": theirs.text}
        return Reason("same_request", Phrase("reason.same_request", values), amount, facts)

    def _project_subjects(self, i: int, j: int, amount: float) -> Reason | None:
        pair = self.evidence.past.alike_projects(i, j) if self.evidence.past else None
        if pair is None:
            return None
        ours, theirs = pair
        if ours.id == theirs.id:
            return None  # a joint project is told of elsewhere
        values = {
            "left": self.evidence.problem.left[i].name,
            "left_project": project_name(ours),
            "left_title": quoted(ours.title),
            "right": self.evidence.problem.right[j].name,
            "right_project": project_name(theirs),
            "right_title": quoted(theirs.title),
        }
        facts = {"left_project": ours.id, "right_project": theirs.id}
        return Reason("project_subjects", Phrase("reason.project_subjects", values), amount, facts)

    def _common_partners(self, i: int, j: int, amount: float) -> Reason | None:
        found = self.evidence.past.go_betweens(i, j, most=1) if self.evidence.past else []
        if not found:
            return None
        phrase = self._go_between(i, j, found[0])
        facts = {"partner": found[0].organisation.id, "partners": found[0].of}
        return Reason("common_partners", phrase, amount, facts)

    def _go_between(self, i: int, j: int, between: GoBetween) -> Phrase:
        values: dict[str, object] = {
            "left": self.evidence.problem.left[i].name,
            "right": self.evidence.problem.right[j].name,
            "partner": between.organisation.name,
            "left_project": project_name(between.left_project),
            "right_project": project_name(between.right_project),
            "others": between.of - 1,
        }
        more = {1: "", 2: "_and_other"}.get(between.of, "_and_others")
        return Phrase(f"reason.common_partner{more}", values)

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

    # ------------------------------------------------------------ doubts

    def _doubts(self, i: int, j: int, contributions: dict[str, float]) -> Iterator[Phrase]:
        left, right = self.evidence.problem.left[i], self.evidence.problem.right[j]
        if self.evidence.past and (joint := self.evidence.past.joint_projects(i, j)):
            values = {"count": len(joint), "project": project_name(joint[0])}
            yield Phrase("doubt.acquainted" if len(joint) > 1 else "doubt.acquainted_once", values)
        if contributions["alike_offers"] <= _COMPETING:
            pair = _closest(self.evidence.left.offers, i, self.evidence.right.offers, j)
            if pair:
                values = {"left_offer": quoted(pair[0].text), "right_offer": quoted(pair[1].text)}
                yield Phrase("doubt.competitors", values)
        closed = [m.name for m in (left, right) if m.visibility is Visibility.OWN]
        if closed:
            yield Phrase("doubt.visibility", {"names": closed})
        in_both = self.evidence.problem.in_both
        if any(i == ours or j == theirs for ours, theirs in in_both):
            twice = left if any(i == ours for ours, _ in in_both) else right
            yield Phrase("doubt.in_both", {"name": twice.name})
        yield from self._doubts_about_answer(i, j, contributions)
        yield from self._doubts_about_members(left, right)
        ours, theirs = position_of(left), position_of(right)
        if ours and theirs and (kilometres := distance_km(ours, theirs)) > _FAR_KM:
            yield Phrase("doubt.far", {"km": round(kilometres)})

    def _doubts_about_answer(
        self, i: int, j: int, contributions: dict[str, float]
    ) -> Iterator[Phrase]:
        best = self.best_answer(i, j, requests_and_offers)
        if best is None or contributions["request_met"] < _LEAST_CONTRIBUTION:
            if sum(contributions.values()) < _LEAST_CONTRIBUTION:
                return
            if contributions["request_in_profile"] >= _LEAST_CONTRIBUTION:
                yield Phrase("doubt.only_in_profile")
            elif self.evidence.left.requests.statements or self.evidence.right.requests.statements:
                yield Phrase("doubt.no_request")
            return
        open_points = self._open_points(best)
        if best.similarity < _SURE and not self._shared(best):
            shared = common_words(best.request, best.answer)
            yield Phrase("doubt.few_words" if shared else "doubt.only_meaning", {"words": shared})
        elif open_points:
            values = {"concepts": self._concepts(open_points), "name": self._people(best)[1].name}
            yield Phrase("doubt.open_points", values)

    def _open_points(self, best: Answer) -> list[str]:
        """Find concepts the request wants and its answerer never touches, by concept or by word."""
        vocabulary = self.evidence.vocabulary
        abilities = self.evidence.abilities[best.side][best.answer.owner]
        said = {vocabulary.top(concept).id for concept in abilities}
        words = self.evidence.words_of(best.side, best.answer.owner)
        wanted = self.evidence.named_in(_EXCLUDED.sub("", best.request.text))
        named = sorted(wanted.items(), key=lambda found: (-found[1], found[0]))
        return [
            concept
            for concept, confidence in named
            if confidence == 1.0
            and vocabulary.top(concept).id not in said
            and words.isdisjoint(vocabulary.atoms(concept) & best.request.terms.keys())
        ][:2]

    def _doubts_about_members(self, left: Organisation, right: Organisation) -> Iterator[Phrase]:
        larger, smaller = sorted((left, right), key=lambda member: -(member.employees or 0))
        if (larger.employees or 0) >= _SIZES_DIFFER * (smaller.employees or math.inf):
            values = {
                "larger": larger.name,
                "many": larger.employees,
                "smaller": smaller.name,
                "few": smaller.employees,
            }
            yield Phrase("doubt.sizes", values)
        for member in (left, right):
            if not member.city and member.lat is None:
                yield Phrase("doubt.no_place", {"name": member.name})
        for number, member in enumerate((left, right)):
            if self._lists_name_contacts[number] and not _has_contact(member):
                yield Phrase("doubt.no_contact", {"name": member.name})

    # ------------------------------------------------------------ evidence of a pair

    def answers(self, i: int, j: int, pick: Picker) -> list[Answer]:
        """Find for each direction the request that is answered best; the better direction first."""
        ours, our_answers = pick(self.evidence.left)
        theirs, their_answers = pick(self.evidence.right)
        there = _closest(ours, i, their_answers, j)
        back = _closest(theirs, j, our_answers, i)
        found = ([Answer(*there, side=1)] if there else []) + (
            [Answer(*back, side=0)] if back else []
        )
        return sorted(found, key=lambda answer: -answer.similarity)

    def best_answer(self, i: int, j: int, pick: Picker) -> Answer | None:
        return next(iter(self.answers(i, j, pick)), None)

    def _shared(self, best: Answer) -> list[str]:
        """List concepts that request and answer both name, the rarer first."""
        both = best.request.terms.keys() & best.answer.terms.keys()
        concepts = [term.removeprefix(CONCEPT) for term in both if term.startswith(CONCEPT)]
        known = self.evidence.vocabulary.concepts
        wider = {known[concept].broader for concept in concepts}
        narrow = [concept for concept in concepts if concept not in wider]
        return sorted(narrow, key=lambda c: (-self._rarity(c), c))[:3]

    def _rarity(self, concept: str) -> float:
        position = self.evidence.space.index.get(CONCEPT + concept)
        return float(self.evidence.space.rarity[position]) if position is not None else 0.0

    def _concepts(self, ids: Sequence[str]) -> list[Concept]:
        return [self.evidence.vocabulary.concepts[id_] for id_ in ids]


def _closest(
    ours: Spoken, i: int, theirs: Spoken, j: int
) -> tuple[Statement, Statement, float] | None:
    """Find the two statements, one of each organisation, that are most alike."""
    rows, columns = ours.rows_of(i), theirs.rows_of(j)
    if rows.start == rows.stop or columns.start == columns.stop:
        return None
    found = likeness(ours, rows, theirs, columns)
    a, b = np.unravel_index(int(found.argmax()), found.shape)
    if not found[a, b]:
        return None
    pair = ours.statements[rows.start + int(a)], theirs.statements[columns.start + int(b)]
    return *pair, float(found[a, b])


def _named_by(reason: Reason) -> list[str]:
    return cast("list[str]", reason.facts.get("concepts", []))


def _is_repetition(reason: Reason, said: Sequence[Reason]) -> bool:
    """Tell whether a reason says nothing new: the same kind, or a request quoted before."""
    if any(reason.code == earlier.code for earlier in said):
        return True
    quoted_requests = [
        facts.get("request")
        for earlier in said
        for facts in (earlier.facts, cast("dict[str, object]", earlier.facts.get("in_return", {})))
    ]
    return reason.code.startswith("request_in_") and reason.facts["request"] in quoted_requests


def _has_contact(member: Organisation) -> bool:
    return bool(member.contact_name or member.contact_email)


def quoted(text: str) -> str:
    """Shorten a text for a sentence; what is kept is verbatim."""
    line = " ".join(text.split())
    if len(line) <= _LONGEST_QUOTE:
        return line.rstrip(".")
    return line[:_LONGEST_QUOTE].rsplit(" ", 1)[0].rstrip(" ,;") + " …"


def project_name(project: JointProject) -> str:
    return f"{project.label} ({project.year})" if project.year else project.label


def common_words(one: Statement, other: Statement) -> list[str]:
    """List the words of one statement whose meaning the other shares, as they are written."""
    shared = one.terms.keys() & other.terms.keys()
    known = lexicon()
    found = [
        written
        for written in re.findall(r"\w[\w-]*", one.text)
        if len(written) > 2 and any(shared & set(known.word(word).atoms) for word in words(written))
    ]
    return list(dict.fromkeys(found))[:3]
