"""Matchers kept in the memory of a process, so that one edit needs no full run.

A matcher holds what the sharing rule showed when its members were read. Whoever asks it names the
members the answer rests on; these are read through the rule again first (`renew`).
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import RLock

from verbund.language.vocabulary import Vocabulary
from verbund.matching.lists import SideName
from verbund.matching.matcher import Matcher
from verbund.matching.weights import Weights
from verbund.records.history import History, read_history
from verbund.records.organisation import Organisation as Record
from verbund.web.core.models import BackgroundRun
from verbund.web.directory.concepts import vocabulary_in_use
from verbund.web.partnering.problems import kept_history, members_shown
from verbund.web.partnering.queries import RUN_KIND, Bond
from verbund.web.partnering.weights import weights_of

_MOST = 4  # matchers in memory
_kept: OrderedDict[str, KeptMatcher] = OrderedDict()
_one_at_a_time = RLock()
SIDES: tuple[SideName, SideName] = ("left", "right")


@dataclass(frozen=True)
class Basis:
    """What a matcher was built on; with another basis it is built anew.

    All that changes rules, consents, members or history ends in a full run, and so in another
    `run`; entries may end with a day.
    """

    bond: Bond
    on: dt.date
    run: dt.datetime | None
    weights: Weights
    vocabulary: Vocabulary
    history_of: float

    @classmethod
    def of(cls, bond: Bond, on: dt.date) -> Basis:
        run = BackgroundRun.objects.filter(kind=RUN_KIND, key=bond.key).first()
        folder = kept_history()
        return cls(
            bond,
            on,
            run.started_at if run else None,
            weights_of(bond),
            vocabulary_in_use(),
            folder.stat().st_mtime if folder.is_dir() else 0.0,
        )

    def is_that_of(self, other: Basis) -> bool:
        return (
            self.vocabulary is other.vocabulary
            and self.weights.version == other.weights.version
            and (self.bond, self.bond.purpose) == (other.bond, other.bond.purpose)
            and (self.on, self.run, self.history_of) == (other.on, other.run, other.history_of)
        )


@dataclass
class KeptMatcher:
    """A matcher of a bond and the records it holds."""

    basis: Basis
    matcher: Matcher
    shown: dict[SideName, dict[str, Record]] = field(default_factory=dict)

    @classmethod
    def build(cls, basis: Basis) -> KeptMatcher | None:
        """Read all members of a bond as the other side may see them; None if a side is empty."""
        left = _read(basis, "left")
        right = dict(left) if basis.bond.is_within else _read(basis, "right")
        shown: dict[SideName, dict[str, Record]] = {"left": left, "right": right}
        if not all(shown.values()):
            return None
        matcher = Matcher(
            *(list(shown[side].values()) for side in SIDES),
            history=_history(),
            vocabulary=basis.vocabulary,
            weights=basis.weights,
        )
        return cls(basis, matcher, shown)

    @property
    def at_home(self) -> set[str]:
        """Members of both networks, who need no introduction across."""
        return (
            set() if self.basis.bond.is_within else set.intersection(*map(set, self.shown.values()))
        )

    def renew(self, ids: Collection[str] | None = None) -> bool:
        """Read members, or all, through the rule again; tell whether any changed."""
        changed = False
        for side in SIDES:
            now, before = _read(self.basis, side, ids), self.shown[side]
            for id_ in set(before if ids is None else ids) | now.keys():
                record = now.get(id_)
                if record == before.get(id_):
                    continue
                changed = True
                if record:
                    self.matcher.put(side, record)
                    before[id_] = record
                else:
                    self.matcher.remove(side, id_)
                    del before[id_]
        return changed


@contextmanager
def matcher_of(bond: Bond, on: dt.date, *, anew: bool = False) -> Iterator[KeptMatcher | None]:
    """Lend the matcher of a bond, nobody else's meanwhile; None if a side has no members.

    `anew` builds it in any case, so that the rarities of terms are exact.
    """
    basis = Basis.of(bond, on)
    with _one_at_a_time:
        kept = _kept.pop(bond.key, None)
        if kept is None or anew or not kept.basis.is_that_of(basis):
            kept = KeptMatcher.build(basis)
        if kept is not None:
            _kept[bond.key] = kept
            if len(_kept) > _MOST:
                _kept.popitem(last=False)
        try:
            yield kept
        except Exception:
            _kept.pop(bond.key, None)  # what it holds is not known any more
            raise


def forget_matchers() -> None:
    """Start afresh, as after a restart of the process."""
    with _one_at_a_time:
        _kept.clear()


def _read(basis: Basis, side: SideName, ids: Collection[str] | None = None) -> dict[str, Record]:
    bond = basis.bond
    own, other = (bond.left, bond.right) if side == "left" else (bond.right, bond.left)
    found = members_shown(own, to=other, on=basis.on, purpose=bond.purpose, only=ids)
    return {record.id: record for record in found}


def _history() -> History | None:
    folder = kept_history()
    return read_history(folder) if folder.is_dir() else None
