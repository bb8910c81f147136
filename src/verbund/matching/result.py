"""What a match gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from verbund.records.organisation import Organisation
from verbund.wording import Language, Phrase

STRENGTHS = ((0.95, "strong"), (0.7, "good"), (0.15, "possible"))
_SHAKY = frozenset(("doubt.few_words", "doubt.only_meaning", "doubt.two_languages"))


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two should meet, what it adds to the score, and the facts behind it.

    Attributes
    ----------
    lead
        One sentence that says why.
    phrase
        The same with its evidence: quoted texts, projects.
    facts
        Plain values for programs: quoted texts verbatim, concept ids, project ids.
    """

    code: str
    lead: Phrase
    phrase: Phrase
    contribution: float
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why, and why not.

    Attributes
    ----------
    reasons
        The strongest first, at most three; what only comes nearest stands last.
    distance
        How far apart they are, if both places are known.
    doubts
        What speaks against it or is missing, the most important first; lists show that one only.
    contributions
        Comparison -> what it adds to the score; the values add up to it.
    """

    reasons: tuple[Reason, ...]
    distance: Phrase | None
    doubts: tuple[Phrase, ...]
    contributions: Mapping[str, float]

    @property
    def score(self) -> float:
        return sum(self.contributions.values())

    @property
    def summary(self) -> Phrase:
        """Say why in one sentence; without a reason, that there is nothing in common."""
        return self.reasons[0].lead if self.reasons else Phrase("lead.nothing")

    @property
    def strength(self) -> str:
        """Put the score into a word, a code of `wording`.

        Doubtful evidence is at most possible, a request met in part at most good.
        """
        word = next((word for least, word in STRENGTHS if self.score >= least), "none")
        codes = {doubt.code for doubt in self.doubts}
        if codes & _SHAKY and word != "none":
            return "possible"
        return "good" if word == "strong" and "doubt.open_points" in codes else word

    def reason(self, language: Language) -> str:
        """Say the reasons and the distance as one text."""
        phrases = [reason.phrase for reason in self.reasons]
        if self.distance:
            phrases.append(self.distance)
        return " ".join(phrase.say(language) for phrase in phrases)

    def doubt(self, language: Language) -> str:
        """Say the most important doubt, or nothing."""
        return self.doubts[0].say(language) if self.doubts else ""


@dataclass(frozen=True, slots=True)
class Introduction:
    """Two organisations that should meet; `rank` counts from 1."""

    rank: int
    left: Organisation
    right: Organisation
    explanation: Explanation

    @property
    def score(self) -> float:
        return self.explanation.score

    def reason(self, language: Language = "de") -> str:
        return self.explanation.reason(language)

    def doubt(self, language: Language = "de") -> str:
        return self.explanation.doubt(language)


def behind(name: str, first: str, here: Explanation, there: Explanation) -> Phrase:
    """Say who stands first for an organisation, and which comparison makes most of the lead."""
    lead = {
        comparison: amount - here.contributions.get(comparison, 0.0)
        for comparison, amount in there.contributions.items()
    }
    most = max(lead, key=lambda comparison: (lead[comparison], comparison))
    values = {
        "name": name,
        "first": first,
        "comparison": Phrase(f"comparison.{most}"),
        "there": round(there.contributions[most], 2) + 0.0,  # no "-0.00"
        "here": round(here.contributions.get(most, 0.0), 2) + 0.0,
    }
    return Phrase("standing.behind", values)
