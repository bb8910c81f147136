"""From the likeness of statements to that of the members who make them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from verbund.matching.statements import EVERYTHING, Floats, Spoken, likeness

_PAIRS_AT_ONCE = 2**22  # of statements compared in one step

Positions = npt.NDArray[np.int64]


def of_best(ours: Spoken, theirs: Spoken, combine: Callable[[Floats, Positions], Floats]) -> Floats:
    """Combine, per pair of members, the best of theirs to each statement of ours.

    Parameters
    ----------
    combine
        Takes values of shape (rows, their members) and where the rows of each of our members
        start; returns one row per member (see `cubes`, `highest`, `mean`).

    Returns
    -------
    Shape (our members, their members); 0 where one of the two says nothing.
    """
    result = np.zeros((ours.size, theirs.size), dtype=np.float32)
    if not len(theirs.speakers):
        return result
    their_starts = theirs.starts_of(theirs.speakers)
    for speakers in ours.in_blocks(_PAIRS_AT_ONCE // theirs.vectors.shape[0]):
        starts = ours.starts_of(speakers)
        rows = slice(int(starts[0]), ours.rows_of(int(speakers[-1])).stop)
        # Their statements are the rows here: going through them by member touches whole rows.
        best = highest(likeness(theirs, EVERYTHING, ours, rows), their_starts)
        combined = combine(np.ascontiguousarray(best.T), starts - starts[0])
        if len(theirs.speakers) == theirs.size:
            result[speakers] = combined
        else:
            result[np.ix_(speakers, theirs.speakers)] = combined
    return result


def highest(values: Floats, starts: Positions) -> Floats:
    """Take the highest of the rows of each member."""
    return _gathered(values, starts, np.maximum)


def cubes(values: Floats, starts: Positions) -> Floats:
    """Add up the third powers of the rows of each member."""
    return _gathered(values * values * values, starts, np.add)


def mean(values: Floats, starts: Positions) -> Floats:
    """Average the rows of each member."""
    counts = np.diff(starts, append=len(values)).astype(np.float32)
    return _gathered(values, starts, np.add) / counts[:, None]


def _gathered(values: Floats, starts: Positions, join: np.ufunc) -> Floats:
    """Join the first rows of all members, then the second ones: few steps, whole rows."""
    counts = np.diff(starts, append=len(values))
    result = values[starts]
    for number in range(1, int(counts.max(initial=0))):
        more = np.flatnonzero(counts > number)
        result[more] = join(result[more], values[starts[more] + number])
    return result
