"""This is the place where changed tables are sealed: `python -m core.rules` writes their digests into the manifest."""

from __future__ import annotations

import sys

from core.rules import seal

for name, sealed in seal().items():
    sys.stdout.write(f"{sealed[:12]}  {name}\n")
