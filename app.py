"""This is the place where a visitor comes in: who is here, which pages may they open; it always reaches st.navigation.

Streamlit runs this file as a script (`__main__`) once for every run of every visitor. Whoever imports it (`streamlit run app.py`,
`uvicorn app:app`) gets `app`: the same pages with our routes, headers and garbage collection around them.
"""

from __future__ import annotations

from pathlib import Path

from core import wiring
from core.ui import door

if __name__ == "__main__":
    door.run(wiring.ports(), Path(__file__).with_name("pages"))
else:
    from streamlit.starlette import App

    from core.serve import around
    from core.settings import load_settings

    app = App(Path(__file__), **around(load_settings(), wiring.ports))
