"""Who fits whom across two networks, and why.

Candidates, comparisons, score, rank, explain: each a module. `match` is the one entry; a `Matcher`
is the same kept ready for changes.
"""

from verbund.matching.introductions import PER_ORGANISATION, TOP, MatchResult, Standing
from verbund.matching.matcher import Matcher, match
from verbund.matching.problem import MatchProblem
from verbund.matching.result import Explanation, Introduction, Reason

__all__ = [
    "PER_ORGANISATION",
    "TOP",
    "Explanation",
    "Introduction",
    "MatchProblem",
    "MatchResult",
    "Matcher",
    "Reason",
    "Standing",
    "match",
]
