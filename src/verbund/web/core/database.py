"""Is the database there, whole, and of this version? And how it becomes so."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from verbund.wording import refuse


def is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def sqlite_path() -> Path:
    return Path(settings.DATABASES["default"]["NAME"])


def place() -> str:
    """Name the database for people, without its password."""
    if is_sqlite():
        return str(sqlite_path())
    parts = connection.settings_dict
    return f"postgresql://{parts['HOST'] or 'localhost'}/{parts['NAME']}"


def applied_migrations() -> list[str]:
    """Return what was done to the database, as `app.name`.

    Raises
    ------
    InvalidInput
        If the database cannot be reached or read.
    """
    try:
        return sorted(".".join(key) for key in MigrationRecorder(connection).applied_migrations())
    except DatabaseError as error:
        raise refuse("database.unreachable", place=place(), why=str(error).strip()) from error


def unknown_migrations(applied: Iterable[str]) -> list[str]:
    """Return those that this version does not know: a newer one has made them."""
    known = MigrationLoader(None).disk_migrations
    names = {".".join(key) for key in known}
    for migration in known.values():
        names |= {".".join(key) for key in migration.replaces}
    return sorted(set(applied) - names)


def missing_migrations() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def refuse_newer() -> None:
    """Stop before anything is touched if a newer version has worked on the database.

    Raises
    ------
    InvalidInput
        If so, or if the database cannot be read.
    """
    if unknown := unknown_migrations(applied_migrations()):
        raise refuse("database.newer", place=place(), names=unknown[:3])


def refuse_unready() -> None:
    """Stop unless the database is exactly of this version.

    Raises
    ------
    InvalidInput
        If it is newer, older, empty or cannot be read.
    """
    refuse_newer()
    if missing_migrations():
        raise refuse("database.older", place=place())


def bring_up_to_date() -> None:
    call_command("migrate", verbosity=0, interactive=False)


def damage() -> str:
    """Return what is broken in the database file; empty if it is whole, or not ours to check."""
    if not is_sqlite():
        return ""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check(1)")
        said = str(cursor.fetchone()[0])
        if said != "ok":
            return said
        cursor.execute("PRAGMA foreign_key_check")
        row = cursor.fetchone()
        return f"foreign key: {row[0]} {row[1]} -> {row[2]}" if row else ""
