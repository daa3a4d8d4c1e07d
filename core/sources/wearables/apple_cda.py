"""This is the place where the clinical document beside an Apple Health export (export_cda.xml) is known and left alone.

It says again, as C-CDA, part of what export.xml says; C-CDA is not read yet.
"""

from __future__ import annotations

import re

from core.domain.samples import Parsed, Tally
from core.sources.wearables.apple_health import text_of
from core.sources.wearables.form import Format, Member

KEY = "apple_cda"
_ROOT = re.compile(r"<ClinicalDocument[\s>]")


def recognises(head: bytes, name: str) -> bool:
    """A clinical document that Apple's export made: by its title, else by the name that Apple gives it in every language."""
    text = text_of(head)
    return _ROOT.search(text) is not None and ("Health Data Export" in text or name.rsplit("/", 1)[-1].lower() == "export_cda.xml")


def read(member: Member) -> Parsed:
    """One entry, which is not followed."""
    yield Tally(member.name, "ClinicalDocument", "not_followed", "ccda_not_yet")


FORMAT = Format(KEY, recognises, read)
