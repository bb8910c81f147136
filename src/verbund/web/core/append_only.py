"""The audit log is only added to: the database itself refuses everything else.

Whoever writes past the models (a shell, a library, a mistake) is stopped as well. Two things may
happen: an account that is deleted leaves its entries without an actor, and a removal that goes on
(`Removal`, written by the retention service in the same transaction) takes entries older than its
`before`.

SQLite forgets triggers when a migration remakes the table; such a migration calls `guard` last.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

AUDIT = "audit"  # the key of its retention rule
_TABLE = "core_auditentry"
_FIXED = ("id", "at", "verb", "kind", "key", "name", "changes", "networks")
_LETS_GO = (
    f"EXISTS (SELECT 1 FROM core_removal WHERE key = '{AUDIT}' AND finished_at IS NULL"  # noqa: S608  # constants
    " AND OLD.at < before)"
)


def guard(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers there, unless they are."""
    statements = _for_sqlite() if connection.vendor == "sqlite" else _for_postgresql()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def guard_in_migration(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    guard(schema_editor.connection)


def _for_sqlite() -> list[str]:
    differs = " OR ".join(f'NEW."{field}" IS NOT OLD."{field}"' for field in _FIXED)
    refuse = "BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END"
    return [
        f"CREATE TRIGGER IF NOT EXISTS audit_never_changed BEFORE UPDATE ON {_TABLE}"
        f" WHEN NEW.actor_id IS NOT NULL OR {differs} {refuse}",
        f"CREATE TRIGGER IF NOT EXISTS audit_never_deleted BEFORE DELETE ON {_TABLE}"
        f" WHEN NOT {_LETS_GO} {refuse}",
    ]


def _for_postgresql() -> list[str]:
    differs = " OR ".join(f'NEW."{field}" IS DISTINCT FROM OLD."{field}"' for field in _FIXED)
    refuse = (
        "RAISE EXCEPTION 'the audit log is only added to'"
        " USING ERRCODE = 'integrity_constraint_violation'"
    )
    return [
        f"""CREATE OR REPLACE FUNCTION audit_is_only_added_to() RETURNS trigger AS $$
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                IF NEW.actor_id IS NOT NULL OR {differs} THEN {refuse}; END IF;
                RETURN NEW;
            END IF;
            IF NOT {_LETS_GO} THEN {refuse}; END IF;
            RETURN OLD;
        END $$ LANGUAGE plpgsql""",
        f"""CREATE OR REPLACE TRIGGER audit_is_only_added_to BEFORE UPDATE OR DELETE ON {_TABLE}
        FOR EACH ROW EXECUTE FUNCTION audit_is_only_added_to()""",
    ]
