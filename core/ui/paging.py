"""This is the place where long lists are cut into pages: another question begins at the first page again."""

from __future__ import annotations

from collections.abc import Hashable
from zlib import crc32

import streamlit as st


def page_of(name: str, asked: Hashable) -> int:
    """The page to show for this list and what was asked of it; from 1."""
    kept = st.session_state.get(_key(name, asked), 1)
    return kept if isinstance(kept, int) else 1


def pages(name: str, asked: Hashable, number: int) -> None:
    """The row of page numbers, where there is more than one page."""
    key = _key(name, asked)
    if st.session_state.get(key, 1) > number:
        del st.session_state[key]  # the list became shorter meanwhile
    if number > 1:
        st.pagination(number, key=key)


def _key(name: str, asked: Hashable) -> str:
    return f"{name}_{crc32(repr(asked).encode()):08x}"
