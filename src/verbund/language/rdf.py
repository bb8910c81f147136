"""Statements of RDF, written and read as RDF/XML and as Turtle; no more of either than files need.

A statement is subject, predicate, object; an object is the address of a thing or a `Literal`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from urllib.parse import urljoin
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from verbund.wording import refuse

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XML = "{http://www.w3.org/XML/1998/namespace}"
TYPE = RDF + "type"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Literal:
    text: str
    language: str = ""


Object = str | Literal
Statement = tuple[str, str, Object]
Prefixes = Mapping[str, str]


def read_rdf(content: bytes, *, name: str) -> list[Statement]:
    """Read RDF/XML or Turtle, whichever it is; `name` is the file's for the error.

    Raises
    ------
    InvalidInput
        If it is neither, or damaged.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = ""  # XML may be written otherwise, and says how
    try:
        if not text or text.lstrip().startswith("<?xml") or re.match(r"\s*<(?:!|\w+:)", text):
            return list(_read_xml(content))
        return list(_read_turtle(text))
    except (ElementTree.ParseError, ValueError, LookupError) as why:
        raise refuse("rdf.broken", file=name, why=str(why)) from why


# ---------------------------------------------------------------- RDF/XML


def write_xml(statements: Iterable[Statement], prefixes: Prefixes) -> str:
    """Write statements, those of a subject together, in their order."""
    spaces = "".join(f" xmlns:{p}={quoteattr(uri)}" for p, uri in {"rdf": RDF, **prefixes}.items())
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<rdf:RDF{spaces}>"]
    for subject, group in groupby(statements, key=itemgetter(0)):
        lines.append(f"  <rdf:Description rdf:about={quoteattr(subject)}>")
        for _, predicate, thing in group:
            tag = _short(predicate, {"rdf": RDF, **prefixes})
            if isinstance(thing, Literal):
                spoken = f" xml:lang={quoteattr(thing.language)}" if thing.language else ""
                lines.append(f"    <{tag}{spoken}>{escape(_clean(thing.text))}</{tag}>")
            else:
                lines.append(f"    <{tag} rdf:resource={quoteattr(thing)}/>")
        lines.append("  </rdf:Description>")
    return "\n".join([*lines, "</rdf:RDF>", ""])


def _short(address: str, prefixes: Prefixes) -> str:
    for prefix, start in prefixes.items():
        if address.startswith(start):
            return f"{prefix}:{address.removeprefix(start)}"
    raise ValueError(address)


def _clean(text: str) -> str:
    return _CONTROL.sub("", text)


def _read_xml(content: bytes) -> Iterator[Statement]:
    # expat limits what entities may grow to, and nothing outside the file is fetched.
    root = ElementTree.fromstring(content)  # noqa: S314
    base = root.get(f"{_XML}base", "")
    nodes = root if root.tag == f"{{{RDF}}}RDF" else [root]
    for number, node in enumerate(nodes):
        yield from _node(node, base, f"_:{number}")


def _node(node: ElementTree.Element, base: str, otherwise: str) -> Iterator[Statement]:
    """Read a thing with its properties, and things described inside them."""
    subject = _address(node, base) or otherwise
    if node.tag != f"{{{RDF}}}Description":
        yield subject, TYPE, _full(node.tag)
    for number, child in enumerate(node):
        predicate = _full(child.tag)
        if (target := child.get(f"{{{RDF}}}resource")) is not None:
            yield subject, predicate, urljoin(base, target)
        elif len(child):
            inner = f"{otherwise}.{number}"
            yield subject, predicate, _address(child[0], base) or inner
            yield from _node(child[0], base, inner)
        else:
            text = _clean(child.text or "").strip()
            yield subject, predicate, Literal(text, child.get(f"{_XML}lang", ""))


def _address(node: ElementTree.Element, base: str) -> str:
    if (about := node.get(f"{{{RDF}}}about")) is not None:
        return urljoin(base, about)
    id_ = node.get(f"{{{RDF}}}ID")
    return f"{base}#{id_}" if id_ else ""


def _full(tag: str) -> str:
    return tag.removeprefix("{").replace("}", "")


# ---------------------------------------------------------------- Turtle


def write_turtle(statements: Iterable[Statement], prefixes: Prefixes) -> str:
    """Write statements, those of a subject together, in their order."""
    known = {"rdf": RDF, **prefixes}
    lines = [f"@prefix {prefix}: <{uri}> ." for prefix, uri in known.items()]
    for subject, group in groupby(statements, key=itemgetter(0)):
        said = [f"{_predicate(predicate, known)} {_turtle(thing)}" for _, predicate, thing in group]
        lines.append(f"\n<{subject}>\n    " + " ;\n    ".join(said) + " .")
    return "\n".join([*lines, ""])


def _predicate(address: str, known: Prefixes) -> str:
    return "a" if address == TYPE else _short(address, known)


def _turtle(thing: Object) -> str:
    if not isinstance(thing, Literal):
        return f"<{thing}>"
    text = _clean(thing.text).replace("\\", "\\\\").replace('"', '\\"')
    text = text.replace("\n", "\\n").replace("\r", "\\r")
    return f'"{text}"' + (f"@{thing.language}" if thing.language else "")


_TOKEN = re.compile(
    r"""(?P<gap>\s+|\#[^\n]*)
      | <(?P<address>[^<>"{}|^`\\\s]*)>
      | (?P<long>\"{3}(?:[^"\\]|\\.|"(?!""))*\"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3})
      | (?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      | (?P<at>@[a-zA-Z]+(?:-[a-zA-Z0-9]+)*)
      | (?P<mark>\^\^|[.;,\[\]()](?!\w)|[;,\[\]()])
      | (?P<number>[+-]?\d+(?:\.\d+)?)
      | (?P<name>[\w-]*(?:\.[\w-]+)*:(?:[\w-]|\.(?=[\w-])|%[0-9a-fA-F]{2}|\\.|:)*|\w+)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)


class _Turtle:
    """Reads token by token; blank nodes and lists are refused, files of terms have none."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._place = 0
        self._prefixes: dict[str, str] = {}
        self._base = ""

    def statements(self) -> Iterator[Statement]:
        while self._place < len(self._tokens):
            kind, value = self._next()
            word = value.lstrip("@").lower()
            if (kind == "at" or kind == "name") and word in ("prefix", "base"):
                self._declare(word, needs_stop=kind == "at")
            else:
                yield from self._about(self._resource(kind, value))

    def _next(self) -> tuple[str, str]:
        if self._place >= len(self._tokens):
            raise ValueError("unexpected end")
        self._place += 1
        return self._tokens[self._place - 1]

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._place] if self._place < len(self._tokens) else ("", "")

    def _declare(self, word: str, *, needs_stop: bool) -> None:
        prefix = self._next()[1] if word == "prefix" else ""
        address = urljoin(self._base, self._next()[1])
        if word == "prefix":
            self._prefixes[prefix.removesuffix(":")] = address
        else:
            self._base = address
        if needs_stop:
            self._expect(".")

    def _expect(self, mark: str) -> None:
        kind, value = self._next()
        if (kind, value) != ("mark", mark):
            raise ValueError(f"“{value}” instead of “{mark}”")

    def _about(self, subject: str) -> Iterator[Statement]:
        while True:
            kind, value = self._next()
            is_type = (kind, value) == ("name", "a")
            predicate = TYPE if is_type else self._resource(kind, value)
            yield subject, predicate, self._object()
            while self._peek() == ("mark", ","):
                self._next()
                yield subject, predicate, self._object()
            while self._peek() == ("mark", ";"):
                self._next()
            if self._tokens[self._place - 1] != ("mark", ";") or self._peek() == ("mark", "."):
                self._expect(".")
                return

    def _object(self) -> Object:
        kind, value = self._next()
        if kind not in ("text", "long"):
            return Literal(value) if kind == "number" else self._resource(kind, value)
        width = 3 if kind == "long" else 1
        text = _clean(_ESCAPED.sub(_unescaped, value[width:-width])).strip()
        if self._peek()[0] == "at":
            return Literal(text, self._next()[1].removeprefix("@").lower())
        if self._peek() == ("mark", "^^"):
            self._next()
            self._resource(*self._next())
        return Literal(text)

    def _resource(self, kind: str, value: str) -> str:
        if kind == "address":
            return urljoin(self._base, value)
        prefix, colon, name = value.partition(":")
        if kind != "name" or not colon or (prefix not in self._prefixes):
            raise ValueError(f"“{value}” is not understood")
        return self._prefixes[prefix] + name.replace("\\", "")


def _unescaped(match: re.Match[str]) -> str:
    short, long, letter = match.groups()
    return chr(int(short or long, 16)) if short or long else _ESCAPES.get(letter, letter)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if not match or match.end() == place:
            line = text.count("\n", 0, place) + 1
            raise ValueError(f"line {line}: “{text[place : place + 20]}”")
        place = match.end()
        kind = match.lastgroup or ""
        if kind != "gap":
            yield kind, match[kind]


def _read_turtle(text: str) -> Iterator[Statement]:
    return _Turtle(text).statements()
