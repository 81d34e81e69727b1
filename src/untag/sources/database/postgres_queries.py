"""The queries to PostgreSQL's catalogue; every one runs in a read-only transaction.

Columns and functions as in the manual's chapters "System Catalogs" and "System
Information Functions" (versions 12 to 18). What extensions brought is left out.
"""

from __future__ import annotations

from typing import Final

OLDEST: Final = 120_000
"""``server_version_num`` of the oldest version for which these queries are written."""

_OWN: Final = """n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'"""


def _not_of_extension(catalog: str, alias: str) -> str:
    return (
        f"NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_catalog.{catalog}'::regclass"
        f" AND d.objid = {alias}.oid AND d.deptype = 'e')"
    )


RELATIONS: Final = f"""
SELECT c.oid, n.nspname, c.relname, c.relkind, obj_description(c.oid, 'pg_class'), c.reltuples::bigint,
       CASE WHEN c.relkind = 'p'
            THEN (SELECT sum(q.relpages::bigint) FROM pg_inherits i JOIN pg_class q ON q.oid = i.inhrelid
                  WHERE i.inhparent = c.oid)
            ELSE c.relpages::bigint END,
       has_schema_privilege(n.oid, 'USAGE')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND {_OWN}
  AND {_not_of_extension("pg_class", "c")}
ORDER BY n.nspname, c.relname LIMIT {{limit}}
"""  # noqa: S608 - constants
"""Tables and views: a partition is told by the table that it is a part of. Takes no lock on any of them."""

SIZE: Final = "SELECT pg_relation_size({name}::regclass) / 8192"
"""Pages of a table that was never analysed; waits for a lock on it."""

COLUMNS: Final = """
SELECT a.attrelid, a.attnum, a.attname, format_type(coalesce(nullif(t.typbasetype, 0), a.atttypid), a.atttypmod),
       t.typcategory, e.typcategory, coalesce(nullif(t.typelem, 0), a.atttypid),
       col_description(a.attrelid, a.attnum), CASE WHEN t.oid >= 16384 THEN obj_description(t.oid, 'pg_type') END,
       has_column_privilege(a.attrelid, a.attnum, 'SELECT')
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_type e ON e.oid = t.typelem
WHERE a.attrelid IN ({oids}) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY n.nspname, c.relname, a.attnum
"""

ENUMS: Final = f"""
SELECT t.oid, n.nspname, t.typname, obj_description(t.oid, 'pg_type'), e.enumlabel
FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE {_OWN} ORDER BY n.nspname, t.typname, e.enumsortorder LIMIT 100000
"""  # noqa: S608 - constants

CHECKS: Final = """
SELECT conrelid, contypid, conkey::text, left(pg_get_constraintdef(oid), 20000)
FROM pg_constraint WHERE contype = 'c' AND conislocal IS NOT NULL ORDER BY conname LIMIT 100000
"""

KEYS: Final = """
SELECT conrelid, confrelid, conkey::text FROM pg_constraint WHERE contype = 'f' ORDER BY conname LIMIT 200000
"""

_VIEWS: Final = f"""
SELECT n.nspname, c.relname, 'CREATE VIEW ' || c.relname || ' AS ' || left(pg_get_viewdef(c.oid), 1000000),
       obj_description(c.oid, 'pg_class')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('v', 'm') AND {_OWN} AND {_not_of_extension("pg_class", "c")}
ORDER BY n.nspname, c.relname LIMIT {{limit}}
"""  # noqa: S608 - constants

_FUNCTIONS: Final = f"""
SELECT n.nspname, p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
       left(pg_get_functiondef(p.oid), 1000000), obj_description(p.oid, 'pg_proc')
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.prokind IN ('f', 'p') AND {_OWN} AND {_not_of_extension("pg_proc", "p")}
ORDER BY n.nspname, p.proname, p.oid LIMIT {{limit}}
"""  # noqa: S608 - constants

_TRIGGERS: Final = f"""
SELECT n.nspname, c.relname || '.' || t.tgname, left(pg_get_triggerdef(t.oid), 100000) || ';',
       obj_description(t.oid, 'pg_trigger')
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT t.tgisinternal AND NOT c.relispartition AND {_OWN}
ORDER BY n.nspname, c.relname, t.tgname LIMIT {{limit}}
"""  # noqa: S608 - constants

_INDEXES: Final = f"""
SELECT n.nspname, i.relname, left(pg_get_indexdef(x.indexrelid), 100000) || ';', obj_description(i.oid, 'pg_class')
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE (x.indpred IS NOT NULL OR x.indexprs IS NOT NULL) AND NOT c.relispartition AND {_OWN}
ORDER BY n.nspname, i.relname LIMIT {{limit}}
"""  # noqa: S608 - constants

_POLICIES: Final = f"""
SELECT n.nspname, c.relname || '.' || p.polname,
       'CREATE POLICY ' || p.polname || ' ON ' || c.relname
       || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
       || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '') || ';',
       obj_description(p.oid, 'pg_policy')
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {_OWN} ORDER BY n.nspname, c.relname, p.polname LIMIT {{limit}}
"""  # noqa: S608 - constants

SCRIPTS: Final = (
    ("views", _VIEWS),
    ("functions", _FUNCTIONS),
    ("triggers", _TRIGGERS),
    ("indexes", _INDEXES),
    ("policies", _POLICIES),
)
"""Folder of the trail, and the query for schema, name, text and comment."""
