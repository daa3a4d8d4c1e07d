"""This is the place where noise is added to counts that leave the team, by OpenDP's geometric mechanism (whole numbers, differential privacy).

Two panels that differ in one person differ by one in one bar of a table; OpenDP itself says what that costs, and a mechanism that would cost more than was allowed is
not used.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from core.errors import BadInput

ONE_PERSON = 1
"""By how much one person more or less changes a table: they are in one bar of it."""
_MOST_EPSILON = 10.0


def noised(counts: Sequence[int], epsilon: float) -> tuple[int, ...]:
    """The counts with noise, each number by itself; may be below nought. Raises BadInput for an epsilon that can't be."""
    import opendp.prelude as dp  # a third of a second that only a release has to wait for

    if not 0 < epsilon <= _MOST_EPSILON or not math.isfinite(epsilon):
        raise BadInput("bad_epsilon", place="epsilon", need=f"above 0, at most {_MOST_EPSILON:g}")
    dp.enable_features("contrib")
    space = dp.vector_domain(dp.atom_domain(T=int)), dp.l1_distance(T=int)
    scale = 1 / epsilon
    mechanism = dp.m.make_geometric(*space, scale=scale)
    while mechanism.map(d_in=ONE_PERSON) > epsilon:  # rounding: a little more noise
        scale *= 1 + 1e-9
        mechanism = dp.m.make_geometric(*space, scale=scale)
    return tuple(int(one) for one in mechanism([int(one) for one in counts]))


def within(epsilon: float) -> int:
    """How far a count with noise lies from the true one at most, in 95 of 100 (P(|noise| > k) = 2 a^(k+1) / (1 + a), a = exp(-epsilon))."""
    a = math.exp(-epsilon)
    return max(0, math.ceil(math.log(0.05 * (1 + a) / 2) / math.log(a) - 1))
