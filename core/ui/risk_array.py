"""This is the place where a chance is drawn as a hundred people: those whom it happens to are filled, the others are rings."""

from __future__ import annotations

from html import escape

from core.ui.words import Words

PEOPLE = 100


def array(t: Words, count: int, before: int | None = None) -> str:
    """A hundred marks in ten rows, `count` of them filled. Those of `before` that are no longer filled carry a mark of their own, so that
    the difference is seen by shape as well as by colour. For screen readers it is one picture with its numbers."""
    count = min(max(count, 0), PEOPLE)
    gone = min(max((before or 0) - count, 0), PEOPLE - count)
    said = t("risk.array", count=count) if before is None else t("risk.array_was", count=count, before=before)
    marks = '<i class="on"></i>' * count + '<i class="gone"></i>' * gone + "<i></i>" * (PEOPLE - count - gone)
    return f'<div class="people100" role="img" aria-label="{escape(said)}">{marks}</div>'
