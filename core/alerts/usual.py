"""This is the place where it stands when a value is still this person's usual: then a rule that isn't severe asks for a look only, and calls nobody.

Two cases, both with KNOWN_DAYS earlier days at least, and never for what is severe. A gain of weight whose new value lies hardly above the person's own level (the
reading it was compared with was a low one). And a limit at which the person lives: a person on the team has ended an alert about this signal before, and the
value lies where this person's values use to lie. All numbers here are ours.
"""

from __future__ import annotations

from core.alerts.baseline import Level
from core.alerts.rules import HIGH, Rule

KNOWN_DAYS = 7
OVER_LEVEL = 0.9
OVER_SPREADS, USUAL_SPREADS = 2.0, 2.0
MOST_OVER = 5 * 0.45359237
"""However much a person's weights vary, five pounds above their level are no usual ones."""


def hardly_above(value: float, level: Level | None) -> bool:
    """Whether a gain leads hardly above the person's own level (kg): less than 0.9, or than what their weights vary by, and never more than five pounds."""
    if level is None or level.days < KNOWN_DAYS:
        return False
    return value - level.level < min(max(OVER_LEVEL, OVER_SPREADS * level.spread), MOST_OVER) - 0.001


def lives_there(value: float, level: Level | None, rule: Rule) -> bool:
    """Whether the value lies where this person's earlier values lie."""
    if level is None or level.days < KNOWN_DAYS:
        return False
    far = value - level.level if rule.direction == HIGH else level.level - value
    return far <= USUAL_SPREADS * level.spread
