"""This is the place where a visitor comes in: who is here, which pages may they open; it always reaches st.navigation."""

from __future__ import annotations

from pathlib import Path

from core import wiring
from core.ui import door

door.run(wiring.ports(), Path(__file__).with_name("pages"))
