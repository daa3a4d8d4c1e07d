"""This is the place where it is counted which kinds of advice helped a person: the mean of a Beta(1, 1) after "done" and "not for me".

It only orders cards of the same severity. What is "later" counts for neither side. Without answers every kind stands at one half.
"""

from __future__ import annotations

from collections.abc import Iterable

_HELPED, _NOT = "done", "not_for_me"


def usefulness(answers: Iterable[tuple[str, str]]) -> dict[str, float]:
    """By kind: (1 + done) / (2 + done + not for me), of (kind, what was said) pairs. The same answers in any order give the same numbers."""
    counted: dict[str, list[int]] = {}
    for kind, said in answers:
        counts = counted.setdefault(kind, [1, 1])
        if said == _HELPED:
            counts[0] += 1
        elif said == _NOT:
            counts[1] += 1
    return {kind: helped / (helped + not_) for kind, (helped, not_) in counted.items()}
