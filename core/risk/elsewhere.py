"""This is the place where the scores stand that Healthboard does not compute, with the reason and the address where they are.

A licence or a closed algorithm forbids a copy; a copy made from guesses would be worse than none.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A score that is only linked to: `why` is a code of words (`risk.elsewhere.<why>`), `address` its official page."""

    key: str
    why: str
    address: str


ELSEWHERE = (
    Elsewhere("qrisk3", "licence_and_people", "https://qrisk.org"),
    Elsewhere("frax", "closed_algorithm", "https://www.fraxplus.org"),
    Elsewhere("stop_bang", "licence", "http://www.stopbang.ca"),
)
"""QRISK3: LGPL with a mandatory disclaimer, (c) ClinRisk, made for people in the UK with a UK deprivation score. FRAX: the University of Sheffield does not
publish the algorithm. STOP-BANG: (c) University Health Network, software needs a licence (from memory). Addresses from memory, to be opened once."""
