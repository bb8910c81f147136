"""What a search compares: the same words, parts of compounds and word groups on every database.

A text is kept folded, with its atoms behind it (see `lexicon`). Whatever stores it needs to know
substrings only, so that one database finds what another finds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from verbund.language.lexicon import lexicon
from verbund.language.spelling import fold, words

# What stands between the words that matter; "System" or "Größe" may be part of a name.
_BETWEEN = frozenset(
    (
        "der die das den dem des ein eine einer eines einem einen und oder von vom zu zum zur"
        " im in an am auf aus bei beim mit nach fuer durch ueber unter ohne gegen als wie"
        " the of for and or with without to on at by from into through as"
    ).split()
)
_SHORT = 2
_MOST_WORDS = 8  # more of them say nothing new
_WRITTEN = re.compile(r"\w+")

Alternative = tuple[str, ...]  # pieces that must all stand in the kept text


@dataclass(frozen=True, slots=True)
class Asked:
    """One word of a query, and the ways in which a text may say it."""

    word: str
    alternatives: tuple[Alternative, ...]


def kept(texts: Iterable[str]) -> str:
    r"""Return what is kept of texts for searching: folded, then each atom once between blanks.

    Examples
    --------
    >>> kept(["Schweißnahtprüfung"])
    'schweissnahtpruefung\n schweissen naht pruefen '
    """
    given = [text for text in texts if text]
    atoms = dict.fromkeys(
        atom for text in given for word in words(text) for atom in _atoms_of(word)
    )
    return "\n".join((*(fold(text) for text in given), f" {' '.join(atoms)} "))


@lru_cache(maxsize=10_000)  # the same agreements and activities are read for every search
def _kept_once(text: str) -> str:
    return kept([text])


def asked(query: str) -> list[Asked]:
    """Take a query apart; articles and the like are left out where other words stand beside them.

    A text says a word if it contains it as written, or all of its atoms: "coating" is said by
    "Beschichtung", "Naht" by "Schweißnaht".
    """
    found = list(dict.fromkeys(words(query)))
    telling = [word for word in found if word not in _BETWEEN] or found
    return [Asked(word, _alternatives(word)) for word in telling[:_MOST_WORDS]]


def _alternatives(word: str) -> tuple[Alternative, ...]:
    atoms = tuple(f" {atom} " for atom in _atoms_of(word))
    if len(word) <= _SHORT:
        return (atoms,)
    return ((word,), atoms) if atoms else ((word,),)


def _atoms_of(word: str) -> tuple[str, ...]:
    """Return the atoms of a word; a short one is its own, as "UV" is not meant by "Louvre"."""
    return (word,) if len(word) <= _SHORT else lexicon().word(word).atoms


def words_said(text: str, query: str) -> int:
    """Count the words of a query that a text says, as a database decides it."""
    stored = _kept_once(text)
    return sum(
        any(all(piece in stored for piece in pieces) for pieces in one.alternatives)
        for one in asked(query)
    )


def marked(text: str, query: str) -> list[tuple[str, bool]]:
    """Cut a text into pieces, each with whether it is a word that answers the query."""
    wanted = asked(query)
    ways = [way for one in wanted for way in one.alternatives]
    literal = {piece for way in ways for piece in way if piece.strip() == piece}
    atoms = {piece.strip() for way in ways for piece in way} - literal
    pieces: list[tuple[str, bool]] = []
    end = 0
    for match in _WRITTEN.finditer(text):
        folded = words(match.group())
        if any(
            any(word in spelt for word in literal) or atoms & set(_atoms_of(spelt))
            for spelt in folded
        ):
            if match.start() > end:
                pieces.append((text[end : match.start()], False))
            pieces.append((match.group(), True))
            end = match.end()
    if end < len(text):
        pieces.append((text[end:], False))
    return pieces


def excerpt(text: str, query: str, *, length: int = 160) -> list[tuple[str, bool]]:
    """Return the pieces of a text around the first word that answers the query."""
    pieces = marked(text, query)
    first = next((n for n, (_, hit) in enumerate(pieces) if hit), None)
    if first is None:
        return [(_cut_end(text, length), False)]
    before = "".join(piece for piece, _ in pieces[:first])
    shown: list[tuple[str, bool]] = []
    if lead := _cut_start(before, length // 3):
        shown.append((lead, False))
    room = length
    for piece, hit in pieces[first:]:
        if room <= 0:
            break
        shown.append((piece if hit else _cut_end(piece, room), hit))
        room -= len(piece)
    return shown


def _cut_end(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    return text[:length].rsplit(" ", 1)[0] + " …"


def _cut_start(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    return "… " + text[-length:].split(" ", 1)[-1]
