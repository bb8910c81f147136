"""Why a set of meetings cannot be held: few of them, and the rules that stand in the way.

`windows` looks at what can be seen at once: slots left after "must be later than", people and
tables with fewer slots than meetings (Hall 1935). What that does not see, a SAT solver proves. The
set of meetings is then shrunk by leaving out one after the other, and so are the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from verbund.scheduling.exact_model import breaks_model, optional_model, requests_of, restricted
from verbund.scheduling.exact_search import OutOfTime, Search, has_solver
from verbund.scheduling.problem import SHARED, Problem, Slots, in_order
from verbund.wording import Phrase

_CONFLICTS = 3000  # of the solver, to decide whether a smaller set is still impossible
_SECONDS = 1.5  # to make the reason smaller


def windows(problem: Problem) -> tuple[Slots, ...] | None:
    """Return the slots of each request, all held and in order; None if they cannot all be held."""
    possible = list(problem.possible)
    changed = True
    while changed and all(possible):
        changed = False
        for later, request in enumerate(problem.requests):
            for first in request.after:
                changed |= _put_in_order(possible, first, later)
    if not all(possible) or any(not _fit(problem, those, possible) for those in _alone(problem)):
        return None
    shared = [e for e, place in enumerate(problem.places) if place == SHARED]
    rooms = [slot for slot, tables in enumerate(problem.tables) for _ in range(tables)]
    return tuple(possible) if _placed(shared, possible, rooms) else None


def _put_in_order(possible: list[Slots], first: int, later: int) -> bool:
    before = possible[first], possible[later]
    if all(before):
        earliest = (before[0] & -before[0]).bit_length()
        possible[later] &= -1 << earliest
        latest = possible[later].bit_length() - 1
        possible[first] &= (1 << max(latest, 0)) - 1
    return (possible[first], possible[later]) != before


def _alone(problem: Problem) -> list[list[int]]:
    """List the sets of requests of which only one can be held at once."""
    found: dict[int, list[int]] = {}
    for request, needs in enumerate(problem.needs):
        for need in needs:
            found.setdefault(need, []).append(request)
    return list(found.values())


def _fit(problem: Problem, requests: Sequence[int], possible: Sequence[Slots]) -> bool:
    return _placed(requests, possible, range(problem.slots))


def _placed(requests: Sequence[int], possible: Sequence[Slots], rooms: Sequence[int]) -> bool:
    """Whether each request gets a room of its own; `rooms` lists the slot of each."""
    of_slot: dict[int, list[int]] = {}
    for room, slot in enumerate(rooms):
        of_slot.setdefault(slot, []).append(room)
    guest: dict[int, int] = {}

    def placed(request: int, seen: set[int]) -> bool:
        for slot in in_order(possible[request]):
            if slot in seen:
                continue
            seen.add(slot)
            for room in of_slot.get(slot, ()):
                if room not in guest or placed(guest[room], seen):
                    guest[room] = request
                    return True
        return False

    return all(placed(request, set()) for request in requests)


def is_impossible(problem: Problem, deadline: Callable[[], float]) -> bool:
    """Whether it is proven that the requests cannot all be held, fairness aside."""
    counts = requests_of(problem)
    if any(len(own) > most for own, most in zip(counts, problem.limits, strict=True)):
        return True
    possible = windows(problem)
    if possible is None:
        return True
    if not has_solver():
        return False
    plain = replace(problem, fairness=None)
    search = Search(breaks_model(plain, possible), deadline)
    return search.holds([], conflicts=_CONFLICTS) is False


@dataclass(frozen=True)
class _Rule:
    """A rule that could be given up, and how it is said."""

    phrase: Phrase
    without: Callable[[Problem], Problem]


def explain(
    problem: Problem, requests: Sequence[int], *, deadline: Callable[[], float]
) -> tuple[Phrase, ...]:
    """Say why requests cannot all be held.

    Parameters
    ----------
    problem, requests
        Requests of a problem, proven to be impossible together.
    deadline
        Seconds left; the set is as small as time allows.

    Returns
    -------
    tuple of Phrase
        `conflict.meetings` with the requests and participants of the set, then one phrase per
        rule: `conflict.fixed`, `conflict.session`, `conflict.order`, `conflict.absent`,
        `conflict.most`, `conflict.tables`. `conflict.fairness` if only fairness is in the way.
    """
    start = deadline()

    def left() -> float:
        return min(deadline(), _SECONDS + deadline() - start)

    try:
        few = _fewest(problem, _core(problem, requests, left), left)
        if problem.fairness is not None and not _still(problem, few, left):
            return (Phrase("conflict.fairness", {"fairness": problem.fairness}),)
    except OutOfTime:
        few = list(requests)
    return (_meetings(problem, few), *(rule.phrase for rule in _needed(problem, few, left)))


def _core(problem: Problem, requests: Sequence[int], left: Callable[[], float]) -> list[int]:
    """Return the requests of the first small set that is seen to be impossible."""
    wanted = set(requests)
    for those in sorted(_alone(problem), key=len):
        few = [one for one in those if one in wanted]
        if _seen(problem, few):
            return few
    if _seen(problem, requests) or not has_solver():
        return list(requests)
    model, selectors = optional_model(restricted(problem, requests))
    search = Search(model, left)
    if search.holds(list(selectors), conflicts=4 * _CONFLICTS) is False:
        return sorted(requests[selectors[one]] for one in search.core())
    return list(requests)


def _seen(problem: Problem, requests: Sequence[int]) -> bool:
    small = restricted(problem, requests)
    counts = requests_of(small)
    many = any(len(own) > most for own, most in zip(counts, small.limits, strict=True))
    return many or windows(small) is None


def _fewest(problem: Problem, requests: list[int], left: Callable[[], float]) -> list[int]:
    """Leave out requests, many at once at first, while the rest stays impossible."""
    size = len(requests) // 2
    while size:
        place = 0
        while place < len(requests):
            rest = requests[:place] + requests[place + size :]
            if left() <= 0:
                return requests
            if rest and _still(problem, rest, left):
                requests = rest
            else:
                place += size
        size //= 2
    return requests


def _still(problem: Problem, requests: Sequence[int], left: Callable[[], float]) -> bool:
    try:
        return is_impossible(restricted(problem, requests), left)
    except OutOfTime:
        return False


def _needed(problem: Problem, requests: Sequence[int], left: Callable[[], float]) -> list[_Rule]:
    """Return the rules without which the requests could be held."""
    small = restricted(problem, requests)
    needed = []
    for rule in _rules(problem, small, requests):
        less = rule.without(small)
        try:
            superfluous = left() > 0 and is_impossible(less, left)
        except OutOfTime:
            superfluous = False
        if superfluous:
            small = less
        else:
            needed.append(rule)
    return needed


def _rules(problem: Problem, small: Problem, requests: Sequence[int]) -> Iterable[_Rule]:
    everything = (1 << problem.slots) - 1
    people = {member for request in small.requests for member in request.members}
    for slot, tables in enumerate(problem.tables):
        if tables < len(requests):
            phrase = Phrase("conflict.tables", {"slot": slot, "tables": tables})
            yield _Rule(phrase, _with_tables(slot, len(requests)))
    for person in sorted(people):
        away = in_order(everything & ~problem.participants[person].available)
        if away:
            slots = [str(slot) for slot in away]
            phrase = Phrase("conflict.absent", {"participant": person, "slots": slots})
            yield _Rule(phrase, _with_participant(person, available=everything))
        most = problem.participants[person].most
        if most < problem.slots:
            phrase = Phrase("conflict.most", {"participant": person, "most": most})
            yield _Rule(phrase, _with_participant(person, most=problem.slots))
    for number, old in enumerate(requests):
        request = problem.requests[old]
        if request.session is not None:
            phrase = Phrase("conflict.session", {"request": old, "session": request.session})
            yield _Rule(phrase, _with_request(number, session=None))
        if request.fixed is not None:
            phrase = Phrase("conflict.fixed", {"request": old, "slot": request.fixed})
            yield _Rule(phrase, _with_request(number, fixed=None))
        for first in small.requests[number].after:
            phrase = Phrase("conflict.order", {"request": old, "first": requests[first]})
            yield _Rule(phrase, _without_order(number, first))


def _with_tables(slot: int, tables: int) -> Callable[[Problem], Problem]:
    def change(problem: Problem) -> Problem:
        more = (*problem.tables[:slot], tables, *problem.tables[slot + 1 :])
        return replace(problem, tables=more)

    return change


def _with_participant(person: int, **values: int) -> Callable[[Problem], Problem]:
    def change(problem: Problem) -> Problem:
        people = list(problem.participants)
        people[person] = replace(people[person], **values)
        return replace(problem, participants=tuple(people))

    return change


def _with_request(number: int, **values: None) -> Callable[[Problem], Problem]:
    def change(problem: Problem) -> Problem:
        requests = list(problem.requests)
        requests[number] = replace(requests[number], **values)  # type: ignore[arg-type]  # optional
        return replace(problem, requests=tuple(requests))

    return change


def _without_order(number: int, first: int) -> Callable[[Problem], Problem]:
    def change(problem: Problem) -> Problem:
        requests = list(problem.requests)
        after = tuple(one for one in requests[number].after if one != first)
        requests[number] = replace(requests[number], after=after)
        return replace(problem, requests=tuple(requests))

    return change


def _meetings(problem: Problem, requests: Sequence[int]) -> Phrase:
    times: dict[int, int] = {}
    for request in requests:
        for member in problem.requests[request].members:
            times[member] = times.get(member, 0) + 1
    shared = sorted(member for member, count in times.items() if count > 1)
    return Phrase(
        "conflict.meetings",
        {
            "requests": [str(request) for request in requests],
            "participants": [str(member) for member in shared or sorted(times)],
        },
    )
