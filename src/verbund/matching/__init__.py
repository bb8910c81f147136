"""Who fits whom across two networks, and why.

Candidates, comparisons, score, rank, explain: each a module; `match` is the one entry.
"""

from verbund.matching.introductions import MatchResult, Standing, match
from verbund.matching.problem import MatchProblem
from verbund.matching.result import Explanation, Introduction, Reason

__all__ = [
    "Explanation",
    "Introduction",
    "MatchProblem",
    "MatchResult",
    "Reason",
    "Standing",
    "match",
]
