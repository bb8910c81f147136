"""Finding rows by their words, with an index on both kinds of database.

A model takes part by a text field that holds `language.searching.kept(...)`. What a text says is
decided there, as substrings; here they are looked up: on SQLite in an FTS5 table of trigrams beside
the model's own, kept in step by triggers, on PostgreSQL by a trigram index. Both find the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import and_, or_
from typing import Any, NamedTuple

from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.functional import Promise

from verbund.language.searching import Alternative, asked, excerpt, marked, words_said

NONE = Q(pk__in=[])


class SearchField(models.TextField):  # type: ignore[type-arg]  # takes none at run time
    """Holds what is searched of a row; having it, a model gets its index."""

    def __init__(self, **options: Any) -> None:
        given: dict[str, Any] = {"blank": True, "editable": False, "default": ""} | options
        super().__init__(**given)


def says(model: type[models.Model], text: str, *, field: str = "search", way: str = "") -> Q:
    """Return the condition that a row says every word of a text; none says one without words.

    Parameters
    ----------
    model
        Whose `SearchField` is asked.
    way
        The lookup path from the filtered rows to the model, empty if they are its own.
    """
    words = [says_word(model, one.alternatives, field=field, way=way) for one in asked(text)]
    return reduce(and_, words) if words else NONE


def says_word(
    model: type[models.Model],
    alternatives: tuple[Alternative, ...],
    *,
    field: str = "search",
    way: str = "",
) -> Q:
    """Return the condition that a row says one word, in one of the ways it can be said."""
    to = f"{way}__" if way else ""
    if connection.vendor == "sqlite":
        return Q(**{f"{to}pk__in": _in_trigrams(model, field, alternatives)})
    return reduce(
        or_,
        (
            reduce(and_, (Q(**{f"{to}{field}__contains": piece}) for piece in pieces))
            for pieces in alternatives
        ),
    )


class Place(NamedTuple):
    """A text that the reader may see, and what it is; no label where it is shown anyway."""

    label: str | Promise
    text: str


def all_said(places: Iterable[Place], text: str) -> bool:
    """Tell whether these texts together say every word of a search."""
    number = len(asked(text))
    return bool(number) and words_said("\n".join(place.text for place in places), text) == number


def where_found(
    places: Iterable[Place], text: str
) -> tuple[str | Promise, tuple[tuple[str, bool], ...]]:
    """Return the label of the place that says the most words, and the words around.

    Nothing where that place has no label: it is shown anyway.
    """
    best = max(places, key=lambda place: words_said(place.text, text), default=Place("", ""))
    if not best.label or not any(hit for _, hit in marked(best.text, text)):
        return "", ()
    return best.label, tuple(excerpt(best.text, text))


def _in_trigrams(
    model: type[models.Model], field: str, alternatives: tuple[Alternative, ...]
) -> RawSQL:
    """Ask the FTS5 table; a union, as SQLite would read it whole for an "or"."""
    table = connection.ops.quote_name(_beside(model, field))
    column = connection.ops.quote_name(field)
    selects = [
        f"SELECT rowid FROM {table} WHERE "  # noqa: S608  # names of our own models
        + " AND ".join([f"{column} LIKE %s"] * len(pieces))
        for pieces in alternatives
    ]
    pieces = [f"%{piece}%" for pieces in alternatives for piece in pieces]  # no % or _ in them
    return RawSQL(" UNION ".join(selects), pieces)  # noqa: S611  # values are parameters


def _beside(model: type[models.Model], field: str) -> str:
    return f"{model._meta.db_table}_{field}_trigrams"


def searched_models() -> Iterator[tuple[type[models.Model], str]]:
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, SearchField):
                yield model, field.name


def build_indexes(**_: Any) -> None:
    """Make what is missing of the indexes; after migrations, which may have remade a table."""
    tables = set(connection.introspection.table_names())
    for model, field in searched_models():
        if model._meta.db_table in tables:
            build = _build_sqlite if connection.vendor == "sqlite" else _build_postgresql
            build(model._meta.db_table, field, _beside(model, field))


def _build_sqlite(table: str, field: str, beside: str) -> None:
    out = f"INSERT INTO {beside}({beside}, rowid, {field}) VALUES ('delete', old.id, old.{field});"  # noqa: S608
    into = f"INSERT INTO {beside}(rowid, {field}) VALUES (new.id, new.{field});"  # noqa: S608
    triggers = {
        f"{beside}_added": f"AFTER INSERT ON {table} BEGIN {into} END",
        f"{beside}_removed": f"AFTER DELETE ON {table} BEGIN {out} END",
        f"{beside}_changed": f"AFTER UPDATE OF {field} ON {table} BEGIN {out} {into} END",
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE %s", [f"{beside}%"])
        there = {name for (name,) in cursor.fetchall()}
        if there >= {beside, *triggers}:
            return
        cursor.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {beside}"
            f" USING fts5({field}, content='{table}', content_rowid='id', tokenize='trigram')"
        )
        for name, body in triggers.items():
            cursor.execute(f"CREATE TRIGGER IF NOT EXISTS {name} {body}")
        cursor.execute(f"INSERT INTO {beside}({beside}) VALUES ('rebuild')")  # noqa: S608


def _build_postgresql(table: str, field: str, beside: str) -> None:
    """Make the index; without the right to the extension a search is slower, and finds the same."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            cursor.execute(
                f"CREATE INDEX IF NOT EXISTS {beside} ON {table} USING gin ({field} gin_trgm_ops)"
            )
    except DatabaseError as error:
        if "pg_trgm" not in str(error) and "gin_trgm_ops" not in str(error):
            raise
