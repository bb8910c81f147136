"""Keep the German catalogues of the platform's apps in step with their code and templates.

    python tools/messages.py             collect new strings of all apps, compile
    python tools/messages.py directory   the same for one app
    python tools/messages.py --check     fail if something is missing, unsure or not compiled

English stands in the code; each app has `locale/de/LC_MESSAGES/django.po` beside it. Strings that
are no longer used are dropped. Compiled catalogues are committed, so that installing needs no tool.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

WEB = Path(__file__).resolve().parents[1] / "src" / "verbund" / "web"
KEYWORDS = DEFAULT_KEYWORDS | {"gettext_lazy": None, "gettext_noop": None, "ngettext_lazy": (1, 2)}
_STAMP = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)  # dates in catalogues would only make noise
_INFORMAL = re.compile(r"\b(?:du|dein\w*|dir|dich|euch|eure\w*)\b", re.IGNORECASE)
_FIELDS = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def sources(app: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the code of an app, and its templates turned into code."""
    for path in sorted(app.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path.relative_to(app).as_posix(), path.read_bytes()
    for path in sorted((*app.rglob("templates/**/*.html"), *app.rglob("templates/**/*.txt"))):
        text = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        yield path.relative_to(app).as_posix(), text.encode()


def found_in(app: Path) -> Catalog:
    """Collect what an app says; places are file names, so that edits elsewhere change nothing."""
    catalog = _empty()
    for name, code in sources(app):
        for _, text, comments, context in extract(
            "python", io.BytesIO(code), KEYWORDS, ["Translators:"], {}
        ):
            catalog.add(text, locations=[(name, 0)], auto_comments=comments, context=context)
    return catalog


def _empty() -> Catalog:
    return Catalog(
        locale="de",
        project="Verbund",
        creation_date=_STAMP,
        revision_date=_STAMP,
        fuzzy=False,
        charset="utf-8",
        header_comment="# German texts of Verbund; the code holds the English ones.",
    )


def catalogue_of(app: Path) -> Path:
    return app / "locale" / "de" / "LC_MESSAGES" / "django.po"


def merged(app: Path) -> Catalog:
    """Return the strings of today with the German that is already there."""
    catalog, path = found_in(app), catalogue_of(app)
    if path.exists():
        with path.open("rb") as file:
            known = read_po(file, locale="de")
        for message in catalog:
            old = known.get(message.id, message.context) if message.id else None
            if old and _has_same_shape(old, message):
                message.string = old.string
    return catalog


def _has_same_shape(one: Message, other: Message) -> bool:
    return isinstance(one.id, tuple) == isinstance(other.id, tuple)


def complaints(catalog: Catalog) -> Iterator[str]:
    """Say what is missing, informal or filled with other values than the English text."""
    for message in catalog:
        if not message.id:
            continue
        english, german = _forms(message.id), _forms(message.string)
        too_short = len(german) > 1 and min(map(len, german)) < 2  # a word given for both forms
        if not all(german) or len(german) != len(english) or too_short:
            yield f"no German for {english[0]!r}"
        elif any(_INFORMAL.search(text) for text in german):
            yield f"not formal: {german[0]!r}"
        elif set(_FIELDS.findall(english[-1])) != set(_FIELDS.findall(german[-1])):
            yield f"other values in German: {english[-1]!r}"


def _forms(text: object) -> list[str]:
    """Return singular and plural, or the one text there is."""
    return (
        [str(form or "") for form in text] if isinstance(text, (list, tuple)) else [str(text or "")]
    )


def written(catalog: Catalog) -> tuple[bytes, bytes]:
    """Return the catalogue as .po and as .mo."""
    po, mo = io.BytesIO(), io.BytesIO()
    write_po(po, catalog, width=100, sort_output=True, include_lineno=False)
    write_mo(mo, catalog)
    return po.getvalue(), mo.getvalue()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("apps", nargs="*")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    settings.configure()  # templatize asks for the file charset
    apps = [path.parent for path in sorted(WEB.glob("*/apps.py"))]
    failed = 0
    for app in apps:
        if arguments.apps and app.name not in arguments.apps:
            continue
        catalog = merged(app)
        path = catalogue_of(app)
        found = list(complaints(catalog))
        contents = written(catalog)
        if arguments.check:
            kept = tuple(
                p.read_bytes() if p.exists() else b"" for p in (path, path.with_suffix(".mo"))
            )
            if len(catalog) and kept != contents:
                found.append("catalogue is not up to date: run tools/messages.py")
        elif len(catalog):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(contents[0])
            path.with_suffix(".mo").write_bytes(contents[1])
        for text in found:
            print(f"{app.name}: {text}")
        failed += len(found)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
