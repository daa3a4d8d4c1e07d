"""This is the place where tests choose their store: the reference engine in memory, and the real one."""

from __future__ import annotations

STORES = ("memory_store", "sql_store")
"""Names of the fixtures in conftest.py."""
