"""What speaks against a pair, and what is missing: the most important first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from verbund.matching.answers import Answers, closest, common_words
from verbund.matching.languages import language_of, third_language
from verbund.matching.problem import has_contact
from verbund.matching.quotes import called, project_name, quoted
from verbund.records.organisation import Organisation, Visibility
from verbund.records.places import distance_km, position_of
from verbund.wording import Phrase

LEAST_CONTRIBUTION = 0.02
_FAR_KM = 400.0
_SIZES_DIFFER = 100  # times
_COMPETING = -0.05  # contribution of alike offers from which it is said


class Doubts:
    """Finds the doubts of pairs; positions are those of the two lists."""

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.evidence = answers.evidence

    def find(self, i: int, j: int, contributions: Mapping[str, float]) -> Iterator[Phrase]:
        """Yield doubts of one pair, those first that may make an introduction needless."""
        left, right = self.evidence.problem.left[i], self.evidence.problem.right[j]
        yield from self._already_known(i, j)
        yield from self._competitors(i, j, contributions)
        closed = [called(m.name) for m in (left, right) if m.visibility is Visibility.OWN]
        if closed:
            yield Phrase("doubt.visibility", {"names": closed})
        yield from self._in_both(i, j)
        yield from _third_languages(left, right)
        yield from self._about_answer(i, j, contributions)
        yield from _sizes(left, right)
        ours, theirs = position_of(left), position_of(right)
        if ours and theirs and (kilometres := distance_km(ours, theirs)) > _FAR_KM:
            yield Phrase("doubt.far", {"km": round(kilometres)})
        yield from self._missing(left, right)

    def _already_known(self, i: int, j: int) -> Iterator[Phrase]:
        if self.evidence.past and (joint := self.evidence.past.joint_projects(i, j)):
            values = {"count": len(joint), "project": project_name(joint[0])}
            yield Phrase("doubt.acquainted" if len(joint) > 1 else "doubt.acquainted_once", values)

    def _competitors(self, i: int, j: int, contributions: Mapping[str, float]) -> Iterator[Phrase]:
        if contributions.get("alike_offers", 0.0) > _COMPETING:
            return
        if pair := closest(self.evidence.left.offers, i, self.evidence.right.offers, j):
            values = {"left_offer": quoted(pair[0].text), "right_offer": quoted(pair[1].text)}
            yield Phrase("doubt.competitors", values)

    def _in_both(self, i: int, j: int) -> Iterator[Phrase]:
        problem = self.evidence.problem
        if any(i == ours or j == theirs for ours, theirs in problem.in_both):
            is_left = any(i == ours for ours, _ in problem.in_both)
            yield Phrase(
                "doubt.in_both",
                {"name": called((problem.left[i] if is_left else problem.right[j]).name)},
            )

    def _about_answer(self, i: int, j: int, contributions: Mapping[str, float]) -> Iterator[Phrase]:
        """Say how sure it is that the offer meets the request, or that there is none."""
        best = self.answers.best(i, j)
        if best is None or contributions.get("request_met", 0.0) < LEAST_CONTRIBUTION:
            if sum(contributions.values()) < LEAST_CONTRIBUTION:
                return
            if contributions.get("request_in_profile", 0.0) >= LEAST_CONTRIBUTION:
                yield Phrase("doubt.only_in_profile")
            elif self._requests_of(i, j):
                yield Phrase("doubt.no_request")
            return
        if not best.is_alike and not self.answers.shared(best):
            seeker, answerer = self.answers.people(best)
            languages = {
                language_of(seeker, best.request.text),
                language_of(answerer, best.answer.text),
            }
            shared = common_words(best.request, best.answer)
            if languages == {"de", "en"}:
                yield Phrase("doubt.two_languages")
            else:
                yield Phrase(
                    "doubt.few_words" if shared else "doubt.only_meaning", {"words": shared}
                )
        elif open_points := self.answers.open_points(best):
            values = {
                "concepts": self.answers.named(open_points),
                "name": called(self.answers.people(best)[1].name),
            }
            yield Phrase("doubt.open_points", values)

    def _requests_of(self, i: int, j: int) -> bool:
        problem = self.evidence.problem
        return bool(problem.left[i].requests or problem.right[j].requests)

    def _missing(self, left: Organisation, right: Organisation) -> Iterator[Phrase]:
        for member in (left, right):
            if not member.city and member.lat is None:
                yield Phrase("doubt.no_place", {"name": called(member.name)})
        lists_name = self.evidence.problem.name_contacts
        for named, member in zip(lists_name, (left, right), strict=True):
            if named and not has_contact(member):
                yield Phrase("doubt.no_contact", {"name": called(member.name)})


def _third_languages(left: Organisation, right: Organisation) -> Iterator[Phrase]:
    for member in (left, right):
        if language := third_language(member):
            named = Phrase(f"language.{language}")
            yield Phrase("doubt.third_language", {"name": called(member.name), "language": named})


def _sizes(left: Organisation, right: Organisation) -> Iterator[Phrase]:
    larger, smaller = sorted((left, right), key=lambda member: -(member.employees or 0))
    if (larger.employees or 0) >= _SIZES_DIFFER * (smaller.employees or math.inf):
        values = {
            "larger": called(larger.name),
            "many": larger.employees,
            "smaller": called(smaller.name),
            "few": smaller.employees,
        }
        yield Phrase("doubt.sizes", values)
