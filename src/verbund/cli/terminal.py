"""What the commands print: tables that can be read, one thing a line."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rapidfuzz import fuzz, process
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from verbund.language.spelling import fold
from verbund.matching.evaluate import Hindsight
from verbund.matching.report import Report
from verbund.records.names import same_name
from verbund.records.organisation import Organisation
from verbund.records.problems import Severity
from verbund.wording import Language, refuse, sentence

_WIDTH_OF_A_FILE = 120
_MOST_PROBLEMS = 30


def console(*, stderr: bool = False) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else _WIDTH_OF_A_FILE
    return Console(stderr=stderr, width=width, highlight=False)


def print_introductions(report: Report) -> None:
    out = console()
    result = report.result
    if not result.introductions:
        out.print(report.say("page.no_introductions"))
        return
    table = Table(box=box.SIMPLE_HEAD, show_lines=True, expand=True, title_justify="left")
    table.add_column(report.say("column.rank"), justify="right", no_wrap=True)
    table.add_column(f"{report.left.file}\n{report.right.file}", ratio=3)
    table.add_column(report.say("column.reason"), ratio=8)
    for introduction in result.introductions:
        sides = "\n".join(
            f"[b]{escape(o.name)}[/b]" + (f"\n{escape(o.city)}" if o.city else "")
            for o in (introduction.left, introduction.right)
        )
        reason = escape(introduction.reason(report.language))
        if doubt := introduction.doubt(report.language):
            reason += f"\n[dark_orange3]{report.say('page.doubt')}[/] {escape(doubt)}"
        fit = report.strength(introduction.explanation)
        table.add_row(f"{introduction.rank}\n[dim]{fit}[/dim]", sides, reason)
    out.print(table)
    for notice in report.notices():
        out.print(notice.say(report.language), style="dim")


def print_problems(report: Report) -> None:
    """List what was not understood: on standard error, so that a result can be piped."""
    out = console(stderr=True)
    problems = report.findings()
    if not problems:
        return
    language = report.language
    counts = Counter(problem.severity for problem in problems)
    summary = ", ".join(
        sentence(f"severities.{severity}", language, count=counts[severity])
        for severity in Severity
        if counts[severity]
    )
    out.print(f"[b]{sentence('problems.title', language)}[/b]: {summary}")
    problems.sort(key=lambda problem: list(Severity).index(problem.severity))
    for problem in problems[:_MOST_PROBLEMS]:
        place = [problem.file, problem.sheet]
        if problem.row is not None:
            place.append(f"{sentence('column.row', language)} {problem.row}")
        if problem.column:
            place.append(f"{sentence('column.column', language)} {problem.column}")
        where = escape(", ".join(part for part in place if part))
        found = f" [{problem.found}]" if problem.found else ""
        text = escape(f"{problem.reason(language)} {problem.proposal(language)}{found}")
        style = "red" if problem.severity is Severity.ERROR else "dark_orange3"
        if problem.severity is Severity.NOTE:
            style = "dim"
        out.print(f"[{style}]{where}[/]: {text}")
    if len(problems) > _MOST_PROBLEMS:
        out.print(sentence("cli.more_problems", language, count=len(problems) - _MOST_PROBLEMS))


def print_written(path: Path, language: Language) -> None:
    console(stderr=True).print(escape(sentence("cli.written", language, path=path)), soft_wrap=True)


def print_explanation(report: Report, one: str, other: str) -> None:
    """Tell why and why not for a pair, named by id or name in either order."""
    left, right = _pair(report, one, other)
    result, language = report.result, report.language
    explanation = result.explain(left.id, right.id)
    standing = result.standing(left.id, right.id)
    out = console()
    out.print(f"[b]{escape(left.name)}[/b] – [b]{escape(right.name)}[/b]")
    out.print(f"{report.say('explain.fit')}: {report.strength(explanation)}")
    if standing.absent:
        out.print(
            f"[dark_orange3]{report.say('explain.absent')}[/]"
            f" {escape(standing.absent.say(language))}"
        )
    if standing.absent and standing.absent.code == "absent.same":
        return
    out.print()
    out.print(f"[b]{report.say('explain.why')}[/b]")
    for reason in explanation.reasons:
        out.print(f"  • {escape(reason.phrase.say(language))}")
    if not explanation.reasons:
        out.print(f"  {report.say('explain.no_reason')}")
    if explanation.distance:
        out.print(f"  • {escape(explanation.distance.say(language))}")
    out.print(f"[b]{report.say('explain.why_not')}[/b]")
    for doubt in explanation.doubts:
        out.print(f"  • {escape(doubt.say(language))}")
    if not explanation.doubts:
        out.print(f"  {report.say('explain.no_doubt')}")
    out.print(f"[b]{report.say('explain.standing')}[/b]")
    values = {
        "left": left.name,
        "right": right.name,
        "place_for_left": standing.place_for_left,
        "of_right": standing.of_right,
        "place_for_right": standing.place_for_right,
        "of_left": standing.of_left,
    }
    out.print(f"  {escape(sentence('explain.places', language, **values))}")
    for phrase in standing.because:
        out.print(f"  {escape(phrase.say(language))}")
    out.print(_contributions(report, dict(explanation.contributions)))


def explanation_of(report: Report, one: str, other: str) -> dict[str, object]:
    """Return the same answer for programs."""
    left, right = _pair(report, one, other)
    explanation = report.result.explain(left.id, right.id)
    standing = report.result.standing(left.id, right.id)
    return {
        "left_id": left.id,
        "right_id": right.id,
        "score": round(explanation.score, 4),
        "summary": explanation.summary.say(report.language),
        "reasons": [reason.phrase.say(report.language) for reason in explanation.reasons],
        "doubts": [doubt.say(report.language) for doubt in explanation.doubts],
        "absent": standing.absent.say(report.language) if standing.absent else None,
        "place_for_left": standing.place_for_left,
        "place_for_right": standing.place_for_right,
        "because": [phrase.say(report.language) for phrase in standing.because],
        "contributions": {k: round(v, 4) for k, v in explanation.contributions.items()},
    }


def _contributions(report: Report, contributions: dict[str, float]) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column(report.say("explain.comparison"))
    table.add_column(report.say("explain.contribution"), justify="right")
    for name, amount in contributions.items():
        if abs(amount) >= 0.005:
            table.add_row(report.say(f"comparison.{name}"), f"{amount:+.2f}")
    table.add_row(report.say("explain.sum"), f"{sum(contributions.values()):+.2f}", style="bold")
    return table


def _pair(report: Report, one: str, other: str) -> tuple[Organisation, Organisation]:
    """Find the two members meant, one of each list, in either order."""
    left, right = report.result.problem.left, report.result.problem.right
    for first, second in ((one, other), (other, one)):
        ours, theirs = _find(left, first), _find(right, second)
        if len(ours) == len(theirs) == 1:
            return ours[0], theirs[0]
    everyone = (*left, *right)
    for wanted in (one, other):
        found = _find(everyone, wanted)
        if len({organisation.name for organisation in found}) > 1:
            names = [organisation.name for organisation in found[:5]]
            raise refuse("match.ambiguous", id=wanted, names=names)
        if not found:
            nearest = process.extractOne(wanted, [o.name for o in everyone], scorer=fuzz.WRatio)
            raise refuse("match.unknown_member", id=wanted, nearest=nearest[0] if nearest else "–")
    raise refuse("match.same_side", names=[one, other])


def _find(organisations: Sequence[Organisation], wanted: str) -> list[Organisation]:
    """Find members by id, else by name but for spelling, else by a part of the name."""
    ways = (
        lambda o: o.id == wanted,
        lambda o: any(same_name(name, wanted) for name in (o.name, *o.aliases)),
        lambda o: any(fold(wanted) in fold(name) for name in (o.name, *o.aliases)),
    )
    found = ([o for o in organisations if fits(o)] for fits in ways)
    return next((members for members in found if members), [])


def print_hindsight(hindsight: Hindsight, language: Language) -> None:
    out = console()
    out.print()
    out.print(f"[b]{sentence('hindsight.title', language)}[/b]")
    for phrase in hindsight.phrases():
        out.print(f"  {escape(phrase.say(language))}")
