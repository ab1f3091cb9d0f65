"""The engine's own tables: what `fill` fills, with the types that both engines give them."""

from collections.abc import Mapping

# name → columns with DuckDB's types; `prelude.sql` makes the same
OWN_TABLES: Mapping[str, Mapping[str, str]] = {
    "_windows": {
        "_window": "UTINYINT",
        "_first": "DATE",
        "_last": "DATE",
        "_opening": "DATE",
        "_closing": "DATE",
    },
    "_days": {"_day": "DATE", "_window": "UTINYINT"},
    "_months": {"_window": "UTINYINT", "last": "DATE"},
    "_units": {
        "_unit": "USMALLINT",
        "households": "BIGINT",
        "residents": "BIGINT",
        "reported": "BOOLEAN",
    },
    "_places": {
        "_under": "USMALLINT",
        "_node": "USMALLINT",
        "_since": "DATE",
        "_until": "DATE",
        "_own": "BOOLEAN",
    },
    "_shared": {"_source": "UTINYINT", "_unit": "USMALLINT", "_record": "VARCHAR"},
    "_lacking": {"_node": "USMALLINT", "_window": "UTINYINT", "_unit": "USMALLINT"},
    "_submissions": {
        "_unit": "USMALLINT",
        "_window": "UTINYINT",
        "due": "BIGINT",
        "on_time": "BIGINT",
    },
}
PAST_SPAN: Mapping[str, str] = {"_from": "DATE", "_until": "DATE"}
WINDOWS_SQL = (
    "SELECT _window, _first AS first, _last AS last, _opening AS opening, _closing AS closing "
    "FROM _windows"
)
MONTHS_SQL = "SELECT _window, last FROM _months"
