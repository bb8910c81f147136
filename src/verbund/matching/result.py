"""What a match gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from verbund.records.organisation import Organisation
from verbund.wording import Language, Phrase

STRENGTHS = ((0.95, "strong"), (0.7, "good"), (0.15, "possible"))
_SHAKY = frozenset(("doubt.few_words", "doubt.only_meaning"))


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two should meet: a sentence, what it adds to the score, and the facts behind it.

    `facts` are plain values for programs: quoted texts verbatim, concept ids, project ids.
    """

    code: str
    phrase: Phrase
    contribution: float
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why, and why not.

    Attributes
    ----------
    reasons
        The strongest first, at most three.
    distance
        How far apart they are, if both places are known.
    doubts
        What speaks against it or is missing, the most important first.
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
    def strength(self) -> str:
        """Put the score into a word, a code of `wording`; doubtful evidence is at most possible."""
        word = next((word for least, word in STRENGTHS if self.score >= least), "none")
        shaky = any(doubt.code in _SHAKY for doubt in self.doubts)
        return "possible" if shaky and word != "none" else word

    def reason(self, language: Language) -> str:
        """Say the reasons and the distance as one text."""
        phrases = [reason.phrase for reason in self.reasons]
        if self.distance:
            phrases.append(self.distance)
        return " ".join(phrase.say(language) for phrase in phrases)

    def doubt(self, language: Language) -> str:
        """Say the two most important doubts, or nothing."""
        return " ".join(doubt.say(language) for doubt in self.doubts[:2])


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
