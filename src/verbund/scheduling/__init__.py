"""Who meets whom, when and at which table: a day of one-to-one meetings with a proven bound.

`solve` is the one entry; `check.violations` looks at any timetable independently.
"""

from verbund.scheduling.check import violations
from verbund.scheduling.io import problem_of, read_problem
from verbund.scheduling.problem import Objective, Participant, Problem, Request
from verbund.scheduling.result import Result, Status, Unserved
from verbund.scheduling.solve import solve

__all__ = [
    "Objective",
    "Participant",
    "Problem",
    "Request",
    "Result",
    "Status",
    "Unserved",
    "problem_of",
    "read_problem",
    "solve",
    "violations",
]
