"""The entries of a cell: several to a cell, each with what is said about it in brackets.

    Freiformspiegel bis 350 mm [TRL 7] [bis 31.12.2027] [Partner]
    "Prüfen; Messen | Sortieren" [en: Testing, measuring, sorting]

A bracket that says nothing known belongs to the text. In quotation marks nothing separates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from verbund.language.spelling import fold
from verbund.records.organisation import Detail, Visibility
from verbund.records.values import is_excel_error, is_nothing, read_day, text_of
from verbund.records.values.terms import VISIBILITY_WORDS
from verbund.wording import Language

LISTS = ("offers", "requests", "topics", "aliases")  # fields with several entries
_BULLET = re.compile(r"^\s*(?:[-–—•·*▪◦‣>]+|\(?\d{1,2}[.)])\s+")
_MARK = r"\[(?:[^\[\]\\]|\\.)*\]"
_LAST_MARK = re.compile(rf"\s*({_MARK})$")
_MARKS = re.compile(_MARK)
_QUOTED = re.compile(rf'"((?:[^"]|"")+)"((?:\s*{_MARK})*)')
_ESCAPED = re.compile(r"\\(.)")
_TRL = re.compile(r"trl ?([1-9])")
_ANONYMOUS = {"anonym": True, "anonymous": True, "mit name": False, "with name": False}
_DAYS = {"bis": "until", "until": "until", "seit": "since", "since": "since"}
_CAPACITY = ("kapazitaet", "capacity")
_WORDS: dict[Language, dict[str, str]] = {
    "de": {
        "since": "seit", "until": "bis", "capacity": "Kapazität", "anonymous": "anonym",
        "named": "mit Name", "own": "eigenes Netzwerk", "partners": "Partner",
        "public": "öffentlich",
    },
    "en": {
        "since": "since", "until": "until", "capacity": "capacity", "anonymous": "anonymous",
        "named": "with name", "own": "own network", "partners": "partners", "public": "public",
    },
}  # fmt: skip


def split_items(text: str, *, keywords: bool = False) -> list[str]:
    """Split a cell into its entries: line breaks, " | ", bullets; keywords at commas as well.

    Semicolons separate only where nothing else does.
    """
    parts = re.split(r"\n|\s\|\s|(?:^|\s)[•▪◦‣]\s*", text)
    if keywords:
        parts = [piece for part in parts for piece in re.split(r"[,;|]", part)]
    elif len(parts) == 1:
        parts = re.split(r"\s*;\s+", text)
    cleaned = (_BULLET.sub("", part).strip(" ;") for part in parts)
    return [part for part in cleaned if not is_nothing(part)]


def read_entries(text: str, field: str) -> Iterator[Detail]:
    """Read the entries of a cell in their order."""
    plain: list[str] = []
    for line in text.split("\n"):
        quoted = _read_quoted(line, field)
        if quoted is None:
            plain.append(line)
            continue
        yield from _read_plain(plain, field)
        plain = []
        yield quoted
    yield from _read_plain(plain, field)


def _read_quoted(line: str, field: str) -> Detail | None:
    match = _QUOTED.fullmatch(line.strip())
    if match is None:
        return None
    said: dict[str, Any] = {}
    for mark in _MARKS.findall(match[2]):
        found = _read_mark(mark)
        if not found or field == "topics":
            return None
        said |= found
    return Detail(field=field, text=match[1].replace('""', '"'), **said)


def _read_plain(lines: list[str], field: str) -> Iterator[Detail]:
    for item in split_items("\n".join(lines), keywords=field == "topics"):
        text, said = item, dict[str, Any]()
        while field != "topics" and (match := _LAST_MARK.search(text)):
            found = _read_mark(match[1])
            if not found or not match.start():
                break
            said = found | said
            text = text[: match.start()]
        yield Detail(field=field, text=text, **said)


def _read_mark(mark: str) -> dict[str, Any]:
    """Read what one pair of brackets says; nothing if that is not known."""
    text = _ESCAPED.sub(r"\1", mark[1:-1]).strip()
    folded = fold(text)
    before, colon, after = text.partition(":")
    name = fold(before).strip()
    if colon and after.strip():
        if name in ("de", "en"):
            return {"language": "de" if name == "en" else "en", "translation": after.strip()}
        return {"capacity": after.strip()} if name in _CAPACITY else {}
    if folded in ("de", "en"):
        return {"language": folded}
    if match := _TRL.fullmatch(folded):
        return {"trl": int(match[1])}
    if folded in _ANONYMOUS:
        return {"anonymous": _ANONYMOUS[folded]}
    if folded in VISIBILITY_WORDS:
        return {"visibility": VISIBILITY_WORDS[folded]}
    word, _, rest = text.partition(" ")
    day = read_day(rest).value if fold(word) in _DAYS else None
    return {_DAYS[fold(word)]: day} if day else {}


def write_entries(details: Iterable[Detail], language: Language) -> str:
    """Write entries into a cell, one a line, so that reading it gives them back."""
    return "\n".join(filter(None, (write_entry(detail, language) for detail in details)))


def write_entry(detail: Detail, language: Language) -> str:
    """Write one entry as a line; what would be read as something else is put in quotation marks."""
    text = _one_line(detail.text)
    if not text:
        return ""
    marks = "".join(f" {mark}" for mark in _marks_of(detail, language))
    line = text + marks
    if not is_excel_error(line) and list(read_entries(line, detail.field)) == [
        next(read_entries(_quoted(text, marks), detail.field))
    ]:
        return line
    return _quoted(text, marks)


def _quoted(text: str, marks: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"{marks}'


def _marks_of(detail: Detail, language: Language) -> Iterator[str]:
    words = _WORDS[language]
    if translation := _one_line(detail.translation):
        other = "de" if detail.language == "en" else "en"
        yield _mark(f"{other}: {translation}")
    elif detail.language:
        yield _mark(detail.language)
    for name, day in (("since", detail.since), ("until", detail.until)):
        if day:
            yield _mark(f"{words[name]} {_said_day(day, language)}")
    if capacity := _one_line(detail.capacity):
        yield _mark(f"{words['capacity']}: {capacity}")
    if detail.trl:
        yield _mark(f"TRL {detail.trl}")
    if detail.anonymous is not None:
        yield _mark(words["anonymous" if detail.anonymous else "named"])
    if detail.visibility:
        yield _mark(words[detail.visibility.value])


def _one_line(text: str) -> str:
    return " ".join(text_of(text).split())


def _mark(text: str) -> str:
    escaped = re.sub(r"([\[\]\\])", r"\\\1", text)
    return f"[{escaped}]"


def _said_day(day: str, language: Language) -> str:
    year, month, number = day.split("-")
    return f"{number}.{month}.{year}" if language == "de" else day


def detail_of(entry: dict[str, Any], field: str) -> Detail | None:
    """Read an entry that JSON states as an object; None if it has no text."""
    text = " ".join(str(entry.get("text") or "").split())
    if not text:
        return None
    said = {
        name: str(entry[name])
        for name in ("language", "translation", "since", "until", "capacity")
        if entry.get(name)
    }
    made = Detail(field=field, text=text, **said)  # type: ignore[arg-type]  # all are texts
    trl, visibility = entry.get("trl"), entry.get("visibility")
    return replace(
        made,
        trl=trl if isinstance(trl, int) else None,
        visibility=Visibility(visibility) if visibility in list(Visibility) else None,
        anonymous=entry.get("anonymous") if isinstance(entry.get("anonymous"), bool) else None,
    )


def as_object(detail: Detail) -> dict[str, Any] | str:
    """Write an entry as JSON states it: its text, or an object where more is said."""
    said = {
        "text": detail.text, "language": detail.language, "translation": detail.translation,
        "since": detail.since, "until": detail.until, "capacity": detail.capacity,
        "trl": detail.trl, "anonymous": detail.anonymous,
        "visibility": detail.visibility.value if detail.visibility else None,
    }  # fmt: skip
    stated = {name: value for name, value in said.items() if value not in ("", None)}
    return stated if len(stated) > 1 else detail.text
