"""Who fits whom across two networks, and why.

Candidates, comparisons, score, rank, explain: each a module; `match` is the one entry.
"""

from verbund.matching.introductions import PER_ORGANISATION, TOP, MatchResult, Standing, match
from verbund.matching.problem import MatchProblem
from verbund.matching.result import Explanation, Introduction, Reason

__all__ = [
    "PER_ORGANISATION",
    "TOP",
    "Explanation",
    "Introduction",
    "MatchProblem",
    "MatchResult",
    "Reason",
    "Standing",
    "match",
]
