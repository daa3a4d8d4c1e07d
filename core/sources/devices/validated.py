"""This is the place where it stands which devices were clinically validated: none is listed, because no list of them may be copied here.

Whether a blood pressure monitor was tested by a recognised protocol (ISO 81060-2) is kept by STRIDE BP, by the lists of national societies and by Medaval and dabl. Their lists are theirs:
they change, and they name models by trade names that aren't what a device says over the air ("BLESmart_0000021F..."). So the answer is "unknown" unless a row says otherwise, and
a row needs the model as the device itself names it, who says that it was validated, and when that was looked up.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Validated:
    """`maker` and `model` as in its Device Information; `state` "yes" or "no"; `source` the page or paper that says so and the date it was read."""

    maker: str
    model: str
    state: str
    source: str


ROWS: tuple[Validated, ...] = ()


def validated(maker: str, model: str, rows: tuple[Validated, ...] = ROWS) -> str:
    """ "yes", "no" or "unknown". Whole names, whatever their capitals: a model that is called alike is another model."""
    if not maker or not model:
        return "unknown"
    named = (maker.casefold(), model.casefold())
    return next((row.state for row in rows if (row.maker.casefold(), row.model.casefold()) == named and row.source), "unknown")
