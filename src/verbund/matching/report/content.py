"""What every form of the report says, as plain rows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from verbund.language.vocabulary import Concept
from verbund.matching.bridge import Cell
from verbund.matching.evaluate import Hindsight
from verbund.matching.introductions import MatchResult
from verbund.matching.result import Explanation
from verbund.matching.statements import is_cut_short
from verbund.records.members import MemberList
from verbund.records.organisation import Origin
from verbund.records.problems import Problem, Severity
from verbund.wording import Language, Phrase, sentence

DEPTHS = (16, 9, 4, 1)  # possible introductions from which a cell of the matrix gets a deeper green
_MAILBOX = re.compile(r"[\w.+-]+(?=@)")


@dataclass(frozen=True)
class Report:
    """A match, the lists it came from, and the language and day of writing it down."""

    result: MatchResult
    left: MemberList
    right: MemberList
    language: Language
    today: dt.date
    hindsight: Hindsight | None = None

    def say(self, code: str, **values: object) -> str:
        return sentence(code, self.language, **values)

    @property
    def titles(self) -> list[str]:
        """What the lists say above their header, such as that their firms are invented."""
        return [_without_addresses(title) for title in (*self.left.titles, *self.right.titles)]

    @property
    def summary(self) -> str:
        """Which lists were compared, with how many members, and when."""
        return self.say(
            "page.summary",
            left=self.left.file,
            left_count=len(self.left.organisations),
            right=self.right.file,
            right_count=len(self.right.organisations),
            day=self.today,
        )

    def introductions(self) -> Iterator[dict[str, str | int | float]]:
        """One row per introduction, keys as in the csv file."""
        for introduction in self.result.introductions:
            yield {
                "rank": introduction.rank,
                "left_id": introduction.left.id,
                "left_name": introduction.left.name,
                "right_id": introduction.right.id,
                "right_name": introduction.right.name,
                "score": round(introduction.score, 4),
                "reason": introduction.reason(self.language),
                "doubt": introduction.doubt(self.language),
            }

    def strength(self, explanation: Explanation) -> str:
        return self.say(f"strength.{explanation.strength}")

    def bridge_cells(self) -> list[tuple[Concept, Concept, Cell]]:
        """All filled cells of the bridge matrix, gaps first, then the busiest."""
        concepts = self.result.bridge_concepts
        cells = [
            (concepts[technology], concepts[application], cell)
            for (technology, application), cell in self.result.bridge.cells.items()
        ]
        cells.sort(key=lambda c: (not c[2].is_gap, -c[2].pairs, -c[2].requests, c[0].id, c[1].id))
        return cells

    def findings(self) -> list[Problem]:
        """What is to be checked in the lists, and who was tied to past projects by name only."""
        found = [*self.left.problems, *self.right.problems]
        for links in self.result.problem.links:
            for member, known in links.by_name:
                origin = member.origins[0] if member.origins else Origin("", 0)
                values = {"name": known.name, "city": known.city or "–"}
                found.append(
                    Problem(
                        "linked_by_name",
                        Severity.NOTE,
                        origin.file,
                        origin.sheet,
                        origin.row or None,
                        found=member.name,
                        values=values,
                    )
                )
        return found

    def problems(self) -> Iterator[dict[str, str]]:
        """One row per finding, in words."""
        for problem in self.findings():
            yield {
                "severity": self.say(f"severity.{problem.severity}"),
                "kind": problem.severity.value,
                "file": problem.file,
                "sheet": problem.sheet,
                "row": "" if problem.row is None else str(problem.row),
                "column": problem.column,
                "found": _without_addresses(problem.found),
                "reason": _without_addresses(problem.reason(self.language)),
                "proposal": problem.proposal(self.language),
            }

    def notices(self) -> list[Phrase]:
        """What one should know of the list as a whole."""
        result = self.result
        everybody = (*result.problem.left, *result.problem.right)
        notices = []
        if result.skipped["same"]:
            notices.append(Phrase("notice.same", {"count": result.skipped["same"]}))
        if result.skipped["acquainted"]:
            notices.append(Phrase("notice.acquainted", {"count": result.skipped["acquainted"]}))
        if cut_short := [o.name for o in everybody if is_cut_short(o)]:
            notices.append(Phrase("notice.cut_short", {"names": cut_short}))
        by_name = sum(len(links.by_name) for links in result.problem.links)
        if by_name:
            notices.append(Phrase("notice.by_name", {"count": by_name}))
        if not any(o.requests for o in everybody):
            notices.append(Phrase("notice.no_requests"))
        return notices


def _without_addresses(text: str) -> str:
    """Hide whose mail address a remark quotes: reports are passed on."""
    return _MAILBOX.sub("…", text)
