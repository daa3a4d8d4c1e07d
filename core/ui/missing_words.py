"""This is the place where the calendar of missing days is said: one sentence, the word of a state, and the reason of a day."""

from __future__ import annotations

from core.trends.missing_summary import Said
from core.ui.words import Words


def missing_sentence(t: Words, said: Said) -> str:
    """ "2 nights not worn, 1 sync failed.", or that nothing is missing, or that nothing was expected."""
    if not said.facts["days"]:
        return t("missing.sentence.nothing")
    if not said.parts:
        return t(f"missing.sentence.whole.{said.facts['unit']}", n=said.facts["days"])
    unused = {} if said.facts["by_itself"] else {"not_worn": "not_used"}  # a scale or a cuff is not worn
    parts = [t(f"missing.part.{unused.get(state, state)}.{unit}", n=n) for state, n, unit in said.parts]
    return t(said.code, parts=t("missing.between").join(parts))


def missing_reason(t: Words, why: str) -> str:
    """Why a day is as it is, in words."""
    return t(f"missing.why.{why}")
